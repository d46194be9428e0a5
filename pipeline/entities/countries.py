"""Countries: names, abbreviations, demonyms, capitals and seats of government.

Takes a text, gives `Hit`s: the spans that countries.tsv knows, the longest at each place. With the parse it tells a
capital that stands for its government ("Moscow wanted") from one that is a place ("in Moscow").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.entities.spans import HYPHENS, first_joined, folded, root, word_set
from pipeline.text.words import word_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Span as Tokens
    from spacy.tokens import Token

WORD = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?(?![^\W\d_])|[^\W\d_]+")
JOINERS = frozenset({" ", "\u00a0", "-", "‑", "’", "'", "", ", ", ". ", " & ", " (", ") "})
SECOND = frozenset({"COG", "PRK", "DMA"})  # share a name with a larger neighbour


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A span of the text that the list knows."""

    start: int
    end: int
    kind: str  # name, official, abbreviation, demonym, capital, seat, part, none
    code: str  # ISO 3166-1 alpha-3; empty for kind "none"
    is_shared: bool = False  # a state somewhere else bears the name too: Georgia


class _Row(NamedTuple):
    code: str
    kind: str
    form: str


# The name that tables show, by ISO 3166-1 alpha-3 code.
SHORT_NAMES = {iso3: form for iso3, _, kind, form in word_list("entities", "countries") if kind == "short"}


@cache
def _forms() -> dict[tuple[str, ...], tuple[_Row, ...]]:
    """The rows of each form: a country first, then what else bears the name (the state of Georgia)."""
    forms: dict[tuple[str, ...], tuple[_Row, ...]] = {}
    for iso3, _, kind, form in word_list("entities", "countries"):
        row = _Row(code=iso3, kind="name" if kind == "short" else kind, form=form)
        words = tuple(_plain(word) for word in WORD.findall(form))
        same = (*forms.get(words, ()), row)
        forms[words] = tuple(sorted(same, key=lambda r: (r.kind == "part", r.code in SECOND)))
    return forms


@cache
def _longest() -> dict[str, int]:
    """The most words of a form that begins with this word."""
    return {words[0]: len(words) for words in sorted(_forms(), key=len)}


def _plain(word: str) -> str:
    return folded(word).replace(" ", "")


def hits(text: str) -> list[Hit]:
    """The known names, demonyms, capitals and seats, in order, the longest at each place."""
    found = list(_found(text))
    others = {rows[0].code for _, _, rows in found if len(rows) == 1}
    return [_hit(start, end, rows, others) for start, end, rows in found]


def _hit(start: int, end: int, rows: tuple[_Row, ...], others: set[str]) -> Hit:
    """Of several countries with one name the one that the article speaks of otherwise; else the first."""
    is_shared = rows[0].kind == "name" and rows[-1].kind == "part"
    rows = tuple(row for row in rows if row.kind != "part") or rows
    row = next((row for row in rows if row.code in others), rows[0])
    return Hit(start=start, end=end, kind=row.kind, code=row.code, is_shared=is_shared)


def _found(text: str) -> Iterator[tuple[int, int, tuple[_Row, ...]]]:
    words = list(WORD.finditer(text))
    at = 0
    while at < len(words):
        n = 0
        if words[at][0][0].isupper() or words[at][0] == "the":
            n = min(_longest().get(_plain(words[at][0]), 0), len(words) - at)
        while n and not (rows := _rows(text, words[at : at + n])):
            n -= 1
        if n:
            yield words[at].start(), words[at + n - 1].end(), rows
        at += n or 1


def _rows(text: str, run: list[re.Match[str]]) -> tuple[_Row, ...]:
    """The list's rows for these words, where they are joined and written as the form is."""
    rows = _forms().get(tuple(_plain(word[0]) for word in run), ())
    if any(text[a.end() : b.start()] not in JOINERS for a, b in pairwise(run)):
        return ()
    return tuple(row for row in rows if _is_written_so(row, text, run))


def _is_written_so(row: _Row, text: str, run: list[re.Match[str]]) -> bool:
    if row.kind == "abbreviation":
        word = run[0]
        in_route = text[word.end() : word.end() + 1] == "-" and text[word.end() + 1 : word.end() + 2].isdigit()  # US-24
        return word[0].isupper() and not in_route and ("." in word[0] or not _shouted(text, word))
    form = WORD.findall(row.form)
    return all(word[0][0].isupper() or f[0].islower() for word, f in zip(run, form, strict=True))


def _shouted(text: str, word: re.Match[str]) -> bool:
    """Whether the words around an abbreviation are in capitals too: "JOIN US TODAY"."""
    before = text[max(0, word.start() - 30) : word.start()].rpartition("\n")[2]
    around = before + text[word.end() : word.end() + 30].partition("\n")[0]
    letters = [c for c in around if c.isalpha()]
    return len(letters) > 3 and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def is_government(capital: Tokens) -> bool:
    """Whether the name of a capital stands for the government: by its place in the parse."""
    token = root(capital)
    if _is_part_of_address(capital):
        return False
    first = first_joined(token, "conj")
    head, dep, joined = first.head, first.dep_, any(child.dep_ == "conj" for child in first.children)
    if token.dep_ == "poss":
        return head.lower_ in word_set("what a government has")
    if dep == "pobj":
        return _after_preposition(head, joined=joined)
    if dep == "nsubj":
        return joined or (head.tag_[:2] == "VB" and head.lower_ not in word_set("verb of no deed"))
    if dep in {"dobj", "dative", "agent"}:
        return head.lower_ not in word_set("verb of a place")
    return _is_backer(capital)


def _after_preposition(preposition: Token, *, joined: bool) -> bool:
    word, head = preposition.lower_, preposition.head
    if word in word_set("preposition of place") or head.lower_ in word_set("word of travel"):
        return False
    if word == "between":
        return joined
    return word in word_set("preposition of dealing") and head.tag_[:3] != "NNP"


def _is_backer(capital: Tokens) -> bool:
    """Whether a hyphen joins a capital to a participle: "Moscow-backed"."""
    doc, at = capital.doc, capital.end
    return at + 1 < len(doc) and doc[at].text in HYPHENS and doc[at + 1].tag_ in {"VBN", "JJ", "VBD"}


def _is_part_of_address(capital: Tokens) -> bool:
    """Whether a capital has what it lies in behind it, or begins a dateline: "TAIPEI, Taiwan", "LONDON (Reuters)"."""
    doc, at = capital.doc, capital.end
    if at + 1 >= len(doc):
        return False
    if doc[at].text in {"(", "—", "–", "-"} and (capital.start == 0 or "\n" in doc[capital.start - 1].text):
        return True
    is_place = doc[at + 1].ent_type_ in {"GPE", "LOC"} and doc[at + 1].dep_ in {"appos", "npadvmod", "nmod"}
    return doc[at].text == "," and is_place


def is_language(span: Tokens) -> bool:
    """Whether a demonym is a language: "in French", "speaks Russian"."""
    token, doc = first_joined(root(span), "conj"), span.doc
    if span.end < len(doc) and doc[span.end].tag_[:2] in {"NN", "JJ"}:
        return False
    is_spoken = token.dep_ in {"pobj", "dobj"} and token.head.lower_ in {"in", *word_set("verb of a language")}
    return is_spoken or token.ent_type_ == "LANGUAGE"
