"""Attributions: from what the encoder says of each piece to spans of content, source and cue.

Takes a text, its quotation marks and its `Reading`, gives the attributions that are likely enough, each with the
probability that its content and its source are both right. Content is snapped to quotation marks: a marked sentence is
said as a whole or not at all.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.annotate.encoder import Config, Heard, Reading
from pipeline.records import Span
from pipeline.text.marks import Marked
from pipeline.text.nearby import Nearby
from pipeline.text.offsets import merged

CONTENT, SOURCE = 1, 2  # classes of Heard.link
SENTENCE = re.compile(r"[^.!?…]+[.!?…]*[\"”’'»)\]]*\s*")
SAME = 0.7  # two attributions that share this much of their content are one
GAP = 2  # pieces: a step so wide from one to the next leaves no hole in content or source
HOLE = 4  # words: so small a hole in content is closed
WORD = re.compile(r"\w+")
BREAK = re.compile(r"[\n“”\"]|[.!?]\s")
DANGLING = re.compile(r"(?:[,;]?\s+(?:the|an?|and|or|but|wh(?:o|ose|ich|en|ile)|because|if|by|of|from|than))+[,;\s]*$")
LINE_BREAK = re.compile(r"\s*\n\s*")
SENTENCE_MARKS = frozenset(".!?…:”\"’'\n")
DATELINE = re.compile(r"[A-Z][A-Z .,’'-]+(?:, [A-Z][A-Za-z. ]+)?(?:\([A-Za-z. ]+\) ?)?[-–—―]+ ")


@dataclass(frozen=True, kw_only=True)
class Found:
    """One attribution: spans of characters."""

    content: list[Span]
    source: Span | None
    cue: Span
    features: list[float]


class _Quoted(NamedTuple):
    """A span in quotation marks and its sentences."""

    mark: Marked
    sentences: list[Span]


def found(text: str, reading: Reading, marks: Sequence[Marked]) -> list[Found]:
    """All attributions that the encoder hears, in order of their cues, likely or not; `marks` are in order."""
    quoted = [_Quoted(mark, _sentences(text, mark)) for mark in marks]
    return [one for heard in reading.heard if (one := _found(text, reading, heard, quoted))]


def likely(several: list[Found], config: Config) -> list[tuple[Found, float]]:
    """Those that are likely enough, with their confidence; of near-equal ones the likelier."""
    rated = sorted(((confidence(one.features, config), at) for at, one in enumerate(several)), reverse=True)
    kept: dict[int, float] = {}
    near: Nearby[Found] = Nearby()
    for rate, at in rated:
        if rate < config.keep:
            break
        one = several[at]
        if not any(_is_same(one, other) for span in one.content for other in near.over(span)):
            kept[at] = rate
            for span in one.content:
                near.add(one, span)
    return [(several[at], kept[at]) for at in sorted(kept)]


def confidence(features: list[float], config: Config) -> float:
    """The probability that content and source are right: a logistic curve fitted on kept-back gold."""
    constant, *weights = config.confidence
    return float(1 / (1 + np.exp(-(constant + np.dot(weights, features)))))


def _found(text: str, reading: Reading, heard: Heard, quoted: Sequence[_Quoted]) -> Found | None:
    pieces, best = reading.pieces, heard.link.argmax(-1)
    window = slice(heard.window, heard.window + len(best))
    starts, ends = pieces.starts[window], pieces.ends[window]
    low = bisect_left(quoted, starts[0], key=lambda q: q.mark.end)
    quoted = quoted[low : bisect_right(quoted, ends[-1], key=lambda q: q.mark.start)]
    cue = _cue(text, int(pieces.starts[heard.start]), int(pieces.ends[heard.end - 1]))
    sources = _runs(best == SOURCE, starts, ends)
    source = max(sources, key=lambda span: heard.link[_between(starts, span), SOURCE].sum(), default=None)
    source = _trimmed(text, source) if source else None
    runs = _joined(text, _runs(best == CONTENT, starts, ends))
    whole = _snapped(runs, starts, heard.link[:, CONTENT], quoted, cue[0])
    whole = _cut(text, _without(whole, [span for span in (cue, source) if span]), quoted)
    content = [part for span in whole if (part := _bare(text, span, quoted))]
    if not content:
        return None
    features = _features(heard, starts, content, source)
    features.append(float(any(q.mark.start <= content[0][0] <= q.mark.end for q in quoted)))
    return Found(content=content, source=source, cue=cue, features=features)


def _features(heard: Heard, starts: NDArray[np.int64], content: list[Span], source: Span | None) -> list[float]:
    """What confidence is read from."""
    link = heard.link
    said = np.concatenate([link[_between(starts, span), CONTENT] for span in content])
    rest = link[link.argmax(-1) == 0, 0]
    return [
        _odds(heard.probability),
        _odds(float(said.mean()) if len(said) else 0.0),
        _odds(float(said.min()) if len(said) else 0.0),
        _odds(_share(starts, link[:, SOURCE], source)) if source else 0.0,
        float(source is None),
        _odds(float(rest.mean()) if len(rest) else 0.5),
        float(len(content) > 1),
        float(np.log(max(len(said), 1))),
    ]


def _odds(chance: float) -> float:
    chance = min(max(chance, 0.001), 0.999)
    return float(np.log(chance / (1 - chance)))


def _runs(mask: NDArray[np.bool_], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> list[Span]:
    """Spans of characters over runs of pieces, small holes filled."""
    runs = merged((at, at + GAP) for at in np.flatnonzero(mask).tolist())
    return [(int(starts[low]), int(ends[high - GAP])) for low, high in runs]


def _joined(text: str, runs: list[Span]) -> list[Span]:
    """Runs of content joined over small holes."""
    joined: list[Span] = []
    for start, end in runs:
        hole = text[joined[-1][1] : start] if joined else ""
        if joined and len(WORD.findall(hole)) <= HOLE and not BREAK.search(hole):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _between(starts: NDArray[np.int64], span: Span) -> slice:
    return slice(*np.searchsorted(starts, span).tolist())


def _snapped(
    content: list[Span], starts: NDArray[np.int64], chance: NDArray[np.float32], quoted: Sequence[_Quoted], cue: int
) -> list[Span]:
    """The content with each sentence in marks that it touches taken whole or left: what most of its pieces say.

    A quotation whose cue stands outside of it is said as a whole, the part beyond the window too. In the train split of
    PolNeAR that is so of 5,403 of the 5,417 quotations of eight words or more that any content touches.
    """
    spans = content
    for mark, sentences in quoted:
        is_seen = mark.inner_start < starts[-1] and starts[0] < mark.inner_end
        if not is_seen or not any(a < mark.inner_end and mark.inner_start < b for a, b in content):
            continue
        low = bisect_right(sentences, starts[0], key=itemgetter(1))
        seen = sentences[low : bisect_right(sentences, starts[-1], key=itemgetter(0))]
        said = [part for part in seen if _share(starts, chance, part) >= 0.5]
        left = [part for part in seen if part not in said]
        if said and (len(said) * 2 >= len(seen) or not mark.start < cue < mark.end):
            said, left = sentences, []
        spans = merged([*_without(spans, left), *said])
    return spans


def _cut(text: str, spans: list[Span], quoted: Sequence[_Quoted]) -> list[Span]:
    """The spans cut at line breaks, and before and behind a quotation that is a sentence of its own."""
    edges = {at for mark, _ in quoted if _is_sentence(text, mark) for at in (mark.start, mark.end)}
    out = []
    for start, end in spans:
        lines = {at for m in LINE_BREAK.finditer(text, start, end) for at in m.span()}
        cuts = [start, *sorted(at for at in lines | edges if start < at < end), end]
        out += [(low, high) for low, high in pairwise(cuts) if text[low:high].strip()]
    return out


def _is_sentence(text: str, mark: Marked) -> bool:
    before = text[max(0, mark.start - 5) : mark.start].rstrip(" ")
    return not before or before[-1] in SENTENCE_MARKS


def _share(starts: NDArray[np.int64], chance: NDArray[np.float32], span: Span) -> float:
    inside = chance[_between(starts, span)]
    return float(inside.mean()) if len(inside) else 0.0


def _sentences(text: str, mark: Marked) -> list[Span]:
    """The sentences of a marked span; the outer marks belong to the first and the last."""
    inner = mark.inner_start, mark.inner_end
    spans = [m.span() for m in SENTENCE.finditer(text, *inner)] or [inner]
    spans[0] = (mark.start, spans[0][1])
    spans[-1] = (spans[-1][0], max(spans[-1][1], mark.end))
    return spans


def _without(spans: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    """The spans without what lies in the holes."""
    out = list(spans)
    for low, high in holes:
        out = [part for a, b in out for part in ((a, min(b, low)), (max(a, high), b)) if part[0] < part[1]]
    return out


def _trimmed(text: str, span: Span) -> Span | None:
    """A source without a dateline or heading before it, and without marks and possessives at its edges."""
    start, end = text.rfind("\n", *span) + 1 or span[0], span[1]
    if dateline := DATELINE.match(text, start, end):
        start = dateline.end()
    while start < end and not (text[start].isalnum() or text[start] in "@#"):
        start += 1
    while start < end and not (text[end - 1].isalnum() or text[end - 1] == "."):
        end -= 1
    if text[start:end].endswith(("'s", "’s")):
        end -= 2
    return (start, end) if end - start > 1 or text[start:end].isalpha() else None


def _cue(text: str, start: int, end: int) -> Span:
    """A cue without the colon or comma behind its words."""
    words = text[start:end].rstrip(":, ")
    return (start, start + len(words)) if any(c.isalnum() for c in words) else (start, end)


def _bare(text: str, span: Span, quoted: Sequence[_Quoted]) -> Span | None:
    """A part of the content without dateline, white space, commas and a pair of quotation marks around it."""
    start, end = span
    if dateline := DATELINE.match(text, text.rfind("\n", 0, start) + 1, end):
        start = max(start, dateline.end())
    while start < end and (text[start].isspace() or text[start] in ",;:–—"):
        start += 1
    if dangling := DANGLING.search(text, start, end):
        end = dangling.start()
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",;:–—-"):
        end -= 1
    for mark, _ in quoted:
        if mark.start == start and mark.end == end:
            return mark.inner_start, mark.inner_end
    return (start, end) if any(c.isalnum() for c in text[start:end]) else None


def _is_same(one: Found, other: Found) -> bool:
    shared = sum(max(0, min(b, d) - max(a, c)) for a, b in one.content for c, d in other.content)
    both = sum(end - start for start, end in (*one.content, *other.content)) - shared
    return shared > SAME * both
