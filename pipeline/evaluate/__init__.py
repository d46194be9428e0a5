"""How good the product is: scorers with intervals, over gold files, predictions and finished runs."""

from pipeline.evaluate.intervals import Figure
from pipeline.evaluate.measure import TASKS, Report, evaluate, score

__all__ = ["TASKS", "Figure", "Report", "evaluate", "score"]
