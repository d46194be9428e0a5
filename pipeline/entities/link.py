"""The same person, organisation or country over the whole run.

Takes the `Named` records of a run in any order, gives one `Identity` a person, organisation and country. Names are
united when they are the same but for case and accents, or for an initial, a suffix or a short first name that nothing
in the run speaks against; an acronym and a lone surname with the only full name of the run that fits; a lone surname
that several fit with the one that has its role or is named in ten times as many articles as the others. Nothing is
united because it looks alike.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.entities.people import SUFFIXES, formal
from pipeline.entities.spans import folded
from pipeline.records import Entity, EntityKind, Identity, Named

DOMINANT = 10  # so many times as many articles decide
MOST_COMPANY = 100  # names beside somebody's that are kept


@dataclass(kw_only=True)
class _Sum:
    """What all articles say of one key."""

    kind: EntityKind
    country_code: str = ""
    names: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # name, given name, family name
    acronyms: Counter[str] = field(default_factory=Counter)
    forms: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)


@dataclass(kw_only=True)
class _InField:
    """What the articles say of a key where its bearer is in one field: politics, sport, ..."""

    total: _Sum
    company: set[str] = field(default_factory=set)  # who else is named there


def gather(records: Iterable[Named]) -> Iterator[Identity]:
    """The identities of a run, in order of entity_id; memory grows with the distinct keys only."""
    sums: dict[str, _Sum] = {}
    apart: set[tuple[str, str]] = set()  # a lone name and a full one that one article tells apart
    fields: dict[str, dict[str, _InField]] = defaultdict(dict)  # key -> key in field
    for record in records:
        company = {e.key for e in record.entities if e.kind != "country" and not _is_lone(e.key)}
        for entity in record.entities:
            _add(sums.setdefault(entity.key, _Sum(kind=entity.kind, country_code=entity.country_code)), entity)
            if entity.field and not _is_lone(entity.key):
                here = fields[entity.key].setdefault(entity.key_in_field, _InField(total=_Sum(kind="person")))
                _add(here.total, entity)
                here.company.update(sorted(company - {entity.key})[: MOST_COMPANY - len(here.company)])
        apart.update(_told_apart(record.entities))
    for key, several in fields.items():
        for other, total in _namesakes(several):
            sums[other] = total
            sums[key].roles -= total.roles
    united: dict[str, list[str]] = defaultdict(list)
    targets = _targets(sums, apart) | _nations(sums)
    for key in sums:
        united[targets.get(key, key)].append(key)
    yield from sorted((_identity(key, sorted(keys), sums) for key, keys in united.items()), key=lambda i: i.entity_id)


def _namesakes(fields: dict[str, _InField]) -> Iterator[tuple[str, _Sum]]:
    """The bearers of a name who are not the one of the most articles: in another field, with nobody beside both."""
    main = max(fields, key=lambda key: (fields[key].total.names.total(), key))
    for key, here in fields.items():
        if key != main and here.company and fields[main].company and here.company.isdisjoint(fields[main].company):
            yield key, here.total


def _add(total: _Sum, entity: Entity) -> None:
    total.names[(entity.name, entity.given_name, entity.family_name)] += 1
    total.acronyms.update([entity.acronym] if entity.acronym else [])
    total.forms.update((entity.name, *entity.aliases))
    total.roles.update(entity.roles)


def _told_apart(entities: Iterable[Entity]) -> Iterator[tuple[str, str]]:
    """Each lone surname of an article with each full name of that family in the same article, and each two of these."""
    by_family: dict[str, list[str]] = defaultdict(list)
    lone = []
    for entity in entities:
        if entity.kind == "person" and _is_lone(entity.key):
            lone.append(entity.key)
        elif entity.kind == "person":
            by_family[folded(entity.family_name)].append(entity.key)
    for key in lone:
        for full in by_family.get(_bare(key), ()):
            yield key, full
    for family in by_family.values():
        several = [(key, formal(_words(key).plain[0])) for key in sorted(family)]
        yield from ((a, b) for a, one in several for b, other in several if a < b and one & other)


def _bare(key: str) -> str:
    return key.partition(":")[2]


def _is_lone(key: str) -> bool:
    return " " not in _bare(key)


def _targets(sums: dict[str, _Sum], apart: set[tuple[str, str]]) -> dict[str, str]:
    """The key that each key is united with, where that is another one."""
    out = _same_names(sums, apart)
    families: dict[str, set[str]] = defaultdict(set)
    acronyms: dict[str, set[str]] = defaultdict(set)
    for key, total in sums.items():
        if total.kind == "person" and not _is_lone(key):
            for _, given, family in total.names:
                if given and family:
                    families[folded(family)].add(out.get(key, key))
        if total.kind == "organisation":
            for acronym in total.acronyms:
                acronyms[folded(acronym)].add(key)
    for key, total in sums.items():
        if total.kind == "person" and _is_lone(key):
            full = _bearer(total, {fit: sums[fit] for fit in families.get(_bare(key), ())})
            if full and (key, full) not in apart:
                out[key] = full
        elif total.kind == "organisation":
            fits = acronyms.get(_bare(key), set()) - {key}
            if len(fits) == 1:
                out[key] = next(iter(fits))
    return out


def _nations(sums: dict[str, _Sum]) -> dict[str, str]:
    """The key of a parliament whose country its articles do not tell, and that of the only one of the run."""
    known: dict[str, dict[str, _Sum]] = defaultdict(dict)
    for key, total in sums.items():
        if total.country_code:
            known[key.replace(f"{total.country_code} ", "", 1)][key] = total
    return {key: whose for key in known.keys() & sums if (whose := _bearer(sums[key], known[key]))}


def _bearer(lone: _Sum, fits: dict[str, _Sum]) -> str:
    """The key of the full name that a lone surname stands for; empty where it could be several."""
    if len(fits) == 1:
        return next(iter(fits))
    in_office = [key for key, total in fits.items() if total.roles & lone.roles]
    n_articles = {key: total.names.total() for key, total in fits.items()}
    often = [key for key, n in n_articles.items() if n > DOMINANT * (sum(n_articles.values()) - n)]
    return in_office[0] if len(in_office) == 1 else often[0] if often and not in_office else ""


def _same_names(sums: dict[str, _Sum], apart: set[tuple[str, str]]) -> dict[str, str]:
    """Each full name and the commonest form of it: without initial or suffix, and "joe" for "joseph".

    Only where all forms of the run fit each other: of a father and a son neither is the one without suffix.
    """
    forms: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key, total in sums.items():
        words = _words(key)
        if total.kind == "person" and len(words.plain) == 2:
            for name in formal(words.plain[0]):
                forms[name, words.plain[1]].add(key)
    out: dict[str, str] = {}
    for keys in forms.values():
        pairs = [(a, b) for a in keys for b in keys if a < b]
        if pairs and all(_agree(_words(a), _words(b), sums[a], sums[b]) and (a, b) not in apart for a, b in pairs):
            target = max(keys, key=lambda key: (sums[key].names.total(), -len(key), key))
            out |= dict.fromkeys(keys - {target}, target)
    return out


class _Words(NamedTuple):
    """The words of a full name."""

    plain: tuple[str, ...]
    initials: str
    suffix: str


def _words(key: str) -> _Words:
    words = _bare(key).split()
    suffix = words.pop() if len(words) > 2 and words[-1] in SUFFIXES else ""
    plain = tuple(word for i, word in enumerate(words) if len(word) > 1 or i in (0, len(words) - 1))
    return _Words(plain, "".join(word for word in words[1:-1] if len(word) == 1), suffix)


def _agree(one: _Words, other: _Words, of_one: _Sum, of_other: _Sum) -> bool:
    """Whether nothing that two names say is against their being one person's."""
    is_near = all(not a or not b or a == b for a, b in ((one.initials, other.initials), (one.suffix, other.suffix)))
    roles = [{word for role in total.roles for word in role.lower().split()} for total in (of_one, of_other)]
    return is_near and (one.plain == other.plain or not all(roles) or bool(roles[0] & roles[1]))


def _identity(key: str, keys: list[str], sums: dict[str, _Sum]) -> Identity:
    kind = sums[key].kind
    name, given, family = max(sums[key].names, key=lambda n: (not n[0].isupper(), sums[key].names[n], len(n[0]), n))
    acronyms: Counter[str] = sum((sums[k].acronyms for k in keys), Counter())
    forms = {form for k in keys for form in sums[k].forms} - {name}
    return Identity(
        entity_id=entity_id(key),
        kind=kind,
        name=name,
        given_name=given,
        family_name=family,
        acronym=max(acronyms, key=lambda a: (acronyms[a], a), default=""),
        country_code=sums[key].country_code,
        aliases=tuple(sorted(forms)),
        roles=tuple(sorted({role.casefold(): role for k in keys for role in sorted(sums[k].roles)}.values())),
        keys=tuple(keys),
    )


def entity_id(key: str) -> str:
    """A country's code, else "p" or "o" and 16 hexadecimal digits of the key's SHA-256."""
    kind, _, rest = key.partition(":")
    return rest if kind == "country" else kind[0] + hashlib.sha256(key.encode()).hexdigest()[:16]
