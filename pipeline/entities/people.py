"""Who is who: the mentions of persons of one article, one person each.

Takes the names of persons in a Doc, gives each its `Person`. A full name is the same person as a shorter or initialled
form of it; a lone surname is the person who bears it, of several the one whom title, paragraph or weight points to.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pipeline.entities.spans import Name, folded, title, word_set
from pipeline.text.words import word_list

if TYPE_CHECKING:
    from spacy.tokens import Doc

SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
MOST_WORDS = 8  # of a name, from whose end its bearer is called: "Salman", "bin Salman"
MOST_NAMESAKES = 20  # of one name in an article; further ones are not asked, so that time stays linear
SYLLABLE = r"(?:[bpmfdtnlgkhjqxrzcswy]|[zcs]h|ts|hs)?[aeiou]{1,3}(?:ng|n|r|h|k|p|t|m|l|o)?"
SYLLABLES = re.compile(rf"{SYLLABLE}(?:{SYLLABLE})?")


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person of one article."""

    key: str
    given: str
    family: str
    words: tuple[str, ...]  # of the fullest name, folded, without suffixes
    gender: str  # m, f or empty; used to resolve surnames and pronouns, never written


@cache
def genders() -> dict[str, str]:
    """First names with the gender that nearly all their bearers have."""
    return {row[0]: row[1] for row in word_list("entities", "given_names")}


@cache
def _surnames_first() -> frozenset[str]:
    return frozenset(name for name, _ in word_list("entities", "surnames_first"))


def folded_words(text: str) -> tuple[str, ...]:
    """The words of a name for comparing, without suffixes: "Robert F. Kennedy Jr." is robert, f, kennedy."""
    words = (folded(word).replace(" ", "") for word in text.split())
    kept = tuple(word for word in words if word)
    return tuple(word for word in kept if word not in SUFFIXES) or kept[:1] or (text,)


def who(doc: Doc, names: Iterable[Name]) -> dict[Name, Person]:
    """The person of each name."""
    names = [name for name in names if name.label == "person"]
    words = {name: folded_words(doc[name.start : name.end].text) for name in names}
    lone = Counter(words[name][0] for name in names if len(words[name]) == 1)
    people = _People()
    full = [name for name in names if len(words[name]) > 1]
    for name in sorted(full, key=lambda name: (-len(words[name]), name.start)):
        people.add(doc, name, words[name], lone)
    return _resolved(doc, names, words, people)


class _People:
    """The persons with full names, by each word that may name them."""

    def __init__(self) -> None:
        self.by_words: dict[tuple[str, ...], Person] = {}
        self.by_name: dict[tuple[str, str], list[Person]] = defaultdict(list)  # family name and first letter
        self.by_word: dict[str, dict[str, list[Person]]] = {"family": {}, "given": {}, "middle": {}}

    def add(self, doc: Doc, name: Name, words: tuple[str, ...], lone: Counter[str]) -> None:
        if words in self.by_words:
            return
        person = self._same(words, lone)
        if person is None:
            person = _person(doc, name, words, lone)
            self._index(person)
        self.by_words[words] = person

    def _same(self, words: tuple[str, ...], lone: Counter[str]) -> Person | None:
        """The person whose longer name this is a form of: without middle names, with initials, or its end."""
        given, family = split(words, lone)
        near = self.by_name.get((family, given[:1]), ())
        fits = [p for p in near[:MOST_NAMESAKES] if _is_form_of(words, p.words)]
        if not fits:
            fits = [p for p in self.by_word["family"].get("".join(words), ()) if p.words[-len(words) :] == words]
        return fits[0] if len(fits) == 1 else None

    def _index(self, person: Person) -> None:
        self.by_name[(person.family, person.given[:1])].append(person)
        tails = (
            {"".join(person.words[n:]) for n in range(1, min(len(person.words), MOST_WORDS))}
            if person.family != person.words[0]
            else set()
        )
        for kind, words in (
            ("family", tails | {person.family}),
            ("given", {person.given}),
            ("middle", {word for word in person.words[1:-1] if len(word) > 2 and word not in word_set("particle")}),
        ):
            for word in words:
                bearers = self.by_word[kind].setdefault(word, [])
                bearers.extend([person] if len(bearers) < MOST_NAMESAKES else [])

    def bearing(self, word: str) -> list[Person]:
        """The persons whom one word may name."""
        return next((found for kind in self.by_word.values() if (found := kind.get(word))), [])


def _person(doc: Doc, name: Name, words: tuple[str, ...], lone: Counter[str]) -> Person:
    given, family = split(words, lone)
    key = f"person:{folded(doc[name.start : name.end].text)}"
    return Person(
        key=key, given=given, family=family, words=words, gender=_title_gender(doc, name) or genders().get(given, "")
    )


def split(words: tuple[str, ...], lone: Iterable[str] = ()) -> tuple[str, str]:
    """First name and family name; `lone`: the words by which the article calls people."""
    if len(words) == 1:
        return "", words[0]
    if _is_surname_first(words, lone):
        return "".join(words[1:]), words[0]
    at = next((i for i, word in enumerate(words[1:-1], 1) if word in word_set("particle")), len(words) - 1)
    return words[0], "".join(words[at:])


def _is_surname_first(words: tuple[str, ...], lone: Iterable[str]) -> bool:
    first, last = words[0], words[-1]
    if first not in _surnames_first() or last in lone:
        return False
    rest = words[1:]
    looks = all(SYLLABLES.fullmatch(word) and word not in genders() for word in rest)
    return looks or (first in lone and len(rest) < 3)


def _is_form_of(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether each word of the shorter name is, in order, a word or an initial of the longer one, or the other way."""
    if not _fits(short[0], long[0]):
        return False
    rest = iter(long)
    return all(any(_fits(word, other) for other in rest) for word in short)


def _fits(a: str, b: str) -> bool:
    return a == b or (min(len(a), len(b)) == 1 and a[:1] == b[:1])


def _title_gender(doc: Doc, name: Name) -> str:
    """The gender that the title before a name tells."""
    if not name.start:
        return ""
    return title(doc[name.start - 1])[1]


def _has_office(doc: Doc, name: Name) -> bool:
    return bool(name.start) and title(doc[name.start - 1])[0] == "office"


def _is_relative(doc: Doc, name: Name) -> bool:
    """Whether a person is presented as somebody's relative: "his wife, Michelle Obama"."""
    return any(token.lower_ in word_set("relative") for token in doc[max(0, name.start - 2) : name.start])


def _resolved(doc: Doc, names: list[Name], words: dict[Name, tuple[str, ...]], people: _People) -> dict[Name, Person]:
    out: dict[Name, Person] = {}
    weight = Counter(people.by_words[words[name]].key for name in names if len(words[name]) > 1)
    relatives = {people.by_words[words[name]].key for name in names if len(words[name]) > 1 and _is_relative(doc, name)}
    alone: dict[str, Person] = {}  # persons without a full name
    lone = {words[name][0] for name in names if len(words[name]) == 1}
    near = _Near(doc)
    for name in names:
        if len(words[name]) > 1:
            out[name] = people.by_words[words[name]]
            near.meet(out[name], name)
            continue
        word = words[name][0]
        gender, office = _title_gender(doc, name), _has_office(doc, name)
        choice = [p for p in people.bearing(word) if not (office and p.key in relatives)]
        choice = [p for p in [*choice, *filter(None, [alone.get(word)])] if not gender or p.gender in {"", gender}]
        by_surname = [p for p in choice if not (word == p.family and p.given in lone)]  # Melania is not "Trump"
        choice = by_surname or choice
        if not choice:
            choice = [alone.setdefault(word, _lone_person(doc, name, word))]
        out[name] = near.nearest(choice, name) or max(choice, key=lambda p: (weight[p.key], p.key))
        weight[out[name].key] += out[name].key not in weight
    return out


class _Near:
    """Where persons were last named in full."""

    def __init__(self, doc: Doc) -> None:
        self.lines = [token.i for token in doc if "\n" in token.text]
        self.at: dict[str, int] = {}

    def meet(self, person: Person, name: Name) -> None:
        self.at[person.key] = name.start

    def nearest(self, choice: list[Person], name: Name) -> Person | None:
        """The one of several named in full last before, in the same paragraph."""
        latest = max(choice, key=lambda p: (self.at.get(p.key, -1), p.key))
        at = self.at.get(latest.key, -1)
        here = bisect_right(self.lines, name.start)
        return latest if len(choice) == 1 or (at >= 0 and bisect_right(self.lines, at) == here) else None


def _lone_person(doc: Doc, name: Name, word: str) -> Person:
    given, family = split((word,))
    key = f"person:{folded(doc[name.start : name.end].text)}"
    return Person(
        key=key, given=given, family=family, words=(word,), gender=_title_gender(doc, name) or genders().get(given, "")
    )
