"""What a stage has to give: one record, what it is made from, and the lines of it that still stand.

Takes sources and the lines of the stages before; gives `Wanted`s and the lines made for them.
"""

import gzip
import zlib
from dataclasses import dataclass, replace

from pipeline.engine import store
from pipeline.engine.plan import digest, regular
from pipeline.errors import OnrecordError
from pipeline.read import is_packed
from pipeline.records import Annotated, Article, Problem, Source

TRANSIENT = {"timeout", "worker-died", "unreadable-file"}  # tried again by the next run


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One record that a stage has to give; reading gives one or many for each source."""

    source_path: str
    made_from: str
    article_id: str = ""  # not known before reading
    source: Source | None = None  # for reading
    standing: tuple[store.Line, ...] = ()  # lines of an earlier run that are made from the same

    @property
    def key(self) -> str:
        """The article, or the source that is to be read."""
        return self.article_id or self.source_path

    @property
    def n_articles(self) -> int:
        """How many articles it is: for reading, as many as the source has records."""
        return (self.source.n_records if self.source else None) or 1

    def line(self, record: object) -> store.Line:
        """The line for a record; a Problem gives a line without one."""
        own = record if isinstance(record, (Article, Problem)) else self
        head = store.Head(article_id=own.article_id, source_path=own.source_path, made_from=self.made_from, hash="")
        if isinstance(record, Problem):
            return store.line(replace(head, problem=record), None)
        sha = self.made_from if isinstance(record, Annotated) else digest(store.payload(record))
        return store.line(replace(head, hash=sha), record)

    def failed(self, stage: str, error: OnrecordError) -> store.Line:
        """The line for a record that could not be made."""
        where = {"source_path": self.source_path, "article_id": self.article_id}
        return self.line(Problem(**where, stage=stage, code=error.code, message=str(error)))


def stands(row: store.Line, made_from: str) -> bool:
    """Whether a line of an earlier run need not be made again."""
    problem = row.head.problem
    return row.head.made_from == made_from and (problem is None or problem.code not in TRANSIENT)


def source_bytes(source: Source, most: int) -> bytes | OnrecordError:
    """The bytes of a source, or why it has none."""
    try:
        if not regular(source.path):
            return OnrecordError("unreadable-file", detail="this is no plain file")
        with open(source.path, "rb") as file:  # noqa: PTH123 - the path may hold bytes that are no UTF-8
            size = file.seek(0, 2)
            if source.end is None and source.n_records is None and size > most:
                return OnrecordError("too-large", n=size, limit=most)
            file.seek(source.start)
            if is_packed(source.source_path):
                data = gzip.GzipFile(fileobj=file).read(most + 1)
                return data if len(data) <= most else OnrecordError("too-large", n=len(data), limit=most)
            return file.read(-1 if source.end is None else source.end - source.start)
    except (OSError, EOFError, zlib.error) as error:
        return OnrecordError("unreadable-file", detail=getattr(error, "strerror", None) or str(error))
