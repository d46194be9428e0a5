"""Other versions of a gold article: other quotation marks, other names, a headline in capitals.

Takes a `Story` and a random generator, gives a `Story` whose spans and grammar stand at the new places. The attribution
gold is US politics of 2016 with curly marks; the articles that people bring are not.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import accumulate

from pipeline.text.marks import marked
from pipeline.train.gold import Grammar, Story, Told

STYLES = {  # (opening, closing) marks: how often a style is put in the place of the article's own
    ('"', '"'): 0.26,
    ("''", "''"): 0.05,
    ("``", "''"): 0.03,
    ("‘", "’"): 0.06,
    ("'", "'"): 0.03,
    ("«", "»"): 0.03,
    ("„", "“"): 0.01,
    ("", ""): 0.03,
}
NAMES = 0.45  # of the articles get other names
CAPITALS = 0.06  # of the articles get a first line in capitals
WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")

Edit = tuple[int, int, str]  # replace [start, end) by the text


@dataclass(frozen=True)
class Pools:
    """Words that names are made of."""

    given: list[str]
    family: list[str]
    places: list[str]


def pools(stories: list[Story]) -> Pools:
    """The words of two-word people and one-word places of an entity gold."""
    given, family, places = set(), set(), set()
    for story in stories:
        for start, end, kind in story.names or ():
            words = story.text[start:end].split()
            if kind == "person" and len(words) == 2 and all(WORD.fullmatch(word) for word in words):
                given.add(words[0])
                family.add(words[1])
            elif kind == "place" and len(words) == 1 and WORD.fullmatch(words[0]):
                places.add(words[0])
    return Pools(sorted(given), sorted(family), sorted(places))


def varied(story: Story, pool: Pools, rng: random.Random) -> Story:
    """One random version of a story; often the story itself."""
    edits = _other_names(story, pool, rng) if rng.random() < NAMES else []
    edits += _other_marks(story.text, edits, rng)
    if rng.random() < CAPITALS:
        end = story.text.find("\n")
        edits = [edit for edit in edits if edit[0] >= end] + _capitals(story.text[: max(end, 0)])
    return edited(story, sorted(edits))


def edited(story: Story, edits: list[Edit]) -> Story:
    """The story after edits, which are in order and do not overlap."""
    if not edits:
        return story
    text, last = [], 0
    for start, end, new in edits:
        text += [story.text[last:start], new]
        last = end
    start_of, end_of = _moves(edits)

    def moved(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        return [(start_of(start), end_of(end)) for start, end in spans]

    return replace(
        story,
        text="".join([*text, story.text[last:]]),
        names=None if story.names is None else [(start_of(s), end_of(e), kind) for s, e, kind in story.names],
        told=None
        if story.told is None
        else [Told(content=moved(t.content), source=moved(t.source), cue=moved(t.cue)) for t in story.told],
        grammar=_moved_grammar(story.grammar, start_of) if story.grammar else None,
    )


def _moves(edits: list[Edit]) -> tuple[Callable[[int], int], Callable[[int], int]]:
    starts, ends = [e[0] for e in edits], [e[1] for e in edits]
    shifts = [0, *accumulate(len(new) - (end - start) for start, end, new in edits)]

    def start_of(at: int) -> int:
        behind = bisect_right(ends, at)
        if behind < len(edits) and starts[behind] <= at:
            return starts[behind] + shifts[behind]  # inside an edit: its start
        return at + shifts[behind]

    def end_of(at: int) -> int:
        behind = bisect_right(ends, at)
        inside = behind < len(edits) and starts[behind] < at
        return starts[behind] + len(edits[behind][2]) + shifts[behind] if inside else at + shifts[behind]

    return start_of, end_of


def _moved_grammar(grammar: Grammar, start_of: Callable[[int], int]) -> Grammar:
    return replace(grammar, starts=[start_of(start) for start in grammar.starts])


def _other_marks(text: str, taken: list[Edit], rng: random.Random) -> list[Edit]:
    at = rng.random()
    style = None
    for marks, share in STYLES.items():
        if at < share:
            style = marks
            break
        at -= share
    if style is None:
        return []
    opening, closing = style
    busy = {i for start, end, _ in taken for i in range(start, end)}
    spans = [m for m in marked(text, single=False) if m.start not in busy and m.end - 1 not in busy]
    edits = []
    for m in spans:
        edits.append((m.start, m.inner_start, opening))
        if m.closed and m.inner_end < m.end:
            edits.append((m.inner_end, m.end, closing))
    return [edit for edit in edits if not busy & set(range(edit[0], edit[1]))]


def _other_names(story: Story, pool: Pools, rng: random.Random) -> list[Edit]:
    """Every word of a person's name by another, the same one throughout the article; one-word places likewise."""
    names = story.names
    if names is None and story.grammar:
        kinds = {"PERSON": "person", "GPE": "place"}
        names = [(start, end, kinds[label]) for start, end, label in story.grammar.names if label in kinds]
    new: dict[str, str] = {}
    edits: list[Edit] = []
    for start, end, kind in names or ():
        words = list(WORD.finditer(story.text, start, end))
        if kind not in {"person", "place"} or (kind == "place" and len(words) != 1):
            continue
        for number, word in enumerate(words):
            if not word[0][0].isupper() or word[0].lower().endswith(("’s", "'s")):
                continue
            choices = pool.places if kind == "place" else pool.family if number == len(words) - 1 else pool.given
            if len(word[0]) > 1 and choices:
                edits.append((*word.span(), new.setdefault(word[0], rng.choice(choices))))
    return sorted(set(edits))


def _capitals(line: str) -> list[Edit]:
    return [(*word.span(), word[0].upper()) for word in WORD.finditer(line) if len(word[0].upper()) == len(word[0])]
