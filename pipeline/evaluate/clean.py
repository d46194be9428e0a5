"""Measure cleaning: how well a cleaned article matches its true body.

Takes a gold body and a cleaned text, gives counts; from the counts of many, figures: precision and recall of runs
of four words, each a mean over articles, F1 of the two means; and the share of the body's quotations that are wholly
there.
"""

import re
from collections import Counter
from collections.abc import Mapping

from pipeline.evaluate.gold import CleanGold, CleanPred
from pipeline.evaluate.rates import WORD, Figures, harmonic, share

QUOTATION = re.compile(r"[“\"]([^“”\"\n]{12,600})[”\"]")
RUN = 4  # words: the measure of the article-extraction-benchmark


def counts(gold: CleanGold, pred: CleanPred) -> Mapping[str, float]:
    """What one document adds."""
    body, left = _runs(gold.body), _runs(pred.text)
    both = (body & left).total()
    flat = _flat(pred.text)
    kept = [_flat(quotation) in flat for quotation in QUOTATION.findall(gold.body)]
    return {
        "docs": 1,
        "precision": share(both, left.total()),
        "recall": share(both, body.total()),
        "quotations": len(kept),
        "quotations_kept": sum(kept),
    }


def figures(n: Mapping[str, float]) -> Figures:
    """The figures of added counts."""
    precision, recall = share(n["precision"], n["docs"]), share(n["recall"], n["docs"])
    kept = share(n["quotations_kept"], n["quotations"])
    return {"precision": precision, "recall": recall, "f1": harmonic(precision, recall), "quotations_kept": kept}


def _runs(text: str) -> Counter[tuple[str, ...]]:
    found = WORD.findall(text)
    return Counter(tuple(found[i : i + RUN]) for i in range(max(min(len(found), 1), len(found) - RUN + 1)))


def _flat(text: str) -> str:
    return " ".join(WORD.findall(text))
