"""What the network is shown: spans and labels stand at the words that gold marked, in every version of an article."""

import random
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pytest
from tokenizers import Tokenizer

pytest.importorskip("torch", reason="needs the train extra")

from pipeline.annotate.told import CONTENT, SOURCE
from pipeline.text.pieces import CLS, SEP, pieces_of, windows
from pipeline.train.augment import edited, pools, varied
from pipeline.train.examples import KINDS, SILENT, Labels, batch, examples
from pipeline.train.gold import Grammar, Story

LABELS = Labels(tags=[".", "NN", "NNP"], deps=["ROOT", "dep"])


Place = tuple[str, int, int]  # what stands there, and its characters


def places(story: Story) -> list[Place]:
    """Every span that gold marked."""
    roles = ("content", "source", "cue")
    told = [(role, *span) for one in story.told or () for role in roles for span in getattr(one, role)]
    return told + [(kind, start, end) for start, end, kind in story.names or ()]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def are_same(old: str, new: str, names: set[str]) -> bool:
    """The same words in the same order, but for case and the words of names."""
    pairs = zip(words(old), words(new), strict=True)
    return all(one in names or one.casefold() == other.casefold() for one, other in pairs)


def test_spans_stand_at_the_same_words_in_every_version(told: list[Story], named: list[Story]) -> None:
    pool = pools(named)
    for story in told + named:
        spans = [*((start, end) for start, end, _ in story.grammar.names), *(place[1:] for place in places(story))]
        names = {word for start, end in spans for word in words(story.text[start:end]) if word.istitle()}
        for seed in range(150):
            new = varied(story, pool, random.Random(seed))
            for (kind, start, end), (new_kind, new_start, new_end) in zip(places(story), places(new), strict=True):
                assert kind == new_kind
                assert are_same(story.text[:start], new.text[:new_start], names)
                assert are_same(story.text[start:end], new.text[new_start:new_end], names)
            for at, new_at in zip(story.grammar.starts, new.grammar.starts, strict=True):
                assert are_same(story.text[:at], new.text[:new_at], names)


def test_versions_differ_in_marks_names_and_capitals(told: list[Story], named: list[Story]) -> None:
    versions = [varied(told[0], pools(named), random.Random(seed)).text for seed in range(150)]
    assert told[0].text in versions
    assert any("«The bridge is safe,»" in version for version in versions)
    assert any("Lena Okafor" not in version for version in versions)
    assert any("“The bridge is safe,”" in version and "Harlow" not in version for version in versions)
    assert any(version.startswith("HARBOUR BRIDGE REOPENS AFTER STORM\n") for version in versions)


def test_one_name_becomes_one_other_name_throughout(told: list[Story], named: list[Story]) -> None:
    story, renamed = told[1], 0
    for seed in range(50):
        new = varied(story, pools(named), random.Random(seed))
        others = defaultdict(set)
        for old, other in zip(words(story.text), words(new.text), strict=True):
            others[old].add(other.casefold())
        assert all(len(several) == 1 for several in others.values())
        renamed += others["Lindqvist"] != {"lindqvist"}
    assert renamed


def test_edits_move_what_stands_behind_them(told: list[Story]) -> None:
    story = told[0]
    opening, closing = story.text.index("“"), story.text.index("”")
    name = story.text.index("Okafor")
    new = edited(story, [(opening, opening + 1, "``"), (closing, closing + 1, "''"), (name, name + 6, "Li")])
    shown = [[new.text[start:end] for start, end in one.content + one.source] for one in new.told]
    assert shown == [["``The bridge is safe,''", "Lena Li"], ["the toll would not return", "Okafor"]]
    assert edited(story, []) == story


def letters(text: str, spans: Iterable[tuple[int, int]], low: int, high: int) -> set[int]:
    """Where the characters of spans stand, white space left out, between two places."""
    return {at for start, end in spans for at in range(start, end) if low <= at < high and not text[at].isspace()}


class Seen(NamedTuple):
    """A window with its labels, and where its pieces stand."""

    example: Any
    spans: list[tuple[int, int]]

    def at(self, mask: Any) -> set[int]:
        return {at for n in np.flatnonzero(mask) for at in range(*self.spans[n])}


def seen(story: Story, tokenizer: Tokenizer) -> list[Seen]:
    pieces = pieces_of(story.text, tokenizer)
    spans = list(zip(pieces.starts.tolist(), pieces.ends.tolist(), strict=True))
    several = zip(examples(story, tokenizer, LABELS), windows(pieces), strict=True)
    return [Seen(example, spans[window.start : window.end]) for example, window in several]


def test_every_name_is_learned_at_its_pieces(long_named: Story, tokenizer: Tokenizer) -> None:
    story, several = long_named, seen(long_named, tokenizer)
    assert len(several) > 1
    for one in several:
        low, high = one.spans[0][0], one.spans[-1][1]
        for number, kind in enumerate(KINDS):
            spans = [(start, end) for start, end, is_kind in story.names if is_kind == kind]
            begins = one.at(one.example.names == 2 * number + 1)
            assert begins | one.at(one.example.names == 2 * number + 2) == letters(story.text, spans, low, high)
            assert {start for start, _ in spans if low <= start < high} <= begins
        assert (one.example.cues == SILENT).all()


def test_every_attribution_is_learned_at_its_pieces(long_told: Story, tokenizer: Tokenizer) -> None:
    story, several, learned = long_told, seen(long_told, tokenizer), set()
    assert len(several) > 1
    by_cue = {tuple(sorted(letters(story.text, told.cue, 0, 10**6))): told for told in story.told}
    for one in several:
        low, high = one.spans[0][0], one.spans[-1][1]
        cues = [span for told in story.told for span in told.cue]
        assert one.at(one.example.cues > 0) == letters(story.text, cues, low, high)
        assert {start for start, _ in cues if low <= start < high} <= one.at(one.example.cues == 1)
        assert (one.example.names == SILENT).all()
        for positions, values in one.example.told:
            cue = tuple(sorted(at for n in positions for at in range(*one.spans[n])))
            learned.add(cue)
            assert one.at(values == CONTENT) == letters(story.text, by_cue[cue].content, low, high)
            assert one.at(values == SOURCE) == letters(story.text, by_cue[cue].source, low, high)
    assert learned == set(by_cue)


def test_every_token_is_learned_at_its_first_piece(long_told: Story, tokenizer: Tokenizer) -> None:
    grammar = long_told.grammar
    number = {start: n for n, start in enumerate(grammar.starts)}
    for one in seen(long_told, tokenizer):
        starts = [start for start, _ in one.spans]
        assert {start for start in grammar.starts if starts[0] <= start < one.spans[-1][1]} == {
            start for start, tag in zip(starts, one.example.tags, strict=True) if tag != SILENT
        }
        for at, start in enumerate(starts):
            if start in number:
                token = number[start]
                head = grammar.starts[grammar.heads[token]]
                assert LABELS.tags[one.example.tags[at]] == grammar.tags[token]
                assert LABELS.deps[one.example.deps[at]] == grammar.deps[token]
                assert one.example.first[at] == grammar.first[token]
                assert one.example.heads[at] == (starts.index(head) if head in starts else SILENT)
                assert one.example.sentence[at] == sum(grammar.first[: token + 1])


def test_a_token_that_begins_within_a_piece_stays_silent(tokenizer: Tokenizer) -> None:
    tags, deps, first = ["NN", "NNP", "."], ["ROOT", "dep", "dep"], [True, False, False]
    grammar = Grammar(starts=[0, 2, 6], tags=tags, deps=deps, heads=[0, 0, 1], first=first, names=[])
    (example,) = examples(Story(key="", text="don’t go", grammar=grammar), tokenizer, LABELS)
    shown = [LABELS.tags[tag] if tag != SILENT else None for tag in example.tags]
    assert shown == ["NN", None, None, ".", None]  # don ’ t g ##o
    assert example.heads.tolist() == [0, SILENT, SILENT, SILENT, SILENT]  # the head of "go" has no piece


def test_a_batch_puts_windows_side_by_side(told: list[Story], named: list[Story], tokenizer: Tokenizer) -> None:
    several = [example for story in told + named for example in examples(story, tokenizer, LABELS)]
    made = batch(several)
    for row, example in enumerate(several):
        n = len(example.ids)
        assert made.ids[row, : n + 2].tolist() == [CLS, *example.ids, SEP]
        assert made.mask[row].tolist() == [1] * (n + 2) + [0] * (made.mask.shape[1] - n - 2)
        assert made.labels["names"][row, 1 : n + 1].tolist() == example.names.tolist()
        assert made.labels["heads"][row, 1 : n + 1].tolist() == [h + 1 if h >= 0 else h for h in example.heads]
        told = [(positions, values) for at, positions, values in made.told if at == row]
        assert [positions for positions, _ in told] == [[at + 1 for at in cue] for cue, _ in example.told]
        assert [values[1 : n + 1].tolist() for _, values in told] == [values.tolist() for _, values in example.told]
    for labels in made.labels.values():
        assert (labels[made.mask == 0] == SILENT).all()
