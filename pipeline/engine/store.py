"""All reading and writing of a run's folder.

Takes bytes and records; gives files that are whole or not there: a temporary file beside the target, fsync, rename.
A stage file is JSON, one record a line; each line begins with what it was made from.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from pipeline.errors import OnrecordError
from pipeline.records import Problem
from pipeline.stages import NAMES, STAGES

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Head:
    """How each line of a stage file begins."""

    article_id: str  # empty where reading failed
    source_path: str
    made_from: str  # digest of the input, the settings and code of the stage, and the hash of the record before it
    hash: str  # digest of the record itself
    problem: Problem | None = None  # set: there is no record, only this


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a stage file, kept as bytes so that an unchanged one is written back as it was."""

    head: Head
    data: bytes

    @property
    def key(self) -> str:
        """What the line is about: an article, or a source that could not be read."""
        return self.head.article_id or self.head.source_path


_head = msgspec.json.Decoder(Head)
_json = msgspec.json.Encoder(order="deterministic")


def line(head: Head, record: object | None) -> Line:
    """The line for a record (None where there is a problem instead)."""
    fields = {k: v for k, v in msgspec.to_builtins(head).items() if v is not None}
    return Line(head=head, data=msgspec.json.encode(fields | (msgspec.to_builtins(record) if record else {})))


def payload(record: object) -> bytes:
    """The bytes of a record that its hash is made of."""
    return _json.encode(record)


def record_of(kind: type[T], data: bytes) -> T:
    """The record on a line."""
    return msgspec.json.decode(data, type=kind)


def lines(path: Path) -> list[Line]:
    """The lines of a stage file; none where it is missing or torn (all its records are made again)."""
    try:
        return [Line(head=_head.decode(data), data=data) for data in path.read_bytes().splitlines()]
    except (FileNotFoundError, msgspec.DecodeError):
        return []


def records(out: Path, part: str, kind: type[T]) -> Iterator[T]:
    """The records of one kind in a part, one at a time, without the problems."""
    stage = next(stage.name for stage in STAGES if stage.gives is kind)
    with stage_file(out, stage, part).open("rb") as file:
        for data in file:
            if _head.decode(data).problem is None:
                yield record_of(kind, data)


def stage_file(out: Path, stage: str, part: str) -> Path:
    """`stages/2_clean/part-0000.jsonl` for the second stage of part-0000."""
    return out / "stages" / f"{NAMES.index(stage) + 1}_{stage}" / f"{part}.jsonl"


def write(path: Path, data: bytes) -> None:
    """Replace one file: what takes its place is whole, or gone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """See to it that a written file is on the disk before it is renamed."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def update_lines(path: Path, rows: Iterable[Line]) -> None:
    """Replace one stage file where its lines are not these already."""
    data = b"".join(row.data + b"\n" for row in rows)
    if not path.exists() or path.read_bytes() != data:
        write(path, data)


def write_json(path: Path, tree: Any) -> None:
    """Replace one JSON file that people read."""
    write(path, msgspec.json.format(msgspec.json.encode(tree), indent=2) + b"\n")


def read_json(path: Path) -> dict[str, Any]:
    """The tree in a JSON file; empty where it is missing or torn."""
    try:
        tree = msgspec.json.decode(path.read_bytes())
    except (FileNotFoundError, msgspec.DecodeError):
        return {}
    return tree if isinstance(tree, dict) else {}


def run_facts(out: Path) -> dict[str, Any]:
    """The tree of a run's run.json. Raises OnrecordError `no-run`."""
    facts = read_json(out / "run.json")
    if not facts.get("parts"):
        raise OnrecordError("no-run", path=out)
    return facts


def usable(out: Path) -> None:
    """Make the output folder. Raises OnrecordError `output-unusable`."""
    try:
        write(out / "stages" / ".writable", b"")
        (out / "stages" / ".writable").unlink()
    except OSError as error:
        raise OnrecordError("output-unusable", path=out, detail=error.strerror or error) from error


def prune(out: Path, keep: set[str]) -> None:
    """Remove the stage files whose stem is not kept: parts of a run that its inputs no longer have."""
    for stage in NAMES:
        for path in stage_file(out, stage, "").parent.glob("*"):
            if path.is_file() and path.stem not in keep:
                path.unlink()
