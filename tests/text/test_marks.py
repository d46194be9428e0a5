import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.marks import holding, marked
from pipeline.text.words import paragraphs

CASES = [
    # the families
    ("“We won,” he said. “Twice.”", ["We won,", "Twice."]),
    ('"We won," he said. "Twice."', ["We won,", "Twice."]),
    ("‘We won,’ he said. ‘Twice.’", ["We won,", "Twice."]),
    ("'We won,' he said. 'Twice.'", ["We won,", "Twice."]),
    ("«We won», he said. »Twice«", ["We won", "Twice"]),
    ("« We won », he said. ‹Twice›", ["We won", "Twice"]),
    ("„We won“, he said. „Twice”", ["We won", "Twice"]),
    ("``We won,'' he said. ''Twice.''", ["We won,", "Twice."]),
    # mixed, reversed, without spaces
    ('He saw “no reason" to go and "no reason” to stay.', ["no reason", "no reason"]),
    ("He saw ”no reason“ to go.", ["no reason"]),
    ('He left."She stayed," they said.', ["She stayed,"]),
    ('They said yes ("of course") and—"perhaps"—no.', ["of course", "perhaps"]),
    # nested
    ("“They call it ‘the pit’ here,” she said.", ["They call it ‘the pit’ here,"]),
    ("\"They call it 'the pit' here,\" she said.", ["They call it 'the pit' here,"]),
    ("‘They call it “the pit” here,’ she said.", ["They call it “the pit” here,"]),
    ('"They call it "the pit" here," she said.', ['They call it "the pit" here,']),
    # apostrophes
    ("I don't know O'Neill's boys' club of the '90s.", []),
    ("‘The drivers’ union won’t sign,’ he said.", ["The drivers’ union won’t sign,"]),
    ("He heard 'chaos' in the boys' room and 'order' in ours.", ["chaos", "order"]),
    ("Rock ’n’ roll, rock 'n' roll, get 'em.", []),
    # feet and inches
    ('He is 6\'2" tall and said "no" to a 9" nail.', ["no"]),
    ("A 6' 2\" man lost ‘the race’.", ["the race"]),
    # stray and missing marks
    ("Cheap energy.” Other things, some of which are dear.”", []),
    ("“Not closed, he said. “Closed.” And so on.", ["Closed."]),
    ('"" and “ ” hold nothing.', []),
]


def inner(text: str, *, single: bool = True) -> list[str]:
    return [text[m.inner_start : m.inner_end] for m in marked(text, single=single)]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_marked(text: str, expected: list[str]) -> None:
    assert inner(text) == expected
    assert all(m.closed and not m.joined for m in marked(text))


def test_single_marks_can_be_left_out() -> None:
    text = "‘We won,’ he said. “Twice.”"

    assert inner(text, single=False) == ["Twice."]


def test_outer_span_holds_the_marks() -> None:
    text = "He said: ``We won.''"

    (mark,) = marked(text)

    assert text[mark.start : mark.end] == "``We won.''"


@pytest.mark.parametrize(("opening", "closing"), ["“”", '""', "«»", ("``", "''"), "‘’"])
def test_a_quotation_over_several_paragraphs_is_reopened_and_closed_once(opening: str, closing: str) -> None:
    text = f"{opening}First.\n\n{opening}Second.\n\n{opening}Third.{closing} He left.\n\n{opening}New.{closing}"

    assert inner(text) == ["First.", "Second.", "Third.", "New."]
    assert [m.closed for m in marked(text)] == [False, False, True, True]
    assert [m.joined for m in marked(text)] == [False, True, True, False]


@pytest.mark.parametrize("stray", ["“", "”", '"', "'", "‘", "«", "``", "“ one “ two", "” one ”"])
def test_a_stray_mark_costs_its_own_paragraph_only(stray: str) -> None:
    text = f'Some {stray}words here.\n\nThen “yes” came, and "no" too.'

    assert [words for words in inner(text) if "words" not in words] == ["yes", "no"]


@given(st.text(alphabet="ab s.,\n“”\"'‘’«»„`5-", max_size=60), st.booleans())
def test_marks_are_ordered_and_stay_in_their_paragraph(text: str, single: bool) -> None:
    at = 0
    for mark in marked(text, single=single):
        assert at <= mark.start < mark.inner_start < mark.inner_end <= mark.end <= len(text)
        assert any(start <= mark.start and mark.end <= end for start, end in paragraphs(text))
        assert text[mark.inner_start : mark.inner_end].strip() == text[mark.inner_start : mark.inner_end]
        at = mark.end


@given(st.text(alphabet="ab s.“”\"'‘’«»", max_size=40), st.text(alphabet="ab s.“”\"'‘’«»", max_size=40))
def test_paragraphs_are_paired_on_their_own(first: str, second: str) -> None:
    alone = [(m.start, m.end) for m in marked(second)]
    shift = len(first) + 1

    behind = [(m.start - shift, m.end - shift) for m in marked(f"{first}\n{second}") if m.start >= shift]

    assert behind == alone


@given(st.text(alphabet=st.sampled_from("ab “”\"'\n"), max_size=60), st.integers(0, 60))
def test_the_span_that_holds_an_offset_is_told(text: str, offset: int) -> None:
    marks = marked(text)
    over = [number for number, mark in enumerate(marks, 1) if mark.start <= offset < mark.end]

    assert [holding(marks, offset)] == (over or [0])


HOSTILE = ["“", "”", '"', "'", "‘", "«", "``", "“a ", '"a" ', "s' ", "s' 'a ", "5' ", "“\n", '"\n', "a\n", "(\"'‘“"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_marks_end(piece: str) -> None:
    marks = marked(piece * (100_000 // len(piece)))

    assert len(marks) <= 100_000


def test_one_long_line() -> None:
    assert len(marked('He said "no" again. ' * 100_000)) == 100_000
