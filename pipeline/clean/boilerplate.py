"""Which lines of an article are boilerplate, and the spans that go with them.

Takes a text; gives spans with a reason id. A line is judged by itself, except the last lines of a text, the links below
a heading such as "Most read", and what lies around the article of a whole page. No line is taken that a later pass over
the cleaned text would judge otherwise.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from pipeline.clean.lines import INVISIBLE, Line, guess, lines_of, quotes_somebody
from pipeline.clean.page import outside
from pipeline.clean.repeats import repeats
from pipeline.clean.shared import signs
from pipeline.records import Span
from pipeline.text.words import word_map

REASONS = word_map("clean", "reasons")  # id -> what it is
TITLE_WORDS = 4  # the least words of a headline that is known again
N_LINKS = 12  # the most links that go with the heading above them


def removals(text: str, keep: Collection[str] = (), shared: Collection[str] = ()) -> list[tuple[Span, str]]:
    """The spans to take out, in order, not overlapping, each with its reason."""
    seen = lines_of(text)
    spans, lines = [span for span, _ in seen], [line for _, line in seen]
    reasons = [""] * len(lines)
    left, n_before = list(range(len(lines))), -1
    while len(left) != n_before:  # until a pass over what stays takes nothing more
        n_before = len(left)
        for at, reason in zip(left, _reasons([lines[at] for at in left], shared), strict=True):
            reasons[at] = "" if reason in keep else reason
        left = [at for at in left if not reasons[at]]
    taken = list(_spans(text, spans, reasons))
    return taken if "invisible" in keep else sorted([*taken, *_invisible(text, [span for span, _ in taken])])


def _invisible(text: str, taken: Sequence[Span]) -> Iterator[tuple[Span, str]]:
    """Soft hyphens and the like between the spans taken: a name that holds one is whole again without it."""
    at = 0
    for start, end in [*taken, (len(text), len(text))]:
        yield from ((found.span(), "invisible") for found in INVISIBLE.finditer(text, at, start))
        at = end


def _reasons(lines: Sequence[Line], shared: Collection[str]) -> list[str]:
    """For each line why it is boilerplate, or an empty text."""
    around = outside(lines)
    taken = signs(lines).intersection(shared) if shared else ()
    reasons = [
        line.reason or ("shared-line" if line.words in taken else "around-body" if is_out else "")
        for line, is_out in zip(lines, around, strict=True)
    ]
    _mark_links(lines, reasons)
    for at in range(len(lines) - 1, -1, -1):  # upwards, as long as one boilerplate line follows another
        reasons[at] = reasons[at] or guess("tail", lines[at].words) or guess("list", lines[at].words)
        if not reasons[at]:
            break
    _mark_title(lines, reasons)
    for at in repeats({at: lines[at].whole for at, reason in enumerate(reasons) if not reason}):
        reasons[at] = "repeated-line"
    return reasons


def _mark_title(lines: Sequence[Line], reasons: list[str]) -> None:
    """A headline that stands again, above a photo or above the text, goes there."""
    kept = [at for at, reason in enumerate(reasons) if not reason]
    title = lines[kept[0]] if kept else None
    if title and title.n_words >= TITLE_WORDS and not title.is_prose:
        for at in kept[1:]:
            reasons[at] = "repeated-title" if lines[at].words == title.words else ""


def _mark_links(lines: Sequence[Line], reasons: list[str]) -> None:
    """A heading that opens a list of links goes with the links below it."""
    heading = n_left = 0
    for at, line in enumerate(lines):
        opens = bool(guess("list", line.words))
        if n_left and not reasons[at] and (opens or _is_link(line)):
            reasons[at] = reasons[heading] = "see-also"
            n_left -= 1
        elif not reasons[at]:
            n_left = 0
        if opens:
            heading, n_left = at, N_LINKS


def _is_link(line: Line) -> bool:
    """A headline: short, and not closed like a sentence."""
    return 0 < line.n_words <= 20 and not line.words.endswith(tuple('.!,;:”"’»')) and not quotes_somebody(line.words)


def _spans(text: str, lines: list[Span], reasons: list[str]) -> Iterator[tuple[Span, str]]:
    """The lines with a reason, each with the line breaks on one side: of a run of them, the wider gap stays."""
    ends = [0, *(end for _, end in lines)]  # ends[at] is where the line before stops
    starts = [*(start for start, _ in lines), len(text)]
    for is_taken, group in groupby(range(len(lines)), key=lambda at: bool(reasons[at])):
        if is_taken:
            run = list(group)
            first, last = run[0], run[-1] + 1
            before, behind = text.count("\n", ends[first], starts[first]), text.count("\n", ends[last], starts[last])
            backwards = last == len(lines) or (first > 0 and behind > before)
            for at in run:
                yield (ends[at], ends[at + 1]) if backwards else (starts[at], starts[at + 1]), reasons[at]
