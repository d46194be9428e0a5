"""Grammar: sentences, word classes and heads, from what the encoder says of each token's first piece.

Takes a Doc and its `Reading`, writes `tag_`, `dep_`, heads and sentence starts. What the encoder learned is a stock
spaCy parser's view of news (see models/), so the labels are those of spaCy's English models.
"""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc
from thinc.types import Ints2d

from pipeline.annotate.encoder import Config, Reading, buckets

MOST_TOKENS = 250  # to a sentence; a longer one is cut, so that time stays linear
NO_PIECE = {"n't": ("RB", "neg"), "n’t": ("RB", "neg"), "not": ("RB", "neg")}  # tokens that begin within a piece
SPACE = ("_SP", "dep")
OTHER = ("XX", "dep")


def parse(doc: Doc, reading: Reading, config: Config) -> None:
    """Write the grammar of a Doc."""
    if not len(doc):
        return
    piece = first_pieces(doc, reading)
    known = np.flatnonzero(piece >= 0)
    n = len(reading.pieces)
    near = np.array(config.near, dtype="f4")[buckets(np.arange(-n, n + 1))]  # of each distance; 0 stands at n
    heads = np.arange(len(doc)) - 1  # what has no piece hangs on the token before it
    for start, end in _sentences(doc, reading, piece):
        own = known[np.searchsorted(known, start) : np.searchsorted(known, end)]
        if piece[start] < 0:
            heads[start] = own[0] if len(own) else start
        if len(own):
            heads[own] = own[_tree(_scores(reading, piece[own], near, config.root))]
    _write(doc, reading, config, piece, heads)


def first_pieces(doc: Doc, reading: Reading) -> NDArray[np.int64]:
    """For each token the piece that begins where it does; -1 for white space and what begins within a piece."""
    starts = doc.to_array("IDX").astype("i8")
    at = np.searchsorted(reading.pieces.starts, starts)
    fits = at < len(reading.pieces)
    fits[fits] = reading.pieces.starts[at[fits]] == starts[fits]
    return np.where(fits, at, -1)


def _sentences(doc: Doc, reading: Reading, piece: NDArray[np.int64]) -> list[tuple[int, int]]:
    starts = np.zeros(len(doc), dtype=np.bool_)
    starts[piece >= 0] = reading.first[piece[piece >= 0]] > 0.5
    blank = np.flatnonzero(doc.to_array("IS_SPACE")[:-1])
    starts[[at + 1 for at in blank.tolist() if "\n" in doc[at].text]] = True
    starts[blank] = False
    starts[0] = True
    edges = [*np.flatnonzero(starts).tolist(), len(doc)]
    return [cut for start, end in pairwise(edges) for cut in pairwise([*range(start, end, MOST_TOKENS), end])]


def _scores(reading: Reading, pieces: NDArray[np.int64], near: NDArray[np.float32], root: float) -> NDArray[np.float32]:
    """(tokens, tokens): how well the second is the first's head; on the diagonal, how well the first is the root."""
    dependent, governor = reading.dependent[pieces], reading.governor[pieces]
    scores: NDArray[np.float32] = dependent @ governor.T / np.sqrt(dependent.shape[1])
    scores += near[pieces[None] - pieces[:, None] + len(near) // 2]
    scores[np.diag_indices(len(pieces))] += root
    return scores


def _tree(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """The best head of each token, without circles: one root, and every circle opened where it costs least."""
    n = len(scores)
    root = int(scores.diagonal().argmax())
    to_root = scores[:, root].copy()
    scores[np.diag_indices(n)] = -np.inf
    heads: NDArray[np.int64] = scores.argmax(1)
    best = scores.max(1)
    heads[root] = root
    while True:
        above = heads
        for _ in range(max(1, n.bit_length())):
            above = above[above]
        astray = np.flatnonzero(above != root)
        if not len(astray):
            return heads
        circle = [at := int(above[astray[0]])]
        while (at := int(heads[at])) != circle[0]:
            circle.append(at)
        heads[min(circle, key=lambda token: best[token] - to_root[token])] = root


def _write(doc: Doc, reading: Reading, config: Config, piece: NDArray[np.int64], heads: NDArray[np.int64]) -> None:
    strings = doc.vocab.strings
    tags = np.array([strings.add(tag) for tag in config.tags], dtype="u8")
    deps = np.array([strings.add(dep) for dep in config.deps], dtype="u8")
    values = np.zeros((len(doc), 3), dtype="u8")
    known = piece >= 0
    values[known, 0] = tags[reading.tags[piece[known]]]
    values[known, 1] = deps[reading.deps[piece[known]]]
    for at in np.flatnonzero(~known).tolist():
        token = doc[at]
        tag, dep = SPACE if token.is_space else NO_PIECE.get(token.lower_, OTHER)
        values[at, :2] = strings.add(tag), strings.add(dep)
    is_root = heads == np.arange(len(doc))
    values[values[:, 1] == strings.add("ROOT"), 1] = strings.add("dep")
    values[is_root, 1] = strings.add("ROOT")
    values[:, 2] = (heads - np.arange(len(doc))).astype("u8")
    doc.from_array(["TAG", "DEP", "HEAD"], cast(Ints2d, values))
