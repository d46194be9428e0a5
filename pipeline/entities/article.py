"""Everybody and everything that one article names: the stage.

Takes an article's Doc and its cleaned text, gives its mentions and the entities that they are mentions of.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pipeline.entities.countries import hits
from pipeline.entities.headline import without_headline_words
from pipeline.entities.mentions import country_mention, seated, seats_of, settled, toponyms
from pipeline.entities.nations import home_of, national_bodies, unnamed, with_countries
from pipeline.entities.organisations import campaigns, is_acronym, keys, pointed_bodies, with_acronyms
from pipeline.entities.people import Person, folded_words, who
from pipeline.entities.places import located
from pipeline.entities.pronouns import pointed
from pipeline.entities.roles import roles
from pipeline.entities.rows import rows
from pipeline.entities.spans import Name, folded, found_names
from pipeline.records import Cleaned, Mention, MentionForm, MentionKind, Named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spacy.tokens import Doc

    from pipeline.settings import EntitiesSettings


def entities(doc: Doc, cleaned: Cleaned, settings: EntitiesSettings) -> Named:
    """The mentions of persons, organisations, countries, places and groups, and whose they are."""
    text = cleaned.text
    never = {folded(word) for word in settings.not_names}
    listed = hits(text)
    names, places = settled(doc, without_headline_words(doc, found_names(doc)), listed)
    names, stands_for = with_acronyms(doc, text, names)
    taken = {i for name in names for i in range(name.start, name.end)}
    names = [name for name in names if folded(doc[name.start : name.end].text) not in never]
    places = [(span, hit) for span, hit in places if taken.isdisjoint(range(*span))]
    places = [(span, hit) for span, hit in places if folded(text[hit.start : hit.end]) not in never]
    seats = seats_of(doc, names, listed)
    where = sorted([*toponyms(doc, text, names, places), *seats.values()], key=lambda one: one.start)
    country = dict(zip(where, located(text, where), strict=True))
    home, national = home_of(at.code for at in country.values()), national_bodies(doc, names, listed)
    bodies = with_countries(keys(doc, names, stands_for, national), national, home)
    people = who(doc, text, names)
    staffs = campaigns(doc, people, bodies) | unnamed(doc, listed, taken)
    found = [
        *(_mention(doc, text, name, people, bodies) for name in names if name.label != "place" and name not in seats),
        *(seated(_mention(doc, text, name, people, bodies), country[one]) for name, one in seats.items()),
        *(country_mention(*pair) for pair in country.items() if not pair[0].is_part),
        *(_pointer(doc, i, "pronoun", person.key) for i, person in pointed(doc, text, people).items()),
        *(_pointer(doc, i, "nominal", key) for i, key in pointed_bodies(doc, bodies).items()),
        *(_pointer(doc, i, "nominal", key) for i, (key, _) in staffs.items() if i not in taken),
    ]
    mentions = tuple(sorted(found, key=lambda m: m.start))
    return Named(
        article_id=cleaned.article_id,
        source_path=cleaned.source_path,
        home=home,
        mentions=mentions,
        entities=tuple(rows(mentions, people.values(), _roles(doc, text, people), dict(staffs.values()))),
    )


def _mention(doc: Doc, text: str, name: Name, people: dict[Name, Person], bodies: dict[Name, str]) -> Mention:
    span = doc[name.start : name.end]
    words = text[span.start_char : span.end_char]
    person = people.get(name)
    form: MentionForm = "name"
    if person and len(span) == 1:
        form = "surname" if folded_words(words)[0] == person.family else "name"
    elif name.label == "organisation" and is_acronym(words):
        form = "acronym"
    key = person.key if person else bodies.get(name, "")
    return Mention(start=span.start_char, end=span.end_char, text=words, kind=name.label, form=form, key=key)


def _pointer(doc: Doc, i: int, form: MentionForm, key: str) -> Mention:
    """A word that stands for somebody or something named before."""
    kind: MentionKind = "person" if key.startswith("person:") else "organisation"
    return Mention(start=doc[i].idx, end=doc[i].idx + len(doc[i]), text=doc[i].text, kind=kind, form=form, key=key)


def _roles(doc: Doc, text: str, people: Mapping[Name, Person]) -> dict[str, set[str]]:
    """The titles and appositions of each person."""
    covered = {i for name in people for i in range(name.start, name.end)}
    found: dict[str, set[str]] = defaultdict(set)
    for name, person in people.items():
        for start, end in roles(doc, name, covered):
            span = doc[start:end]
            found[person.key].add(" ".join(text[span.start_char : span.end_char].split()))
    return found
