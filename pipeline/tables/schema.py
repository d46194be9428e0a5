"""The tables' schema, from columns.tsv, and its form as a Frictionless data package.

Takes the list; gives `TABLES` by name, in order, and the tree of datapackage.json (specs.frictionlessdata.io, v1).
"""

from dataclasses import dataclass
from typing import Any

from pipeline.text.words import word_list


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column."""

    name: str
    type: str  # string, integer, number or boolean
    words: tuple[str, ...]  # the only values allowed; empty = any
    is_key: bool  # part of the table's primary key
    is_required: bool
    points_to: tuple[str, str] | None  # table and column that holds the value
    description: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The columns' names, in order."""
        return [column.name for column in self.columns]

    @property
    def key(self) -> list[str]:
        """The names of the columns that identify a row; empty where rows have no key."""
        return [column.name for column in self.columns if column.is_key]


def _column(name: str, kind: str, key: str, description: str) -> Column:
    pointer = next((word for word in key.split() if "." in word), "")
    table, _, column = pointer.partition(".")
    return Column(
        name=name,
        type="string" if "|" in kind else kind,
        words=tuple(kind.split("|")) if "|" in kind else (),
        is_key="primary" in key.split(),
        is_required=bool(key),
        points_to=(table, column) if pointer else None,
        description=description,
    )


def _tables() -> dict[str, Table]:
    found: dict[str, list[Column]] = {}
    for table, *rest in word_list("tables", "columns"):
        found.setdefault(table, []).append(_column(*rest))
    return {name: Table(name=name, columns=tuple(columns)) for name, columns in found.items()}


TABLES = _tables()


def package() -> dict[str, Any]:
    """The tree of datapackage.json."""
    return {
        "profile": "tabular-data-package",
        "name": "onrecord",
        "title": "Who is named, which countries and organisations, and who said what",
        "resources": [_resource(table) for table in TABLES.values()],
    }


def _resource(table: Table) -> dict[str, Any]:
    pointers = [(column.name, *column.points_to) for column in table.columns if column.points_to]
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = table.key
    if pointers:
        schema["foreignKeys"] = [
            {"fields": name, "reference": {"resource": other, "fields": column}} for name, other, column in pointers
        ]
    return {
        "name": table.name.replace("_", "-"),
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    rules: dict[str, Any] = {"required": True} if column.is_required else {}
    if column.words:
        rules["enum"] = list(column.words)
    tree = {"name": column.name, "type": column.type, "description": column.description}
    return tree | ({"constraints": rules} if rules else {})
