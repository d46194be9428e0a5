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
    from collections.abc import Sequence

    from spacy.tokens import Doc


MOST_TOKENS = 25  # of a headline
CAPITALS = 0.8  # of its longer words


def without_headline_words(doc: Doc, names: Sequence[Name]) -> list[Name]:
    """The names, those of persons in the first line without a word that is not theirs."""
    line_end = _end(doc)
    if not line_end:
        return list(names)
    body = [_words(doc, name) for name in names if name.label == "person" and name.start >= line_end]
    known = {words[n:] for words in body for n in range(len(words))}
    own = {word for words in body for word in words}
    return [_bare(doc, name, known, own) if name.start < line_end else name for name in names]


def _end(doc: Doc) -> int:
    """Where the headline ends: a short first line whose longer words have capitals; 0 where there is none."""
    end = next((token.i for token in doc[: MOST_TOKENS + 1] if "\n" in token.text), 0)
    longer = [token for token in doc[:end] if token.is_alpha and len(token) > 3]
    return end if len(longer) > 2 and sum(map(is_capital, longer)) >= CAPITALS * len(longer) else 0


def _bare(doc: Doc, name: Name, known: set[tuple[str, ...]], own: set[str]) -> Name:
    words = _words(doc, name)
    if name.label != "person" or len(words) < 2 or words in known:
        return name
    if words[:-1] in known and not _is_own(words[-1], own):
        return replace(name, end=name.end - 1)
    if words[1:] in known and not _is_own(words[0], own):
        return replace(name, start=name.start + 1)
    return name


def _is_own(word: str, own: set[str]) -> bool:
    return word in own or word in GENDERS


def _words(doc: Doc, name: Name) -> tuple[str, ...]:
    return tuple(folded(token.text) for token in doc[name.start : name.end])
