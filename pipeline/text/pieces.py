"""Word pieces: a text as the encoder sees it.

Takes a text and a tokenizer, gives the pieces with their offsets into that text, a mark for each piece that tells what
an uncased vocabulary hides (shape, quotation marks, line starts, no space before), and windows that overlap.
Training and running cut texts here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from pipeline.text.guard import guarded
from pipeline.text.marks import marked

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

LENGTH = 254  # pieces to a window; with [CLS] and [SEP] 256, the length MiniLM was trained on
STEP = 216  # from one window to the next: 38 pieces are seen twice
BACK = 40  # a window begins at a line's start when one lies at most this many pieces back
N_MARKS = 40  # what `Pieces.marks` counts to: 2 inside marks, 2 first of a line, 2 glued, 5 shapes
CLS, SEP = 101, 102  # of the BERT uncased vocabulary


@dataclass(frozen=True)
class Pieces:
    """The n word pieces of one text; arrays of n integers."""

    ids: NDArray[np.int64]  # in the vocabulary
    starts: NDArray[np.int64]  # characters into the text
    ends: NDArray[np.int64]
    marks: NDArray[np.int64]  # inside quotation marks + 2 first of a line + 4 no space before + 8 shape

    def __len__(self) -> int:
        """The number of pieces."""
        return len(self.ids)

    def between(self, start: int, end: int) -> slice:
        """The pieces that lie in part or whole in [start, end) characters."""
        return slice(int(np.searchsorted(self.ends, start, "right")), int(np.searchsorted(self.starts, end, "left")))


@dataclass(frozen=True)
class Window:
    """One stretch of pieces that the encoder reads at once."""

    start: int
    end: int  # behind the last
    own_start: int  # of the pieces that this window answers for: nearest its middle
    own_end: int


def tokenizer_of(file: Path) -> Tokenizer:
    """The tokenizer of a tokenizer.json, without the limits that it may carry. Raises OSError and ValueError."""
    from tokenizers import Tokenizer  # noqa: PLC0415 - only where a text is read

    tokenizer = Tokenizer.from_buffer(file.read_bytes())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def pieces_of(text: str, tokenizer: Tokenizer) -> Pieces:
    """The word pieces of a text; runs of marks and long stretches without a space give none (see text.guard)."""
    text = guarded(text)
    encoded = tokenizer.encode(text, add_special_tokens=False)
    offsets = np.array(encoded.offsets, dtype=np.int64).reshape(-1, 2)
    starts, ends = offsets[:, 0], offsets[:, 1]
    return Pieces(np.array(encoded.ids, dtype=np.int64), starts, ends, _marks(text, starts, ends))


def windows(pieces: Pieces) -> list[Window]:
    """Windows over all pieces, in order; each piece belongs to one of them."""
    if not len(pieces):
        return []
    n, first_of_line = len(pieces), (pieces.marks >> 1) & 1
    starts = [0]
    while starts[-1] + LENGTH < n:
        start = starts[-1] + STEP
        lines = np.flatnonzero(first_of_line[start - BACK : start + 1])
        starts.append(start - BACK + int(lines[-1]) if len(lines) else start)
    ends = [min(n, start + LENGTH) for start in starts]
    cuts = [0, *((following + end) // 2 for following, end in zip(starts[1:], ends, strict=False)), n]
    return [Window(start, end, *own) for start, end, own in zip(starts, ends, pairwise(cuts), strict=True)]


def _marks(text: str, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    places = []
    last = 0
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        between = text[last:start]
        first_of_line = not last or "\n" in between
        places.append(2 * first_of_line + 4 * (not between and last > 0) + 8 * _shape(text[start:end]))
        last = end
    return np.array(places, dtype=np.int64) + _inside(text, starts)


def _inside(text: str, starts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each piece stands inside quotation marks."""
    spans = np.array([(0, 0), *((m.start, m.end) for m in marked(text))], dtype=np.int64)
    found = np.searchsorted(spans[:, 0], starts, "right") - 1
    ends: NDArray[np.int64] = spans[found, 1]
    return starts < ends


@lru_cache(maxsize=1 << 16)  # an article's words come again and again
def _shape(piece: str) -> int:
    """0 lower, 1 Title, 2 UPPER, 3 other letters, 4 no letter."""
    if not any(character.isalpha() for character in piece):
        return 4
    if piece.islower():
        return 0
    if piece.isupper():
        return 2 if len(piece) > 1 else 1
    return 1 if piece[0].isupper() else 3
