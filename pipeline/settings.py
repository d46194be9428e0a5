"""All settings: one frozen dataclass a stage, read from a TOML file and flags.

Takes a TOML file and overrides; gives a `Settings`. An unknown key is an error that names the nearest known one.
"""

import difflib
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import msgspec

from pipeline.errors import OnrecordError

OWN_MODEL = "onrecord-en"
Format = Literal["csv", "parquet", "sqlite", "xlsx"]


@dataclass(frozen=True, kw_only=True)
class ReadSettings:
    """How bytes become articles."""

    text_column: str = ""  # the column or key that holds the text, in .csv and .jsonl; empty = found by its name
    max_bytes: int = 50_000_000  # a larger file of one article is a problem, not an article


@dataclass(frozen=True, kw_only=True)
class CleanSettings:
    """What cleaning may remove."""

    keep: tuple[str, ...] = ()  # reasons whose spans stay in the text
    shared_lines: tuple[str, ...] = ()  # headings and links to take out, beside those that many articles of a run have


@dataclass(frozen=True, kw_only=True)
class AnnotateSettings:
    """What reads the text."""

    model: str = OWN_MODEL  # whose names: our own model's, or those of a spaCy model (installed package or folder)
    batch_size: int = 16  # texts to a batch; changes speed only


@dataclass(frozen=True, kw_only=True)
class EntitiesSettings:
    """How names become people, organisations and countries."""

    not_names: tuple[str, ...] = ()  # strings that are never a name in these articles


@dataclass(frozen=True, kw_only=True)
class QuotesSettings:
    """How quotes are found and given to speakers."""

    single_marks: bool = True  # 'single quotation marks' open quotations too


@dataclass(frozen=True, kw_only=True)
class TablesSettings:
    """What the tables are written as."""

    format: tuple[Format, ...] = ("csv",)  # csv is always written; also parquet, sqlite, xlsx
    raw_csv: bool = False  # leave cells that a spreadsheet would run as a formula as they are


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """How the work is done; nothing here changes a byte of the tables."""

    workers: int = -1  # processes; -1 = as many as processors; 0 = in this process, without a time limit
    dask: str = ""  # address of a Dask scheduler; empty = this machine
    seconds_per_article: int = 120  # a worker that takes longer for one article is ended


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One table of the TOML file for each stage."""

    read: ReadSettings = field(default_factory=ReadSettings)
    clean: CleanSettings = field(default_factory=CleanSettings)
    annotate: AnnotateSettings = field(default_factory=AnnotateSettings)
    entities: EntitiesSettings = field(default_factory=EntitiesSettings)
    quotes: QuotesSettings = field(default_factory=QuotesSettings)
    tables: TablesSettings = field(default_factory=TablesSettings)
    run: RunSettings = field(default_factory=RunSettings)


def load(config: Path | None = None, overrides: dict[str, dict[str, Any]] | None = None) -> Settings:
    """Settings from defaults, then a TOML file, then `overrides` ({"annotate": {"model": ...}}).

    Raises OnrecordError `unknown-setting` or `bad-setting`.
    """
    settings = Settings()
    merged: dict[str, dict[str, Any]] = msgspec.to_builtins(settings)
    for where, tree in ((str(config), _toml(config) if config else {}), ("the flags", overrides or {})):
        _check_names(tree, merged, where)
        for stage, values in tree.items():
            merged[stage] |= values
        try:
            settings = msgspec.convert(merged, Settings)
        except msgspec.ValidationError as error:
            raise OnrecordError("bad-setting", where=where, detail=error) from error
    return settings


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise OnrecordError("bad-setting", where=str(path), detail=error) from error


def _check_names(tree: dict[str, Any], known: dict[str, dict[str, Any]], where: str) -> None:
    for stage, values in tree.items():
        _known(stage, list(known), where)
        if not isinstance(values, dict):
            raise OnrecordError("bad-setting", where=where, detail=f"[{stage}] is not a table")
        for key in values:
            _known(key, list(known[stage]), f"[{stage}] of {where}")


def _known(name: str, names: list[str], where: str) -> None:
    if name not in names:
        nearest = (difflib.get_close_matches(name, names, n=1, cutoff=0.0) or names)[0]
        raise OnrecordError("unknown-setting", name=name, where=where, nearest=nearest)
