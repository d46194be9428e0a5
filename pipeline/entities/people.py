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
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.entities.spans import Name, folded, is_subject, root, title, word_set
from pipeline.text.words import paragraphs, word_list, word_map

if TYPE_CHECKING:
    from spacy.tokens import Doc

MOST_WORDS = 8  # of a name, from whose end its bearer is called: "Salman", "bin Salman"
MOST_NAMESAKES = 20  # of one name in an article; further ones are not asked, so that time stays linear
SURE = 5  # letters; a shorter first name that differs by one is another one: Jon, Jan
GENDERS = word_map("text", "given_names")  # of first names, where nearly all their bearers have one
SURNAMES_FIRST = word_map("entities", "surnames_first")  # with their language; a Vietnamese is called by the last word
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
NICKNAME = re.compile(r"""\s["“‘'(]+([^"“”‘’'()]+)["”’')]+(?=\s)""")  # William "Bill" Harmon
INITIALS = re.compile(r"(?<=\b\w\.)\s+(?=\w\.)")  # J. R. Ewing is J.R. Ewing
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


@lru_cache(maxsize=50_000)  # the same names come again and again
def formal(given: str) -> frozenset[str]:
    """A first name and those that it is short for: bill is william."""
    return frozenset({given, *(name for nickname, name in word_list("entities", "nicknames") if nickname == given)})


def folded_words(text: str) -> tuple[str, ...]:
    """The words of a name for comparing, without suffix and nickname: "Robert F. Kennedy Jr." is robert, f, kennedy."""
    plain = INITIALS.sub("", NICKNAME.sub("", text))
    kept = [word for part in plain.split() if (word := folded(part).replace(" ", ""))]
    return tuple(word for i, word in enumerate(kept) if not i or word not in SUFFIXES) or (text,)


def who(doc: Doc, text: str, names: Iterable[Name]) -> dict[Name, Person]:
    """The person of each name."""
    names = [name for name in names if name.label == "person"]
    words = {name: folded_words(doc[name.start : name.end].text) for name in names}
    words |= _with_suffixes(doc, words) | _of_couples(doc, words)
    lone = Counter(words[name][0] for name in names if len(words[name]) == 1)
    people = _People()
    full = [name for name in names if len(words[name]) > 1]
    for name in sorted(full, key=lambda name: (-len(words[name]), not _nickname(doc, name), name.start)):
        people.add(doc, name, words[name], lone)
    called = _Called(doc, text, words, people)
    return {name: called.person(name) for name in names}


def _nickname(doc: Doc, name: Name) -> str:
    found = NICKNAME.search(doc[name.start : name.end].text)
    return "".join(folded_words(found[1])) if found else ""


def _with_suffixes(doc: Doc, words: dict[Name, tuple[str, ...]]) -> dict[Name, tuple[str, ...]]:
    """The words with their suffix, an empty one too, of people whom it tells apart: Ann Lee and Ann Lee Jr."""
    ends = {name: end if (end := folded(doc[name.end - 1].text)) in SUFFIXES else "" for name in words}
    kinds: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, own in words.items():
        known = kinds[own[0], own[-1]] if len(own) > 1 else {""}
        if ends[name] or not known or _is_relative(doc, name):  # behind "Jr." a name without is short for it
            known.add(ends[name])
    apart = {name for name, found in kinds.items() if len(found) > 1}
    families = {name[1] for name in apart}
    kept = (name for name, own in words.items() if (own[0], own[-1]) in apart or (ends[name] and own[0] in families))
    return {name: (*words[name], ends[name]) for name in kept}


def _of_couples(doc: Doc, words: dict[Name, tuple[str, ...]]) -> dict[Name, tuple[str, ...]]:
    """The words of first names that share the surname of the next one: "Bill and Hillary Clinton"."""
    surnames = {own[-1] for own in words.values() if len(own) > 1}
    at = {name.start - 1: own for name, own in words.items() if len(own) == 2}
    out: dict[Name, tuple[str, ...]] = {}
    for name, own in words.items():
        other = at.get(name.end) if len(own) == 1 and own[0] not in surnames and not _title(doc, name)[1] else None
        if other and doc[name.end].lower_ == "and" and {GENDERS.get(own[0]), GENDERS.get(other[0])} == {"m", "f"}:
            out[name] = (own[0], other[1])
    return out


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
        if nickname := _nickname(doc, name):
            self.by_words.setdefault((nickname, *words[1:]), person)
            self.by_word["given"].setdefault(nickname, []).append(person)

    def _same(self, words: tuple[str, ...], lone: Counter[str]) -> Person | None:
        """The person whose longer name this is a form of: without middle names, with initials, its end or its start."""
        given, family = split(words, lone)
        near = [p for letter in _letters(given) for p in self.by_name.get((family, letter), ())[:MOST_NAMESAKES]]
        fits = [p for p in dict.fromkeys(near) if _is_form_of(words, p.words)]
        if not fits:
            near = [*self.by_word["family"].get("".join(words), ()), *self.by_word["given"].get(given, ())]
            fits = [p for p in near if words in (p.words[-len(words) :], p.words[: len(words)])]
        return fits[0] if len(fits) == 1 else None

    def _index(self, person: Person) -> None:
        for letter in _letters(person.given):
            self.by_name[(person.family, letter)].append(person)
        is_first = person.family == person.words[0]
        starts = () if is_first else range(1, min(len(person.words), MOST_WORDS))
        inner = (word for word in person.words[1:-1] if len(word) > 2 or word in SURNAMES_FIRST)  # Robin Li Yanhong
        for kind, words in (
            ("family", {person.family, *("".join(person.words[n:]) for n in starts)}),
            ("given", {person.given, person.words[-1] if is_first else person.given}),
            ("middle", {word for word in inner if word not in word_set("particle")}),
        ):
            for word in words:
                bearers = self.by_word[kind].setdefault(word, [])
                bearers.extend([person] if len(bearers) < MOST_NAMESAKES else [])

    def bearing(self, word: str) -> list[Person]:
        """The persons whom one word may name."""
        return next((found for kind in self.by_word.values() if (found := kind.get(word))), [])


def _person(doc: Doc, name: Name, words: tuple[str, ...], lone: Iterable[str]) -> Person:
    given, family = split(words, lone)
    text = NICKNAME.sub("", doc[name.start : name.end].text)
    text = " ".join(words) if len(words) > len(text.split()) else text
    gender = _title(doc, name)[1] or GENDERS.get(given, "")
    return Person(key=f"person:{folded(text)}", given=given, family=family, words=words, gender=gender)


def split(words: tuple[str, ...], lone: Iterable[str] = ()) -> tuple[str, str]:
    """First name and family name; `lone`: the words by which the article calls people."""
    if len(words) > 2 and words[-1] in {*SUFFIXES, ""}:
        words = words[:-1]
    if len(words) == 1:
        return "", words[0]
    if _is_surname_first(words, lone):
        return "".join(words[1:]), words[0]
    at = next((i for i, word in enumerate(words[1:-1], 1) if word in word_set("particle")), len(words) - 1)
    return words[0], "".join(words[at:])


def _is_surname_first(words: tuple[str, ...], lone: Iterable[str]) -> bool:
    first, last = words[0], words[-1]
    if len(words) > 2 and SURNAMES_FIRST.get(first) == "Vietnamese":
        return last not in GENDERS
    if first not in SURNAMES_FIRST or last in lone:
        return False
    rest = words[1:]
    looks = all(SYLLABLES.fullmatch(word) and word not in GENDERS for word in rest)
    return looks or (first in lone and len(rest) < 3)


def _is_form_of(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether each word of the shorter name is, in order, a word or an initial of the longer one, or the other way."""
    if short == ("".join(word[:1] for word in long[:-1]), long[-1]):  # "J.F. Kennedy"
        return True
    if not _fits(short[0], long[0]):
        return False
    rest = iter(long)
    return all(any(_fits(word, other) for other in rest) for word in short)


def _letters(given: str) -> list[str]:
    """The letters that a first name and those that it is short for begin with."""
    return sorted({name[:1] for name in formal(given)})


def _fits(a: str, b: str) -> bool:
    return not formal(a).isdisjoint(formal(b)) or (min(len(a), len(b)) == 1 and a[:1] == b[:1]) or _is_slip(a, b)


def _is_slip(a: str, b: str) -> bool:
    """Whether a first name is a known one but for a letter: Hilary is Hillary, but Daniela is not Daniel."""
    short, long = sorted((a, b), key=len)
    known = [GENDERS[name] for name in (a, b) if name in GENDERS]
    if len(short) < SURE or not known or len({*known}) > 1:
        return False
    at = next((i for i, (one, other) in enumerate(zip(short, long, strict=False)) if one != other), len(short))
    return short[at + (len(short) == len(long)) :] == long[at + 1 :]


def _title(doc: Doc, name: Name) -> tuple[str, str]:
    """Kind and gender of the title before a name."""
    return title(doc[name.start - 1]) if name.start else ("", "")


def _is_relative(doc: Doc, name: Name) -> bool:
    """Whether a person is presented as somebody's relative: "his wife, Michelle Obama"."""
    return any(token.lower_ in word_set("relative") for token in doc[max(0, name.start - 2) : name.start])


class _Called:
    """Whom each name calls, asked from the article's first name to its last."""

    def __init__(self, doc: Doc, text: str, words: dict[Name, tuple[str, ...]], people: _People) -> None:
        self.doc, self.words, self.people = doc, words, people
        full = {name: people.by_words[own].key for name, own in words.items() if len(own) > 1}
        self.weight = Counter(full.values())
        self.first = {key: name.start for name, key in reversed(full.items())}
        self.relatives = {key for name, key in full.items() if _is_relative(doc, name)}
        self.lone = Counter(own[0] for own in words.values() if len(own) == 1)
        self.alone: dict[str, Person] = {}  # persons without a full name
        self.lines = [start for start, _ in paragraphs(text)]
        self.here = 0  # the paragraph
        self.met: dict[str, int] = {}  # who was named in full in it, and where
        self.new: dict[str, int] = {}  # who entered as a subject, and until which paragraph the surname means them
        self.called: set[str] = set()  # the single words that have called somebody

    def person(self, name: Name) -> Person:
        """The person whom a name calls."""
        before, self.here = self.here, bisect_right(self.lines, self.doc[name.start].idx)
        self.met = self.met if self.here == before else {}
        return self._in_full(name) if len(self.words[name]) > 1 else self._in_one_word(name)

    def _in_full(self, name: Name) -> Person:
        person = self.people.by_words[self.words[name]]
        is_actor = is_subject(root(self.doc[name.start : name.end]))
        if is_actor or person.family not in self.called:  # else it is named in passing
            self.met[person.key] = name.start
        is_first = not any(key != person.key and key.endswith(f" {person.family}") for key in self.met)
        self.new.setdefault(person.key, self.here + 1 if is_actor and is_first else -1)
        return person

    def _in_one_word(self, name: Name) -> Person:
        word = self.words[name][0]
        able = self._able(name, word)
        if not able:
            able = [self.alone.setdefault(word, _person(self.doc, name, self.words[name], ()))]
        most = max(self.weight[p.key] for p in able)
        late = len(self.doc)  # of bearers alike, the one with whom the article begins
        person = max(able, key=lambda p: (*self._near(p), self._is_known(p, most), -self.first.get(p.key, late), p.key))
        if self.new.get(person.key, -1) >= self.here:
            self.new[person.key] = self.here + 1
        self.called.add(word)
        self.weight[person.key] += person.key not in self.weight
        return person

    def _able(self, name: Name, word: str) -> list[Person]:
        kind, gender = _title(self.doc, name)
        choice = [p for p in self.people.bearing(word) if not (kind == "office" and p.key in self.relatives)]
        choice += filter(None, [self.alone.get(word)])
        choice = [p for p in choice if not gender or p.gender in {"", gender}]
        by_surname = [  # Melania is not "Trump", unless the first name alone is rare
            p for p in choice if not (word == p.family and 2 * self.lone[p.given] >= max(self.weight[p.key], 1))
        ]
        return [p for p in by_surname if not p.words[-1]] or by_surname or choice  # nor is Donald Trump Jr.

    def _near(self, person: Person) -> tuple[int, bool]:
        """Named in full in this paragraph, and where; entered just now, and in full but once."""
        is_new = self.weight[person.key] == 1 and self.new.get(person.key, -1) >= self.here
        return self.met.get(person.key, -1), is_new

    def _is_known(self, person: Person, most: int) -> bool:
        """Whether a name is no slip of the reader's: "Half Clinton"."""
        return person.given in GENDERS or self.weight[person.key] * 4 >= most
