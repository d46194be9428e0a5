"""One spaCy pipeline over many texts, in batches, with flat memory.

Takes texts and the settings of the stage; gives Docs. A model is an installed package or a folder.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import OnrecordError
from pipeline.settings import AnnotateSettings
from pipeline.text.guard import guarded, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.language import Language
    from spacy.tokens import Doc

UNUSED = ("attribute_ruler", "lemmatizer", "senter", "morphologizer", "textcat")  # nothing reads what these write
NEEDED = ("ner", "parser")


def annotate(texts: Iterable[str], settings: AnnotateSettings) -> Iterator[Doc]:
    """One Doc a text, in order; `doc.text` has the text's length and offsets (see text.guard).

    The Docs live in a memory zone that closes with the iterator: pack or read each before asking for the next batch.
    Raises OnrecordError `no-model` or `wrong-model`.
    """
    from spacy.tokens import Doc  # noqa: PLC0415 - spaCy takes a second to import: only where a text is annotated

    nlp = loaded(settings.model)
    parts = ((piece, number) for number, text in enumerate(texts) for piece in pieces(guarded(text)))
    with nlp.memory_zone():
        annotated = nlp.pipe(parts, as_tuples=True, batch_size=settings.batch_size)
        for _, group in groupby(annotated, key=itemgetter(1)):
            docs = [doc for doc, _ in group]
            yield docs[0] if len(docs) == 1 else Doc.from_docs(docs, ensure_whitespace=False)


@cache
def loaded(name: str) -> Language:
    """The pipeline of a model as this stage runs it. Raises OnrecordError `no-model` or `wrong-model`."""
    import spacy  # noqa: PLC0415 - as above

    from pipeline.annotate import paragraphs  # noqa: F401, PLC0415 - registers the component

    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*W095")  # a model of spaCy 3.7: its figures here are measured
            nlp = spacy.load(name, exclude=list(UNUSED), config={"nlp": {"pipeline": _order(name)}})
    except (OSError, ValueError, ImportError, KeyError) as error:
        raise OnrecordError("wrong-model", name=name, detail=str(error).split("\n")[0]) from error
    nlp.add_pipe("paragraphs", before="ner")
    return nlp


def _order(name: str) -> list[str]:
    """The model's parts in the order in which they run here: first what others listen to, then names, then the parse.

    Names come before the parse, so that a sentence that the parser ends inside a name does not cut it (micro F1 of the
    bare model on entities/dev 72.2 instead of 72.1).
    """
    from spacy.util import load_config  # noqa: PLC0415 - as above

    configs = sorted(_folder(name).rglob("config.cfg"), key=lambda path: len(path.parts))
    parts = load_config(configs[0])["nlp"]["pipeline"] if configs else []
    missing = [part for part in NEEDED if part not in parts]
    if missing:
        raise OnrecordError("wrong-model", name=name, detail=f"it has no {' and no '.join(missing)}")
    return [*(part for part in parts if part not in (*NEEDED, *UNUSED)), *NEEDED]


@cache
def fingerprint(name: str) -> str:
    """SHA-256 over the names and bytes of the model's files. Raises OnrecordError `no-model`."""
    folder, sha = _folder(name), hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        sha.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            sha.update(hashlib.file_digest(file, "sha256").digest())
    return sha.hexdigest()


def describe(name: str) -> dict[str, str]:
    """Name, version and licence of a model, as its meta.json gives them, and its fingerprint."""
    found = sorted(_folder(name).rglob("meta.json"), key=lambda path: len(path.parts))
    meta = json.loads(found[0].read_text(encoding="utf-8")) if found else {}
    facts = {key: str(meta.get(key, "")) for key in ("lang", "name", "version", "license")}
    return {"model": name, **facts, "sha256": fingerprint(name)}


def _folder(name: str) -> Path:
    """Where the model's files lie; packages are found without importing them."""
    if Path(name).is_dir():
        return Path(name)
    spec = find_spec(name) if name.isidentifier() else None
    if spec is None or spec.origin is None:
        raise OnrecordError("no-model", name=name)
    return Path(spec.origin).parent
