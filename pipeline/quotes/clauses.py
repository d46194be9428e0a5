"""Cues in the parse: what each governs and whose it is.

Takes a parsed Doc and the quotation marks of its text; gives a `Draft` for each verb and each "according to" of
text/cues.tsv that stands outside quotation marks, with its complements for content and its subject for source.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.quotes.cues import Cue, cues
from pipeline.records import Act, Span
from pipeline.text.marks import Marked
from pipeline.text.words import n_words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

COMPLEMENTS = frozenset({"dobj", "prep", "xcomp", "ccomp", "oprd", "pcomp", "attr", "acomp"})
SHARED = frozenset({"conj", "xcomp", "advcl", "pcomp"})  # a verb that shares the subject of the verb above it
MAIN = frozenset({"ROOT", "conj", "parataxis", "ccomp"})
LOWER = frozenset({"ccomp", "relcl", "pcomp", "acl"})  # there "plans to" is told, not attributed: 18 % right
DASHES = frozenset({"-", "--", "–", "—"})
REACH = 40  # tokens to each side of a source's head: longer phrases are hostile, and slow
LONGEST = 3000  # characters of one clause: no sentence is longer, and clauses within clauses would take for ever
INTRODUCTION = 4  # so many words before "according to" introduce it; more are its content


@dataclass(kw_only=True)
class Draft:
    """An attribution in the making."""

    at: int  # where its cue, or what stands for one, begins
    act: Act
    reason: str
    cue: Span | None = None
    source: Span | None = None
    spans: list[Span] = field(default_factory=list)  # content, with its marks
    governs: bool = False  # has a clause of its own behind the cue
    quotes: bool = True  # the cue can have a clause, and so a quotation, for its content
    is_main: bool = True  # the cue is its sentence's verb: what follows may go on from it


def drafts(doc: "Doc", text: str, marks: Sequence[Marked]) -> list[Draft]:
    """All cues of an article with what the parse gives them, in order."""
    return sorted([*_verbs(doc, text, marks), *_phrases(doc, text, marks)], key=lambda d: d.at)


def holds(marks: Sequence[Marked], offset: int) -> bool:
    """Whether a character stands in one of the marked spans, which are in order."""
    at = bisect_right(marks, offset, key=lambda m: m.start) - 1
    return at >= 0 and offset < marks[at].end


def _verbs(doc: "Doc", text: str, marks: Sequence[Marked]) -> Iterator[Draft]:
    """A draft for each verb of the cue list outside quotation marks."""
    for token in doc:
        cue = cues("VERB").get(token.lower_) if token.tag_.startswith("V") else None
        if cue is None or holds(marks, token.idx):
            continue
        reason, content = _complement(token, cue)
        subject = _subject(token)
        if subject is None and token.i and holds(marks, doc[token.i - 1].idx):
            subject = _inverted(token)
        if subject is not None and subject.lower_ == "that":
            continue  # "a law that says": 12 % right
        yield Draft(
            at=token.idx,
            act=cue.act,
            reason=reason or "beside-marks",
            cue=(token.idx, token.idx + len(token)),
            source=_named(subject, marks),
            spans=[(a, b) for a, b in content if b - a <= LONGEST],
            governs=any(a > token.idx and n_words(text[a : min(b, a + 40)]) > 1 for a, b in content),
            quotes="clause" in cue.takes,
            is_main=token.dep_ in MAIN,
        )


def _complement(verb: "Token", cue: Cue) -> tuple[str, list[Span]]:
    """Which rule gives a verb its content, and the content."""
    after = [c for c in verb.children if c.i > verb.i and c.dep_ in COMPLEMENTS]
    clauses = [c for c in verb.children if c.dep_ == "ccomp"]
    if verb.dep_ == "parataxis":
        clauses.append(verb.head)
    if clauses:
        return ("clause", [_clause(verb, c) for c in clauses]) if "clause" in cue.takes else ("", [])
    if any(c.dep_ == "dobj" for c in after):
        start = next(_subtree(c)[0] for c in after if c.dep_ == "dobj")
        return ("object", [(start, max(_subtree(c)[1] for c in after))]) if "object" in cue.takes else ("", [])
    if any(c.dep_ == "xcomp" for c in after) and verb.dep_ not in LOWER:
        clause = next(c for c in after if c.dep_ == "xcomp")
        return ("infinitive", [_subtree(clause)]) if "infinitive" in cue.takes else ("", [])
    for preposition in after:
        if preposition.dep_ == "prep" and preposition.lower_ in cue.takes:
            return "preposition", [_subtree(c) for c in preposition.children if c.dep_ in {"pobj", "pcomp"}]
    return "", []


def _clause(verb: "Token", clause: "Token") -> Span:
    """A clause up to a cue that goes on from the verb: "said it was late and added: ..."."""
    start, end = _subtree(clause)
    return start, min([end, *(_joint(c) for c in clause.children if _goes_on(c, verb))])


def _joint(conjunct: "Token") -> int:
    """Where the "and" before a conjunct begins."""
    return max((c.idx for c in conjunct.head.children if c.dep_ == "cc" and c.i < conjunct.i), default=conjunct.idx)


def _goes_on(token: "Token", verb: "Token") -> bool:
    """Whether a verb that the parse ties to the clause of another cue rather shares that cue's subject."""
    return (
        token.dep_ == "conj"
        and token.tag_ == verb.tag_ == "VBD"
        and token.i > verb.i
        and token.lower_ in cues("VERB")
        and not any(c.dep_ in {"nsubj", "nsubjpass"} for c in token.children)
    )


def _subtree(token: "Token") -> Span:
    doc = token.doc
    last = doc[token.right_edge.i]
    return doc[token.left_edge.i].idx, last.idx + len(last)


def _subject(verb: "Token") -> "Token | None":
    """The token that heads the phrase of who says it; a passive verb has it behind "by"."""
    for _ in range(8):  # verbs above verbs; longer chains are no sentences
        subjects = [c for c in verb.children if c.dep_ in {"nsubj", "csubj"}]
        if subjects:  # "These men, Smith said, were paid": the nearer one
            return min(subjects, key=lambda c: abs(c.i - verb.i))
        if agent := next((c for c in verb.children if c.dep_ == "agent"), None):
            return next((c for c in agent.children if c.dep_ == "pobj"), None)
        if any(child.dep_ == "nsubjpass" for child in verb.children):
            return None
        if verb.dep_ == "acl" and verb.tag_ == "VBG":
            return verb.head
        above = verb.head.head if verb.dep_ == "pcomp" or _goes_on(verb, verb.head.head) else verb.head
        if verb.dep_ not in SHARED or above.tag_[:2] not in {"VB", "MD"} or _is_told(verb, above):
            return None
        verb = above
    return None


def _is_told(verb: "Token", above: "Token") -> bool:
    """Whether another is to do it: "called on her to apologize"."""
    others = (c for c in above.children if above.i < c.i < verb.i)
    return verb.dep_ == "xcomp" and any(c.dep_ == "dobj" or (c.dep_ == "prep" and c.lower_ == "on") for c in others)


def _inverted(verb: "Token") -> "Token | None":
    """The head of the phrase behind a verb that follows a quotation: "...," said a woman."""
    behind = (t for t in verb.doc[verb.i + 1 : verb.i + 4] if t.tag_[:2] != "RB")
    token = next(behind, None)
    while token is not None and token.head.i > token.i and token.head.tag_[:2] == "NN":
        token = token.head
    return token if token is not None and token.tag_[:2] in {"NN", "PR", "WP"} else None


def _named(head: "Token | None", marks: Sequence[Marked]) -> Span | None:
    """The phrase of the source, without what a relative clause says of it."""
    if head is None or head.is_punct or holds(marks, head.idx):
        return None
    doc = head.doc
    end = min(head.right_edge.i + 1, head.i + REACH)
    end = min([end, *(t.left_edge.i for t in doc[head.i + 1 : end] if t.dep_ in {"relcl", "advcl", "acl"})])
    end = max(end, head.i + 1)
    while end - 1 > head.i and (doc[end - 1].is_punct or doc[end - 1].is_space or doc[end - 1].tag_ in {"POS", "WDT"}):
        end -= 1
    start = max(head.left_edge.i, head.i - REACH)
    for token in doc[start : head.i]:  # "BERLIN - European leaders": the dateline is not theirs; nor is a mark
        is_edge = token.i == start and (token.is_punct or token.is_space)
        if is_edge or token.text in DASHES or holds(marks, token.idx):
            start = token.i + 1
    return doc[start].idx, doc[end - 1].idx + len(doc[end - 1])


def _phrases(doc: "Doc", text: str, marks: Sequence[Marked]) -> Iterator[Draft]:
    """A draft for each "according to": its content is what its sentence says before it, or else behind it."""
    for phrase, cue in cues("PHRASE").items():
        for m in re.finditer(rf"\b{re.escape(phrase)}\b", text, re.IGNORECASE):
            span = doc.char_span(*m.span(), alignment_mode="expand")
            heads = [c for c in span[-1].children if c.dep_ == "pobj"] if span else []
            source = _named(heads[0], ()) if heads else None
            if span is None or source is None or holds(marks, m.start()):
                continue
            start, end = _subtree(span.sent.root)
            before = n_words(text[max(start, m.start() - 200) : m.start()]) > INTRODUCTION
            rest = (start, m.start()) if before else (source[1], end)
            if rest[1] - rest[0] <= LONGEST:
                yield Draft(at=m.start(), act=cue.act, reason="according-to", cue=m.span(), source=source, spans=[rest])
