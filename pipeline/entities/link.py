"""The same person, organisation or country over the whole run.

Takes the `Named` records of a run in any order, gives one `Identity` a person, organisation and country. Names are
united when they are the same but for case and accents; a lone surname, a name without its middle name and an acronym
are united with the only full name of the run that fits. Nothing is united because it looks alike.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.entities.spans import folded
from pipeline.records import Entity, EntityKind, Identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.records import Named


@dataclass(kw_only=True)
class _Sum:
    """What all articles say of one key."""

    kind: EntityKind
    names: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # name, given name, family name
    acronyms: Counter[str] = field(default_factory=Counter)
    forms: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)


def gather(records: Iterable[Named]) -> Iterator[Identity]:
    """The identities of a run, in order of entity_id; memory grows with the distinct keys only."""
    sums: dict[str, _Sum] = {}
    apart: set[tuple[str, str]] = set()  # a lone name and a full one that one article tells apart
    for record in records:
        for entity in record.entities:
            _add(sums.setdefault(entity.key, _Sum(kind=entity.kind)), entity)
        apart.update(_told_apart(record.entities))
    united: dict[str, list[str]] = defaultdict(list)
    targets = _targets(sums, apart)
    for key in sums:
        united[targets.get(key, key)].append(key)
    yield from sorted((_identity(key, sorted(keys), sums) for key, keys in united.items()), key=lambda i: i.entity_id)


def _add(total: _Sum, entity: Entity) -> None:
    total.names[(entity.name, entity.given_name, entity.family_name)] += 1
    total.acronyms.update([entity.acronym] if entity.acronym else [])
    total.forms.update((entity.name, *entity.aliases))
    total.roles.update(entity.roles)


def _told_apart(entities: Iterable[Entity]) -> Iterator[tuple[str, str]]:
    """Each lone surname of an article with each full name of that family in the same article."""
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


def _bare(key: str) -> str:
    return key.partition(":")[2]


def _is_lone(key: str) -> bool:
    return " " not in _bare(key)


def _targets(sums: dict[str, _Sum], apart: set[tuple[str, str]]) -> dict[str, str]:
    """The key that each key is united with, where that is another one."""
    longer = _middle_names(sums)
    families: dict[str, set[str]] = defaultdict(set)
    acronyms: dict[str, set[str]] = defaultdict(set)
    for key, total in sums.items():
        if total.kind == "person" and not _is_lone(key):
            for _, given, family in total.names:
                if given and family:
                    families[folded(family)].add(longer.get(key, key))
        if total.kind == "organisation":
            for acronym in total.acronyms:
                acronyms[folded(acronym)].add(key)
    out = dict(longer)
    for key, total in sums.items():
        if total.kind == "person" and _is_lone(key):
            fits = families.get(_bare(key), set())
            if len(fits) == 1 and not any((key, full) in apart for full in fits):
                out[key] = next(iter(fits))
        elif total.kind == "organisation":
            fits = acronyms.get(_bare(key), set()) - {key}
            if len(fits) == 1:
                out[key] = next(iter(fits))
    return out


def _middle_names(sums: dict[str, _Sum]) -> dict[str, str]:
    """Each name with an initial and the name without, where the run has one such longer name: "donald j trump"."""
    longer: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, total in sums.items():
        words = _bare(key).split()
        if total.kind == "person" and len(words) == 3 and len(words[1]) == 1:
            longer[(words[0], words[2])].append(key)
    out = {}
    for (given, family), keys in longer.items():
        short = f"person:{given} {family}"
        if short in sums and len(keys) == 1:
            out[keys[0]] = short
    return out


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
        aliases=tuple(sorted(forms)),
        roles=tuple(sorted({role for k in keys for role in sums[k].roles})),
        keys=tuple(keys),
    )


def entity_id(key: str) -> str:
    """A country's code, else "p" or "o" and 16 hexadecimal digits of the key's SHA-256."""
    kind, _, rest = key.partition(":")
    return rest if kind == "country" else kind[0] + hashlib.sha256(key.encode()).hexdigest()[:16]
