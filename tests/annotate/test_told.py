"""Attributions are cut out of what the encoder says, snapped to quotation marks, rated, and each kept once."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.annotate.encoder import Config, Encoder, Heard, Reading
from pipeline.annotate.told import SAME, Found, confidence, found, likely
from pipeline.text.marks import marked

Silent = Callable[[str], Reading]
NONE, CONTENT, SOURCE = np.eye(3, dtype="f4") * 0.85 + 0.05


def heard(reading: Reading, cue: str, content: list[str], source: str = "", chance: float = 0.9) -> Reading:
    """The reading with one more cue, whose content and source are the first such words of the text."""
    link = np.tile(NONE, (len(reading.pieces), 1))
    for words, values in [*((words, CONTENT) for words in content), (source, SOURCE)]:
        at = reading.text.index(words)
        link[reading.pieces.between(at, at + len(words))] = values
    at = reading.text.index(cue)
    here = reading.pieces.between(at, at + len(cue))
    one = Heard(start=here.start, end=here.stop, probability=chance, window=0, link=link)
    return replace(reading, heard=[*reading.heard, one])


def told(reading: Reading) -> list[tuple[list[str], str, str]]:
    """Content, source and cue of each attribution, in words."""
    text = reading.text
    return [
        (
            [text[slice(*span)] for span in one.content],
            text[slice(*one.source)] if one.source else "",
            text[slice(*one.cue)],
        )
        for one in found(text, reading, marked(text))
    ]


def test_content_source_and_cue_are_the_texts_own_words(silent: Silent) -> None:
    reading = heard(silent("Ann Lee said that the bridge is safe."), "said", ["that the bridge is safe"], "Ann Lee")

    assert told(reading) == [(["that the bridge is safe"], "Ann Lee", "said")]


def test_where_nothing_is_said_there_is_no_attribution(silent: Silent) -> None:
    assert told(heard(silent("Ann Lee said no."), "said", [], "Ann Lee")) == []
    assert told(silent("Ann Lee said no.")) == []
    assert told(silent("")) == []


def test_what_a_later_window_says_stands_in_that_window(silent: Silent) -> None:
    reading = heard(silent("word " * 400 + "Ann Lee said that it is safe."), "said", ["that it is safe"], "Ann Lee")
    (one,) = reading.heard

    assert told(replace(reading, heard=[replace(one, window=390, link=one.link[390:])])) == told(reading)
    assert told(reading) == [(["that it is safe"], "Ann Lee", "said")]


def test_a_source_can_be_missing(silent: Silent) -> None:
    assert told(heard(silent("It was said to be safe."), "said", ["to be safe"])) == [(["to be safe"], "", "said")]


@pytest.mark.parametrize(
    "content",
    [
        ["“We won. They lost."],
        ["We won. They lost"],
        ["They lost", "is well,”"],
    ],
)
def test_a_quotation_of_which_most_is_said_is_said_as_a_whole(silent: Silent, content: list[str]) -> None:
    text = "“We won. They lost. All is well,” Ann Lee said."

    assert told(heard(silent(text), "said", content)) == [(["We won. They lost. All is well,"], "", "said")]


def test_a_quotation_with_its_cue_outside_is_said_as_a_whole(silent: Silent) -> None:
    text = "“We won. They lost. All is well,” Ann Lee said."

    assert told(heard(silent(text), "said", ["They lost"], "Ann Lee")) == [([text[1:32]], "Ann Lee", "said")]


def test_a_sentence_in_marks_is_said_or_left_where_the_cue_stands_in_them(silent: Silent) -> None:
    text = "“We won. Ann Lee said they lost to us again. All is well. It rains,” Bob added."

    assert told(heard(silent(text), "said", ["they lost to us again"], "Ann Lee")) == [
        (["they lost to us again."], "Ann Lee", "said")
    ]


def test_a_word_that_strays_into_other_marks_is_not_said(silent: Silent) -> None:
    text = "“We won,” Ann Lee said. “Bob has left the town,” Eve added."

    assert told(heard(silent(text), "said", ["“We won,”", "Bob"], "Ann Lee")) == [(["We won,"], "Ann Lee", "said")]


def test_the_nearest_quotation_is_taken_among_very_many(silent: Silent) -> None:
    text = '"a b" ' * 200 + "“We won,” Ann Lee said. " + '"a b" ' * 200

    assert told(heard(silent(text), "said", ["“We won,”"], "Ann Lee")) == [(["We won,"], "Ann Lee", "said")]


def test_cue_and_source_are_cut_out_of_the_content(silent: Silent) -> None:
    reading = heard(silent("Water argues is life, but salt is not."), "argues", ["Water", "is life", "but salt is not"])

    assert told(reading) == [(["Water", "is life, but salt is not"], "", "argues")]


@pytest.mark.parametrize("source", ["Ann Lee’s", "Ann Lee,", ", Ann Lee", "“Ann Lee"])
def test_a_source_has_no_marks_at_its_edges(silent: Silent, source: str) -> None:
    text = {"Ann Lee’s": "Ann Lee’s view says it all."}.get(source, f"It is safe {source} says.")
    content = ["it all"] if source == "Ann Lee’s" else ["It is safe"]

    assert told(heard(silent(text), "says", content, source))[0][1] == "Ann Lee"


def test_of_two_sources_the_surer_is_taken(silent: Silent) -> None:
    reading = heard(silent("Bob was told by Ann Lee that it is safe."), "told", ["that it is safe"], "Ann Lee")
    (one,) = reading.heard
    link = one.link.copy()
    link[reading.pieces.between(0, 3)] = SOURCE
    reading = replace(reading, heard=[replace(one, link=link)])

    assert told(reading)[0][1] == "Ann Lee"


def test_a_surer_cue_is_rated_higher(silent: Silent, model: Encoder) -> None:
    text = "Ann Lee said that the bridge is safe."
    config = rated(model.config, [0.0, 1.0] + [0.0] * 8)
    several = [
        found(text, heard(silent(text), "said", ["that the bridge is safe"], chance=chance), ())
        for chance in (0.3, 0.6, 0.9)
    ]

    assert [round(confidence(one.features, config), 3) for (one,) in several] == [0.3, 0.6, 0.9]


def test_there_is_a_weight_for_each_feature(silent: Silent, model: Encoder) -> None:
    text = "Ann Lee said that the bridge is safe."
    (one,) = found(text, heard(silent(text), "said", ["that the bridge is safe"]), ())

    assert 0 < confidence(one.features, model.config) < 1


def rated(config: Config, weights: list[float], keep: float = 0.5) -> Config:
    return msgspec.structs.replace(config, confidence=weights, keep=keep)


def share(one: Found, other: Found) -> float:
    a, b = ({at for span in each.content for at in range(*span)} for each in (one, other))
    return len(a & b) / len(a | b)


def attribution(at: int, content: list[tuple[int, int]], odds: float) -> Found:
    return Found(content=content, source=None, cue=(at, at + 1), features=[odds])


def test_of_two_that_say_the_same_the_likelier_stays(model: Encoder) -> None:
    several = [
        attribution(0, [(0, 100)], 1.0),
        attribution(1, [(0, 90)], 2.0),
        attribution(2, [(60, 160)], 0.5),
        attribution(3, [(500, 530)], -0.5),
    ]
    kept = likely(several, rated(model.config, [0.0, 1.0]))

    assert [one for one, _ in kept] == [several[1], several[2]]
    assert [round(rate, 3) for _, rate in kept] == [0.881, 0.622]


STARTS, LENGTHS = st.sampled_from([0, 480, 500, 520, 1000]), st.sampled_from([1, 30, 40, 900, 1000])


@given(st.lists(st.tuples(STARTS, LENGTHS, st.sampled_from([0, 600]), st.integers(-30, 60)), max_size=12))
def test_what_is_kept_differs_and_what_is_dropped_has_a_likelier_twin(
    model: Encoder, places: list[tuple[int, int, int, int]]
) -> None:
    several = []
    for at, (start, n, gap, odds) in enumerate(places):
        behind = [(start + n + gap, start + n + gap + 40)] if gap else []
        several.append(attribution(at, [(start, start + n), *behind], odds))
    kept = likely(several, rated(model.config, [0.0, 0.1]))
    out = [one for one, _ in kept]

    assert [one.cue for one in out] == sorted(one.cue for one in out)
    assert all(share(a, b) <= SAME for a in out for b in out if a is not b)
    assert all(rate >= 0.5 for _, rate in kept)
    for one in several:
        twins = [other for other in out if share(one, other) > SAME and other.features >= one.features]
        assert one.features[0] < 0 or any(one is each for each in out) or twins
