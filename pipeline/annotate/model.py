"""Texts -> Docs, in batches, with flat memory: a tokenizer, names, and the encoder's components.

Takes texts and the settings of the stage; gives Docs. Our own model gives names, grammar and attributions in one pass;
with another model, an installed spaCy package or a folder, the names are that model's.
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
from typing import TYPE_CHECKING, Any

from pipeline.annotate.encoder import shipped
from pipeline.errors import OnrecordError
from pipeline.settings import OWN_MODEL, AnnotateSettings
from pipeline.text.guard import guarded, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.language import Language
    from spacy.tokens import Doc

NAMES = ("tok2vec", "transformer", "ner")  # the parts of a spaCy model that give names
HYPHEN = r"(?<=[A-Z]\.)-(?=[A-Za-z])"  # "U.S.-backed" holds a name; spaCy's English leaves it one token
MOST_WORDS = 100_000  # in a vocabulary: about 30 MB, some thousand articles


def annotate(texts: Iterable[str], settings: AnnotateSettings) -> Iterator[Doc]:
    """One Doc a text, in order; `doc.text` has the text's length and offsets (see text.guard).

    Raises OnrecordError `no-model` or `wrong-model`.
    """
    if len(loaded(settings.model).vocab) > MOST_WORDS:  # it grows with every new word: begin another
        loaded.cache_clear()
        spacy_model.cache_clear()
    nlp = loaded(settings.model)
    docs: Iterator[Doc] = (nlp.make_doc(guarded(text)) for text in texts)
    if settings.model != OWN_MODEL:
        docs = _named(texts, spacy_model(settings.model), settings.batch_size)
    yield from nlp.pipe(docs, batch_size=settings.batch_size)


def _named(texts: Iterable[str], nlp: Language, batch_size: int) -> Iterator[Doc]:
    """Docs with the names of a spaCy model; a long text goes through it in parts."""
    from spacy.tokens import Doc  # noqa: PLC0415 - spaCy takes a second to import: only where a text is annotated

    parts = ((piece, number) for number, text in enumerate(texts) for piece in pieces(guarded(text)))
    for _, group in groupby(nlp.pipe(parts, as_tuples=True, batch_size=batch_size), key=itemgetter(1)):
        docs = [doc for doc, _ in group]
        yield docs[0] if len(docs) == 1 else Doc.from_docs(docs, ensure_whitespace=False)


@cache
def loaded(name: str) -> Language:
    """The components of this stage, in order; a spaCy model's names stand in the Docs that it is given.

    Raises OnrecordError `no-model` or `wrong-model`.
    """
    from spacy.lang.en import English  # noqa: PLC0415 - as above
    from spacy.util import compile_infix_regex  # noqa: PLC0415

    from pipeline.annotate.heard import COMPONENTS  # noqa: PLC0415 - registers the components

    nlp = English() if name == OWN_MODEL else English(vocab=spacy_model(name).vocab)
    tokenizer: Any = nlp.tokenizer  # spaCy types it as any function of a text
    tokenizer.infix_finditer = compile_infix_regex([*English.Defaults.infixes, HYPHEN]).finditer
    nlp.max_length = 10**9  # the encoder reads window by window: a long text needs time, not memory
    for part in COMPONENTS:
        if part != "names" or name == OWN_MODEL:
            nlp.add_pipe(part, config={"folder": str(shipped(OWN_MODEL))})
    return nlp


@cache
def spacy_model(name: str) -> Language:
    """The names of a spaCy model: its tokenizer, its `ner` and what that listens to. Raises as `loaded`."""
    import spacy  # noqa: PLC0415 - as above
    from spacy.util import load_config  # noqa: PLC0415

    configs = sorted(_folder(name).rglob("config.cfg"), key=lambda path: len(path.parts))
    parts = load_config(configs[0])["nlp"]["pipeline"] if configs else []
    if "ner" not in parts:
        raise OnrecordError("wrong-model", name=name, detail="it has no ner")
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*W095")  # made for an earlier spaCy 3: figures are measured
            return spacy.load(name, exclude=[part for part in parts if part not in NAMES])
    except (OSError, ValueError, ImportError, KeyError) as error:
        raise OnrecordError("wrong-model", name=name, detail=str(error).split("\n")[0]) from error


@cache
def fingerprint(name: str) -> str:
    """SHA-256 over the names and bytes of the model's files, and our own's. Raises OnrecordError `no-model`."""
    sha = hashlib.sha256()
    for folder in dict.fromkeys((_folder(OWN_MODEL), _folder(name))):
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"):
            sha.update(path.relative_to(folder).as_posix().encode() + b"\0")
            with path.open("rb") as file:
                sha.update(hashlib.file_digest(file, "sha256").digest())
    return sha.hexdigest()


def describe(name: str) -> dict[str, str]:
    """Name, version and licence of a model, as its meta.json or our config.json gives them, and its fingerprint."""
    folder = _folder(name)
    found = sorted([*folder.glob("config.json"), *folder.rglob("meta.json")], key=lambda path: len(path.parts))
    meta = json.loads(found[0].read_text(encoding="utf-8")) if found else {}
    facts = {key: str(meta.get(key, "")) for key in ("lang", "name", "version", "license")}
    return {"model": name, **facts, "sha256": fingerprint(name)}


def _folder(name: str) -> Path:
    """Where the model's files lie; packages are found without importing them."""
    if name == OWN_MODEL:
        return shipped(name)
    if Path(name).is_dir():
        return Path(name)
    spec = find_spec(name) if name.isidentifier() else None
    if spec is None or spec.origin is None:
        raise OnrecordError("no-model", name=name)
    return Path(spec.origin).parent
