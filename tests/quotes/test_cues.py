from typing import get_args

import pytest

from pipeline.quotes.cues import act_of
from pipeline.records import Act
from pipeline.text.words import word_list


def test_the_cue_list_is_sorted_and_each_word_stands_once() -> None:
    rows = word_list("text", "cues")
    words = [word for word, _ in rows]

    assert list(rows) == sorted(rows)
    assert len(words) == len(set(words))
    assert all(word == word.lower().strip() for word in words)


def test_every_word_has_an_act_that_is_one() -> None:
    for word, act in word_list("text", "cues"):
        assert act in get_args(Act)
        assert act_of(word) == act


@pytest.mark.parametrize(
    ("cue", "act"),
    [
        ("said", "speech"),
        ("According to", "speech"),
        ("believes", "thought"),
        ("condemned", "other"),
        ("went on to say", "speech"),
        ("said she believes", "speech"),
        ("TOLD reporters", "speech"),
        (":", "speech"),
        (" — ", "speech"),
        ("xyzzy", "other"),
        ("", "other"),
    ],
)
def test_a_cue_is_the_act_of_its_strongest_word(cue: str, act: Act) -> None:
    assert act_of(cue) == act
