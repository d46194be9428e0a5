"""Content, cue and source of what an article says that somebody said.

Takes an annotated Doc, the cleaned text with the same offsets and its quotation marks; gives `Attribution` records:
what the model heard (the Doc's span groups), and what rules are better at: transcripts, a name behind a quotation, and
marked speech that goes on over paragraphs.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from spacy.tokens import Doc, SpanGroup
from spacy.tokens import Span as Phrase

from pipeline.quotes.cues import act_of
from pipeline.quotes.reasons import SHARES
from pipeline.records import Act, Span
from pipeline.text.marks import Marked
from pipeline.text.nearby import Nearby
from pipeline.text.words import paragraphs, stripped, word_list

INDENT = 20  # at most so many blanks before a paragraph's first mark
LABEL = re.compile(  # "PENCE:", "Dorothea Vance:", "Q:", at the start of a paragraph
    r"[\"“]?([QA]|[A-Z][A-Z.'’\-]+(?: [A-Z][A-Z.'’\-]+){0,4}|[A-Z][\w.'’\-]+(?: [A-Z][\w.'’\-]+){1,3}):(?=\s)"
)
NO_SPEAKERS = frozenset(row[0] for row in word_list("quotes", "labels"))  # "WHERE: City Hall"
NOISE = re.compile(r"[\"“]?[(\[][^()\[\]]*[)\]][\"”]?")  # "(CROSSTALK)"
OPENING, CLOSING_MARKS = frozenset('"“'), frozenset('"”')
AUXILIARIES = frozenset(re.findall(r"\S+", "am are be been being did do does had has have is n't not was were"))
MOST_TOLD = 1  # paragraphs in which nobody says anything, behind which a quotation still goes on
SINGLE_MARKS, SPOKEN = frozenset("'‘"), 8  # words; fewer in single marks are a heading: 'All bets are off'
VERB_NEAR = 4  # tokens
TURNS, MOST = 3, 4  # labels, one twice, or two names in capitals, make a transcript; paragraphs to a label, on average
WHOLE = re.compile(r"[.!?…–—:\-][\"”’'»)\]]{0,2}\s*$")
CLOSING = re.compile(r"\s*[-–—―]{1,2}\s*([A-Z@](?:[^\n.!?\"“”:;]|(?<=\b[A-Z])\.){2,80})\.?$")


@dataclass(kw_only=True)
class Attribution:
    """Content, cue and source, as found; offsets in the cleaned text."""

    content: list[Span]  # what is said, without outer quotation marks, in order; rules may add to it
    source: Span | None  # the words that name who says it
    cue: Span | None  # the words that say that it is said
    act: Act
    confidence: float  # 0 to 1
    reason: str  # rule or model id, kebab-case


class _Held(Nearby[Attribution]):
    """Attributions at what they hold of the text, and whose words the paragraph before held."""

    def __init__(self, found: Sequence[Attribution]) -> None:
        super().__init__()
        self.speaker: Attribution | None = None
        self.n_told = 0  # paragraphs since in which nobody says anything
        for one in found:
            for span in one.content:
                self.add(one, span)


def attributions(doc: Doc, text: str, marks: Sequence[Marked]) -> list[Attribution]:
    """Everything that somebody is said to have said, thought or stood for, in order of content."""
    marks = _usable(text, marks)
    groups = (group for name, group in doc.spans.items() if name.startswith("attribution"))
    heard = sorted((_heard(text, group) for group in groups), key=lambda a: a.content[0])
    begins, held = [a.content[0][0] for a in heard], _Held(heard)
    lines = paragraphs(text)
    turns = _turns(text, lines)
    out: list[Attribution] = []
    for start, end in lines:
        here = marks[bisect_left(marks, start, key=lambda m: m.start) : bisect_left(marks, end, key=lambda m: m.start)]
        made = heard[bisect_left(begins, start) : bisect_left(begins, end)]
        if start in turns:
            here, made = [], _turn(text, turns[start], (start, end), out)
        speaker = _marked_speech(text, (start, end), here, made, held)
        is_told = not here and not any(a.act == "speech" for a in made)  # a paragraph in which nobody says anything
        held.n_told = held.n_told + 1 if is_told else 0
        held.speaker = (held.speaker if is_told and held.n_told <= MOST_TOLD else None) or speaker
        out += made
    out = [a for a in out if any(c.isalnum() for span in a.content for c in text[slice(*span)])]
    return sorted(out, key=lambda a: (a.content, a.cue or (0, 0)))


def _heard(text: str, group: SpanGroup) -> Attribution:
    """What the model found: one span group of the Doc."""
    spans: dict[str, list[Span]] = defaultdict(list)
    for span in group:
        spans[span.label_].append((span.start_char, span.end_char))
    cue = _whole_cue(next(span for span in group if span.label_ == "cue"))
    return Attribution(
        content=spans["content"],
        source=spans["source"][0] if spans["source"] else None,
        cue=cue,
        act=act_of(text[slice(*cue)]),
        confidence=group.attrs["confidence"],
        reason="model",
    )


def _whole_cue(cue: Phrase) -> Span:
    """A cue that ends before its verb, with the verb: "also", where "also contended" stands."""
    near = cue.doc[cue.start : cue.end - 1 + VERB_NEAR]
    before = sum(1 for _ in takewhile(lambda t: t.tag_ in {"MD", "RB"} or t.lower_ in AUXILIARIES, near))
    is_verb = cue.end - cue.start <= before < len(near) and near[before].tag_[:2] == "VB"
    last = near[before] if is_verb else cue[-1]
    return cue.start_char, last.idx + len(last)


def _usable(text: str, marks: Sequence[Marked]) -> list[Marked]:
    """Without marks that open in a paragraph and never close: where the words end is anybody's guess."""
    reopened = [m.joined for m in marks[1:]] + [False]
    leads = [text[m.start - 1] == "\n" and text[m.start] not in SINGLE_MARKS and _is_whole(text, m) for m in marks]
    return [m for m, again, lead in zip(marks, reopened, leads, strict=False) if m.closed or m.joined or again or lead]


def _turns(text: str, lines: Sequence[Span]) -> dict[int, Span]:
    """The label of each paragraph of a transcript by its start: its own, or the last one's up to the next label."""
    found = ((start, m) for start, _ in lines if (m := LABEL.match(text, start)))
    labels = {start: (m.start(1), m.end()) for start, m in found if m[1].lower() not in NO_SPEAKERS}
    said = [text[slice(*label)] for label in labels.values()]
    inside = [start for start, _ in lines if labels and min(labels) <= start <= max(labels)]
    is_talk = len(set(said)) > 1 or said[:1] == ["A:"]
    is_interview = len(said) >= TURNS and is_talk and len(set(said)) < len(said) and len(said) * MOST >= len(inside)
    if not is_interview and sum(name.isupper() and len(name) > TURNS for name in said) < 2:
        return {}
    turns: dict[int, Span] = {}
    label = (0, 0)
    for start in inside:
        turns[start] = label = labels.get(start, label)
    return turns


def _turn(text: str, label: Span, line: Span, before: Sequence[Attribution]) -> list[Attribution]:
    """`PENCE: ...`: the label is the source, the line the content; a line without a label goes on from the last one."""
    start, end = line
    if text[start] in OPENING and text[end - 1] in CLOSING_MARKS:
        end -= 1
    if not start <= label[0] < end:
        if before and not NOISE.fullmatch(text, start, end):
            before[-1].content.append(stripped(text, start + (text[start] in OPENING), end))
        return []
    said = stripped(text, label[1], end)
    colon = label[1] - 1
    content = [said] if said[0] < said[1] else []
    return [_ruled("transcript", content, (label[0], colon), (colon, label[1]))]


# Marked speech that the model left


def _marked_speech(
    text: str, line: Span, marks: Sequence[Marked], made: list[Attribution], held: _Held
) -> Attribution | None:
    """Add what the paragraph's marks say by rule to `made`; gives whose words the paragraph held."""
    last: Attribution | None = None
    for mark in marks:
        opens = mark.start - line[0] <= INDENT and not text[line[0] : mark.start].strip()
        closing = CLOSING.match(text, mark.end, line[1]) if opens else None
        is_heading = text[mark.start] in SINGLE_MARKS and len(text[mark.start : mark.end].split()) < SPOKEN
        others = held.over((mark.start, mark.end))
        holder = others[0] if others else None
        if closing:
            holder = _closed(mark, closing.span(1), others)
            made.append(holder)
        elif opens and holder is None and held.speaker and not is_heading:
            holder = _gone_on(text, line, mark, held.speaker)
            made += [holder] if holder and holder is not held.speaker else []
        elif holder is None and last and last.act == "speech" and _is_whole(text, mark):
            last.content.append((mark.inner_start, mark.inner_end))
            holder = last
        if holder and holder.source:
            held.add(holder, (mark.start, mark.end))
            last = holder
    told = max((a for a in made if a.source), key=lambda a: (a.act == "speech", a.content[-1:]), default=None)
    return (told or last) if text[line[1] - 1] == ":" else (last or told)  # ":": the next paragraph is what is said


def _is_whole(text: str, mark: Marked) -> bool:
    """Whether a quotation is a sentence of its own."""
    before = WHOLE.search(text, max(0, mark.start - 6), mark.start)
    return before is not None and WHOLE.search(text, max(mark.inner_end - 6, 0), mark.inner_end) is not None


def _closed(mark: Marked, name: Span, others: list[Attribution]) -> Attribution:
    """A quotation with its speaker's name behind it; whatever else was taken for its speaker goes."""
    for other in others:
        other.content = [(a, b) for a, b in other.content if b <= mark.start or mark.end <= a]
    return _ruled("closing-name", [(mark.inner_start, mark.inner_end)], name)


def _gone_on(text: str, line: Span, mark: Marked, speaker: Attribution) -> Attribution | None:
    """Who goes on speaking in the marked sentence that a paragraph begins with."""
    if mark.joined or text[max(0, line[0] - 9) : line[0]].rstrip().endswith(":"):
        speaker.content.append((mark.inner_start, mark.inner_end))
        return speaker
    if speaker.source and WHOLE.search(text, max(mark.inner_end - 6, 0), mark.inner_end):
        return _ruled("own-paragraph", [(mark.inner_start, mark.inner_end)], speaker.source)
    return None


def _ruled(reason: str, content: list[Span], source: Span, cue: Span | None = None) -> Attribution:
    return Attribution(content=content, source=source, cue=cue, act="speech", confidence=SHARES[reason], reason=reason)
