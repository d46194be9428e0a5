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
from pipeline.entities.people import GENDERS, SUFFIXES, folded_words, split
from pipeline.entities.places import Located, Toponym
from pipeline.entities.spans import ARTICLES, HYPHENS, POSSESSIVES, Label, Name, folded, is_capital, is_title, word_set
from pipeline.records import Mention, MentionForm, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from spacy.tokens import Doc, Token

LONGEST = 6  # tokens of a name that is looked for again
LONGEST_ACRONYM = 5
PARTS = frozenset({"compound", "poss", "amod", "nmod"})
Words = list[tuple[str, ...]]
Place = tuple[Span, Hit]  # the tokens over which a hit stands
FORMS: dict[str, MentionForm] = {"abbreviation": "acronym", "demonym": "demonym"}  # every other kind is a name
FORMS |= {"capital": "capital", "seat": "capital"}


def settled(doc: Doc, names: Sequence[Name], hits: Sequence[Hit]) -> tuple[list[Name], list[Place]]:
    """The names that are no country's, and the hits that no name swallows, by their tokens."""
    starts = [token.idx for token in doc]
    texts = (folded_words(doc[name.start : name.end].text) for name in names if name.label == "person")
    full = [words for words in texts if len(words) > 1]
    known = frozenset(word for words in full for word in (words[0], words[-1]) if len(word) > 2)
    at = {hit.start: hit.kind in {"name", "part"} for hit in hits}
    names = _called_again(doc, _relabelled(doc, names, full, at), full, at)
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


def _relabelled(doc: Doc, names: Sequence[Name], full: Words, listed: Mapping[int, bool]) -> list[Name]:
    """The names, each as what the full names of persons show it to be; families are left out."""
    families = {split(words)[1] for words in full}
    own = families | {word for words in full for word in (*words, "".join(word[0] for word in words))}
    visited = Counter(folded(doc[name.start].text) for name in names if _is_at_a_place(doc[name.start]))
    labels = {name: _label(doc, name, own) for name in names}
    for name in names:
        token, word = doc[name.start], folded(doc[name.start].text)
        is_lone_place = name.label == "place" and name.end - name.start == 1 and not _is_at_a_place(token)
        if is_lone_place and visited[word] < 2 and word in (own if listed.get(token.idx) else families):
            labels[name] = "person"  # "Georgia Stevens ... Georgia", but "in Jordan ... from Jordan"
    return [replace(name, label=label) for name, label in labels.items() if label]


def _label(doc: Doc, name: Name, own: set[str]) -> Label | None:
    word = doc[name.start]
    if name.end - name.start > 1:
        form = "".join(folded_words(doc[name.start : name.end].text))
        return "person" if name.label == "organisation" and form in own else name.label  # "De la Vega"
    form, label = folded(word.text), name.label
    if name.start and word.nbor(-1).lower_ == "the" and label in {"person", "place"}:
        if form[-1:] == "s" and {form[:-1], form[:-2]} & own:
            return None  # "the Clintons", who are nobody in particular
        is_known = word.dep_ in PARTS or _goes_on(doc, name.end) or form in own or form in GENDERS
        if label == "person" and not is_known:
            return "organisation"  # "the Sangh", not "the Modi era"
    if form in SUFFIXES:
        return None
    if label == "organisation" and form in own and not (word.is_upper and doc[name.end : name.end + 1].text != ":"):
        return "person"  # a bank may be called "LEE", but "LEE: ..." is who speaks
    is_acronym = word.is_upper and word.is_alpha and len(word) <= LONGEST_ACRONYM and form not in own
    is_shouted = sum(token.is_upper for token in doc[max(0, name.start - 1) : name.end + 1]) > 1
    return "organisation" if label == "person" and is_acronym and not is_shouted else label


def _called_again(doc: Doc, names: Sequence[Name], full: Words, listed: Collection[int]) -> list[Name]:
    """The names, and those that the model missed of persons that the article names in full: "Deering won"."""
    known = {form for words in full for form in ("".join(words), split(words)[1]) if len(form) > 2}
    heads = {form[:2] for form in known}  # for speed: most words are no such name's first
    taken = {i for name in names for i in range(name.start, name.end)}
    taken |= {i for ent in doc.ents for i in range(ent.start, ent.end)}
    found: list[Name] = []
    for token in doc if known else ():
        is_like = (is_capital(token) or token.text in word_set("particle")) and token.i not in taken
        is_open = is_like and folded(token.text)[:2] in heads and _may_begin(token, listed)
        last = min(token.i + LONGEST, len(doc)) if is_open else 0
        for end in range(token.i + 1, last + 1):
            form = "".join(folded_words(doc[token.i : end].text))
            if form in known and taken.isdisjoint(range(token.i, end)) and not _goes_on(doc, end):
                found.append(Name(start=token.i, end=end, label="person"))
                taken.update(range(token.i, end))
    return sorted([*names, *found], key=lambda name: name.start)


def _may_begin(token: Token, listed: Collection[int]) -> bool:
    """Whether a word like a name's first begins one here: not behind another capitalised word that is no title."""
    before = token.nbor(-1) if token.i else token
    is_other = token.is_upper or token.idx in listed or _is_at_a_place(token) or before.lower_ in ARTICLES  # "in May"
    return not is_other and (before.tag_[:3] != "NNP" or is_title(before) or before.is_sent_start is True)


def _goes_on(doc: Doc, end: int) -> bool:
    """Whether the last word before `end` is no whole name: "Trump Tower", "Carter-Jones", "prices"."""
    after = doc[end] if end < len(doc) else doc[end - 1]
    is_hyphen = after.text in HYPHENS and not doc[end - 1].whitespace_
    return doc[end - 1].tag_ != "NNP" or is_hyphen or (after.tag_[:3] == "NNP" and after.i == end)


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
        return None if all(t.lower_ in word_set("part of a country") or t.text[0].isdigit() for t in rest) else name
    return None


def _is_persons(doc: Doc, name: Name, hit: Hit, known: frozenset[str]) -> bool:
    """Whether one word that the model takes for a person's and the list for a country's is a person's."""
    word = folded(doc[name.start].text)
    if word in known:
        return not _is_at_a_place(doc[name.start])
    is_people = hit.kind == "demonym" and word.endswith("s")  # "Britons"
    return (hit.kind in {"demonym", "part"} and not is_people) or word in GENDERS


def _is_at_a_place(token: Token) -> bool:
    """Whether the token's preposition speaks of a place: "in Jordan", "from Georgia"."""
    return token.dep_ == "pobj" and token.head.lower_ in word_set("preposition of a country")


def toponyms(doc: Doc, text: str, names: Iterable[Name], hits: Iterable[Place]) -> list[Toponym]:
    """All places and countries, in order: what the list knows, and the other names of places."""
    found = [_listed(doc, text, span, hit) for span, hit in hits if not _is_of_no_country(doc, span, hit)]
    spans = (doc[name.start : name.end] for name in names if name.label == "place")
    found += [Toponym(start=span.start_char, end=span.end_char, text=span.text) for span in spans]
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
    countries = (hit for hit in hits if hit.kind in {"name", "abbreviation", "official"} and not hit.is_shared)
    known = {(hit.start, hit.end): hit.code for hit in countries}
    out = {}
    for name in names:
        if name.label == "organisation" and (tokens := seat(doc, name)):
            span = doc[slice(*tokens)]
            start, end = span.start_char, span.end_char
            code = known.get((start, end), "")
            out[name] = Toponym(start=start, end=end, text=span.text, code=code, is_country=bool(code), is_part=True)
    return out


def seated(mention: Mention, where: Located) -> Mention:
    """A mention with the country that its place, or the name of its public body, lies in."""
    return replace(mention, country_code=where.code, country_reason=where.reason, country_candidates=where.candidates)


def country_mention(one: Toponym, where: Located) -> Mention:
    """A toponym with its country as a mention."""
    mention = Mention(
        start=one.start,
        end=one.end,
        text=one.text,
        kind="country" if where.is_country else "place",
        form=one.form if where.is_country else "name",
        key=f"country:{where.code}" if where.is_country else "",
    )
    return seated(mention, where)
