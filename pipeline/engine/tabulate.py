"""Tables from stage files: link over the run, make rows part by part, check the keys, then replace the folder.

Takes the parts of a finished run and its settings; gives the tables' folder and the counts of its rows. No model is
loaded, and memory grows with distinct names, not with articles.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from pipeline.clean.duplicates import copies, sketch
from pipeline.engine import store
from pipeline.engine.writers import writer
from pipeline.entities import gather
from pipeline.entities.link import entity_id
from pipeline.errors import OnrecordError
from pipeline.records import Article, Cleaned, Identity, Named, Problem, Quoted, Worked
from pipeline.settings import Settings
from pipeline.stages import STAGES
from pipeline.tables import TABLES, package
from pipeline.tables.corrections import Corrections
from pipeline.tables.rows import Totals, article_rows, problem_row

Rows = dict[str, list[dict[str, Any]]]


def tabulate(out: Path, parts: Sequence[str], settings: Settings) -> dict[str, int]:
    """Write all tables of a run; gives the number of rows by table. Raises OnrecordError `broken-keys`."""
    corrections = Corrections(out, linked(out, parts), entity_id)
    copied = duplicates(out, parts)
    folder = out / ".tables.new"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    counts: Counter[str] = Counter(dict.fromkeys(TABLES, 0))
    keys = Keys()
    with ExitStack() as stack:
        formats = dict.fromkeys(("csv", *settings.tables.format))
        adds = [writer(kind, folder, stack, raw=settings.tables.raw_csv) for kind in formats]
        for rows in _rows(out, parts, corrections, copied):
            keys.check(rows)
            for name, some in rows.items():
                counts[name] += len(some)
                for add in adds:
                    add(TABLES[name], some)
    keys.check_codes()
    store.write_json(folder / "datapackage.json", package())
    _replace(folder, out / "tables")
    return dict(counts)


def _rows(
    out: Path, parts: Sequence[str], corrections: Corrections, copied: Mapping[str, tuple[str, bool]]
) -> Iterator[Rows]:
    identities, totals = corrections.identities, Totals(corrections.identities)
    told: set[Problem] = set()
    for part in parts:
        rows: Rows = {}
        for worked in map(corrections.of, articles(out, part)):
            duplicate = copied.get(worked.article.article_id, ("", False))
            totals.add(worked, is_duplicate=duplicate[1])
            for name, some in article_rows(worked, identities, duplicate).items():
                rows.setdefault(name, []).extend(some)
        new = [problem for problem in problems(out, part) if problem not in told]  # a file of many parts says it once
        told.update(new)
        rows["problems"] = [problem_row(problem) for problem in new]
        yield rows
    yield totals.rows() | {"problems": [problem_row(problem) for problem in corrections.problems()]}


def articles(out: Path, part: str) -> Iterator[Worked]:
    """Each article of a part with what every stage made of it. Raises OnrecordError `no-run`."""
    try:
        cleaned = {record.article_id: record for record in store.records(out, part, Cleaned)}
        named = {record.article_id: record for record in store.records(out, part, Named)}
        quoted = {record.article_id: record for record in store.records(out, part, Quoted)}
        for article in store.records(out, part, Article):
            key = article.article_id
            yield Worked(article=article, cleaned=cleaned.get(key), named=named.get(key), quoted=quoted.get(key))
    except FileNotFoundError as error:
        raise OnrecordError("no-run", path=out) from error


def problems(out: Path, part: str) -> Iterator[Problem]:
    """The problems of a part, stage by stage."""
    for stage in STAGES:
        for row in store.lines(store.stage_file(out, stage.name, part)):
            if row.head.problem is not None:
                yield row.head.problem


def linked(out: Path, parts: Iterable[str]) -> dict[str, Identity]:
    """Entity.key -> the identity that unites it over the run."""
    every = (named for part in parts for named in store.records(out, part, Named))
    return {key: identity for identity in gather(every) for key in identity.keys}


def duplicates(out: Path, parts: Iterable[str]) -> dict[str, tuple[str, bool]]:
    """For each article that has copies in the run its duplicate_group, and whether one of them stands before it."""
    sketches = {row.article_id: sketch(row.text) for part in parts for row in store.records(out, part, Cleaned)}
    found: dict[str, tuple[str, bool]] = {}
    seen = {""}
    for article_id, group in zip(sketches, copies([*sketches.values()]), strict=True):
        if group:
            found[article_id] = group, group in seen
            seen.add(group)
    return found


class Keys:
    """What the keys of all rows must be: unique where they are primary, present where they are pointed to.

    Ids of rows inside an article begin with the article's id, so those tables are checked part by part; articles and
    the tables of the whole run are kept in mind.
    """

    WHOLE = ("articles", "people", "organisations", "countries")

    def __init__(self) -> None:
        self.have: dict[str, set[tuple[str, ...]]] = {name: set() for name in self.WHOLE}
        self.codes: set[tuple[str, ...]] = set()  # country codes pointed to before countries is made

    def check(self, part: Rows) -> None:
        """Check the rows of one part, or the tables of the whole run."""
        have = self.have | {name: set() for name in part if name not in self.WHOLE}
        for name, rows in part.items():
            for row in rows:
                self._check_row(name, row, have[name])
        for name, rows in part.items():
            for column in TABLES[name].columns:
                if column.points_to:
                    values: set[tuple[str, ...]] = {(row[column.name],) for row in rows}
                    if column.points_to[0] == "countries":
                        self.codes |= values
                    elif missing := values - have[column.points_to[0]]:
                        detail = f"{column.name} {min(missing)[0]} is nowhere"
                        raise OnrecordError("broken-keys", table=name, detail=detail)

    def _check_row(self, name: str, row: dict[str, Any], have: set[tuple[str, ...]]) -> None:
        key = tuple(row[column] for column in TABLES[name].key)
        if key and key in have:
            raise OnrecordError("broken-keys", table=name, detail=f"{key} stands twice")
        have.add(key)
        for column in TABLES[name].columns:
            value = row[column.name]
            if column.is_required and (value is None or value == ""):
                raise OnrecordError("broken-keys", table=name, detail=f"{key} has no {column.name}")
            if column.words and value not in column.words:
                raise OnrecordError("broken-keys", table=name, detail=f"{column.name} is {value!r}")

    def check_codes(self) -> None:
        """Check that every country pointed to has its row."""
        if missing := self.codes - self.have["countries"]:
            raise OnrecordError("broken-keys", table="countries", detail=f"{min(missing)[0]} is missing")


def first_rows(out: Path, name: str, n: int) -> list[dict[str, str]]:
    """The first rows of a table, as text. Raises OnrecordError `no-run`."""
    csv.field_size_limit(2**31 - 1)  # articles.text is longer than the 131,072 characters that csv allows
    path = out / "tables" / f"{name}.csv"
    if not path.exists():
        raise OnrecordError("no-run", path=out)
    with path.open(encoding="utf-8", newline="") as file:
        return list(islice(csv.DictReader(file), n))


def _replace(new: Path, folder: Path) -> None:
    """Put the new tables in the place of the old ones, file by file, each by a rename."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        if not (new / path.name).exists():
            path.unlink()
    for path in new.iterdir():
        store.sync(path)
        path.replace(folder / path.name)
    new.rmdir()
