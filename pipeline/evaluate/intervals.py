"""How sure a figure is: the interval it would fall in had other documents of the same kind been drawn.

Takes counts, one mapping a document, and the function that turns added counts into figures; gives each figure with the
2.5th and 97.5th percentile of 1,000 resamples of the documents, drawn with a fixed seed.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.evaluate.rates import Figures

N_RESAMPLES = 1000
SEED = 20160901


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured value, a share of 1, with its 95 % interval."""

    value: float
    low: float
    high: float


def added(counts: Sequence[Mapping[str, float]]) -> Counter[str]:
    """The counts of all documents together; a count that no document has is 0."""
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return total


def with_intervals(
    counts: Sequence[Mapping[str, float]], figures: Callable[[Mapping[str, float]], Figures]
) -> dict[str, Figure]:
    """Each figure of the added counts, and its interval."""
    import numpy as np  # noqa: PLC0415 - only where something is measured

    total = added(counts)
    keys = sorted(total)
    table = np.array([[one.get(key, 0) for key in keys] for one in counts])
    # A resample is how often each document was drawn: 1,000 at once are one multiplication of matrices.
    drawn = np.random.default_rng(SEED).multinomial(len(counts), [1 / len(counts)] * len(counts), size=N_RESAMPLES)
    resampled = [figures(Counter(dict(zip(keys, row, strict=True)))) for row in (drawn @ table).tolist()]
    out = {}
    for name, value in figures(total).items():
        low, high = np.percentile([one.get(name, 0.0) for one in resampled], [2.5, 97.5])
        out[name] = Figure(value=value, low=float(low), high=float(high))
    return out
