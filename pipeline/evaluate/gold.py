"""Gold documents and predictions: one JSON object a line, joined by "id".

Takes a path, gives typed records, or OnrecordError `bad-gold` that names the file, the document and what is wrong.
Offsets point into the text as read. Keys that no measure uses are allowed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from pipeline.errors import OnrecordError
from pipeline.records import Span

Spans = tuple[Span, ...]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class GoldQuote:
    """One attribution as a person marked it."""

    content: Spans
    source: Spans
    cue: Spans
    type: Literal["direct", "mixed", "indirect"]


@dataclass(frozen=True, kw_only=True)
class QuotesGold:
    """A document with its attributions."""

    id: str
    text: str
    quotes: tuple[GoldQuote, ...]


@dataclass(frozen=True, kw_only=True)
class SpeakersGold(QuotesGold):
    """A document with its attributions, and who the sources are."""

    speakers: Mapping[str, str | None]  # by index of the attribution; None: nobody in particular


@dataclass(frozen=True, kw_only=True)
class Quotation:
    """One predicted quotation."""

    content: Spans
    source: Spans | None = None
    cue: Spans | None = None
    speaker: str | None = None
    act: str | None = None


@dataclass(frozen=True, kw_only=True)
class QuotesPred:
    """The predicted quotations of a document."""

    quotes: tuple[Quotation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EntitiesGold:
    """A document with its names: start, end, label."""

    id: str
    text: str
    entities: tuple[tuple[int, int, str], ...]
    region: str = ""


@dataclass(frozen=True, kw_only=True)
class EntitiesPred:
    """The predicted names of a document."""

    entities: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class CountriesGold:
    """A document with its toponyms: start, end, ISO2 code or None, "country" or "inside", and one more remark."""

    id: str
    text: str
    toponyms: tuple[tuple[int, int, str | None, str, str], ...]
    countries: frozenset[str]
    countries_named: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class CountriesPred:
    """The predicted toponyms and countries of a document."""

    toponyms: tuple[tuple[int, int, str | None], ...] = ()
    countries: frozenset[str] | None = None  # None: those of the toponyms
    countries_named: frozenset[str] | None = None  # None: all countries


@dataclass(frozen=True, kw_only=True)
class CleanGold:
    """A web page's article as a person copied it."""

    id: str
    body: str


@dataclass(frozen=True, kw_only=True)
class CleanPred:
    """What cleaning left of a page."""

    text: str = ""


def read_lines(path: Path) -> tuple[dict[str, dict[str, Any]], Sequence[str]]:
    """The JSON objects of a file by their "id", and the ids in order."""
    found: dict[str, dict[str, Any]] = {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise OnrecordError("bad-gold", path=path, detail=error) from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            row = _row(line, f"{path} line {number}")
            if row["id"] in found:
                raise OnrecordError("bad-gold", path=path, detail=f"line {number}: {row['id']!r} stands there twice")
            found[row["id"]] = row
    return found, list(found)


def typed(rows: Mapping[str, dict[str, Any]], kind: type[T], path: Path) -> dict[str, T]:
    """The rows as records of `kind`, by id."""
    try:
        return {(key := name): msgspec.convert(row, kind) for name, row in rows.items()}
    except msgspec.ValidationError as error:
        raise OnrecordError("bad-gold", path=path, detail=f"document {key!r}: {error}") from error


def read_speakers(path: Path) -> tuple[dict[str, dict[str, Any]], Sequence[str]]:
    """The rows of a speakers file, completed by the texts of `../attribution/` of the same file name, and its ids.

    Rows that bring their own text need no other file.
    """
    rows, ids = read_lines(path)
    if all("text" in row for row in rows.values()):
        return rows, ids
    beside = path.parent.parent / "attribution" / path.name
    texts, ids = read_lines(beside)
    if lost := [key for key in rows if key not in texts]:
        raise OnrecordError("bad-gold", path=path, detail=f"{lost[0]!r} is not in {beside}")
    return {key: {**texts[key], **row} for key, row in rows.items()}, ids


def _row(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise OnrecordError("bad-gold", path=where, detail=f"not JSON: {error}") from error
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise OnrecordError("bad-gold", path=where, detail='not an object with an "id"')
    return row
