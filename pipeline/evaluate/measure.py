"""Measure a task: gold against predictions, a finished run, or the product as it is now.

Takes the task's name, a gold file, a file or folder of predictions or None, and settings; gives a `Report`: each figure
with its interval, and a text for the terminal. Without predictions the product reads the gold texts in memory.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from pipeline.errors import OnrecordError
from pipeline.evaluate import clean, countries, entities, gold, predict, quotes, speakers
from pipeline.evaluate.folder import read_run
from pipeline.evaluate.intervals import N_RESAMPLES, Figure, added, with_intervals
from pipeline.evaluate.rates import Figures
from pipeline.records import Article, Cleaned, Named, Quoted
from pipeline.settings import Settings

Records = tuple[Cleaned, Named, Quoted]
Predictions = Mapping[str, Any]  # document id -> the task's prediction
PAGES = {"html": ".html", "page": ".txt", "loose": ".txt"}  # folders beside clean's gold file


class Task(NamedTuple):
    """What measuring one task needs."""

    gold: type[Any]
    pred: type[Any]
    counts: Callable[[Any, Any], Mapping[str, float]]  # one document's
    figures: Callable[[Mapping[str, float]], Figures]  # of added counts
    predict: Callable[[Cleaned, Named, Quoted], Any]


TASKS = {
    "quotes": Task(gold.QuotesGold, gold.QuotesPred, quotes.counts, quotes.figures, predict.quotes),
    "speakers": Task(gold.SpeakersGold, gold.QuotesPred, speakers.counts, speakers.figures, predict.quotes),
    "entities": Task(gold.EntitiesGold, gold.EntitiesPred, entities.counts, entities.figures, predict.entities),
    "countries": Task(gold.CountriesGold, gold.CountriesPred, countries.counts, countries.figures, predict.countries),
    "clean": Task(gold.CleanGold, gold.CleanPred, clean.counts, clean.figures, predict.clean),
}


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was measured."""

    task: str
    n_documents: int
    n_missing: int  # documents without a prediction: they count as empty ones
    figures: Mapping[str, Figure]  # by name; every one is a share of 1, more is better

    @property
    def text(self) -> str:
        """One line for each measure: precision, recall and F1 side by side, 95 % intervals in brackets."""
        lines = [f"{self.task}: {self.n_documents} documents, {self.n_missing} without a prediction"]
        for stem, names in groupby(self.figures, key=_stem):
            cells = (f"{name.removeprefix(stem).strip('_')} {_shown(self.figures[name])}" for name in names)
            lines.append(f"{stem or 'all':<32} {'  '.join(cells).strip()}".rstrip())
        return "\n".join([*lines, f"[95 % interval: {N_RESAMPLES:,} resamples of the documents]"])


def evaluate(task: str, gold_path: Path, pred: Path | None, settings: Settings) -> Report:
    """Measure `task` on a gold file. Raises OnrecordError `bad-argument`, `bad-gold` or `no-run`.

    `pred` is a file of predictions, the folder of a run over the gold file, or None: the product as it is now. Then
    `clean` is measured on the three folders beside its gold file, and `entities` on the bare model too (`model_...`).
    """
    if task not in TASKS:
        raise OnrecordError("bad-argument", detail=f"{task!r} is none of {', '.join(TASKS)}", command="evaluate")
    documents, ids = _gold(task, gold_path)
    runs = {"": _given(task, pred, gold_path.name, ids)} if pred else _product(task, gold_path, documents, settings)
    if not any(document.id in run for run in runs.values() for document in documents):
        raise OnrecordError("bad-gold", path=gold_path, detail=f"no document has its id in {pred or 'the run'}")
    figures: dict[str, Figure] = {}
    for prefix, run in runs.items():
        measured = with_intervals(_counts(task, documents, run), TASKS[task].figures)
        figures |= {prefix + name: figure for name, figure in measured.items()}
    n_missing = sum(any(document.id not in run for run in runs.values()) for document in documents)
    return Report(task=task, n_documents=len(documents), n_missing=n_missing, figures=figures)


def score(task: str, documents: Sequence[Any], predictions: Predictions) -> Figures:
    """The figures alone: gold records and predictions in the types of `TASKS[task]`."""
    return TASKS[task].figures(added(_counts(task, documents, predictions)))


def _counts(task: str, documents: Sequence[Any], predictions: Predictions) -> list[Mapping[str, float]]:
    kind = TASKS[task]
    return [kind.counts(doc, predictions.get(doc.id) or kind.pred()) for doc in documents]


def _gold(task: str, path: Path) -> tuple[list[Any], Sequence[str]]:
    """The gold documents, and the ids of the file that holds their texts, in its order."""
    rows, ids = gold.read_speakers(path) if task == "speakers" else gold.read_lines(path)
    documents = list(gold.typed(rows, TASKS[task].gold, path).values())
    if not documents:
        raise OnrecordError("bad-gold", path=path, detail="it holds no document")
    return documents, ids


def _given(task: str, pred: Path, name: str, ids: Sequence[str]) -> Predictions:
    """Predictions from a file, a run folder, or, for cleaning, a folder of ID.txt."""
    if not pred.is_dir():
        return gold.typed(gold.read_lines(pred)[0], TASKS[task].pred, pred)
    texts = sorted(pred.glob("*.txt"))
    if task == "clean" and texts and not (pred / "tables").is_dir():
        return {path.stem: gold.CleanPred(text=path.read_text(encoding="utf-8")) for path in texts}
    return _predicted(task, ((_gold_id(records[0].source_path, name, ids), records) for records in read_run(pred)))


def _gold_id(source_path: str, name: str, ids: Sequence[str]) -> str:
    """The gold document that an article was made of: "gold.jsonl#7" is the 7th, "ID.html" the one called ID."""
    file, _, number = source_path.rpartition("#")
    if PurePosixPath(file).name == name and number.isdecimal() and 0 < int(number) <= len(ids):
        return ids[int(number) - 1]
    return PurePosixPath(source_path).stem


def _predicted(task: str, found: Iterable[tuple[str, Records]]) -> Predictions:
    return {key: TASKS[task].predict(*records) for key, records in found}


def _product(task: str, path: Path, documents: Sequence[Any], settings: Settings) -> Mapping[str, Predictions]:
    """What the product says now: a prefix for the names of figures -> predictions."""
    if task == "clean":
        folders = {f"{name}_": (path.parent / name, suffix) for name, suffix in PAGES.items()}
        return {name: _cleaned(_pages(*folder, documents, settings), settings) for name, folder in folders.items()}
    texts = {document.id: _article(document.id, document.text, path) for document in documents}
    runs = {"": _predicted(task, _analysed(texts, settings))}
    return runs | ({"model_": _by_model(documents, settings)} if task == "entities" else {})


def _by_model(documents: Sequence[gold.EntitiesGold], settings: Settings) -> Predictions:
    """The names that the model finds by itself: to compare models, and to see what the rules around one add."""
    from pipeline.engine.memory import named_by_model  # noqa: PLC0415 - given predictions need no engine

    found = named_by_model([document.text for document in documents], settings)
    return {doc.id: gold.EntitiesPred(entities=names) for doc, names in zip(documents, found, strict=True)}


def _cleaned(articles: Mapping[str, Article], settings: Settings) -> Predictions:
    from pipeline.engine.memory import cleaned  # noqa: PLC0415 - as above

    return {key: gold.CleanPred(text=cleaned(article, settings).text) for key, article in articles.items()}


def _article(key: str, text: str, path: Path) -> Article:
    return Article(article_id=key, source_path=f"{path.name}#{key}", text=text)


def _pages(folder: Path, suffix: str, documents: Sequence[Any], settings: Settings) -> Mapping[str, Article]:
    """The articles that reading makes of the pages; one that it cannot read has no prediction."""
    from pipeline.engine.memory import read_file  # noqa: PLC0415 - given predictions are measured without the engine

    files = {document.id: folder / f"{document.id}{suffix}" for document in documents}
    if lost := [file for file in files.values() if not file.is_file()]:
        raise OnrecordError("bad-gold", path=lost[0], detail="this page is missing")
    read = {key: read_file(file, settings) for key, file in files.items()}
    return {key: record for key, records in read.items() for record in records if isinstance(record, Article)}


def _analysed(articles: Mapping[str, Article], settings: Settings) -> Iterable[tuple[str, Records]]:
    from pipeline.engine.memory import analyse_many  # noqa: PLC0415 - as above

    ids = {article.article_id: key for key, article in articles.items()}
    for result in analyse_many(articles.values(), settings):
        yield ids[result.cleaned.article_id], (result.cleaned, result.named, result.quoted)


def _stem(name: str) -> str:
    """A figure's name without precision, recall or F1, which share a line."""
    stem, _, last = name.rpartition("_")
    return stem if last in ("precision", "recall", "f1") else name


def _shown(figure: Figure) -> str:
    return f"{figure.value:.4f} [{figure.low:.3f} {figure.high:.3f}]"
