"""The trained components as spaCy factories: `encoder`, `grammar`, `names`, `attributions`.

Each takes a Doc and gives it back. `encoder` reads the text once and leaves its `Reading` for the others, which write
heads and tags, `doc.ents`, and one span group an attribution: spans labelled content, source and cue, and the
group's probability. `attributions` comes last and takes the Reading away.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from pipeline.annotate.encoder import Encoder, Reading, encoder
from pipeline.annotate.grammar import parse
from pipeline.annotate.names import write_names
from pipeline.annotate.told import found, likely
from pipeline.records import Span as Characters
from pipeline.text.marks import marked

READING = "reading"  # key in Doc.user_data


def _read(doc: Doc, model: Encoder) -> None:
    doc.user_data[READING] = model.read(doc.text)


def _parse(doc: Doc, model: Encoder) -> None:
    parse(doc, doc.user_data[READING], model.config)


def _name(doc: Doc, model: Encoder) -> None:
    write_names(doc, doc.user_data[READING], model.config)


def _attribute(doc: Doc, model: Encoder) -> None:
    reading: Reading = doc.user_data.pop(READING)
    several = found(reading.text, reading, marked(reading.text))
    for number, (one, confidence) in enumerate(likely(several, model.config)):
        spans = [_span(doc, part, "content") for part in one.content]
        spans += [_span(doc, one.source, "source")] if one.source else []
        spans.append(_span(doc, one.cue, "cue"))
        name = f"attribution-{number}"
        doc.spans[name] = SpanGroup(doc, name=name, attrs={"confidence": round(confidence, 2)}, spans=spans)


def _span(doc: Doc, characters: Characters, label: str) -> Span:
    span = doc.char_span(*characters, label=label, alignment_mode="expand")
    if span is None:
        raise ValueError(f"no tokens at {characters}")
    return span


def _factory(step: Callable[[Doc, Encoder], None]) -> Callable[[Language, str, str], Callable[[Doc], Doc]]:
    """A spaCy factory that does one step with the model in `folder`."""

    def make(nlp: Language, name: str, folder: str) -> Callable[[Doc], Doc]:  # noqa: ARG001 - spaCy gives all three
        model = encoder(Path(folder))

        def component(doc: Doc) -> Doc:
            step(doc, model)
            return doc

        return component

    return make


COMPONENTS = {"encoder": _read, "grammar": _parse, "names": _name, "attributions": _attribute}
for part, step in COMPONENTS.items():
    Language.factory(part, default_config={"folder": ""}, func=_factory(step))
