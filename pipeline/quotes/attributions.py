"""Content, cue and source of what an article says that somebody said: the untrained attributor.

Takes a parsed Doc, the cleaned text with the same offsets and its quotation marks; gives `Attribution` records. A cue
(a verb, "according to") is looked up in text/cues.tsv; its complements in the parse and the marked quotations
beside it are its content, its subject is its source. Marked speech is then carried through the paragraph.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.quotes.clauses import Draft, drafts
from pipeline.records import Attribution, Span
from pipeline.text.marks import Marked
from pipeline.text.offsets import merged
from pipeline.text.words import WORD, n_words, paragraphs

if TYPE_CHECKING:
    from spacy.tokens import Doc

# How often content and source of a rule are both right, on gold/attribution/train. Gold gives own-paragraph no rows of
# its own (11 of 14 read had the right speaker); train holds no closing-name.
CONFIDENCE = {
    "according-to": 0.82,
    "beside-marks": 0.92,
    "clause": 0.77,
    "closing-name": 0.8,
    "infinitive": 0.63,
    "object": 0.59,
    "own-paragraph": 0.75,
    "preposition": 0.57,
    "transcript": 0.77,
}
CARRIES = frozenset({"according-to", "beside-marks", "clause"})  # rules whose speaker may go on in a marked sentence
GAP = 15  # at most so many words between a cue and the marks beside it
BESIDE = 300  # and so many characters
BESIDE_WORDS = 7  # a cue so near, without content of its own, needs no comma
NEAR = 3000  # characters to each side in which a cue is looked for whose content holds a marked span
INDENT = 20  # at most so many blanks before a paragraph's first mark
SENTENCE_END = re.compile(r"[.!?…][\"”’'»)\]]?\s")
WHOLE = re.compile(r"[.!?…–—:\-][\"”’'»)\]]{0,2}\s*$")
LABEL = re.compile(r"[A-Z][A-Z.'’\-]+(?: [A-Z][A-Z.'’\-]+){0,4}:")
CLOSING = re.compile(r"\s*[-–—―]{1,2}\s*([A-Z@][^\n.!?\"“”:;]{2,80})\.?$")


def attributions(doc: "Doc", text: str, marks: Sequence[Marked]) -> list[Attribution]:
    """Everything that somebody is said to have said, thought or stood for, in order of content."""
    marks = _usable(marks)
    found = drafts(doc, text, marks)
    lines = paragraphs(text)
    is_transcript = sum(LABEL.match(text, start) is not None for start, _ in lines) > 1
    out: list[Draft] = []
    speaker: Draft | None = None  # whose marked words the paragraph before held
    for start, end in lines:
        here = marks[bisect_left(marks, start, key=lambda m: m.start) : bisect_left(marks, end, key=lambda m: m.start)]
        made = found[bisect_left(found, start, key=lambda d: d.at) : bisect_left(found, end, key=lambda d: d.at)]
        if is_transcript and (label := LABEL.match(text, start)):
            here, made = [], [_transcript(label.end() - 1, (start, end))]
        for draft in made:
            _clip(draft, (start, end))
        speaker = _marked_speech(text, (start, end), here, made, speaker)
        out += made
    return sorted((a for d in out if (a := _finished(d, text, marks))), key=lambda a: (a.content, a.cue or (0, 0)))


def _usable(marks: Sequence[Marked]) -> list[Marked]:
    """Without marks that open and never close: where the words end is anybody's guess."""
    reopened = [m.joined for m in marks[1:]] + [False]
    return [m for m, again in zip(marks, reopened, strict=False) if m.closed or m.joined or again]


def _transcript(colon: int, line: Span) -> Draft:
    """`PENCE: ...`: the label is the source, the line the content."""
    start, end = line
    return Draft(
        at=start,
        act="speech",
        reason="transcript",
        cue=(colon, colon + 1),
        source=(start, colon),
        spans=[(colon + 1, end)],
    )


def _clip(draft: Draft, line: Span) -> None:
    """Keep to the paragraph: a parse that runs over its end is wrong there."""
    draft.spans = [(max(a, line[0]), min(b, line[1])) for a, b in draft.spans if a < line[1] and line[0] < b]
    if draft.source and not (line[0] <= draft.source[0] and draft.source[1] <= line[1]):
        draft.source = None


# Marked speech


def _marked_speech(
    text: str, line: Span, marks: Sequence[Marked], cued: list[Draft], speaker: Draft | None
) -> Draft | None:
    """Give the marked spans of a paragraph to its cued, or to a new one; gives whose words the paragraph held."""
    at = line[0]
    current: Draft | None = None
    for mark in marks:
        outer = (mark.start, mark.end)
        whole = not text[at : mark.start].strip() or WHOLE.search(text, max(at, mark.start - 6), mark.start) is not None
        linked = _linked(text, line, mark, near := _near(cued, mark, NEAR), whole)
        if not linked and whole and (current or WHOLE.search(text, max(mark.inner_end - 6, 0), mark.inner_end)):
            linked = _carried(near, mark, current) or _opened(text, line, mark, cued, speaker)
        for draft in linked:
            draft.spans.append(outer)
        current = linked[0] if linked else current
        at = mark.end
    if text[line[1] - 1] == ":":  # the next paragraph is what is said
        return next((d for d in reversed(cued) if d.act == "speech" and d.source and d.is_main), current)
    return current


def _linked(text: str, line: Span, mark: Marked, cued: Sequence[Draft], whole: bool) -> list[Draft]:
    """The cued whose content a marked span is: it lies in what the cue governs, or beside the cue."""
    over = [d for d in cued if any(a < mark.end and mark.start < b for a, b in d.spans)]
    for draft in over if whole else ():
        draft.reason = "beside-marks"
        if draft.at >= mark.end:  # what stands before a marked sentence is another's
            draft.spans = [(mark.start if a < mark.start < b else a, b) for a, b in draft.spans]
    if over:
        return over
    cued = _near(cued, mark, BESIDE)
    before = next((d for d in reversed(cued) if d.at < mark.start and _leads(text, d, mark)), None)
    after = next((d for d in cued if d.at >= mark.end and _follows(text, d, mark)), None)
    found = before or after
    if before and after and not text[: mark.start].rstrip().endswith((",", ":")):
        found = after
    if found is None or found.act != "speech":
        return []
    found.reason = "beside-marks"
    if found is after:
        found.spans = []  # "asked him": whom, not what
    if found is after and not whole:
        found.spans.append((_sentence_start(text, line[0], mark.start), mark.end))
    return [found]


def _leads(text: str, draft: Draft, mark: Marked) -> bool:
    """`Smith said: "..."`."""
    gap = text[(draft.cue or (0, 0))[1] : mark.start]
    if SENTENCE_END.search(gap) or n_words(gap) > GAP:
        return False
    if not gap.strip():
        return not _is_title(text[mark.inner_start : mark.inner_end])
    return gap.rstrip().endswith(":") or (draft.quotes and gap.rstrip().endswith(","))


def _is_title(words: str) -> bool:
    """Whether words look like a title: all longer ones capitalised, no mark at the end."""
    longer = [w for w in WORD.findall(words) if len(w) > 3]
    return len(longer) > 1 and all(w[0].isupper() for w in longer) and not words.endswith((".", "!", "?", ","))


def _follows(text: str, draft: Draft, mark: Marked) -> bool:
    """`"...," Smith said` and `"...," said Smith`."""
    gap = text[mark.end : draft.at]
    if (
        draft.governs
        or not draft.source
        or draft.source[0] < mark.end
        or SENTENCE_END.search(gap)
        or n_words(gap) > GAP
    ):
        return False
    beside = n_words(gap) < BESIDE_WORDS and not draft.spans
    return beside or gap.lstrip()[:1] in {",", ""} or gap.lstrip()[:1].islower() or text[mark.inner_end - 1] in ",!?-–—"


def _sentence_start(text: str, start: int, end: int) -> int:
    ends = [m.end() for m in SENTENCE_END.finditer(text, max(start, end - NEAR), end)]
    return ends[-1] if ends else max(start, end - NEAR)


def _carried(cued: Sequence[Draft], mark: Marked, current: Draft | None) -> list[Draft]:
    """Who goes on speaking in a marked sentence that has no cue beside it."""
    spoke = [d for d in cued if d.at < mark.start and d.act == "speech" and d.source and d.spans and d.is_main]
    spoke = [d for d in spoke if d.reason in CARRIES]
    last = max([*spoke, *([current] if current else [])], key=lambda d: d.at, default=None)
    if last is None:
        return []
    return [next((d for d in spoke if d.at < last.at and any(a <= last.at < b for a, b in d.spans)), last)]


def _opened(text: str, line: Span, mark: Marked, cued: list[Draft], speaker: Draft | None) -> list[Draft]:
    """Who speaks in the marked sentence that a paragraph begins with: a name behind it, or the speaker before it."""
    if mark.start - line[0] > INDENT or text[line[0] : mark.start].strip():
        return []
    if speaker and (mark.joined or text[max(0, line[0] - 9) : line[0]].rstrip().endswith(":")):
        return [speaker]
    if closing := CLOSING.match(text, mark.end, line[1]):
        cued.append(Draft(at=mark.start, act="speech", reason="closing-name", source=closing.span(1)))
    elif speaker:
        cued.append(Draft(at=mark.start, act="speech", reason="own-paragraph", source=speaker.source))
    else:
        return []
    return cued[-1:]


def _near(cued: Sequence[Draft], mark: Marked, reach: int) -> Sequence[Draft]:
    low = bisect_left(cued, mark.start - reach, key=lambda d: d.at)
    return cued[low : bisect_left(cued, mark.end + reach, key=lambda d: d.at)]


def _finished(draft: Draft, text: str, marks: Sequence[Marked]) -> Attribution | None:
    """The record of a draft; None where it has no content or, without marks, nobody who says it."""
    if not draft.spans or (draft.source is None and draft.reason != "beside-marks"):
        return None
    own = merged([s for s in (draft.cue, draft.source) if s])
    hole = (own[0][0], own[-1][1]) if own else (0, 0)
    parts = [p for span in merged(draft.spans) for p in _around(span, hole)]
    quoted = [p for p in parts if _over(marks, p)]
    if draft.cue and any(p[0] < draft.cue[0] for p in quoted):  # '"...," she said after he left': that is not said
        parts = [p for p in parts if p[0] < draft.cue[0] or p in quoted]
    content = [bare for p in parts if (bare := _bare(text, p, marks))]
    if not content:
        return None
    return Attribution(
        content=tuple(content),
        source=draft.source,
        cue=draft.cue,
        act=draft.act,
        confidence=CONFIDENCE[draft.reason],
        reason=draft.reason,
    )


def _over(marks: Sequence[Marked], span: Span) -> Sequence[Marked]:
    """The marked spans that a span has a part of."""
    low = max(bisect_right(marks, span[0], key=lambda m: m.start) - 1, 0)
    return [m for m in marks[low : bisect_left(marks, span[1], key=lambda m: m.start)] if m.end > span[0]]


def _around(span: Span, hole: Span) -> list[Span]:
    """A span without the clause of cue and source that stands in it."""
    if hole[1] <= span[0] or span[1] <= hole[0]:
        return [span]
    return [s for s in ((span[0], hole[0]), (hole[1], span[1])) if s[0] < s[1]]


def _bare(text: str, span: Span, marks: Sequence[Marked]) -> Span | None:
    """A part of the content without white space, commas and a pair of quotation marks around it."""
    start, end = span
    while start < end and (text[start].isspace() or text[start] in ",;:–—"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",;:–—-"):
        end -= 1
    at = bisect_left(marks, start, key=lambda m: m.start)
    if at < len(marks) and marks[at].start == start and marks[at].end == end:
        return marks[at].inner_start, marks[at].inner_end
    return (start, end) if any(c.isalnum() for c in text[start:end]) else None
