"""Docs to bytes and back, without a model.

Takes Docs, gives the bytes of a spaCy DocBin (compressed msgpack, no pickle); takes such bytes, gives Docs on a fresh
vocabulary, so that its memory goes when they go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Doc

ATTRIBUTES = ("TAG", "HEAD", "DEP", "ENT_IOB", "ENT_TYPE")  # what the later rooms read


def packed(docs: Iterable[Doc]) -> bytes:
    """The Docs, in order, as one DocBin."""
    from spacy.tokens import DocBin  # noqa: PLC0415 - spaCy takes a second to import

    _without_plugins()
    return DocBin(attrs=ATTRIBUTES, docs=docs).to_bytes()


def unpacked(data: bytes) -> Iterator[Doc]:
    """The Docs of a DocBin, in order, on a vocabulary of their own."""
    from spacy.lang.en import English  # noqa: PLC0415 - as above
    from spacy.tokens import DocBin  # noqa: PLC0415
    from spacy.vocab import create_vocab  # noqa: PLC0415

    _without_plugins()
    vocab = create_vocab("en", English.Defaults)
    yield from DocBin().from_bytes(data).get_docs(vocab)


def _without_plugins() -> None:
    """Keep msgpack from asking the installed packages for plug-ins at each span group: half a millisecond each time."""
    import srsly  # noqa: PLC0415 - comes with spaCy

    srsly.msgpack_encoders.entry_points = srsly.msgpack_decoders.entry_points = False
