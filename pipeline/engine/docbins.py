"""The model's stage: Docs kept in a DocBin beside their records.

Takes wanted records and their texts; gives lines and writes the DocBin. Each record holds the digest of the DocBin, so
that records and Docs of different runs are never mixed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from pipeline.annotate import annotate, packed, unpacked
from pipeline.engine import store
from pipeline.engine.plan import digest
from pipeline.errors import OnrecordError
from pipeline.records import Annotated

if TYPE_CHECKING:
    from pathlib import Path

    from spacy.tokens import Doc

    from pipeline.engine.wanted import Wanted
    from pipeline.settings import AnnotateSettings


def matching(path: Path, rows: list[store.Line]) -> list[store.Line]:
    """The lines of a stage file, or none where the DocBin beside it is missing or of another run."""
    data = _read(path)
    shas = {store.record_of(Annotated, row.data).docbin for row in rows if row.head.problem is None}
    return rows if shas <= {digest(data)} else []


def docs(path: Path, rows: Iterable[store.Line]) -> dict[str, Doc]:
    """The Docs of a DocBin by article; `rows` are the lines that were written with it."""
    keys = [row.head.article_id for row in rows if row.head.problem is None]
    return dict(zip(keys, unpacked(_read(path)), strict=True)) if keys else {}


def save(path: Path, wants: Sequence[Wanted], made: dict[str, Doc]) -> dict[str, store.Line]:
    """Write the Docs of what is wanted, in order, and give their lines by article."""
    data = packed(made[want.key] for want in wants)
    store.write(path.with_suffix(".spacy"), data)
    sha = digest(data)
    lines = {}
    for want in wants:
        doc, where = made[want.key], {"article_id": want.article_id, "source_path": want.source_path}
        n_sentences = sum(1 for _ in doc.sents)
        lines[want.key] = want.line(Annotated(**where, n_tokens=len(doc), n_sentences=n_sentences, docbin=sha))
    return lines


def tried(texts: Sequence[str], settings: AnnotateSettings, tick: Callable[[int], object]) -> list[Doc | OnrecordError]:
    """One Doc a text, or what is wrong with it: where a batch fails, each of its texts is tried alone."""
    made: list[Doc | OnrecordError] = []
    try:
        for doc in annotate(texts, settings):
            made.append(doc)
            tick(1)
    except OnrecordError:
        raise
    except Exception as error:  # noqa: BLE001 - one bad article must not end the run
        if len(texts) == 1:
            return [OnrecordError("internal-error", detail=f"{type(error).__name__}: {error}")]
        return [result for text in texts for result in tried([text], settings, tick)]
    return made


def _read(path: Path) -> bytes:
    box = path.with_suffix(".spacy")
    return box.read_bytes() if box.exists() else b""
