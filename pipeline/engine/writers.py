"""Tables as files: CSV always, and parquet, SQLite and Excel where asked for.

Takes rows by table, a part at a time, so that memory stays flat; gives a folder that replaces `tables` when all is
written and checked.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pipeline.errors import optional
from pipeline.tables import TABLES, cell, spreadsheet_safe
from pipeline.tables.schema import Table

Row = dict[str, Any]
Add = Callable[[Table, Sequence[Row]], None]
CELL = 32_767  # characters that an Excel cell holds
SQL = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}


def writer(kind: str, folder: Path, stack: ExitStack, *, raw: bool) -> Add:
    """What adds rows to the tables of one format; `stack` closes its files. Raises OnrecordError `missing-extra`."""
    if kind == "csv":
        return _csv(folder, stack, raw=raw)
    return {"parquet": _parquet, "sqlite": _sqlite, "xlsx": _xlsx}[kind](folder, stack)


def _csv(folder: Path, stack: ExitStack, *, raw: bool) -> Add:
    out: dict[str, Any] = {}
    for table in TABLES.values():
        file = stack.enter_context((folder / f"{table.name}.csv").open("w", encoding="utf-8", newline=""))
        out[table.name] = csv.writer(file, lineterminator="\n")
        out[table.name].writerow(table.names)
    shown: Callable[[str], str] = str if raw else spreadsheet_safe

    def add(table: Table, rows: Sequence[Row]) -> None:
        out[table.name].writerows([shown(cell(row[name])) for name in table.names] for row in rows)

    return add


def _typed(table: Table, row: Row) -> Row:
    """The row with lists as text and empty strings kept."""
    return {c.name: cell(row[c.name]) if c.type == "string" else row[c.name] for c in table.columns}


def _parquet(folder: Path, stack: ExitStack) -> Add:
    pa, pq = (optional(name, what="--format parquet", extra="parquet") for name in ("pyarrow", "pyarrow.parquet"))
    types = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
    schemas = {t.name: pa.schema([(c.name, types[c.type]) for c in t.columns]) for t in TABLES.values()}
    out = {name: stack.enter_context(pq.ParquetWriter(folder / f"{name}.parquet", s)) for name, s in schemas.items()}

    def add(table: Table, rows: Sequence[Row]) -> None:
        typed = [_typed(table, row) for row in rows]
        out[table.name].write_table(pa.Table.from_pylist(typed, schema=schemas[table.name]))

    return add


def _sqlite(folder: Path, stack: ExitStack) -> Add:
    base = sqlite3.connect(folder / "onrecord.sqlite")
    stack.callback(base.close)
    stack.callback(base.commit)
    for table in TABLES.values():
        columns = [f'"{c.name}" {SQL[c.type]}' for c in table.columns]
        key = [f"PRIMARY KEY ({', '.join(table.key)})"] if table.key else []
        base.execute(f'CREATE TABLE "{table.name}" ({", ".join(columns + key)})')

    def add(table: Table, rows: Sequence[Row]) -> None:
        marks = ", ".join("?" * len(table.columns))
        values = [tuple(_typed(table, row).values()) for row in rows]
        base.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', values)  # noqa: S608 - names are our own

    return add


def _xlsx(folder: Path, stack: ExitStack) -> Add:
    xlsxwriter = optional("xlsxwriter", what="--format xlsx", extra="xlsx")
    book = stack.enter_context(xlsxwriter.Workbook(folder / "onrecord.xlsx"))
    sheets = {name: book.add_worksheet(name) for name in TABLES}
    filled = dict.fromkeys(TABLES, 1)
    for name, sheet in sheets.items():
        sheet.add_write_handler(str, type(sheet).write_string)  # text is never taken for a formula or link
        sheet.write_row(0, 0, TABLES[name].names)

    def add(table: Table, rows: Sequence[Row]) -> None:
        for row in rows:
            values = [_fitted(value, name) for name, value in _typed(table, row).items()]
            sheets[table.name].write_row(filled[table.name], 0, values)
            filled[table.name] += 1

    return add


def _fitted(value: object, name: str) -> object:
    """A value as an Excel cell holds it: text that is too long is cut with a mark."""
    if isinstance(value, str) and len(value) > CELL:
        return value[: CELL - 40] + f" … [{name} is whole in the csv]"
    return value
