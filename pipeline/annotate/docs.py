"""Docs to bytes and back, without a model.

Takes Docs, gives the bytes of a spaCy DocBin (compressed msgpack, no pickle); takes such bytes, gives Docs on a fresh
vocabulary, so that its memory goes when they go.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Doc

STRINGS = "ORTH", "TAG", "DEP", "ENT_TYPE"  # of each token, beside its head and where a name begins


def packed(docs: Iterable[Doc]) -> bytes:
    """The Docs, in order, as one DocBin."""
    from spacy.tokens import DocBin  # noqa: PLC0415 - spaCy takes a second to import

    _without_plugins()
    box = DocBin(attrs=(*STRINGS, "HEAD", "ENT_IOB"))
    for doc in docs:  # as DocBin.add does, which asks every token for nine strings: a tenth of a run's time
        box.tokens.append(doc.to_array([*box.attrs]))
        box.spaces.append(doc.to_array("SPACY")[:, None].astype(bool))
        box.flags.append({"has_unknown_spaces": doc.has_unknown_spaces})
        box.cats.append({})
        box.span_groups.append(doc.spans.to_bytes())
        known = np.unique(doc.to_array([*STRINGS])).tolist()
        labels = {span.label for group in doc.spans.values() for span in group}
        box.strings.update(doc.vocab.strings[one] for one in {*known, *labels} - {0})
    return box.to_bytes()


def unpacked(data: bytes) -> Iterator[Doc]:
    """The Docs of a DocBin, in order, on a vocabulary of their own."""
    from spacy.lang.en import English  # noqa: PLC0415 - as above
    from spacy.tokens import DocBin  # noqa: PLC0415
    from spacy.vocab import create_vocab  # noqa: PLC0415

    _without_plugins()
    yield from DocBin().from_bytes(data).get_docs(create_vocab("en", English.Defaults))


@cache
def _without_plugins() -> None:
    """Keep msgpack from looking for plug-ins at each span group: half a millisecond each time."""
    import srsly  # noqa: PLC0415 - comes with spaCy

    for registry in (srsly.msgpack_encoders, srsly.msgpack_decoders):
        registry.entry_points = False
        registry.get_all = cache(registry.get_all)
