"""Articles of a run that are copies of one another: word for word, changed in places, or cut.

Takes the text of each article, in order; gives the groups. A sketch keeps the hashes of a text's runs of three words
that a fixed one in `SHARE` holds (Broder 1997, "On the resemblance and containment of documents", there as mod-m
sketches): of two articles, the share of the smaller sketch that lies in the larger one is how much of the shorter
article stands in the longer. MinHash estimates resemblance instead, and so loses the copies that were cut.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from pipeline.text.words import WORD

RUN = 3  # words
SHARE = 4  # of the runs, one in so many is kept: some 100 numbers for an article of 400 words
CONTAINED = 0.45  # the least share of the shorter article's runs in a copy; a tenth of the words changed leave 0.73
LEAST = 8  # numbers: shorter articles, of some 35 words, are copies only where all words are the same
MIXED = np.uint64(0x9E3779B97F4A7C15)  # odd, and its bits are well spread: 2**64 over the golden ratio

Sketch = NDArray[np.uint64]


def sketch(text: str) -> tuple[bytes, Sketch]:
    """16 bytes that are the same for the same words, whatever their case, marks and white space; and the sketch."""
    words = WORD.findall(text.casefold())
    exact = hashlib.sha256(" ".join(words).encode()).digest()[:16]
    codes = np.array([crc32(word.encode()) for word in words], dtype=np.uint64)
    runs = np.zeros(max(0, len(codes) - RUN + 1), dtype=np.uint64)
    for at in range(RUN):
        runs = (runs ^ codes[at : at + len(runs)]) * MIXED
        runs ^= runs >> np.uint64(29)
    kept = np.unique(runs[runs % np.uint64(SHARE) == 0])
    return exact, kept if len(kept) >= LEAST else kept[:0]


def copies(sketches: Sequence[tuple[bytes, Sketch]]) -> list[str]:
    """For each article the id of its group, the same for all of its copies; empty where it has none.

    Takes time that grows with n log n of the numbers kept, 16 bytes each.
    """
    distinct = dict(sorted(sketches, key=lambda pair: pair[0]))  # the order of the articles makes no difference
    group = list(range(len(distinct)))  # of each text, another of its group with a lower number, or itself
    for one, other in _alike(list(distinct.values())):
        low, high = sorted((_top(group, one), _top(group, other)))
        group[high] = low
    shas = list(distinct)
    top = {sha: shas[_top(group, at)] for at, sha in enumerate(shas)}
    n_members = Counter(top[sha] for sha, _ in sketches)
    return [f"d{top[sha].hex()[:16]}" if n_members[top[sha]] > 1 else "" for sha, _ in sketches]


def _alike(kept: Sequence[Sketch]) -> list[tuple[int, int]]:
    """The pairs of articles of which one holds enough of the other.

    Each number links an article to the next one that has it too, so that a number of a thousand articles makes a
    thousand pairs and not half a million.
    """
    sizes = np.array([len(numbers) for numbers in kept], dtype=np.int64)
    if not sizes.sum():
        return []
    numbers, owners = np.concatenate(kept), np.repeat(np.arange(len(kept)), sizes)
    order = np.lexsort((owners, numbers))
    numbers, owners = numbers[order], owners[order]
    same = numbers[1:] == numbers[:-1]
    pairs, n_shared = np.unique(np.stack([owners[:-1][same], owners[1:][same]], axis=1), axis=0, return_counts=True)
    smaller = np.minimum(sizes[pairs[:, 0]], sizes[pairs[:, 1]])
    return [(int(one), int(other)) for one, other in pairs[n_shared >= CONTAINED * smaller]]


def _top(group: list[int], at: int) -> int:
    while group[at] != at:
        group[at] = group[group[at]]
        at = group[at]
    return at
