"""Text that would stall a tokenizer is blanked in place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.guard import guarded, pieces


@pytest.mark.parametrize("mark", list("=_*(\"'“…—🙂"))
def test_a_long_run_of_one_mark_becomes_blanks(mark: str) -> None:
    text = f"before {mark * 8000} after"
    assert guarded(text).split() == ["before", "after"]
    assert len(guarded(text)) == len(text)


def test_prose_is_left_as_it_is() -> None:
    text = "“No,” she said … “I won't -- not for $1,000,000!!!” See https://example.org/a?b=c#d."
    assert guarded(text) == text


@pytest.mark.parametrize("text", ["x" * 5000, "a.b/" * 2000, "QUJD" * 900])
def test_a_stretch_without_white_space_becomes_blanks(text: str) -> None:
    assert guarded(text).strip() == ""


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009", "\u3000"])
def test_an_odd_space_is_a_blank(space: str) -> None:
    assert guarded(f"Ann{space}Lee said\tso.\n") == "Ann Lee said\tso.\n"


@given(st.text(alphabet=st.sampled_from("ab =“\n…é🙂"), max_size=200))
def test_the_length_never_changes(text: str) -> None:
    assert len(guarded(text)) == len(text)


@given(st.text(alphabet=st.sampled_from("ab \n"), max_size=300), st.integers(1, 40))
def test_pieces_join_to_the_text_and_none_is_too_long(text: str, most: int) -> None:
    parts = list(pieces(text, most))
    assert "".join(parts) == text
    assert max(map(len, parts)) <= most


def test_pieces_end_at_paragraphs_where_they_can() -> None:
    assert list(pieces("one one\n\ntwo two\n\nthree", 12)) == ["one one\n\n", "two two\n\n", "three"]
