"""Gold articles, and the grammar that a spaCy parser reads in them.

Takes the gold .jsonl files; gives a `Story` each: the text, its names or its attributions, and its grammar. Grammar is
"silver": a stock pipeline's parse, kept in a file so that it is read once.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.records import Span
from pipeline.text.guard import guarded

NAME_KINDS = {
    "Person": "person",
    "Organization": "organisation",
    "Location": "place",
    "Facility": "place",
    "NORP": "group",
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """One gold attribution: spans of characters."""

    content: list[Span]
    source: list[Span]
    cue: list[Span]


@dataclass(frozen=True, kw_only=True)
class Grammar:
    """A parse: one entry a token in each list, and the names that the same pipeline sees."""

    starts: list[int]  # character of the token's start
    tags: list[str]
    deps: list[str]
    heads: list[int]  # token number of the head; its own number for a root
    first: list[bool]  # starts a sentence
    names: list[tuple[int, int, str]]  # characters, spaCy's label


@dataclass(frozen=True, kw_only=True)
class Story:
    """One gold article; None where the gold does not say."""

    key: str
    text: str
    names: list[tuple[int, int, str]] | None = None
    told: list[Told] | None = None
    grammar: Grammar | None = None


def attributions(path: Path) -> list[Story]:
    """The articles of an attribution gold file."""
    return [
        Story(key=raw["id"], text=raw["text"], told=[msgspec.convert(quote, Told) for quote in raw["quotes"]])
        for raw in _rows(path)
    ]


def entities(path: Path) -> list[Story]:
    """The articles of an entity gold file, names folded to the four kinds."""
    return [
        Story(
            key=raw["id"],
            text=raw["text"],
            names=[(start, end, NAME_KINDS[kind]) for start, end, kind in raw["entities"] if kind in NAME_KINDS],
        )
        for raw in _rows(path)
    ]


def kept_back(stories: list[Story], share: float = 0.06) -> tuple[list[Story], list[Story]]:
    """(to learn from, to fit confidence on): the same articles at every call."""
    order = sorted(stories, key=lambda story: story.key)
    random.Random(7).shuffle(order)  # noqa: S311 - a split, no secret
    cut = round(len(order) * share)
    return order[cut:], order[:cut]


def with_grammar(stories: list[Story], model: str, file: Path) -> list[Story]:
    """The stories with the parse of a spaCy model, read from `file` where it lies there."""
    if file.exists():
        known = msgspec.json.decode(file.read_bytes(), type=dict[str, Grammar])
    else:
        nlp = spacy.load(model, exclude=["lemmatizer", "attribute_ruler", "senter"])
        nlp.add_pipe("paragraphs", before="parser")
        docs = nlp.pipe((guarded(story.text) for story in stories), batch_size=16, n_process=2)
        known = {story.key: _grammar(doc) for story, doc in zip(stories, docs, strict=True)}
        file.write_bytes(msgspec.json.encode(known))
    return [replace(story, grammar=known[story.key]) for story in stories]


@Language.component("paragraphs", assigns=["token.is_sent_start"])
def _paragraphs(doc: Doc) -> Doc:
    """Start a sentence behind each line break, so that no parser ties a paragraph to the one before it."""
    for token in doc[:-1]:
        doc[token.i + 1].is_sent_start = True if token.is_space and "\n" in token.text else None
    return doc


def _grammar(doc: Doc) -> Grammar:
    return Grammar(
        starts=[token.idx for token in doc],
        tags=[token.tag_ for token in doc],
        deps=[token.dep_ for token in doc],
        heads=[token.head.i for token in doc],
        first=[bool(token.is_sent_start) for token in doc],
        names=[(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents],
    )


def _rows(path: Path) -> Iterable[dict[str, Any]]:
    with path.open("rb") as lines:
        for line in lines:
            yield msgspec.json.decode(line)
