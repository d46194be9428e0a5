"""Names in a headline, where every word has a capital: what the article calls the person decides where the name ends.

Takes a Doc and its names, gives the names: "Elizabeth Warren Hammers" is Elizabeth Warren where the body has her, and
"Derelict Obama" is Obama. A word that a name has in the body too, or that is a first name, stays.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.entities.people import GENDERS
from pipeline.entities.spans import Name, folded, is_capital

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from spacy.tokens import Doc

MOST_TOKENS = 25  # of a headline
CAPITALS = 0.8  # of its longer words


def without_headline_words(doc: Doc, names: Sequence[Name]) -> list[Name]:
    """The names, those of persons in the first line without a word that is not theirs."""
    end = _end(doc)
    people = [name for name in names if name.label == "person"] if end else []
    words = {name: tuple(folded(t.text) for t in doc[name.start : name.end]) for name in people}
    body = [own for name, own in words.items() if name.start >= end]
    known = {own[n:] for own in body for n in range(len(own))}
    theirs = {word for own in body for word in own} | (GENDERS.keys() & {w for own in words.values() for w in own})
    return [_bare(name, words[name], known, theirs) if name.start < end and name in words else name for name in names]


def _end(doc: Doc) -> int:
    """Where the headline ends: a short first line whose longer words have capitals; 0 where there is none."""
    end = next((token.i for token in doc[: MOST_TOKENS + 1] if "\n" in token.text), 0)
    longer = [token for token in doc[:end] if token.is_alpha and len(token) > 3]
    return end if len(longer) > 2 and sum(map(is_capital, longer)) >= CAPITALS * len(longer) else 0


def _bare(name: Name, words: tuple[str, ...], known: Collection[tuple[str, ...]], theirs: Collection[str]) -> Name:
    if len(words) < 2 or words in known:
        return name
    if words[:-1] in known and words[-1] not in theirs:
        return replace(name, end=name.end - 1)
    return replace(name, start=name.start + 1) if words[1:] in known and words[0] not in theirs else name
