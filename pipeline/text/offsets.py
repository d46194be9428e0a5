"""Removed spans and the way back: from a text without them to places in the text with them.

Takes a text and spans `[start, end)` in characters, gives texts and offsets. Nothing is ever moved or replaced, so
the way back is exact.
"""

from collections.abc import Iterable, Sequence

from pipeline.records import Removed, Span


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same characters as ordered spans that neither overlap nor touch."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        elif start < end:
            out.append((start, end))
    return out


def without(text: str, spans: Sequence[Span]) -> str:
    """The text with ordered, non-overlapping spans taken out."""
    kept, at = [], 0
    for start, end in spans:
        kept.append(text[at:start])
        at = end
    return "".join(kept) + text[at:]


def raw_offset(offset: int, removed: Iterable[Removed]) -> int:
    """Where the character at `offset` of the cleaned text stands in the text as read."""
    for row in sorted(removed, key=lambda r: r.raw_start):
        if row.raw_start > offset:
            break
        offset += row.raw_end - row.raw_start
    return offset
