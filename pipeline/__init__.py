"""onrecord: who is named, which countries and organisations, and who said what, in a folder of news articles.

The public names: `run` for folders, `analyse` for one text in memory, `load` for a table as a DataFrame. Importing this
package loads neither spaCy nor pandas.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.settings import load as load_settings

if TYPE_CHECKING:
    from pandas import DataFrame

    from pipeline.engine import RunResult
    from pipeline.engine.memory import Result

__all__ = ["analyse", "load", "run"]


def run(*inputs: str | Path, out: str | Path = "data/processed", **settings: dict[str, Any]) -> RunResult:
    """Run over files and folders: `run("articles", out="results", annotate={"model": "en_core_web_sm"})`.

    Each keyword is a stage with its settings. Raises OnrecordError, whose `code` is listed in the README.
    """
    from pipeline import engine  # noqa: PLC0415 - so that importing this package stays light

    names = [str(name) for name in inputs]
    return engine.run(engine.Order(inputs=names, out=Path(out), settings=load_settings(overrides=settings)))


def analyse(text: str, **settings: dict[str, Any]) -> Result:
    """Clean, annotate and read one text in memory; gives its `cleaned`, `named` and `quoted` records."""
    from pipeline.engine import memory  # noqa: PLC0415 - as above

    return memory.analyse(text, load_settings(overrides=settings))


def load(out: str | Path, table: str) -> DataFrame:
    """One table of a run as a DataFrame with the types of the schema."""
    from pipeline import tables  # noqa: PLC0415 - as above

    return tables.load(out, table)
