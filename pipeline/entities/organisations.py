"""Organisations of one article: each with its name, its acronym and its other forms.

Takes a Doc, its text and its names, gives each name of an organisation its key, and the names that only an acronym in
brackets tells: "International Criminal Court (ICC)".
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.entities.spans import ARTICLES, POSSESSIVES, Name, folded, word_set
from pipeline.text.words import word_list, word_map

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from spacy.tokens import Doc
    from spacy.tokens import Span as Tokens

    from pipeline.entities.nations import National
    from pipeline.entities.people import Person
    from pipeline.records import Span

ACRONYM = re.compile(r"(?=[^a-z]*[A-Z]{2})[A-Z][A-Z&.\d-]{1,9}")
DOTTED = re.compile(r"(?:[A-Z]\.){2,}")
ENDINGS = tuple((noun, frozenset(endings.split())) for noun, endings in word_list("text", "body_nouns"))
POLLS = frozenset({"poll", "survey"})
MOST_BETWEEN = 4  # tokens: "opinion", "tracking"
DEPARTMENTS = frozenset({"department of", "ministry of"})
SMALL = frozenset({"of", "the", "and", "for", "in", "on", "de", "to"})


def normalised(text: str) -> str:
    """The name for comparing: without "the", possessive and legal form: "The Boeing Company's" is boeing."""
    words = folded(re.sub(r"['’]s?$", "", text)).split()
    if len(words) > 1 and words[0] in ARTICLES:
        words = words[1:]
    if len(words) > 1 and words[-1] in word_set("legal form"):
        words = words[:-1]
    return "".join(words) if is_acronym(text) else " ".join(words)


def is_acronym(text: str) -> bool:
    """Whether a name is written as an acronym: "ICC", "S.E.C.", "AFL-CIO"."""
    return ACRONYM.fullmatch(text.replace(".", "")) is not None


def initials(name: str) -> set[str]:
    """The acronyms that a name's capitals may give, with and without its small words."""
    words = [word for word in re.split(r"[\s-]+", name) if word]
    if len(words) < 2:
        return set()
    return {"".join(w[0] for w in words).upper(), "".join(w[0] for w in words if w.lower() not in SMALL).upper()}


def with_acronyms(doc: Doc, text: str, names: list[Name]) -> tuple[list[Name], dict[str, str]]:
    """The names and the acronyms in brackets behind them; and for each acronym the name that it stands for."""
    names = [replace(n, label="organisation") if _is_known(doc[n.start : n.end].text) else n for n in names]
    stands_for: dict[str, str] = {}
    covered = {i for name in names for i in range(name.start, name.end)}
    for name in names:
        if name.label == "organisation" and (short := _in_brackets(doc, name)):
            stands_for[short] = doc[name.start : name.end].text
    sought = {*stands_for, *filter(_is_known, DOTTED.findall(text))}
    tokens = (t for t in doc if t.text in sought and t.i not in covered) if sought else ()  # most articles have none
    added = [Name(start=t.i, end=t.i + 1, label="organisation") for t in tokens]
    names = sorted([*names, *added], key=lambda name: name.start)
    bodies = [doc[name.start : name.end].text for name in names if name.label == "organisation"]
    known = word_map("entities", "organisations") | {short: body for body in bodies for short in initials(body)}
    for body in bodies:
        full = known.get(body.replace(".", "")) if is_acronym(body) and body not in stands_for else None
        if full:
            stands_for[body] = full
    return names, stands_for


def _is_known(text: str) -> bool:
    """Whether a word is the acronym of a well-known body, with its full stops: "F.B.I.", "C.D.C."."""
    return DOTTED.fullmatch(text) is not None and text.replace(".", "") in word_map("entities", "organisations")


def _in_brackets(doc: Doc, name: Name) -> str:
    """The acronym in brackets behind a name, where its letters stand in the name in that order."""
    at = name.end
    if at + 2 >= len(doc) or doc[at].text != "(" or doc[at + 2].text != ")" or not is_acronym(doc[at + 1].text):
        return ""
    letters = iter(doc[name.start : name.end].text.upper())
    return doc[at + 1].text if all(letter in letters for letter in doc[at + 1].text if letter.isalpha()) else ""


def seat(doc: Doc, name: Name) -> Span | None:
    """The tokens of a public body's name that say where it is: "Athens" of "Athens City Council"."""
    words = doc[name.start : name.end]
    if name.end - name.start > 2 and words[1].lower_ == "of" and words[0].lower_ in word_set("body of a place"):
        return name.start + 2, name.end
    body = next((word.i for word in words if word.lower_ in word_set("public body")), name.start)
    return (name.start, body) if body > name.start else None


def keys(
    doc: Doc, names: Iterable[Name], stands_for: Mapping[str, str], national: Mapping[Name, National]
) -> dict[Name, str]:
    """The key of each organisation's name; "the Tribunal" is the only one of that kind."""
    texts = {name: doc[name.start : name.end].text for name in names if name.label == "organisation"}
    plain = {texts[name]: words for name, (words, _) in national.items()}  # "RBA" too is the Reserve Bank of Australia
    full = {name: stands_for.get(text, text) for name, text in texts.items()}
    bare = {name: plain.get(text, normalised(text)) for name, text in full.items()}
    first = {own: name.start for name, own in sorted(bare.items(), key=lambda pair: -pair[0].start)}
    ends: defaultdict[str, list[str]] = defaultdict(list)  # what longer names end with
    for longer in first:
        for space in re.finditer(" ", longer):
            ends[longer[space.end() :]].append(longer)
    found = {name: f"organisation:{_in_full(own, ends[own], first)}" for name, own in bare.items()}
    whole = _by_noun(doc, found)
    return {name: next(iter(own)) if len(own := whole[texts[name].lower()]) == 1 else found[name] for name in found}


def _in_full(own: str, several: Iterable[str], first: Mapping[str, int]) -> str:
    """The longer name before, of `several` whose end a name is: Homeland Security, the "Department of" it before.

    It is another body's where what stands before holds another small word: "Agency of the United Nations".
    """
    longer = [one for one in several if " " in own and first[one] < first[own]]
    before = longer[0].removesuffix(f" {own}") if len(longer) == 1 else "of"
    return longer[0] if before in DEPARTMENTS or SMALL.isdisjoint(before.split()) else own


def pointed_bodies(doc: Doc, keys_of: Mapping[Name, str]) -> dict[int, str]:
    """The tokens that stand for a body, with its key: "the court", where one name before is a court's."""
    bodies = _by_noun(doc, keys_of)
    covered = {i for name in keys_of for i in range(name.start, name.end)}
    lower = doc.to_array("LOWER")
    at = [i for noun in bodies for i in np.flatnonzero(lower == doc.vocab.strings[noun]).tolist()]
    return {
        token.i: key
        for token in map(doc.__getitem__, at)
        if not token.is_upper and token.i not in covered
        for key, first in bodies[token.lower_].items()
        if first < token.i and _is_meant(doc, token.i, key, alone=len(bodies[token.lower_]) == 1)
    }


def _by_noun(doc: Doc, keys_of: Mapping[Name, str]) -> defaultdict[str, dict[str, int]]:
    """The bodies that each noun can stand for: their keys, and where the name first ends."""
    bodies: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for name, key in sorted(keys_of.items(), key=lambda pair: pair[0].start):
        for noun in _nouns(doc[name.start : name.end]) if name.end - name.start > 1 else ():
            bodies[noun].setdefault(key, name.end)
    return bodies


def _nouns(name: Tokens) -> set[str]:
    """What a body of this name is called afterwards: an agency, a department."""
    first = next((i for i in range(1, len(name)) if name[i].lower_ in SMALL), len(name))
    own = {name[-1].lower_, name[first - 1].lower_}
    if name[-1].lower_ in word_set("legal form"):
        own.add("company")
    return {noun for noun, endings in ENDINGS if own & endings}


def campaigns(doc: Doc, people: Mapping[Name, Person], bodies: Mapping[Name, str]) -> dict[int, tuple[str, str]]:
    """The tokens that name a person's or body's own body, with its key and name: "Clinton campaign", "Ipsos poll"."""
    found = {}
    for name, person in people.items():
        at = name.end + (name.end < len(doc) and doc[name.end].text in POSSESSIVES)
        at += at < len(doc) and doc[at].tag_ == "JJ"  # "Clinton's presidential campaign"
        if at < len(doc) and doc[at].lower_ in word_set("person's body"):
            noun = doc[at].lower_
            surname = doc[name.start : name.end].text.split()[0 if person.words[0] == person.family else -1]
            found[at] = f"organisation:{person.family} {noun}", f"{surname} {noun}"
    begins = {name.end: name.start for name in bodies}
    for name in bodies:
        behind = doc[name.end : name.end + MOST_BETWEEN]
        poll = next((token for token in behind if token.lower_ in POLLS or not token.is_lower), None)
        if poll is not None and poll.lower_ in POLLS:
            is_second = name.start > 1 and doc[name.start - 1].text == "/"  # "Reuters/Ipsos"
            start = begins.get(name.start - 1, name.start - 2) if is_second else name.start
            pollster = doc[start : name.end].text
            found[poll.i] = f"organisation:{normalised(pollster)} {poll.lower_}", f"{pollster} {poll.lower_}"
    known = {pair[0]: pair for pair in found.values()}  # the camp of a person with a campaign is that
    return {at: known.get(re.sub(r" (?:camp|team)$", " campaign", pair[0]), pair) for at, pair in found.items()}


def _is_meant(doc: Doc, at: int, key: str, *, alone: bool) -> bool:
    """Whether "the" stands before a noun and nothing beside it that says which one is meant, or a word of the name.

    "The court" is the only one named; "the appeals court" is the Court of Appeals, whichever others there are.
    """
    start = at - (at > 0 and doc[at - 1].is_lower and doc[at - 1].lower_ in key.partition(":")[2].split())
    if not start or doc[start - 1].lower_ != "the" or not (alone or start < at):
        return False
    behind = doc[at + 1] if at + 1 < len(doc) else None
    return behind is None or not (behind.lower_ in {"of", "that", "in", "for"} or behind.tag_[:2] == "NN")
