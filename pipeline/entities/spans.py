"""Names as the model found them, with their edges mended.

Takes a spaCy Doc, gives `Name`s: token spans of a person, an organisation, a place or a group, without "the",
possessives, quotation marks or anything beyond the line. What does not look like a name is left out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

from pipeline.text.words import word_list, word_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token
    from spacy.tokens import Span as Tokens

Label = Literal["person", "organisation", "place", "group"]

LABELS: dict[str, Label] = {"PERSON": "person", "PER": "person", "ORG": "organisation", "NORP": "group"}
LABELS |= {"GPE": "place", "LOC": "place", "FAC": "place"}
POSSESSIVES = frozenset({"'s", "’s", "'S", "’S", "'", "’"})
HYPHENS = frozenset("-‑")
MOST_TOKENS = 25  # of a name; a longer one is a line in capitals or a table, and its root takes quadratic time
MOST_JOINED = 12  # steps up a list of names; a longer list is cut, so that time stays linear
LOOSE = frozenset({"IN", "DT", "CC", "RB"})  # no name ends in such a word
COURTS = frozenset({"committee", "court"})  # of many of a name, what each is for tells it from the others
# what such a body is for, and no day on which it met: "on Intelligence", but not "on Monday" or "on Jan. 5"
REMIT = re.compile(r"(?:for|on) (?!\w+day\b|\w+\.? \d)(?:the )?[A-Z][\w-]+(?: (?:of )?[A-Z][\w-]+)*")
ARTICLES = frozenset({"the", "a", "an"})
PARTY_AND_STATE = re.compile(r"[A-Z]-[A-Z]")  # "D-N.J."
PLAIN = str.maketrans("’łŁøØđĐðÐı", "'lLoOdDdDi")  # letters that have no other form without their mark
GAPS = re.compile(r"[.\s‐‑-]+")


@dataclass(frozen=True, kw_only=True)
class Name:
    """A span of tokens that names somebody or something."""

    start: int
    end: int
    label: Label


@lru_cache(maxsize=50_000)  # the same words come again and again; a bound, because a run has no end of names
def folded(text: str) -> str:
    """The text for comparing: small, without accents, dots and hyphens as spaces: "J.-P. Müller" is "j p muller"."""
    letters = (c for c in unicodedata.normalize("NFKD", text.translate(PLAIN)) if not unicodedata.combining(c))
    return GAPS.sub(" ", "".join(letters)).strip().casefold()


@cache
def word_set(use: str) -> frozenset[str]:
    """The words of one use in word_sets.tsv."""
    return frozenset(word for group, word in word_list("entities", "word_sets") if group == use)


TITLES = {word: (kind, gender.replace("any", "")) for word, kind, gender in word_list("text", "titles")}
DEMONYMS = frozenset(folded(form) for _, _, kind, form in word_list("entities", "countries") if kind == "demonym")


def title(token: Token) -> tuple[str, str]:
    """The kind (courtesy, office, role) and the gender (m, f or empty) of a title; both empty where it is none."""
    return TITLES.get(folded(token.text)) or TITLES.get(token.lower_, ("", ""))


def is_title(token: Token) -> bool:
    """Whether the token can be a title before a name: "Mr", "President", "coach"."""
    return bool(title(token)[0])


def is_capital(token: Token) -> bool:
    """Whether the token begins like a name."""
    return token.text[:1].isupper()


def root(span: Tokens) -> Token:
    """The token whose head lies outside the span. spaCy's own climbs the whole tree: quadratic over a long list."""
    for token in span:
        if token.head.i == token.i or not span.start <= token.head.i < span.end:
            return token
    return span[-1]


def first_joined(token: Token, *dependencies: str) -> Token:
    """The token that this one hangs on by these dependencies: the first of "Ann, Bob and Eve"."""
    for _ in range(MOST_JOINED):
        if token.dep_ not in dependencies or token.head.i >= token.i:
            break
        token = token.head
    return token


def is_subject(token: Token) -> bool:
    """Whether the token, or the one that it is joined to, is the subject of its clause."""
    return first_joined(token, "conj", "compound", "appos").dep_ in {"nsubj", "nsubjpass"}


def found_names(doc: Doc) -> list[Name]:
    """The names of the Doc's entities, in order, their edges mended."""
    labelled = ((ent, LABELS.get(ent.label_)) for ent in doc.ents if len(ent) <= MOST_TOKENS)
    pieces = [name for ent, label in labelled if label for name in _pieces(ent, label)]
    families = {doc[name.end - 1].text for name in pieces if name.label == "person" and name.end - name.start > 1}
    return _whole(doc, [name for name in pieces if _is_name(doc, name, families)])


def _whole(doc: Doc, names: list[Name]) -> list[Name]:
    """The names, a first and a last one joined over a nickname, Darnell "The Hammer" Price, bodies with their remit."""
    ends = {name.start - 1: name.end for name in names if name.label == "person"}
    out: list[Name] = []
    for name in names:
        marks = [token for token in doc[name.end : name.end + 5] if not token.is_alpha][:2]
        is_open = [mark.is_quote for mark in marks] == [True, True] and marks[0].i == name.end
        is_first = name.label == "person" and is_open and bool(doc[name.end - 1].whitespace_)
        last = ends.get(marks[1].i, name.end) if is_first else _remit_end(doc, name)
        out += [replace(name, end=last)] if not out or out[-1].end <= name.start else []
    return out


def _remit_end(doc: Doc, name: Name) -> int:
    """Where a body's name ends with what the body is for: "Court of Appeals for the Sixth Circuit"."""
    behind = doc[name.end : name.end + MOST_TOKENS]
    is_one = name.label == "organisation" and not COURTS.isdisjoint(t.lower_ for t in doc[name.start : name.end])
    remit = REMIT.match(behind.text) if is_one else None
    if remit is None or not name.start <= behind[0].head.i < name.end:
        return name.end
    return name.end + len(behind.char_span(0, remit.end(), alignment_mode="contract"))


def _pieces(ent: Tokens, label: Label) -> Iterator[Name]:
    """The parts of a span on each line; a place also ends at a comma: "Perth, Australia"."""
    at = ent.start
    for i in range(ent.start, ent.end + 1):
        token = ent.doc[i] if i < ent.end else None
        if token is None or token.is_space or "\n" in token.text or (label == "place" and token.text == ","):
            start, end = _edges(ent.doc, at, i)
            while label == "person" and end - start > 1 and _is_short_title(ent.doc[start]):
                start += 1
            if start < end:
                yield Name(start=start, end=end, label=label)
            at = i + 1


def _is_short_title(token: Token) -> bool:
    """Whether a word is a title that no name begins with: "Del.", but "St." and "King" may be names."""
    return token.text.endswith(".") and is_title(token) and token.lower_ != "st."


def _edges(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Without the article, marks and the possessive at the edges."""
    while start < end and (
        (doc[start].lower_ in ARTICLES and len(doc[min(start + 1, end - 1)]) > 1) or not _has_letter(doc[start])
    ):
        start += 1
    while start < end and (doc[end - 1].text in POSSESSIVES or not _has_letter(doc[end - 1])):
        end -= 1
    while end - start > 1 and doc[end - 1].tag_ in LOOSE and doc[end - 1].is_lower and doc[end - 2].whitespace_:
        end -= 1
    is_before_colon = end - start > 1 and end < len(doc) and doc[end].text == ":"
    if is_before_colon and word_map("entities", "not_names").get(doc[end - 1].lower_) == "page":
        end -= 1  # "Ann Lee Photo: AP"
    return start, end


def _has_letter(token: Token) -> bool:
    return any(c.isalnum() for c in token.text)


def _is_name(doc: Doc, name: Name, families: set[str]) -> bool:
    """Whether the span looks like a name."""
    words = [token for token in doc[name.start : name.end] if _has_letter(token)]
    if word_map("entities", "not_names").get(" ".join(folded(word.text) for word in words), "company") != "company":
        return False
    if PARTY_AND_STATE.match(doc[name.start : name.end].text) and len(words) < 3:
        return False
    if name.label == "person":
        if len(words) == 1 and words[0].is_sent_start and words[0].tag_[:3] != "NNP" and words[0].text not in families:
            return False  # "Subpoenas are not optional"
        is_told = any(len(word) > 1 and (word.text in families or not is_title(word)) for word in words)  # "Mr. King"
        return is_told and any(map(is_capital, words))
    is_letter = len(words) == 1 and len(words[0]) == 1
    if is_letter or not any(c.isupper() for word in words for c in word.text):
        return False
    return name.label == "group" or not all(is_title(word) or folded(word.text) in DEMONYMS for word in words)
