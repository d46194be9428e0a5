"""Counts to rates, and the words that quotation measures compare. Every rate is a share of 1: more is better."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from pipeline.records import Span

Counts = Counter[str]
Figures = dict[str, float]

WORD = re.compile(r"\w+")


def share(part: float, whole: float) -> float:
    """A part of a whole; 0 of nothing is 0."""
    return part / whole if whole else 0.0


def harmonic(precision: float, recall: float) -> float:
    """F1: the harmonic mean."""
    return share(2 * precision * recall, precision + recall)


def prf(name: str, right: float, pred: float, gold: float) -> Figures:
    """Precision, recall and F1 of `name`."""
    precision, recall = share(right, pred), share(right, gold)
    return {f"{name}_precision": precision, f"{name}_recall": recall, f"{name}_f1": harmonic(precision, recall)}


def prf_of(n: Mapping[str, float], name: str) -> Figures:
    """Precision, recall and F1 from the counts `<name>_right`, `<name>_pred` and `<name>_gold`."""
    return prf(name, n[f"{name}_right"], n[f"{name}_pred"], n[f"{name}_gold"])


def words(text: str, spans: Iterable[Span] | None) -> frozenset[int]:
    """Where the words of some spans begin."""
    return frozenset(m.start() for start, end in spans or () for m in WORD.finditer(text, start, end))


def overlap(a: frozenset[int], b: frozenset[int]) -> float:
    """The words that two sets share, of all their words."""
    return share(len(a & b), len(a | b))
