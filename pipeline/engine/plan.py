"""Plan: which files, in which parts, and what each record would be made from.

Takes inputs and settings; gives parts (fixed groups of sources, in order of source_path) and a signature a stage. A
record whose `made_from` equals the plan's digest stands; every other one is made again.
"""

import hashlib
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec

import pipeline
from pipeline.annotate import fingerprint
from pipeline.engine import store
from pipeline.errors import OnrecordError
from pipeline.read import sources
from pipeline.records import Source
from pipeline.settings import Settings
from pipeline.stages import STAGES, Stage

CODE = (".py", ".tsv", ".j2")
PART = 64  # articles to a part, on average; a run of no more is one part that a person can read


@dataclass(frozen=True, kw_only=True)
class Part:
    """A fixed group of sources: one file a stage."""

    name: str  # "part-0000" for the first; the others are named by their first source, so that a new file moves none
    sources: tuple[Source, ...]


def digest(*parts: str | bytes) -> str:
    """SHA-256 over the parts and their lengths, as 32 hexadecimal digits."""
    sha = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        sha.update(len(data).to_bytes(8, "big") + data)
    return sha.hexdigest()[:32]


@cache
def code(*rooms: str) -> str:
    """Digest of the rooms' code and lists, with what every room uses."""
    package = Path(pipeline.__file__).parent
    every = sorted(path for room in ("text", *rooms) for path in (package / room).rglob("*") if path.suffix in CODE)
    return digest(*(part for path in (package / "records.py", *every) for part in (path.name, path.read_bytes())))


def signatures(settings: Settings) -> dict[str, str]:
    """For each stage a digest of its settings, code, lists, packages and model."""
    return {stage.name: _signature(stage, settings) for stage in STAGES}


def _signature(stage: Stage, settings: Settings) -> str:
    facts = [f"{name} {version(name)}" for name in stage.packages]
    options = msgspec.to_builtins(getattr(settings, stage.name))
    if stage.name == "annotate":
        facts.append(fingerprint(settings.annotate.model))
        options = {}  # the model is named by its bytes; the batch size changes nothing
    return digest(stage.name, store.payload(options), code(stage.name), *facts)


def listed(inputs: Sequence[str], out: Path) -> list[tuple[str, str]]:
    """(path, source_path) of every input file, in order of source_path.

    Raises OnrecordError `no-input`, `empty-input` or `same-name`.
    """
    found: dict[str, str] = {}
    for name in inputs:
        before = len(found)
        for path, source_path in _walk(name, out):
            if found.setdefault(source_path, path) != path:
                raise OnrecordError("same-name", source_path=source_path)
        if len(found) == before:
            raise OnrecordError("empty-input", path=name)
    return [(path, source_path) for source_path, path in sorted(found.items())]


def _walk(name: str, out: Path) -> Iterator[tuple[str, str]]:
    if name == "-":
        kept = out / "stages" / "stdin"
        store.write(kept, sys.stdin.buffer.read())
        yield str(kept), "-"
        return
    root = Path(name).resolve()
    if not root.exists():
        raise OnrecordError("no-input", path=name)
    if not root.is_dir():
        yield str(root), _shown(root.name)
        return
    for folder, subfolders, names in os.walk(root):
        here = Path(folder)
        subfolders[:] = [s for s in subfolders if not s.startswith(".") and (here / s).resolve() != out.resolve()]
        for file in names:
            if not file.startswith("."):
                yield str(here / file), _shown(f"{root.name}/{(here / file).relative_to(root).as_posix()}")


def _shown(name: str) -> str:
    """A file name as text; bytes that are no UTF-8 are written in hexadecimal."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def planned(inputs: Sequence[str], out: Path, limit: int | None = None) -> list[Part]:
    """The parts of a run."""
    every = [source for path, shown in listed(inputs, out) for source in _sources(path, shown)]
    return parts(list(_first(every, limit)) if limit is not None else every)


def _sources(path: str, source_path: str) -> list[Source]:
    try:
        return list(sources(path, source_path)) if regular(path) else [Source(path=path, source_path=source_path)]
    except OSError:
        return [Source(path=path, source_path=source_path)]  # reading it will say why, as a row in `problems`


def regular(path: str) -> bool:
    """Whether the path is a plain file: opening a pipe or device could wait for ever."""
    return stat.S_ISREG(Path(path).stat().st_mode)


def _first(every: Iterable[Source], limit: int) -> Iterator[Source]:
    for source in every:
        if limit <= 0:
            return
        yield source if source.n_records is None else replace(source, n_records=min(limit, source.n_records))
        limit -= source.n_records or 1


def parts(every: Sequence[Source]) -> list[Part]:
    """Groups of about PART articles; a group ends where a digest of the next source says so.

    A file that is added or removed changes its own group only, because no boundary depends on a count.
    """
    whole = sum(source.n_records or 1 for source in every) <= PART
    groups: dict[str, list[Source]] = {}
    name = "part-0000"
    for source in every:
        mark = digest(source.source_path, str(source.first))
        starts = source.n_records is not None or int(mark[:8], 16) % PART == 0
        if groups and starts and not whole:
            name = f"part-{mark[:12]}"
        groups.setdefault(name, []).append(source)
    return [Part(name=name, sources=tuple(group)) for name, group in groups.items()]
