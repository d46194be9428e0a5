"""Files that hold many articles, cut at record ends.

Takes a file; gives one `Source` for a file of one article, and one for each 64 records of a .jsonl, .csv or .mbox file,
found in one pass that holds one record at a time. The same functions cut the bytes of a Source when it is read, so both
count alike. Blank lines are not records and are not counted.
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from pipeline.read.decode import HEAD, binary, decode, wide
from pipeline.records import Source, Span

N_RECORDS = 64  # articles of one Source: enough to share the cost of a shard, few enough to redo after a change
LINES = (".jsonl", ".ndjson")
TABLES = (".csv", ".tsv")
MAILS = ".mbox"
GZIP = ".gz"  # such a file is read as a whole
DELIMITERS = ",;\t|"


def suffix(source_path: str) -> str:
    """The end of a file's name that says its format: ".txt", also of "a.txt.gz"; "-" for standard input."""
    return "-" if source_path == "-" else Path(source_path.lower().removesuffix(GZIP)).suffix


def is_packed(source_path: str) -> bool:
    """Whether a file's name says that it is packed."""
    return source_path.lower().endswith(GZIP)


def sources(path: str, source_path: str) -> Iterator[Source]:
    """The Sources of one file. Opens it, so an OSError is the caller's; no other file is touched."""
    is_many = suffix(source_path) in (*LINES, *TABLES, MAILS) and not is_packed(source_path)
    if is_many and path != "-":
        with Path(path).open("rb") as file:
            head = file.read(HEAD)
            if not (wide(head) or binary(head)):  # else no record ends are found in these bytes: read as a whole
                file.seek(0)
                yield from _slices(file, path, source_path)
                return
    yield Source(path=path, source_path=source_path)


def _slices(file: BinaryIO, path: str, source_path: str) -> Iterator[Source]:
    header, start = header_of(file) if suffix(source_path) in TABLES else ("", 0)
    file.seek(start)
    spans = letter_spans(file) if suffix(source_path) == MAILS else record_spans(file, header and delimiter_of(header))
    whole, first = Source(path=path, source_path=source_path, header=header), 1
    while batch := list(islice(spans, N_RECORDS)):
        yield replace(whole, start=batch[0][0], end=batch[-1][1], first=first, n_records=len(batch))
        first += len(batch)
    if first == 1:
        yield replace(whole, start=start, end=start, n_records=0)


def header_of(file: BinaryIO) -> tuple[str, int]:
    """The first record of a table, decoded, and the offset behind it."""
    start, end = next(record_spans(file, ","), (0, 0))
    file.seek(start)
    return decode(file.read(end - start))[0].rstrip("\r\n"), end


def delimiter_of(header: str) -> str:
    """The mark that a header line separates its columns with."""
    return max(DELIMITERS, key=header.count)


def record_spans(file: BinaryIO, delimiter: str = "") -> Iterator[Span]:
    """The byte offsets of each record behind where the file stands: a line, or with a delimiter a row of a table."""
    start = file.tell()
    for cells in _rows(file, delimiter) if delimiter else ([line.strip()] for line in file):
        end = file.tell()
        if any(cells):
            yield start, end
        start = end


def _rows(file: BinaryIO, delimiter: str) -> Iterator[list[str]]:
    """Let the csv module say where a row ends: it takes line after line, and never one more than it needs."""
    csv.field_size_limit(sys.maxsize)
    rows = csv.reader((line.decode("latin-1") for line in file), delimiter=delimiter)
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error:  # a record that is not in order is still a record: reading it gives a problem of its own
            yield ["?"]


def letter_spans(file: BinaryIO) -> Iterator[Span]:
    """The byte offsets of each letter of a mailbox: its first line, "From ...", follows a blank one."""
    start = at = 0
    before = b""
    for line in file:
        if line.startswith(b"From ") and not before.strip() and at > start:
            yield start, at
            start = at
        before, at = line, at + len(line)
    if at > start:
        yield start, at
