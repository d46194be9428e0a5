"""Where a place may lie: the list of places, by name.

Takes a name, gives its `Candidate`s: country, state and how many people live there. The list is places.tsv, 17 MB of
memory, read at the first name that is looked up.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

from pipeline.entities.spans import folded, word_set

SHORT = {"saint": "st", "ste": "st", "mount": "mt", "fort": "ft", "sankt": "st"}
NOWHERE = "place of no country"
PART = 10  # a name of which the list knows the first words only counts as a place of so many times fewer people
POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One country, or one state of it, in which a place of this name lies."""

    code: str  # ISO 3166-1 alpha-3
    state: str  # as in ISO 3166-2 behind the hyphen, in countries with states; else empty
    people: int
    is_region: bool = False
    is_country: bool = False  # no place in it, but the country itself


def place_key(name: str) -> str:
    """The name for looking up: folded, "Saint", "Mount" and "Fort" in short, without "the"."""
    words = folded(POSSESSIVE.sub("", name)).replace("'", "").replace(",", "").split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(SHORT.get(word, word) if len(words) > 1 else word for word in words)


@cache
def _lines() -> list[str]:
    lines = files("pipeline").joinpath("entities", "places.tsv").read_text(encoding="utf-8").splitlines()
    return lines[next(at for at, line in enumerate(lines) if not line.startswith("#")) + 1 :]


@lru_cache(maxsize=20_000)  # an article's places come again and again
def candidates(name: str) -> tuple[Candidate, ...]:
    """The places of this name, the largest first.

    Where there are none, those of the name without "City of", "province", "northern" and their like, and then those of
    its first words: "Vancouver International Airport". A street lies wherever its town does, not where its name does.
    """
    words = place_key(name).split()
    if not words or is_street(name) or all(map(_says_nothing, words)) or " ".join(words) in word_set(NOWHERE):
        return ()
    if len(words) > 2 and words[1] == "of" and words[0] in word_set("kind of place"):
        words = words[2:]
    start = next((at for at, word in enumerate(words) if word not in word_set("side of a place")), 0)
    if " ".join(words[start:]) in word_set(NOWHERE):
        return ()
    for first in sorted({0, start}):
        if found := _listed(" ".join(words[first:])):
            return found
    for end in range(len(words) - 1, start, -1):
        if not all(map(_says_nothing, words[start:end])) and (found := _listed(" ".join(words[start:end]))):
            is_whole = all(word in word_set("kind of place") for word in words[end:])
            return found if is_whole else tuple(replace(one, people=one.people // PART) for one in found)
    return ()


def is_street(name: str) -> bool:
    """Whether the name is a street's: "Locust St.", "Highway"."""
    return folded(name).rpartition(" ")[2] in word_set("kind of street")


def _says_nothing(word: str) -> bool:
    return word in word_set("kind of place") or word in word_set("side of a place")


def _listed(key: str) -> tuple[Candidate, ...]:
    lines = _lines()
    at = bisect_left(lines, key + "\t")
    if at == len(lines) or not lines[at].startswith(key + "\t"):
        return ()
    return tuple(_candidate(place) for place in lines[at].partition("\t")[2].split(" "))


def _candidate(place: str) -> Candidate:
    where, _, people = place.partition(":")
    code, _, state = where.partition("-")
    return Candidate(code=code, state=state, people=int(people.lstrip("*")), is_region=people[0] == "*")
