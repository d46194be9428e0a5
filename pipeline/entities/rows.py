"""The persons, organisations and countries of one article, from their mentions.

Takes mentions with keys, gives `Entity` rows: the fullest name, the other forms, the roles.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipeline.entities.countries import SHORT_NAMES
from pipeline.entities.nations import country_of
from pipeline.entities.organisations import is_acronym
from pipeline.entities.people import GENDERS, SUFFIXES, Person, folded_words
from pipeline.entities.spans import folded
from pipeline.records import Entity, Mention
from pipeline.text.words import word_map


def rows(
    mentions: Iterable[Mention], people: Iterable[Person], roles: Mapping[str, set[str]], staffs: Mapping[str, str]
) -> list[Entity]:
    """One row a key, in order of key; `staffs`: names of what no mention gives whole, "Clinton campaign"."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for mention in mentions:
        if mention.key and mention.form not in {"pronoun", "nominal"}:
            forms[mention.key][" ".join(mention.text.split())] += 1
        if mention.country_code:  # of a place or public body too: the country has a row, but that is no name of it
            forms.setdefault(f"country:{mention.country_code}", Counter())
        if mention.form == "nominal" and mention.key in staffs:
            forms[mention.key].setdefault(staffs[mention.key], 0)
    persons = {person.key: person for person in people}
    return [_row(key, forms[key], persons.get(key), roles.get(key, set())) for key in sorted(forms)]


def _row(key: str, forms: Counter[str], person: Person | None, roles: set[str]) -> Entity:
    is_country = key.startswith("country:")
    name = SHORT_NAMES[key.removeprefix("country:")] if is_country else fullest(forms)
    aliases = tuple(sorted({*forms} - {name}))
    if is_country:
        return Entity(key=key, kind="country", name=name, aliases=aliases)
    if person is None:
        acronym = min((form for form in forms if is_acronym(form)), default="").replace(".", "")
        code = country_of(key)
        return Entity(key=key, kind="organisation", name=name, acronym=acronym, aliases=aliases, country_code=code)
    first, last = name_parts(name, person.family)
    entity = Entity(key=key, kind="person", name=name, given_name=first, family_name=last, aliases=aliases)
    return replace(entity, roles=tuple(sorted(roles)), field=_field(roles))


def _field(roles: Iterable[str]) -> str:
    """What somebody does, where all roles that tell a field tell the same one."""
    known = word_map("entities", "fields")
    told = {known[word] for role in roles for word in folded(role).split() if word in known}
    return told.pop() if len(told) == 1 else ""


def fullest(uses: Counter[str]) -> str:
    """The form with the most words; of those not in capitals, with a known first name, the most used, the longest."""
    return max(uses, key=lambda f: (len(f.split()), not f.isupper(), folded_words(f)[0] in GENDERS, uses[f], len(f), f))


def name_parts(name: str, family: str) -> tuple[str, str]:
    """First names, without initials, and family name as written; `family` is the folded family name."""
    words = [word for word in name.split() if folded(word) not in SUFFIXES] or [name]
    plain = ["".join(folded_words(word)) for word in words]
    if len(words) == 1:
        return ("", words[0]) if plain[0] == family else (words[0], "")
    if plain[0] == family:
        return " ".join(words[1:]), words[0]
    at = next((i for i in range(1, len(words)) if "".join(plain[i:]) == family), len(words) - 1)
    return " ".join(word for word in words[:at] if len(folded(word)) > 1), " ".join(words[at:])
