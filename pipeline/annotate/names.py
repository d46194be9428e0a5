"""Names: from the encoder's classes for each piece to the entities of a Doc.

Takes a Doc and its `Reading`, writes `doc.ents`. Tokens are decoded, not pieces, in legal sequences only ("Jun-seok" is
not cut); then the article decides: a word has the classes that it has elsewhere, the same words one class.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc, Span, SpanGroup

from pipeline.annotate.encoder import Config, Reading
from pipeline.text.words import word_map

LABELS = {"person": "PERSON", "organisation": "ORG", "place": "GPE", "group": "NORP"}  # as spaCy's models call them
ELSEWHERE = 0.6  # share of a word's classes that comes from its other places in the article
MAY_BE = 0.3  # a person, where an initial follows
FIRST_NAME = 0.2  # how much less likely a known first name and a capitalised word behind it are to be no name
BESIDE = 1.0  # that a person's name begins right behind another's costs, in log probability: "Hillary Clinton" is one
EVEN = 0.01  # begin and inside are even where a kind has no probability


def write_names(doc: Doc, reading: Reading, config: Config) -> None:
    """Set the Doc's entities, and a span group `names` of them with the probability of each in its attributes."""
    if not len(reading.pieces) or not len(doc):
        return
    capitalised = _capitalised(doc)
    chance = with_initials(doc, shared(doc, token_classes(doc, reading), capitalised))
    chance = with_first_names(doc, chance, capitalised)
    found = decoded(chance)
    kinds = _agreed(doc, chance, found)
    ents, chances = [], []
    for (start, end), kind in zip(found, kinds, strict=True):
        ents.append(Span(doc, start, end, label=LABELS[config.kinds[kind]]))
        chances.append(round(float(chance[start:end, 2 * kind + 1 : 2 * kind + 3].sum(1).mean()), 2))
    doc.ents = ents
    doc.spans["names"] = SpanGroup(doc, name="names", attrs={"confidence": chances}, spans=ents)


def token_classes(doc: Doc, reading: Reading) -> NDArray[np.float32]:
    """(tokens, classes): the mean over a token's pieces, begin against inside as its first piece has it."""
    starts, lengths = doc.to_array(["IDX", "LENGTH"]).astype("i8").T
    first = np.searchsorted(reading.pieces.ends, starts, "right")
    last = np.searchsorted(reading.pieces.starts, starts + lengths, "left")
    n_pieces = np.maximum(last - first, 0)
    total = np.vstack([np.zeros((1, reading.names.shape[1])), reading.names.cumsum(0, dtype="f8")])
    sums = total[np.maximum(last, first)] - total[first]
    mean: NDArray[np.float32] = (sums / np.maximum(n_pieces, 1)[:, None]).astype("f4")
    mean[n_pieces == 0, 0] = 1.0
    begins = reading.names[np.minimum(first, len(reading.pieces) - 1)]
    for begin in range(1, mean.shape[1], 2):
        both = mean[:, begin] + mean[:, begin + 1]
        share = begins[:, begin] / np.maximum(begins[:, begin] + begins[:, begin + 1], 1e-9)
        mean[:, begin], mean[:, begin + 1] = both * share, both * (1 - share)
    return mean


def shared(doc: Doc, chance: NDArray[np.float32], capitalised: list[int]) -> NDArray[np.float32]:
    """The classes of each capitalised word, mixed with those that the same word has elsewhere in the article."""
    lower = doc.to_array("LOWER")
    places: dict[int, list[int]] = defaultdict(list)
    for at in capitalised:
        places[int(lower[at])].append(at)
    mixed = chance.copy()
    for same in places.values():
        if len(same) > 1:
            own = chance[same, 1::2] + chance[same, 2::2]
            kinds = own + ELSEWHERE * (own.mean(0) - own)
            begins = (chance[same, 1::2] + EVEN) / (own + 2 * EVEN)
            mixed[same, 0] += ELSEWHERE * (chance[same, 0].mean() - chance[same, 0])
            mixed[same, 1::2], mixed[same, 2::2] = kinds * begins, kinds * (1 - begins)
    return mixed


def _capitalised(doc: Doc) -> list[int]:
    """The words of two characters or more with a capital, without stop words."""
    length, first, is_stop = doc.to_array(["LENGTH", "PREFIX", "IS_STOP"]).T
    capitals = np.array([letter for letter in set(first.tolist()) if doc.vocab.strings[letter].isupper()], dtype="u8")
    return [int(at) for at in np.flatnonzero((length > 1) & (is_stop == 0) & np.isin(first, capitals))]


def with_first_names(doc: Doc, chance: NDArray[np.float32], capitalised: list[int]) -> NDArray[np.float32]:
    """The classes where a known first name stands before a capitalised word: there the encoder misses famous people."""
    pairs = (at for at, behind in pairwise(capitalised) if behind == at + 1)
    known = [at for at in pairs if doc[at].lower_ in word_map("text", "given_names")]
    rows = sorted({*known, *(at + 1 for at in known)})
    chance[rows, 0] *= FIRST_NAME
    chance[rows] /= chance[rows].sum(1, keepdims=True)
    return chance


def with_initials(doc: Doc, chance: NDArray[np.float32]) -> NDArray[np.float32]:
    """The classes where a person's name goes on at an initial and behind it: "Donald J. Trump"."""
    for initial in np.flatnonzero(doc.to_array("SHAPE") == doc.vocab.strings["X."]).tolist():
        for at in range(max(initial, 1), min(initial + 2, len(doc))):
            if chance[at - 1, 1:3].sum() > MAY_BE:
                chance[at, 1:3] = 0, chance[at, 1:3].sum()
    return chance


def decoded(chance: NDArray[np.float32]) -> list[tuple[int, int]]:
    """The spans of the likeliest legal sequence: nothing goes on that has not begun with the same class (Viterbi)."""
    score = np.log(np.maximum(chance, 1e-9))
    begun = (score[1:, 2::2] - score[1:, 1::2]).max(1)  # what to begin here costs at most where nothing goes on
    is_open = score[:, 0] - score[:, 1:].max(1) <= np.append(begun, 0).clip(0)  # else surely no name
    edges = np.flatnonzero(np.diff(np.concatenate(([False], is_open, [False])))).reshape(-1, 2)
    return [(low + start, low + end) for low, high in edges.tolist() for start, end in _spans(score[low:high])]


def _spans(score: NDArray[np.float32]) -> list[tuple[int, int]]:
    """The best spans of a stretch before and behind which no name stands."""
    n, classes = score.shape
    legal = np.zeros((classes, classes), "f4")
    for inside in range(2, classes, 2):
        legal[:, inside] = -1e4
        legal[[inside - 1, inside], inside] = 0
    legal[1:3, 1] = -BESIDE
    back = np.zeros((n, classes), "i4")
    now = score[0].copy()
    now[2::2] = -1e4
    for at in range(1, n):
        paths = now[:, None] + legal
        back[at] = paths.argmax(0)
        now = paths.max(0) + score[at]
    best = [int(now.argmax())]
    for at in range(n - 1, 0, -1):
        best.append(int(back[at, best[-1]]))
    out: list[tuple[int, int]] = []
    for at, tag in enumerate(reversed(best)):
        if tag % 2 == 1:
            out.append((at, at + 1))
        elif tag:
            out[-1] = (out[-1][0], at + 1)
    return out


def _agreed(doc: Doc, chance: NDArray[np.float32], found: list[tuple[int, int]]) -> list[int]:
    """The class of each span: the sum over all spans of the same words."""
    words = [doc[start:end].text.casefold() for start, end in found]
    votes = [(chance[start:end, 1::2] + chance[start:end, 2::2]).mean(0) for start, end in found]
    total: dict[str, NDArray[np.float32]] = {}
    for key, vote in zip(words, votes, strict=True):
        total[key] = total.get(key, 0) + vote
    return [int(total[key].argmax()) for key in words]
