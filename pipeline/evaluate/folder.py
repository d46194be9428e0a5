"""A finished run, read back from its tables.

Takes the folder that `onrecord run GOLD --out FOLDER` wrote, gives for each article where it came from and the records
that its rows were made from, as far as a measure needs them: an entity here is what a quotation's speaker is called.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from pipeline.errors import OnrecordError
from pipeline.records import Cleaned, Named, Quoted

Row = Mapping[str, str]
TABLES = ("articles", "removed", "mentions", "quotes")


def read_run(folder: Path) -> Iterator[tuple[Cleaned, Named, Quoted]]:
    """The articles of a run in the order of its tables. Raises OnrecordError `no-run` or `bad-gold`."""
    if not (folder / "tables" / "articles.csv").is_file():
        raise OnrecordError("no-run", path=folder)
    tables = {name: _by_article(folder / "tables" / f"{name}.csv") for name in TABLES}
    for key, (article,) in tables["articles"].items():
        try:
            yield _records(article, *(tables[name].get(key, []) for name in TABLES[1:]))
        except (KeyError, ValueError, msgspec.ValidationError) as error:
            raise OnrecordError("bad-gold", path=folder, detail=f"article {key}: {error!r}") from error


def _records(
    article: Row, removed: Sequence[Row], mentions: Sequence[Row], quotes: Sequence[Row]
) -> tuple[Cleaned, Named, Quoted]:
    where = {"article_id": article["article_id"], "source_path": article["source_path"]}
    speakers = {row["speaker_id"]: row for row in quotes if row["speaker_id"]}
    entities = [{"key": key, "kind": row["speaker_kind"], "name": row["speaker"]} for key, row in speakers.items()]
    return (
        _record({**where, "text": article["text"], "removed": removed}, Cleaned),
        _record({**where, "mentions": mentions, "entities": entities}, Named),
        _record({**where, "quotes": [_quote(row) for row in quotes]}, Quoted),
    )


def _quote(row: Row) -> dict[str, Any]:
    """A quotes row with the record's names and lists; empty cells take the field's default."""
    spans = [[int(number) for number in span.split("-")] for span in row["spans"].split("; ")]
    filled = {key: value for key, value in row.items() if value}
    return {**filled, "text": row["text"], "spans": spans, "speaker_key": row["speaker_id"]}


def _by_article(path: Path) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = defaultdict(list)
    csv.field_size_limit(2**31 - 1)  # an article can be longer than csv's 131,072 characters
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, strict=True):
                rows[row["article_id"]].append(row)
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        raise OnrecordError("bad-gold", path=path, detail=repr(error)) from error
    return rows


def _record(row: Mapping[str, Any], kind: type[Any]) -> Any:
    return msgspec.convert(row, kind, strict=False)  # not strict: a cell's "12" is the number 12
