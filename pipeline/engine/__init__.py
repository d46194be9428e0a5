"""The engine: what is stale, the work on one part, where it runs, and all writing.

Takes inputs and settings, gives a folder with stages, tables and a report. It owns the only broad `except`, the only
clock, and every write.
"""

from pipeline.engine.run import Order, RunResult, remake, run

__all__ = ["Order", "RunResult", "remake", "run"]
