"""Records of .jsonl, .json, .csv, .mbox and .parquet files, one article each.

Takes the bytes of a Source; gives for each record its number and its cells, or what is wrong with it, and turns
cells into the fields of an `Article`. A record that is not in order costs itself only.
"""

import csv
import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.errors import message
from pipeline.read.dates import iso_date
from pipeline.read.decode import decode, lines_ended, mended, wide
from pipeline.read.mail import letter
from pipeline.read.page import LANGUAGE, is_html, page
from pipeline.read.slices import N_RECORDS, delimiter_of, header_of, letter_spans, record_spans
from pipeline.records import Source
from pipeline.text.words import word_list

MARK = re.compile(rb"\AFrom .*\n?|(?<=\n)>(?=>*From )")  # of a mailbox, not of its letters


@dataclass(frozen=True, kw_only=True)
class Row:
    """One record as it stands in the file."""

    number: int  # counted from 1 in the file; 0: the file is this one record
    n_bytes: int
    cells: dict[str, object]  # by column, in the file's spelling
    encoding: str = "utf-8"
    wrong: str = ""  # why there are no cells


def json_lines(source: Source, data: bytes) -> Iterator[Row]:
    """The records of a .jsonl file, a line each."""
    whole, encoding = _as_utf8(data)
    for number, (start, end) in enumerate(record_spans(io.BytesIO(whole)), source.first):
        text, own = decode(whole[start:end])
        yield _checked(number, end - start, encoding or own, *_parsed(text))


def json_whole(data: bytes) -> list[Row]:
    """The records of a .json file: an array, one object, or lines after all."""
    text, encoding = decode(data)
    value, wrong = _parsed(text)
    lines = list(json_lines(Source(path="", source_path=""), data)) if wrong else []
    if lines and not lines[0].wrong:
        return lines
    if not isinstance(value, list):
        return [_checked(0, len(data), encoding, value, wrong)]
    return [_checked(number, len(data) // len(value), encoding, record) for number, record in enumerate(value, 1)]


def table(source: Source, data: bytes) -> Iterator[Row]:
    """The rows of a .csv or .tsv file; its header is the Source's, or the first row where that has none."""
    whole, encoding = _as_utf8(data)
    file = io.BytesIO(whole)
    header, start = (source.header, 0) if source.header else header_of(file)
    delimiter = delimiter_of(header)
    names = next(csv.reader(io.StringIO(header, newline=""), delimiter=delimiter), [])
    file.seek(start)
    for number, (first, last) in enumerate(record_spans(file, delimiter), source.first):
        text, own = decode(whole[first:last])
        cells, wrong = _cells(text, names, delimiter)
        yield Row(number=number, n_bytes=last - first, encoding=encoding or own, cells=cells, wrong=wrong)


def mailbox(source: Source, data: bytes) -> Iterator[Row]:
    """The letters of a .mbox file; a line of theirs that begins as their first lines do has a ">" before it."""
    for number, (start, end) in enumerate(letter_spans(io.BytesIO(data)), source.first):
        yield Row(number=number, n_bytes=end - start, cells={**letter(MARK.sub(b"", data[start:end]))})


def parquet(data: bytes) -> Iterator[Row]:
    """The rows of a .parquet file."""
    try:
        from pyarrow import ArrowException, BufferReader  # noqa: PLC0415 - only with the `parquet` extra
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415
    except ImportError:
        wrong = message("missing-extra", what="it", package="pyarrow", extra="parquet")
        yield Row(number=0, n_bytes=len(data), cells={}, wrong=wrong)
        return
    try:
        batches = ParquetFile(BufferReader(data)).iter_batches(batch_size=N_RECORDS)
        rows = (row for several in batches for row in several.to_pylist())
        for number, cells in enumerate(rows, 1):
            yield Row(number=number, n_bytes=sum(len(str(value)) for value in cells.values()), cells=cells)
    except (ArrowException, OSError) as error:
        yield Row(number=0, n_bytes=len(data), cells={}, wrong=str(error))


def _as_utf8(data: bytes) -> tuple[bytes, str]:
    """Bytes in which lines can be found: UTF-16 and UTF-32 turned into UTF-8, with their name; others as they are."""
    if not wide(data):
        return data, ""
    text, encoding = decode(data)
    return text.encode("utf-8", errors="replace"), encoding


def _parsed(text: str) -> tuple[object, str]:
    """A JSON value, or what is wrong with the text."""
    try:
        return json.loads(text), ""
    except RecursionError:
        return None, "nested too deep"
    except ValueError as error:
        return None, f"not JSON ({error})"


def _checked(number: int, size: int, encoding: str, value: object, wrong: str = "") -> Row:
    cells = value if isinstance(value, dict) else {}
    wrong = wrong or ("" if isinstance(value, dict) else f"a JSON {type(value).__name__} and not an object")
    return Row(number=number, n_bytes=size, encoding=encoding, cells=cells, wrong=wrong)


def _cells(text: str, names: list[str], delimiter: str) -> tuple[dict[str, object], str]:
    """The cells of one row of a table, or why there are none."""
    csv.field_size_limit(sys.maxsize)
    try:
        values = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error as error:
        return {}, str(error)
    if len(values) > len(names):  # a comma too many: which cell holds the text cannot be told
        return {}, f"{len(values)} cells for {len(names)} columns"
    return dict(zip(names, values, strict=False)), ""


def fields(cells: dict[str, object], text_column: str) -> dict[str, str]:
    """The fields of an Article that a record fills; nothing at all where it has no text column."""
    named = {_plain(name): value for name, value in cells.items()}
    columns = _columns() | ({"text": (_plain(text_column),)} if text_column else {})
    if not any(name in named for name in columns["text"]):
        return {}
    found = {field: _first(named, names, "\n\n" if field == "text" else "; ") for field, names in columns.items()}
    language = LANGUAGE.match(found["language"])
    declared = {
        **{field: " ".join(value.split()) for field, value in found.items()},
        "text": found["text"],
        "published": iso_date(found["published"]),
        "language": language[1].lower() if language else "",
    }
    if not is_html(found["text"]):
        return declared
    # the text of the page; what the record says of it goes before what the page says
    return page(declared["text"]) | {field: value for field, value in declared.items() if value and field != "text"}


def _first(cells: dict[str, object], names: tuple[str, ...], joint: str) -> str:
    """The first cell with a value, of the columns that a field may have."""
    return next((value for name in names if (value := _words(cells.get(name), joint).strip(" "))), "")


def _words(value: object, joint: str) -> str:
    """A JSON value as words: a list's joined, the name of an object ({"name": "Daily Post"})."""
    if isinstance(value, list):
        return joint.join(filter(None, (_words(each, joint) for each in value)))
    if isinstance(value, dict):
        return _words(value.get("name"), joint)
    return "" if value is None or isinstance(value, bool) else lines_ended(mended(str(value)))


def _plain(name: str) -> str:
    return name.strip("\ufeff \t").lower().replace(" ", "_").replace("-", "_")


@cache
def _columns() -> dict[str, tuple[str, ...]]:
    """The column names of each field, the one to prefer first."""
    columns: dict[str, tuple[str, ...]] = {}
    for field, name, _ in sorted(word_list("read", "columns"), key=lambda row: (row[0], int(row[2]))):
        columns[field] = (*columns.get(field, ()), name)
    return columns
