"""Work: one part through the stages, each record kept that still stands.

Takes a part and a job; gives the part's stage files. A record that fails becomes a problem on its own line; the others
are not touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine import docbins, store
from pipeline.engine.plan import Part, digest
from pipeline.engine.wanted import Wanted, source_bytes, stands
from pipeline.errors import OnrecordError
from pipeline.records import Article, Cleaned
from pipeline.settings import Settings
from pipeline.stages import NAMES, STAGES, Stage

if TYPE_CHECKING:
    from spacy.tokens import Doc

Tick = Callable[[int], object]
Lines = dict[str, store.Line]
LANGUAGE = "en"  # what the model reads
READ, ANNOTATE = STAGES[NAMES.index("read")], STAGES[NAMES.index("annotate")]


@dataclass(frozen=True, kw_only=True)
class Job:
    """What the work on every part has in common."""

    out: Path
    settings: Settings
    signatures: dict[str, str]
    stages: tuple[Stage, ...] = STAGES  # those to run, in order; without reading, what was read stands
    careful: bool = False  # one article at a time, to find the one that ends the worker
    dead: dict[str, OnrecordError] = field(default_factory=dict)  # articles and sources that ended a worker


def work(part: Part, job: Job, pending: int, tick: Tick = lambda _: None) -> None:
    """Bring every stage file of the part up to date; `tick` is told of `pending` articles in all."""
    told = 0

    def counted(n: int) -> None:
        nonlocal told
        n = min(n, pending - told)
        told += n
        tick(n)

    Work(part, job, counted).run()
    tick(pending - told)


def doing(out: Path, part: Part) -> Path:
    """Where a worker leaves word of the articles that it is working on."""
    return out / "stages" / f".{part.name}.doing"


class Work:
    """The stages of one part; `done` holds each stage's lines by article."""

    def __init__(self, part: Part, job: Job, tick: Tick = lambda _: None) -> None:
        self.part, self.job, self.tick = part, job, tick
        self.done: dict[str, Lines] = {}
        self.made: dict[str, Doc] = {}  # the Docs of the part, where this run made one
        self.before: dict[str, list[store.Line]] = {}  # what an earlier run left, by stage, read once
        self.done[READ.name] = {row.key: row for row in self._old(READ)}

    def run(self) -> None:
        """Make what does not stand, stage by stage."""
        for stage in self.job.stages:
            make = self._annotated if stage == ANNOTATE else self._made
            rows = self.done[stage.name] = make(stage)
            store.update_lines(self._file(stage), list(rows.values()))
        doing(self.job.out, self.part).unlink(missing_ok=True)

    def pending(self) -> int:
        """How many articles are to be made; 0: all stands. 1 at the least where a file has to lose one that is gone."""
        stale: dict[str, int] = {}
        for stage in self.job.stages:
            wants = list(self._wanted(stage))
            stale |= {want.key: want.n_articles for want in wants if not want.standing}
            rows = self.done[stage.name] = {row.key: row for want in wants for row in want.standing}
            if not stale and len(rows) != len(self._old(stage)):
                return 1
        return sum(stale.values())

    def _file(self, stage: Stage) -> Path:
        return store.stage_file(self.job.out, stage.name, self.part.name)

    def _old(self, stage: Stage) -> list[store.Line]:
        if stage.name not in self.before:
            rows = store.lines(self._file(stage))
            self.before[stage.name] = docbins.matching(self._file(stage), rows) if stage == ANNOTATE else rows
        return self.before[stage.name]

    def _wanted(self, stage: Stage) -> Iterator[Wanted]:
        return self._sources() if stage == READ else self._later(stage)

    def _sources(self) -> Iterator[Wanted]:
        """What reading has to give: for each source one record or many."""
        old: dict[str, list[store.Line]] = {}
        for row in self._old(READ):
            old.setdefault(row.head.made_from, []).append(row)
        for source in self.part.sources:
            data = source_bytes(source, self.job.settings.read.max_bytes)
            facts = (source.source_path, str(source.first), str(source.n_records), source.header)
            made_from = digest(self.job.signatures["read"], *facts, data if isinstance(data, bytes) else data.code)
            rows = tuple(row for row in old.get(made_from, ()) if stands(row, made_from))
            yield Wanted(source_path=source.source_path, made_from=made_from, standing=rows, source=source)

    def _later(self, stage: Stage) -> Iterator[Wanted]:
        """What a later stage has to give, in order, from what the stages before it gave: one record for one."""
        old = {row.head.article_id: row for row in self._old(stage)}
        for article_id, before in self.done[stage.needs[0]].items():
            needs = [self.done[name].get(article_id) for name in stage.needs]
            hashes = [row.head.hash for row in needs if row is not None and row.head.problem is None]
            if len(hashes) == len(needs):  # no earlier stage failed
                made_from = digest(self.job.signatures[stage.name], *hashes)
                row = old.get(article_id)
                yield Wanted(
                    article_id=article_id,
                    source_path=before.head.source_path,
                    made_from=made_from,
                    standing=(row,) if row is not None and stands(row, made_from) else (),
                )

    def _made(self, stage: Stage) -> Lines:
        """The lines of a stage that works on one article at a time."""
        wants = list(self._wanted(stage))
        self._doing(want for want in wants if not want.standing)
        return {row.key: row for want in wants for row in want.standing or self._attempt(stage, want)}

    def _attempt(self, stage: Stage, want: Wanted) -> list[store.Line]:
        if want.key in self.job.dead:
            return [want.failed(stage.name, self.job.dead[want.key])]
        if self.job.careful:
            self._doing([want])
        self._sign_of_life(0)
        try:
            return self._lines(stage, want)
        except OnrecordError:
            raise
        except Exception as error:  # noqa: BLE001 - one bad article must not end the run
            detail = f"{type(error).__name__}: {error}"
            return [want.failed(stage.name, OnrecordError("internal-error", detail=detail))]

    def _lines(self, stage: Stage, want: Wanted) -> list[store.Line]:
        make = getattr(import_module(f"pipeline.{stage.name}"), stage.name)  # a room is imported when first needed
        settings = getattr(self.job.settings, stage.name)
        if want.source is None:
            arguments = [self._result(name, want.article_id) for name in stage.needs]
            return [want.line(make(*arguments, settings))]
        data = source_bytes(want.source, self.job.settings.read.max_bytes)
        if isinstance(data, OnrecordError):
            return [want.failed(stage.name, data)]
        found = make(want.source, data, settings)
        return [want.line(record) for record in islice(found, want.source.n_records)]

    def _result(self, name: str, article_id: str) -> object:
        """What an earlier stage gave for an article: the Doc, or a record."""
        if name == ANNOTATE.name:
            return self._docs[article_id]
        return store.record_of(STAGES[NAMES.index(name)].gives, self.done[name][article_id].data)

    @cached_property
    def _docs(self) -> dict[str, Doc]:
        return self.made or docbins.docs(self._file(ANNOTATE), self.done[ANNOTATE.name].values())

    def _annotated(self, stage: Stage) -> Lines:
        """The lines of the model's stage; its new Docs go to the DocBin with the old ones that stand."""
        wants, rows = list(self._wanted(stage)), self._old(stage)
        stale = [want for want in wants if not want.standing]
        if not stale and len(wants) == len(rows):
            return {row.key: row for row in rows}
        failed = {row.key: row for want in wants for row in want.standing if row.head.problem}
        made = docbins.docs(self._file(stage), rows) if rows else {}
        for some in ([want] for want in stale) if self.job.careful else [stale]:
            for want, result in self._read_by_model(some):
                if isinstance(result, OnrecordError):
                    failed[want.key] = want.failed(stage.name, result)
                else:
                    made[want.key] = result
        lines = docbins.save(self._file(stage), [want for want in wants if want.key not in failed], made)
        self.made = made
        return {want.key: (failed | lines)[want.key] for want in wants}

    def _read_by_model(self, wants: list[Wanted]) -> Iterator[tuple[Wanted, Doc | OnrecordError]]:
        unread = self.job.dead | self._in_other_languages(wants)
        yield from ((want, unread[want.key]) for want in wants if want.key in unread)
        if alive := [want for want in wants if want.key not in unread]:
            self._doing(alive)
            texts = [store.record_of(Cleaned, self.done["clean"][want.key].data).text for want in alive]
            yield from zip(alive, docbins.tried(texts, self.job.settings.annotate, self._sign_of_life), strict=True)

    def _in_other_languages(self, wants: Iterable[Wanted]) -> dict[str, OnrecordError]:
        read = ((want.key, store.record_of(Article, self.done["read"][want.key].data).language) for want in wants)
        foreign = ((key, language) for key, language in read if language not in ("", LANGUAGE))
        return {key: OnrecordError("other-language", language=language) for key, language in foreign}

    def _sign_of_life(self, n: int) -> None:
        doing(self.job.out, self.part).touch()
        self.tick(n)

    def _doing(self, wants: Iterable[Wanted]) -> None:
        """Leave word of what is being worked on, for when this process does not come back."""
        doing(self.job.out, self.part).write_text("\n".join(want.key for want in wants), encoding="utf-8")
