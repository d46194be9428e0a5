"""Windows with what the model should say of each piece.

Takes a `Story`, gives an `Example` for each of its windows; takes Examples, gives a `Batch` of tensors. A piece about
which the gold says nothing has the label SILENT, which no loss counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import pad

from pipeline.annotate.told import CONTENT, SOURCE
from pipeline.records import Span
from pipeline.text.pieces import CLS, SEP, Pieces, Window, pieces_of, windows
from pipeline.train.gold import Grammar, Story, Told

SILENT = -100  # what torch's cross entropy ignores
KINDS = ("person", "organisation", "place", "group")
WHOLE = 0.9  # an attribution is learned in the windows that show at least this share of its content


@dataclass(frozen=True)
class Labels:
    """The names of the classes, in the order of the model's outputs."""

    tags: list[str]
    deps: list[str]


@dataclass(frozen=True)
class Example:
    """One window of n pieces: arrays of n integers, positions counted from the window's start."""

    ids: NDArray[np.int64]
    marks: NDArray[np.int64]
    names: NDArray[np.int64]  # 0 outside, then begin and inside for each of KINDS
    cues: NDArray[np.int64]  # 0 outside, 1 begin, 2 inside
    tags: NDArray[np.int64]
    deps: NDArray[np.int64]
    first: NDArray[np.int64]  # 1: starts a sentence
    heads: NDArray[np.int64]  # position of the head's first piece
    sentence: NDArray[np.int64]  # number of the piece's sentence; -1: no token starts here, or no grammar
    told: list[tuple[list[int], NDArray[np.int64]]]  # (the cue's positions, 0, CONTENT or SOURCE for each piece)


@dataclass(frozen=True)
class Batch:
    """Examples side by side, [CLS] and [SEP] around each: tensors of (examples, pieces)."""

    ids: Tensor
    marks: Tensor
    mask: Tensor
    labels: dict[str, Tensor]  # names, cues, tags, deps, first, heads
    sentence: Tensor
    told: list[tuple[int, list[int], Tensor]]  # (example, the cue's positions, labels of (pieces,))

    @property
    def is_piece(self) -> Tensor:
        """Whether a piece of the text stands there, and no [CLS], [SEP] or filling."""
        return self.mask.bool() & (self.ids != CLS) & (self.ids != SEP)


def examples(story: Story, tokenizer: Tokenizer, labels: Labels) -> list[Example]:
    """The windows of a story."""
    pieces = pieces_of(story.text, tokenizer)
    names = _names(story.names, pieces)
    grammar = _grammar(story.grammar, pieces, labels)
    told = [_told(t, pieces) for t in story.told or () if t.cue]
    cues = np.full(len(pieces), SILENT if story.told is None else 0)
    for positions, _ in told:
        free = [at for at in positions if cues[at] == 0]
        cues[free] = 2
        cues[positions[:1]] = 1
    said = {"names": names, "cues": cues, **grammar}
    return [_example(window, pieces, said, told) for window in windows(pieces)]


def batch(several: list[Example], device: torch.device | None = None) -> Batch:
    """Examples as one Batch, on a device but for `told`."""
    width = max(len(e.ids) for e in several) + 2

    def wide(values: NDArray[np.int64], fill: int = SILENT) -> Tensor:
        return pad(torch.from_numpy(values), (1, width - 1 - len(values)), value=fill)

    def stacked(field: str, fill: int = SILENT) -> Tensor:
        return torch.stack([wide(getattr(example, field), fill) for example in several])

    ids, mask = stacked("ids", 0), torch.zeros((len(several), width), dtype=torch.long)
    for row, example in enumerate(several):
        ids[row, 0], ids[row, 1 + len(example.ids)] = CLS, SEP
        mask[row, : 2 + len(example.ids)] = 1
    heads = stacked("heads")
    heads[heads >= 0] += 1
    told = []
    for row, example in enumerate(several):
        told += [(row, [at + 1 for at in positions], wide(values)) for positions, values in example.told]
    fields = {field: stacked(field) for field in ("names", "cues", "tags", "deps", "first")}
    labels = {field: values.to(device) for field, values in {**fields, "heads": heads}.items()}
    ids, marks, mask, sentence = (t.to(device) for t in (ids, stacked("marks", 0), mask, stacked("sentence", -1)))
    return Batch(ids, marks, mask, labels, sentence, told)


def _example(
    window: Window,
    pieces: Pieces,
    said: dict[str, NDArray[np.int64]],
    told: list[tuple[list[int], NDArray[np.int64]]],
) -> Example:
    here = slice(window.start, window.end)
    fields = {name: values[here] for name, values in said.items()}
    fields["heads"] = heads = fields["heads"] - window.start
    heads[(heads < 0) | (heads >= window.end - window.start)] = SILENT
    inside = []
    for positions, values in told:
        seen = int((values[here] == CONTENT).sum())
        own = [at - window.start for at in positions if window.start <= at < window.end]
        if own and seen and seen >= WHOLE * int((values == CONTENT).sum()):
            inside.append((own, values[here]))
    return Example(ids=pieces.ids[here], marks=pieces.marks[here], told=inside, **fields)


def _names(names: list[tuple[int, int, str]] | None, pieces: Pieces) -> NDArray[np.int64]:
    out = np.full(len(pieces), SILENT if names is None else 0)
    for start, end, kind in names or ():
        here = pieces.between(start, end)
        out[here] = 2 * KINDS.index(kind) + 2
        out[here.start : here.start + 1] = 2 * KINDS.index(kind) + 1
    return out


def _told(told: Told, pieces: Pieces) -> tuple[list[int], NDArray[np.int64]]:
    values = np.zeros(len(pieces), dtype=np.int64)
    for spans, value in ((told.content, CONTENT), (told.source, SOURCE)):
        for start, end in spans:
            values[pieces.between(start, end)] = value
    return _positions(told.cue, pieces), values


def _positions(spans: list[Span], pieces: Pieces) -> list[int]:
    return sorted({at for start, end in spans for at in range(*pieces.between(start, end).indices(len(pieces)))})


def _grammar(grammar: Grammar | None, pieces: Pieces, labels: Labels) -> dict[str, NDArray[np.int64]]:
    """Labels for the first piece of each token; a token that no piece starts with stays silent."""
    out = {field: np.full(len(pieces), SILENT) for field in ("tags", "deps", "first", "heads")}
    out["sentence"] = np.full(len(pieces), -1)
    if grammar is None:
        return out
    at = {start: position for position, start in enumerate(pieces.starts.tolist())}
    tags = {tag: number for number, tag in enumerate(labels.tags)}
    deps = {dep: number for number, dep in enumerate(labels.deps)}
    where = [at.get(start) for start in grammar.starts]
    sentence, opens = 0, False
    for token, piece in enumerate(where):
        opens = opens or grammar.first[token]
        if piece is None:
            continue
        head = where[grammar.heads[token]]
        out["tags"][piece] = tags.get(grammar.tags[token], SILENT)
        out["deps"][piece] = deps.get(grammar.deps[token], SILENT)
        out["first"][piece] = int(opens)
        out["heads"][piece] = SILENT if head is None else head
        sentence, opens = sentence + opens, False
        out["sentence"][piece] = sentence
    return out
