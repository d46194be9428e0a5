"""Removed spans lead back to the text as read, character for character."""

from collections.abc import Callable, Iterable

from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import Removed
from pipeline.text.offsets import merged, raw_offset, without

TEXTS = st.text(alphabet=st.sampled_from("abc \n“”"), min_size=1, max_size=60)


@st.composite
def cut_texts(draw: st.DrawFn) -> tuple[str, tuple[Removed, ...]]:
    text = draw(TEXTS)
    at = st.integers(0, len(text))
    spans = merged(tuple(sorted(pair)) for pair in draw(st.lists(st.tuples(at, at), max_size=5)))
    return text, tuple(Removed(raw_start=a, raw_end=b, text=text[a:b], reason="test") for a, b in spans)


@given(cut_texts())
def test_putting_back_what_was_removed_gives_the_text_as_read(
    restored: Callable[[str, Iterable[Removed]], str], case: tuple[str, tuple[Removed, ...]]
) -> None:
    text, removed = case
    assert restored(without(text, [(r.raw_start, r.raw_end) for r in removed]), removed) == text


@given(cut_texts())
def test_every_offset_of_the_cleaned_text_leads_to_the_same_character(case: tuple[str, tuple[Removed, ...]]) -> None:
    text, removed = case
    cleaned = without(text, [(r.raw_start, r.raw_end) for r in removed])
    assert [text[raw_offset(i, removed)] for i in range(len(cleaned))] == list(cleaned)


def test_merged_spans_neither_overlap_nor_touch() -> None:
    assert merged([(5, 9), (0, 2), (2, 4), (6, 7), (8, 8)]) == [(0, 4), (5, 9)]
