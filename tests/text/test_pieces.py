"""Word pieces lie on the text's own characters, and windows show each of them once with enough around it."""

import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from pipeline.annotate.encoder import encoder, shipped
from pipeline.settings import OWN_MODEL
from pipeline.text.guard import guarded
from pipeline.text.pieces import BACK, LENGTH, STEP, Pieces, Window, pieces_of, windows

INSIDE, LINE, GLUED, SHAPE = 1, 2, 4, 8  # the parts of a piece's mark
LOWER, TITLE, UPPER, OTHER, NO_LETTER = range(5)


def cut(text: str) -> Pieces:
    return pieces_of(text, tokenizer())


def tokenizer() -> Tokenizer:
    return encoder(shipped(OWN_MODEL)).tokenizer


def words(text: str) -> list[str]:
    pieces = cut(text)
    return [text[start:end] for start, end in zip(pieces.starts, pieces.ends, strict=True)]


def marks(text: str) -> dict[str, int]:
    return dict(zip(words(text), cut(text).marks.tolist(), strict=True))


def lines(n: int, first_of_line: list[int]) -> Pieces:
    """A text of n one-letter pieces, of which some are the first of a line."""
    at = np.arange(n)
    return Pieces(at, 2 * at, 2 * at + 1, np.isin(at, first_of_line) * LINE)


@given(st.text(max_size=80))
def test_pieces_are_in_order_and_inside_the_text(text: str) -> None:
    pieces = cut(text)

    assert len(pieces) == len(pieces.ids) == len(pieces.starts) == len(pieces.ends) == len(pieces.marks)
    assert all(0 <= start < end <= len(text) for start, end in zip(pieces.starts, pieces.ends, strict=True))
    assert all(a <= b for a, b in pairwise(pieces.starts))
    assert all(text[start:end].strip() for start, end in zip(pieces.starts, pieces.ends, strict=True))


@given(st.text(alphabet="abcXYZ .,;’'\"“”-\n\t0123456789$%", max_size=80))
def test_a_piece_is_what_its_place_in_the_text_says(text: str) -> None:
    pieces = cut(text)
    names = [tokenizer().id_to_token(int(number)).removeprefix("##") for number in pieces.ids]

    assert [word.lower() for word, name in zip(words(text), names, strict=True) if name != "[UNK]"] == [
        name for name in names if name != "[UNK]"
    ]
    assert "".join(words(text)) == "".join(guarded(text).split())


@pytest.mark.parametrize("text", ["", " ", "  \n\n\t ", "\u200b\u202e", "\n" * 1000, "“" * 100_000, "=" * 100_000])
def test_where_there_are_no_words_there_are_no_pieces_and_no_windows(text: str) -> None:
    assert len(cut(text)) == 0
    assert windows(cut(text)) == []


@pytest.mark.parametrize("mark", ["“", '"', "'", "’", ".", "-", "…", "🙂", "a\n", "é ", "(\"'‘“ "])
def test_a_hundred_thousand_characters_of_one_kind_are_cut(mark: str) -> None:
    text = mark * (100_000 // len(mark))
    pieces = cut(text)

    assert len(pieces) <= len(text)
    assert sum(window.own_end - window.own_start for window in windows(pieces)) == len(pieces)


def test_an_accent_may_be_one_character_or_two() -> None:
    name = "Café Zoë 🙂 owner"
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, name)
        whole = "".join(words(text)).replace("🙂", "")
        assert unicodedata.normalize("NFD", whole).startswith("Cafe")
        assert text[cut(text).starts[-1] : cut(text).ends[-1]] == words(text)[-1]
        assert text.endswith(words(text)[-1])


def test_pieces_between_two_characters() -> None:
    text = "Ana Diaz spoke."
    here = cut(text).between(4, 8)

    assert "".join(words(text)[here]) == "Diaz"
    assert cut(text).between(3, 4) == slice(here.start, here.start)


def test_marks_tell_what_stands_in_quotation_marks() -> None:
    found = marks("“We go,” he said. She stayed.")

    assert [bool(found[word] & INSIDE) for word in ("We", "go", "he", "said", "She")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_marks_tell_where_a_line_starts_and_what_follows_without_a_space() -> None:
    found = marks("Rain fell.\n\nSnow melts, too.")

    assert [word for word, mark in found.items() if mark & LINE] == ["Rain", "Snow"]
    assert all(found[word] & GLUED for word in (",", "."))
    assert not any(found[word] & GLUED for word in ("Rain", "fell", "Snow", "too"))


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("rain", LOWER),
        ("Rain", TITLE),
        ("I", TITLE),
        ("RAIN", UPPER),
        ("mC", OTHER),
        ("7", NO_LETTER),
        ("—", NO_LETTER),
    ],
)
def test_marks_tell_the_shape_that_the_vocabulary_hides(word: str, shape: int) -> None:
    assert cut(word).marks[0] // SHAPE == shape


@given(st.integers(1, 5 * LENGTH), st.lists(st.integers(0, 5 * LENGTH), max_size=40))
def test_every_piece_belongs_to_one_window_that_shows_it(n: int, first_of_line: list[int]) -> None:
    found = windows(lines(n, first_of_line))

    assert [at for window in found for at in range(window.own_start, window.own_end)] == list(range(n))
    assert all(w.start <= w.own_start < w.own_end <= w.end <= w.start + LENGTH for w in found)


@given(st.integers(LENGTH + 1, 5 * LENGTH), st.lists(st.integers(0, 5 * LENGTH), max_size=40))
def test_neighbouring_windows_share_pieces_and_part_them_in_the_middle(n: int, first_of_line: list[int]) -> None:
    for before, behind in pairwise(windows(lines(n, first_of_line))):
        shared = before.end - behind.start
        assert LENGTH - STEP <= shared <= LENGTH - STEP + BACK
        assert before.own_end == behind.own_start
        assert abs((before.end - before.own_end) - (behind.own_start - behind.start)) <= 1


def test_a_window_begins_with_a_line_where_one_begins_just_before() -> None:
    assert windows(lines(LENGTH, [])) == [Window(0, LENGTH, 0, LENGTH)]
    assert windows(lines(LENGTH + 1, []))[1].start == STEP
    assert windows(lines(LENGTH + 1, [STEP - BACK, STEP - 3]))[1].start == STEP - 3
    assert windows(lines(LENGTH + 1, [STEP - BACK - 1, STEP + 1]))[1].start == STEP
