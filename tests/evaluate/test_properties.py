"""What holds for every measure: gold against itself is 1, nothing predicted is 0, order does not matter."""

import random
from dataclasses import fields
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evaluate import TASKS, score

N_WORDS = 30
TEXT = " ".join(f"Word{i:02d}" for i in range(N_WORDS))  # each word 6 characters and a space
spans = st.tuples(st.integers(0, N_WORDS - 2), st.integers(1, 4)).map(
    lambda s: [s[0] * 7, min(s[0] + s[1], 30) * 7 - 1]
)
quote = st.fixed_dictionaries(
    {
        "content": st.lists(spans, min_size=1, max_size=2),
        "source": st.lists(spans, min_size=1, max_size=1),
        "cue": st.lists(spans, max_size=1),
        "type": st.sampled_from(["direct", "mixed", "indirect"]),
        "speaker": st.sampled_from(["Ana Vidal", "Pablo Reyes"]),
    }
)
label = st.sampled_from(["Person", "Organization", "Location", "NORP"])
code = st.sampled_from(["LV", "PL", "NO"])
document = st.fixed_dictionaries(
    {
        "quotes": st.lists(quote, min_size=1, max_size=4, unique_by=lambda q: str(q["content"])),
        "entities": st.lists(
            st.tuples(spans, label).map(lambda e: [*e[0], e[1]]),
            min_size=1,
            max_size=6,
            unique_by=lambda e: (e[0], e[1]),
        ),
        "places": st.lists(st.tuples(spans, code), min_size=1, max_size=4, unique_by=lambda t: t[0][0]),
    }
)
documents = st.lists(document, min_size=1, max_size=4)


def gold_row(number: int, drawn: dict[str, Any]) -> dict[str, Any]:
    codes = [code for _, code in drawn["places"]]
    return {
        "id": f"d{number}",
        "text": TEXT,
        "body": TEXT,
        **drawn,
        "speakers": {str(i): q["speaker"] for i, q in enumerate(drawn["quotes"])},
        "toponyms": [[*span, code, "country", ""] for span, code in drawn["places"]],
        "countries": codes,
        "countries_named": codes,
    }


def records(task: str, drawn: list[dict[str, Any]]) -> tuple[list[Any], dict[str, Any]]:
    """Gold records, and predictions that say the same."""
    rows = [gold_row(number, document) for number, document in enumerate(drawn)]
    gold = [msgspec.convert(row, TASKS[task].gold) for row in rows]
    said = [{**row, "toponyms": [toponym[:3] for toponym in row["toponyms"]]} for row in rows]
    return gold, {row["id"]: msgspec.convert(row, TASKS[task].pred) for row in said}


HEADLINES = {
    "quotes": ("who_said_what_f1", "content_soft_f1", "content_tokens_f1", "source_tokens_f1", "speaker_accuracy"),
    "entities": ("micro_f1", "any_f1", "micro_overlap_f1", "micro_names_f1"),
    "countries": ("any_f1", "named_f1", "any_macro_f1", "any_exact", "toponyms_found"),
    "clean": ("f1",),
}


@pytest.mark.parametrize("task", HEADLINES)
@settings(max_examples=50)
@given(drawn=documents)
def test_gold_against_itself_is_one(task: str, drawn: list[dict[str, Any]]) -> None:
    gold, pred = records(task, drawn)
    found = score(task, gold, pred)
    assert {name: found[name] for name in HEADLINES[task]} == pytest.approx(dict.fromkeys(HEADLINES[task], 1))


@pytest.mark.parametrize("task", TASKS)
@settings(max_examples=50)
@given(drawn=documents)
def test_nothing_predicted_is_zero_and_nothing_exceeds_one(task: str, drawn: list[dict[str, Any]]) -> None:
    gold, pred = records(task, drawn)
    assert set(score(task, gold, {}).values()) == {0}
    assert all(0 <= value <= 1 for value in score(task, gold, pred).values())


@pytest.mark.parametrize("task", TASKS)
@settings(max_examples=50)
@given(drawn=documents, seed=st.integers(0, 99), half=documents)
def test_order_of_documents_does_not_matter(
    task: str, drawn: list[dict[str, Any]], half: list[dict[str, Any]], seed: int
) -> None:
    gold, _ = records(task, drawn)
    _, pred = records(task, half)  # other predictions for the same ids
    shuffled = random.Random(seed).sample(gold, len(gold))
    expected = score(task, gold, pred)
    assert score(task, shuffled, dict(reversed(pred.items()))) == pytest.approx(expected)


def test_every_prediction_can_be_empty() -> None:
    for task in TASKS.values():
        assert all(not getattr(task.pred(), field.name) for field in fields(task.pred))
