"""Quotation marks, paired by a tolerant scanner.

Takes a text, gives the spans that stand in quotation marks: curly, straight, single, guillemets, low-9 and the doubled
`` and '' of wire copy, in any mixture. Each paragraph (line) is paired on its own, so a stray or missing mark never
reaches the next one. One pass over the marks of a paragraph; the time grows with the length of the text only.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from pipeline.records import Span
from pipeline.text.words import paragraphs, stripped

Family = Literal["double", "guillemet", "single"]
Side = Literal["open", "close", "either"]

MARK = re.compile(r"``|''|[“”„‟\"＂«»‹›‘’‚‛'`]")
SHAPES: dict[str, tuple[Family, Side]] = {
    **dict.fromkeys(("“", "„", "‟", "``"), ("double", "open")),
    "”": ("double", "close"),
    **dict.fromkeys(('"', "＂", "''"), ("double", "either")),
    **dict.fromkeys("«‹", ("guillemet", "open")),
    **dict.fromkeys("»›", ("guillemet", "close")),
    **dict.fromkeys("‘‚‛`", ("single", "open")),
    "’": ("single", "close"),
    "'": ("single", "either"),
}
# 6'2", '90s, rock 'n' roll, 'em, ma'am: marks that stand for feet and inches or for something left out
NO_MARK = re.compile(
    r"(?<!\w)\d{1,2}['’] ?\d{1,2}(?:''|[\"”])?(?!\w)"
    r"|(?<!\w)['‘’](?:n['’]|(?:\d\ds?|tis|twas|em|til|cause|bout|round)\b)"
    r"|(?<=\w)['‘’](?=\w)",
    re.IGNORECASE,
)
BEFORE_OPEN = frozenset("([{<-–—―/:;,=“‘\"'«‹„‚`|>*_")  # beside white space: what may stand before an opening mark


@dataclass(frozen=True, kw_only=True)
class Marked:
    """One span in quotation marks, or from an opening mark to its paragraph's end."""

    start: int  # with the marks
    end: int
    inner_start: int  # without the marks and the white space beside them
    inner_end: int
    closed: bool  # False: the closing mark is missing; the span ends with its paragraph
    joined: bool  # goes on from the Marked before it: a quotation over several paragraphs


class _Mark(NamedTuple):
    start: int
    end: int
    family: Family
    side: Side
    firm: bool  # False: may as well be an apostrophe (workers')


@lru_cache(maxsize=128)  # an article's marks are asked for four times
def marked(text: str, *, single: bool = True) -> tuple[Marked, ...]:
    """The outermost spans in quotation marks, in order; `single` lets 'single marks' open one too."""
    found: list[Marked] = []
    tail: _Mark | None = None  # the opening mark that the paragraph before left open
    for start, end in paragraphs(text):
        pairs, left_open = _paired(list(_marks(text, (start, end), single)))
        spans = [*pairs, (left_open, None)] if left_open else pairs
        for number, (opening, closing) in enumerate(spans):
            first = number == 0 and not text[start : opening.start].strip()
            joined = first and tail is not None and tail.family == opening.family
            if span := _span(text, opening, closing, end, joined):
                found.append(span)
        tail = left_open
    return tuple(found)


def holding(marks: Sequence[Marked], offset: int) -> int:
    """Which of the marked spans holds an offset, counted from 1; 0: none does."""
    at = bisect_right(marks, offset, key=lambda mark: mark.start)
    return at if at and offset < marks[at - 1].end else 0


def _span(text: str, opening: _Mark, closing: _Mark | None, end: int, joined: bool) -> Marked | None:
    inner_start, inner_end = stripped(text, opening.end, closing.start if closing else end)
    if inner_start >= inner_end:
        return None
    return Marked(
        start=opening.start,
        end=closing.end if closing else inner_end,
        inner_start=inner_start,
        inner_end=inner_end,
        closed=closing is not None,
        joined=joined,
    )


def _marks(text: str, paragraph: Span, single: bool) -> Iterator[_Mark]:
    """The marks of a paragraph, each with what it can do where it stands."""
    start, end = paragraph
    silent = {at for m in NO_MARK.finditer(text, start, end) for at in range(*m.span())}
    for m in MARK.finditer(text, start, end):
        family, shape = SHAPES[m[0]]
        if m.start() in silent or (family == "single" and not single):
            continue
        before = text[m.start() - 1] if m.start() > start else " "
        after = text[m.end()] if m.end() < end else " "
        if side := _side(shape, before, after, family):
            yield _Mark(m.start(), m.end(), family, side, before != "s" or not after.isspace())


def _side(shape: Side, before: str, after: str, family: Family) -> Side | None:
    """What a mark does between two characters; None: neither opens nor closes."""
    opens = not after.isspace() and (before.isspace() or before in BEFORE_OPEN)
    closes = not before.isspace() and not after.isalnum()
    if before.isdigit() and shape == "either":
        return "close"  # a 6" nail: inches never open
    if family == "single" and not opens and not closes:
        return None
    if opens == closes:
        return shape
    side: Side = "open" if opens else "close"
    return side if shape in (side, "either") else "either"


def _paired(marks: list[_Mark]) -> tuple[list[tuple[_Mark, _Mark]], _Mark | None]:
    """The outermost pairs of one paragraph, and the opening mark that nothing closes."""
    pairs: list[tuple[_Mark, _Mark]] = []
    stack: list[tuple[_Mark, int]] = []  # with how many pairs were found before it: later ones lie inside
    n_open = {"double": 0, "guillemet": 0, "single": 0}
    apostrophes = _apostrophes(marks)
    for at, mark in enumerate(marks):
        inside = bool(n_open[mark.family]) and (mark.family != "single" or stack[-1][0].family == "single")
        if mark.side == "open" or (mark.side == "either" and not inside):
            stack.append((mark, len(pairs)))
            n_open[mark.family] += 1
        elif inside and at not in apostrophes:
            while True:
                opening, n_before = stack.pop()
                n_open[opening.family] -= 1
                if opening.family == mark.family:
                    break
            del pairs[n_before:]
            pairs.append((opening, mark))
    if not stack:
        return pairs, None
    tail, n_before = stack[-1]
    is_stray = n_before < len(pairs) or (tail.family == "single" and tail.start != marks[0].start)
    return pairs, None if is_stray else tail


def _apostrophes(marks: list[_Mark]) -> set[int]:
    """The single marks behind an s that do not close, because a firmer one follows before the next opening mark."""
    out: set[int] = set()
    firmer = False
    for at, mark in reversed([pair for pair in enumerate(marks) if pair[1].family == "single"]):
        if mark.side != "close":
            firmer = False
        elif mark.firm:
            firmer = True
        elif firmer:
            out.add(at)
    return out
