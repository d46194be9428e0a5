"""Confidence: how often an attribution of a given look is right, fitted on articles the network has not seen.

Takes a model folder and kept-back gold, gives the weights of a logistic curve over `annotate.told.features`, the
confidence below which an attribution is dropped (the best who-said-what F1), and a reliability table by
cross-validation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from pipeline.annotate.told import Found, found, likely
from pipeline.evaluate.quotes import paired, same_source
from pipeline.evaluate.rates import words
from pipeline.text.marks import marked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pipeline.annotate.encoder import Config, Encoder
    from pipeline.train.gold import Story

FOLDS = 10
RIDGE = 1.0
SLACK = 0.004  # of F1 for a lower threshold: who reads can drop what is unsure, but not find what is lost
STEPS = np.arange(0.05, 0.75, 0.025)


@dataclass(frozen=True)
class Fitted:
    """What tuning found."""

    confidence: list[float]
    keep: float
    reliability: list[tuple[float, float, int]]  # (mean confidence, share right, attributions) of each tenth


def tuned(encoder: Encoder, stories: list[Story]) -> Fitted:
    """Fit on `stories`, which have attributions."""
    several = [found(s.text, encoder.read(s.text), marked(s.text)) for s in stories]
    looks = np.array([f.features for one in several for f in one]).reshape(-1, len(encoder.config.confidence) - 1)
    truth = np.array([r for story, one in zip(stories, several, strict=True) for r in _right(story, one)], dtype="f8")
    fold = np.array([at % FOLDS for at, one in enumerate(several) for _ in one])
    known = truth >= 0
    chance = np.zeros(len(truth))
    for number in range(FOLDS):
        inside = known & (fold != number)
        chance[fold == number] = _curve(looks[fold == number], _fit(looks[inside], truth[inside]))
    weights = [round(weight, 4) for weight in _fit(looks[known], truth[known]).tolist()]
    config = msgspec.structs.replace(encoder.config, confidence=weights)
    rated = {at: _f1(msgspec.structs.replace(config, keep=at), stories, several) for at in STEPS.tolist()}
    keep = min(at for at, f1 in rated.items() if f1 >= max(rated.values()) - SLACK)
    return Fitted(weights, round(keep, 3), list(_reliability(chance[known], truth[known])))


def _right(story: Story, several: list[Found]) -> list[int]:
    """For each found attribution 1: content and source as in gold, 0: not, -1: gold names no source for it."""
    told = [t for t in story.told or () if t.content]
    pairs = paired([words(story.text, t.content) for t in told], [words(story.text, f.content) for f in several])
    out = [0] * len(several)
    for i, j in pairs.items():
        source = several[j].source
        is_same = same_source(story.text, tuple(told[i].source), (source,) if source else None)
        out[j] = int(is_same) if told[i].source else -1
    return out


def _f1(config: Config, stories: list[Story], several: list[list[Found]]) -> float:
    """Who said what, with what the config keeps of the found."""
    n_right = n_found = n_gold = 0
    for story, one in zip(stories, several, strict=True):
        right = _right(story, [f for f, _ in likely(one, config)])
        n_right, n_found = n_right + right.count(1), n_found + len(right) - right.count(-1)
        n_gold += sum(bool(t.source) for t in story.told or ())
    return 2 * n_right / max(n_found + n_gold, 1)


def _fit(looks: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic regression with a small ridge, by Newton's method."""
    x = np.column_stack([np.ones(len(looks)), looks])
    weights: NDArray[np.float64] = np.zeros(x.shape[1])
    ridge = RIDGE * np.eye(len(weights))
    ridge[0, 0] = 1e-3 * RIDGE  # next to none on the constant: enough where all are right, all wrong, or none is found
    for _ in range(30):
        chance = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (chance - truth) + ridge @ weights
        bend = (x * (chance * (1 - chance))[:, None]).T @ x + ridge
        weights -= np.linalg.solve(bend, slope)
    return weights


def _curve(looks: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    chance: NDArray[np.float64] = 1 / (1 + np.exp(-(weights[0] + looks @ weights[1:])))
    return chance


def _reliability(chance: NDArray[np.float64], truth: NDArray[np.float64]) -> Iterator[tuple[float, float, int]]:
    for low in np.arange(0, 1, 0.1):
        inside = (chance >= low) & (chance < low + 0.1 + 1e-9 * (low > 0.85))
        if inside.any():
            yield round(float(chance[inside].mean()), 3), round(float(truth[inside].mean()), 3), int(inside.sum())
