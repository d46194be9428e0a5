"""Words, paragraphs and word lists."""

from importlib.resources import files

import pytest

from pipeline.text.words import n_words, paragraphs, word_list


@pytest.mark.parametrize(
    ("text", "n"), [("", 0), ("don't — she said", 3), ("well-known O’Neill", 2), ("3.5 million\n\npeople", 4)]
)
def test_n_words(text: str, n: int) -> None:
    assert n_words(text) == n


def test_paragraphs_are_lines_that_hold_text() -> None:
    text = "One.\n\n  \nTwo.\nThree."
    assert [text[a:b] for a, b in paragraphs(text)] == ["One.", "Two.", "Three."]


LISTS = [
    (room.name, entry.name.removesuffix(".tsv"))
    for room in files("pipeline").iterdir()
    if room.is_dir()
    for entry in room.iterdir()
    if entry.name.endswith(".tsv")
]


@pytest.mark.parametrize(("room", "name"), LISTS)
def test_every_list_has_rows_of_one_length_and_says_where_they_come_from(room: str, name: str) -> None:
    assert word_list(room, name)
    assert "\n#" in files("pipeline").joinpath(room, f"{name}.tsv").read_text(encoding="utf-8")


@pytest.mark.parametrize(("room", "name"), LISTS)
def test_no_list_has_a_row_twice(room: str, name: str) -> None:
    rows = word_list(room, name)
    assert len(rows) == len(set(rows))
