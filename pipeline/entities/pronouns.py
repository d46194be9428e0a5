"""He, she, him, her and their forms: to whom each points.

Takes a Doc, the quotation marks of its text and the persons of its names, gives the person of each pronoun that one
can be found for: of the persons last named the one with the most evidence (nearness, subject, gender, quotation).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict, deque
from typing import TYPE_CHECKING, NamedTuple

from pipeline.entities.people import Person
from pipeline.entities.spans import Name, is_subject, root
from pipeline.text.marks import holding, marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from spacy.tokens import Doc, SpanGroup, Token

PRONOUNS = dict.fromkeys(("he", "him", "his", "himself"), "m") | dict.fromkeys(("she", "her", "hers", "herself"), "f")
FURTHER = 1.3  # what each sentence between takes off; no less than what a subject or a known gender adds
TOLD, PASSED = 3.0, 1.5  # what it takes off to be named in what the pronoun says; in what somebody else said
WINDOW, FAR = 24, 5  # mentions that are looked back at; sentences behind which farther is no worse


class _Spot(NamedTuple):
    """Where somebody was named."""

    person: Person
    token: Token
    is_subject: bool
    sentence: int
    paragraph: int
    quotation: int  # 0 outside quotation marks
    is_told: bool  # in what somebody says


class _Places:
    """The sentence, paragraph and quotation of each token, and whether somebody says it."""

    def __init__(self, doc: Doc, text: str, said: Iterable[SpanGroup]) -> None:
        self.told = {i for group in said for s in group if s.label_ == "content" for i in range(s.start, s.end)}
        self.marks = marked(text)
        self.sentences = [token.i for token in doc if token.is_sent_start and not holding(self.marks, token.idx - 1)]
        self.lines = [token.i for token in doc if "\n" in token.text]

    def spot(self, person: Person, token: Token) -> _Spot:
        sentence, paragraph = bisect_right(self.sentences, token.i), bisect_right(self.lines, token.i)
        quotation, is_told = holding(self.marks, token.idx), token.i in self.told
        return _Spot(person, token, is_subject(token), sentence, paragraph, quotation, is_told)


def pointed(doc: Doc, text: str, who: Mapping[Name, Person]) -> dict[int, Person]:
    """The person of each pronoun, by token."""
    said = [group for name, group in doc.spans.items() if name.startswith("attribution")]
    places = _Places(doc, text, said)
    named = {root(doc[name.start : name.end]).i: person for name, person in who.items()}
    covered = {i for name in who for i in range(name.start, name.end)}
    told = _told_of(said, named)
    recent: deque[_Spot] = deque(maxlen=WINDOW)
    found: dict[int, Person] = {}
    genders: dict[str, str] = {}
    for token in doc:
        person = named.get(token.i)
        if token.lower_ in PRONOUNS and token.i not in covered and recent:
            here = places.spot(recent[-1].person, token)
            person = _pointed(here, recent, genders, told.get(token.i))
            if person:
                found[token.i] = person
                genders.setdefault(person.key, PRONOUNS[token.lower_])
        if person:
            recent.append(places.spot(person, token))
    return found


def _told_of(said: Iterable[SpanGroup], named: Mapping[int, Person]) -> dict[int, set[str]]:
    """The persons whom a source of one word names in what it says: "Lee was late, he said" is hardly said by Lee."""
    told: dict[int, set[str]] = defaultdict(set)
    for group in said:
        keys = {named[i].key for s in group if s.label_ == "content" for i in range(s.start, s.end) if i in named}
        for at in (s.start for s in group if s.label_ == "source" and len(s) == 1):
            told[at] |= keys
    return told


def _pointed(here: _Spot, recent: deque[_Spot], genders: dict[str, str], told: set[str] | None) -> Person | None:
    """The likeliest person; `told`: whom a source names in what it says, None where the pronoun is no source."""
    gender = PRONOUNS[here.token.lower_]
    best, most = None, 0.0
    for spot in recent:
        known = spot.person.gender or genders.get(spot.person.key, "")
        if (known and known != gender) or _is_barred(here, spot):
            continue
        weight = _weight(here, spot) + (1.0 if known else 0)
        if told is not None:
            is_passed = spot.is_told and not spot.quotation and not here.is_told
            weight -= TOLD * (spot.person.key in told) + PASSED * is_passed
        if weight >= most:
            best, most = spot.person, weight
    return best


def _is_barred(here: _Spot, spot: _Spot) -> bool:
    """Whether grammar keeps them apart: in "Ann saw her" she is not Ann."""
    token = here.token
    if token.lower_ not in {"him", "her"} or token.dep_ == "poss":
        return False
    verb = token.head if token.dep_ in {"dobj", "dative"} else token.head.head
    return spot.token.head.i == verb.i and spot.is_subject


def _asks(spot: _Spot, here: _Spot) -> bool:
    """Whether somebody asked before, or asks somebody in this sentence: "Ann asked Bob whether he would come"."""
    verb = spot.token.head
    is_asker = spot.is_subject and verb.lower_ in {"asked", "asks"}
    return is_asker and (here.sentence > spot.sentence or any(t.dep_ in {"dobj", "dative"} for t in verb.children))


def _weight(here: _Spot, spot: _Spot) -> float:
    weight = 6.0 - FURTHER * min(here.sentence - spot.sentence, FAR)
    weight += spot.is_subject + 0.5 * (spot.paragraph == here.paragraph) - 0.5 * (spot.token.dep_ == "poss")
    weight += 0.05 * (spot.is_subject and here.is_subject)  # of two alike, a subject means a subject
    if _asks(spot, here):
        weight -= 2.0  # who answers is somebody else
    if here.quotation and not spot.quotation and spot.is_subject and spot.paragraph == here.paragraph:
        weight -= 3.0  # whoever says it
    elif spot.quotation and spot.quotation != here.quotation:
        weight -= 2.0
    return weight
