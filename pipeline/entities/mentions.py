"""Which of two readings of the same words holds: a name that the model found, or a country that the list knows.

Takes a Doc, its names and the list's hits, gives both without overlaps, and the countries' mentions.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.entities.countries import Hit, is_government, is_language
from pipeline.entities.organisations import seat
from pipeline.entities.people import genders
from pipeline.entities.places import Located, Toponym
from pipeline.entities.spans import POSSESSIVES, Name, folded, is_capital, is_title, word_set
from pipeline.records import Mention, MentionForm, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spacy.tokens import Doc, Token

Place = tuple[Span, Hit]  # the tokens over which a hit stands
FORMS: dict[str, MentionForm] = {
    "name": "name",
    "official": "name",
    "abbreviation": "acronym",
    "demonym": "demonym",
    "capital": "capital",
    "seat": "capital",
}


def settled(doc: Doc, names: Sequence[Name], hits: Sequence[Hit]) -> tuple[list[Name], list[Place]]:
    """The names that are no country's, and the hits that no name swallows, by their tokens."""
    starts = [token.idx for token in doc]
    known = _known_words(doc, names)
    at = {hit.start for hit in hits if hit.kind in {"name", "part"}}
    names = _persons_own(doc, names, {name for name in names if doc[name.start].idx in at}, known)
    owner = {i: name for name in names for i in range(name.start, name.end)}
    changed: dict[Name, Name | None] = {}
    kept: list[Place] = []
    for hit in hits:
        span = bisect_right(starts, hit.start) - 1, bisect_left(starts, hit.end)
        over = {name for i in range(*span) if (name := owner.get(i))}
        if not hit.code:
            continue
        results = {name: _instead(doc, name, span, hit, known) for name in over}
        if all(result is not name for name, result in results.items()):
            kept.append((span, hit))
            changed |= results
    final = (changed.get(name, name) for name in names)
    return [name for name in final if name is not None], kept


def _persons_own(doc: Doc, names: Sequence[Name], over: set[Name], known: frozenset[str]) -> list[Name]:
    """Persons where a lone word over a country's is part of a full name: "Georgia Stevens ... Georgia"."""
    own = {name for name in over if _is_persons_own(doc, name, known)}
    places = (token for token in doc if is_capital(token) and _is_at_a_place(token)) if own else ()
    visited = Counter(folded(token.text) for token in places)  # "in Jordan ... from Jordan" is the country
    return [
        replace(name, label="person") if name in own and visited[folded(doc[name.start].text)] < 2 else name
        for name in names
    ]


def _is_persons_own(doc: Doc, name: Name, known: frozenset[str]) -> bool:
    word = doc[name.start]
    is_lone = name.label == "place" and name.end - name.start == 1
    return is_lone and folded(word.text) in known and not _is_at_a_place(word)


def _instead(doc: Doc, name: Name, span: tuple[int, int], hit: Hit, known: frozenset[str]) -> Name | None:
    """What is left of a name over a country's: itself (no country is meant), a part of it, or nothing."""
    start, end = span
    inside = name.start <= start and end <= name.end
    longer = inside and (name.end - name.start) > (end - start)
    if name.label == "person":
        return name if longer or _is_persons(doc, name, hit, known) else None
    if name.label == "organisation" and longer:
        if name.start == start and doc[end].text in POSSESSIVES and end + 1 < name.end:
            return replace(name, start=end + 1)
        return name
    if name.label == "place" and longer:
        rest = [t for t in doc[name.start : name.end] if not start <= t.i < end]
        return None if all(t.lower_ in word_set("part of a country") for t in rest) else name
    return None


def _is_persons(doc: Doc, name: Name, hit: Hit, known: frozenset[str]) -> bool:
    """Whether one word that the model takes for a person's and the list for a country's is a person's."""
    word = folded(doc[name.start].text)
    if word in known:
        return not _is_at_a_place(doc[name.start])
    is_people = hit.kind == "demonym" and word.endswith("s")  # "Britons"
    return (hit.kind in {"demonym", "part"} and not is_people) or word in genders()


def _known_words(doc: Doc, names: Iterable[Name]) -> frozenset[str]:
    """The first and last words of the full names of persons, without initials and particles."""
    words = set()
    for name in names:
        if name.label == "person" and name.end - name.start > 1:
            ends = (doc[name.start], doc[name.end - 1])
            words |= {
                folded(word.text)
                for word in ends
                if len(word) > 2 and not is_title(word) and word.text not in word_set("particle")
            }
    return frozenset(words)


def _is_at_a_place(token: Token) -> bool:
    """Whether the token's preposition speaks of a place: "in Jordan", "from Georgia"."""
    return token.dep_ == "pobj" and token.head.lower_ in word_set("preposition of a country")


def toponyms(doc: Doc, text: str, names: Iterable[Name], hits: Iterable[Place]) -> list[Toponym]:
    """All places and countries, in order: what the list knows, and the other names of places."""
    found = [_listed(doc, text, span, hit) for span, hit in hits if not _is_of_no_country(doc, span, hit)]
    for name in names:
        if name.label == "place":
            span = doc[name.start : name.end]
            found.append(Toponym(start=span.start_char, end=span.end_char, text=span.text))
    return sorted(found, key=lambda one: one.start)


def _is_of_no_country(doc: Doc, span: Span, hit: Hit) -> bool:
    """Whether an adjective is a language's, or of a people of America: "in French", "the Caddo Indians"."""
    return hit.kind == "demonym" and (is_language(doc[slice(*span)]) or _is_american(doc, span[0]))


def _is_american(doc: Doc, at: int) -> bool:
    if folded(doc[at].text) not in {"indian", "indians"} or not at or doc[at - 1].is_sent_start:
        return False
    before = doc[at - 1]
    return is_capital(before) and not before.is_stop and before.lower_ not in word_set("side of a place")


def _listed(doc: Doc, text: str, span: Span, hit: Hit) -> Toponym:
    is_place = hit.kind in {"part", "capital"}
    return Toponym(
        start=hit.start,
        end=hit.end,
        text=text[hit.start : hit.end],
        form=FORMS.get(hit.kind, "name"),
        code=hit.code,
        is_country=not is_place and not hit.is_shared,
        is_shared=hit.is_shared,
        is_government=hit.kind == "capital" and is_government(doc[slice(*span)]),
    )


def seats_of(doc: Doc, names: Iterable[Name], hits: Sequence[Hit]) -> dict[Name, Toponym]:
    """For each public body the place or country that its name begins with."""
    known = {hit.start: hit for hit in hits if hit.kind in {"name", "abbreviation", "official"}}
    out = {}
    for name in names:
        if name.label == "organisation" and (tokens := seat(doc, name)):
            span = doc[slice(*tokens)]
            hit = known.get(span.start_char)
            is_country = hit is not None and hit.end == span.end_char and not hit.is_shared
            code = hit.code if hit and is_country else ""
            one = Toponym(start=span.start_char, end=span.end_char, text=span.text, code=code, is_country=is_country)
            out[name] = replace(one, is_part=True)
    return out


def seated(mention: Mention, where: Located) -> Mention:
    """A public body's mention with the country that its name speaks of."""
    return replace(
        mention,
        country_code=where.code,
        country_reason=where.reason,
        country_candidates=where.candidates,
    )


def country_mention(one: Toponym, where: Located) -> Mention:
    """A toponym with its country as a mention."""
    return Mention(
        start=one.start,
        end=one.end,
        text=one.text,
        kind="country" if where.is_country else "place",
        form=one.form if where.is_country else "name",
        key=f"country:{where.code}" if where.is_country else "",
        country_code=where.code,
        country_reason=where.reason,
        country_candidates=where.candidates,
    )
