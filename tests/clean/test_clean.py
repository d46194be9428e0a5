"""Boilerplate out, with reasons; every word of the article in.

A case in tests/cases/clean is an article whose boilerplate lines begin with their reason in braces.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean import REASONS, clean
from pipeline.clean.lines import INVISIBLE
from pipeline.records import Article, Cleaned, Removed
from pipeline.settings import CleanSettings
from pipeline.text.words import word_list

CASES = sorted((Path(__file__).parents[1] / "cases" / "clean").glob("*.txt"))
MARKED = re.compile(r"^\{([a-z-]+)\} (.*)$")
SAMPLES = [
    "Share this:",
    "Leave a Reply",
    "Comments",
    "Name *",
    "See also  A bridge falls",
    "In this section",
    "Most read",
    "A short link",
    "The Quay Channel",
    "“We will not,” she said.",
    "The council said that the bridge was closed until further notice.",
    "“The bridge is closed, and it will stay closed until the last bolt has been looked at,” she said.",
    "The bridge is closed, and it will stay closed until the last bolt has been looked at",
    "“The bridge is closed, and it will stay closed until the last bolt has been looked at,” she said. Tweet",
    "© 2021 Quay News",
    "Tweet",
    "",
    " ",
    "\u200b",
]
TEXTS = st.lists(st.sampled_from(SAMPLES) | st.text(max_size=30), max_size=14).flatmap(
    lambda lines: st.sampled_from(["\n", "\n\n", "\n \n\n"]).map(lambda joint: joint.join(lines))
)


def cleaned(text: str, *keep: str) -> Cleaned:
    return clean(
        Article(article_id="a1", source_path="a.txt", text=text),
        CleanSettings(keep=keep, shared_lines=("The Quay Channel",)),
    )


def lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def seen(some: list[str]) -> list[str]:
    """Lines as they look: without invisible characters, and without those that hold nothing else."""
    return [line for each in some if (line := INVISIBLE.sub("", each)).strip()]


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_cases(case: Path) -> None:
    marked = lines(case.read_text(encoding="utf-8"))
    found = [MARKED.match(line) for line in marked]
    text = "\n\n".join(match[2] if match else line for match, line in zip(found, marked, strict=True))
    done = cleaned(text)
    assert [(row.reason, row.text.strip("\n")) for row in done.removed] == [(m[1], m[2]) for m in found if m]
    assert done.text.split("\n\n") == [line for match, line in zip(found, marked, strict=True) if not match]


def test_there_are_cases() -> None:
    assert len(CASES) >= 9


def test_every_reason_is_described_and_has_a_pattern_or_a_rule() -> None:
    assert {row[0] for row in word_list("clean", "boilerplate")} == set(REASONS) - {
        "around-body",
        "invisible",
        "repeated-line",
        "repeated-title",
        "shared-line",
    }
    assert all(re.fullmatch(r"[a-z]+(?:-[a-z]+)*", reason) for reason in REASONS)


def test_patterns_are_sorted_and_of_a_known_kind() -> None:
    rows = word_list("clean", "boilerplate")
    assert list(rows) == sorted(rows)
    assert {row[1] for row in rows} == {"line", "start", "tail", "list"}


def test_kept_reasons_stay_in_the_text() -> None:
    text = "The bridge fell.\n\nShare this:\n\nLeave a Reply"
    assert cleaned(text, "share").text == "The bridge fell.\n\nShare this:"
    assert cleaned(text, "share", "comment-form").text == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("One fell.\n\nAdvertisement\n\nTwo stood.", "One fell.\n\nTwo stood."),
        ("One fell.\nAdvertisement\nTwo stood.", "One fell.\nTwo stood."),
        ("One fell.\nAdvertisement\n\nTwo stood.", "One fell.\n\nTwo stood."),
        ("One fell.\n\nAdvertisement\nTwo stood.", "One fell.\n\nTwo stood."),
        ("One fell.\n\nAdvertisement\n\nShare this:\n\nTwo stood.", "One fell.\n\nTwo stood."),
        ("Advertisement\n\nOne fell.", "One fell."),
        ("One fell.\n\nAdvertisement", "One fell."),
        ("One fell.\n\nAdvertisement\n", "One fell.\n"),
        ("Advertisement", ""),
        ("", ""),
        ("\n\n", "\n\n"),
    ],
)
def test_paragraphs_stay_as_far_apart_as_they_were(text: str, left: str) -> None:
    assert cleaned(text).text == left


def test_a_name_with_invisible_characters_is_whole_again() -> None:
    done = cleaned("Zelen\u00adskyy spoke.\n\n\u200bShare\u00ad this:\n\n\u200fAn emoji 👩\u200d🚒 stays.")
    assert done.text == "Zelenskyy spoke.\n\nAn emoji 👩\u200d🚒 stays."
    assert [row.reason for row in done.removed] == ["invisible", "share", "invisible"]


def test_a_form_word_goes_only_at_the_end() -> None:
    assert cleaned("Comments\n\nThe bridge fell.").removed == ()
    assert cleaned("The bridge fell.\n\nComments").text == "The bridge fell."


def test_a_long_paragraph_is_never_boilerplate() -> None:
    text = "Sign up for our newsletter. " + "The bridge fell. " * 40
    assert cleaned(text).text == text


@settings(max_examples=300)
@given(text=TEXTS)
def test_the_text_as_read_can_be_rebuilt(restored: Callable[[str, Iterable[Removed]], str], text: str) -> None:
    done = cleaned(text)
    assert restored(done.text, done.removed) == text


@settings(max_examples=200)
@given(text=TEXTS)
def test_removed_spans_are_in_order_and_say_what_stood_there(text: str) -> None:
    at = 0
    for row in cleaned(text).removed:
        assert at <= row.raw_start < row.raw_end <= len(text)
        assert row.text == text[row.raw_start : row.raw_end]
        assert row.reason in REASONS
        at = row.raw_end


@settings(max_examples=300)
@given(text=TEXTS, keep=st.sets(st.sampled_from(sorted(REASONS)), max_size=2))
def test_cleaning_twice_removes_nothing_more(text: str, keep: set[str]) -> None:
    once = cleaned(text, *keep).text
    assert cleaned(once, *keep).removed == ()


@settings(max_examples=200)
@given(text=TEXTS)
def test_only_whole_lines_go(text: str) -> None:
    done = cleaned(text)
    gone = [line for row in done.removed if row.reason != "invisible" for line in lines(row.text)]
    assert sorted(seen(gone + lines(done.text))) == sorted(seen(lines(text)))


@pytest.mark.parametrize("mark", [*"\"“‘'(=*©|[/,-.:>@#", "said “ ", "( AP Photo", "http://", "photo by "])
def test_hostile_lines_stay(restored: Callable[[str, Iterable[Removed]], str], mark: str) -> None:
    one_line = mark * (1_000_000 // len(mark))
    many = (mark * (440 // len(mark)) + "\n") * 200
    assert cleaned(one_line).text == one_line
    assert restored(cleaned(many).text, cleaned(many).removed) == many


@pytest.mark.parametrize("line", ["In this section", "Share this", "a b c", "Most read\nA link"])
def test_a_hundred_thousand_short_lines(line: str) -> None:
    text = f"{line}\n" * 30_000
    done = cleaned(text)
    assert len(done.removed) in {0, len(lines(text))}
