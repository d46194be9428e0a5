"""The tables as pandas DataFrames with the types of the schema.

Takes a run's folder; gives a DataFrame. pandas left alone reads the name "None" and the text "NA" as missing; here
only an empty cell is.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import OnrecordError
from pipeline.tables.schema import TABLES

if TYPE_CHECKING:
    from pandas import DataFrame

DTYPES = {"string": "str", "integer": "Int64", "number": "Float64", "boolean": "boolean"}


def load(out: Path | str, name: str) -> DataFrame:
    """Table `name` of the run in folder `out`; unknown strings are "". Raises OnrecordError `no-run`."""
    import pandas as pd  # noqa: PLC0415 - takes half a second; only where tables are read

    path = Path(out) / "tables" / f"{name}.csv"
    if not path.exists():
        raise OnrecordError("no-run", path=out)
    types = {column.name: DTYPES[column.type] for column in TABLES[name].columns}
    unknown = {column: [""] for column, dtype in types.items() if dtype != "str"}
    return pd.read_csv(path, dtype=types, keep_default_na=False, na_values=unknown, encoding="utf-8")
