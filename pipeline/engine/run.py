"""A run: inputs and settings in; stages, tables, report and run.json out.

Takes what `onrecord run` takes, gives a `RunResult`. What stands from an earlier run is kept.
"""

from __future__ import annotations

import platform
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
from filelock import FileLock, Timeout
from tqdm import tqdm

from pipeline.annotate import describe
from pipeline.clean import shared
from pipeline.engine import store
from pipeline.engine.backends import execute
from pipeline.engine.plan import Part, code, digest, planned, signatures
from pipeline.engine.tabulate import first_rows, tabulate
from pipeline.engine.work import Job, Work
from pipeline.errors import OnrecordError
from pipeline.records import Article
from pipeline.report import SHOWN, report
from pipeline.settings import Settings
from pipeline.stages import NAMES, STAGES, Stage
from pipeline.tables.corrections import FILE as CORRECTIONS

PACKAGES = ("onrecord", "spacy", "pandas", "trafilatura", "msgspec")


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """What a run did."""

    out: Path
    n_articles: int  # articles in the run
    n_made: int  # articles that some stage made again
    n_problems: int
    counts: dict[str, int]  # rows by table; empty where the run stopped before the tables
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Order:
    """What to run over, where to, and how."""

    inputs: Sequence[str]  # files, folders and "-"
    out: Path
    settings: Settings
    limit: int | None = None  # only the first articles
    until: str | None = None  # the last stage to run; None = all, and the tables
    fresh: bool = False  # keep nothing of an earlier run
    quiet: bool = True  # no progress on standard error


def run(order: Order) -> RunResult:
    """Bring the output folder up to date with the inputs.

    Raises OnrecordError: see errors.py; nothing in the folder is replaced by then but stage files that are whole.
    """
    store.usable(order.out)
    try:
        with FileLock(order.out / "stages" / ".lock", timeout=0):
            return _run(order)
    except Timeout as error:
        raise OnrecordError("output-busy", path=order.out) from error


def _run(order: Order) -> RunResult:
    began = time.monotonic()
    out = order.out
    model = describe(order.settings.annotate.model)
    parts = planned(order.inputs, out, order.limit)
    store.prune(out, set() if order.fresh else {part.name for part in parts})
    stages = STAGES[: NAMES.index(order.until or NAMES[-1]) + 1]
    made = _made(order, parts, stages[:1])
    order = replace(order, settings=_surveyed(order.settings, out, parts))
    made |= _made(order, parts, stages[1:])  # of the two counts of a part the greater
    facts = _facts(order, model, parts)
    n_articles, n_problems, state = _state(out, parts, stages)
    tables = _tables(order, facts, state) if order.until is None else {}
    result = RunResult(
        out=out,
        n_articles=n_articles,
        n_made=made.total(),
        n_problems=n_problems,
        counts=tables,
        seconds=time.monotonic() - began,
    )
    facts |= {name: getattr(result, name) for name in ("counts", "n_articles", "n_made", "n_problems")}
    facts |= {"finished": datetime.now(UTC).isoformat(timespec="seconds"), "seconds": round(result.seconds, 2)}
    store.write_json(out / "run.json", facts)
    return result


def _made(order: Order, parts: Sequence[Part], stages: tuple[Stage, ...]) -> Counter[Part]:
    """Bring some stages up to date; gives how many articles of each part were made again."""
    job = Job(out=order.out, settings=order.settings, signatures=signatures(order.settings), stages=stages)
    stale = Counter({part: n for part in parts if (n := Work(part, job).pending())})
    with tqdm(total=stale.total(), unit=" articles", disable=order.quiet or not stale, desc="onrecord") as bar:
        if stale:
            execute(stale, job, bar.update)
    return stale


def _surveyed(settings: Settings, out: Path, parts: Sequence[Part]) -> Settings:
    """The settings with the lines that many articles share."""
    texts = (article.text for part in parts for article in store.records(out, part.name, Article))
    return replace(settings, clean=replace(settings.clean, shared_lines=(*settings.clean.shared_lines, *shared(texts))))


def remake(out: Path, what: str) -> dict[str, int]:
    """Make tables or report again from the stages of a run, without a model; gives the rows by table.

    Raises OnrecordError `no-run`.
    """
    facts = store.run_facts(out)
    if what == "tables":
        facts["counts"] = tabulate(out, facts["parts"], msgspec.convert(facts["settings"], Settings))
    _report(out, facts["counts"])
    store.write_json(out / "run.json", facts)
    return dict(facts["counts"])


def _tables(order: Order, facts: dict[str, Any], state: str) -> dict[str, int]:
    """Make tables and report where what they are made from has changed."""
    out, options = order.out, store.payload(order.settings.tables)
    corrected = (out / CORRECTIONS).read_bytes() if (out / CORRECTIONS).exists() else b""
    facts["made_from"] = digest(state, options, corrected, code("tables", "report", "clean", "entities", "engine"))
    old = store.read_json(out / "run.json")
    whole = all((out / name).exists() for name in ("report.html", "tables/datapackage.json", "tables/problems.csv"))
    if whole and not order.fresh and old.get("made_from") == facts["made_from"]:
        return dict(old["counts"])
    counts = tabulate(out, facts["parts"], order.settings)
    _report(out, counts)
    return counts


def _report(out: Path, counts: dict[str, int]) -> None:
    store.write(out / "report.html", report(counts, {name: first_rows(out, name, n) for name, n in SHOWN.items()}))


def _state(out: Path, parts: Sequence[Part], stages: Sequence[Stage]) -> tuple[int, int, str]:
    """Articles, problems and a digest of all the records of a run."""
    articles, problems, hashes = 0, 0, []
    for part in parts:
        for stage in stages:
            for row in store.lines(store.stage_file(out, stage.name, part.name)):
                problems += row.head.problem is not None
                articles += stage == STAGES[0] and row.head.problem is None
                hashes.append(f"{row.key} {row.head.hash} {row.head.problem}")
    return articles, problems, digest(*hashes)


def _facts(order: Order, model: dict[str, str], parts: Sequence[Part]) -> dict[str, Any]:
    return {
        "onrecord": version("onrecord"),
        "inputs": list(order.inputs),
        "limit": order.limit,
        "settings": msgspec.to_builtins(order.settings),
        "model": model,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "parts": [part.name for part in parts],
    }
