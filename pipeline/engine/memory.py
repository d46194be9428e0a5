"""The stages in memory, without a folder: for one text, and for measuring.

Takes articles, gives each one's records; a failure is raised, not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pipeline.annotate import annotate
from pipeline.clean import clean
from pipeline.engine.wanted import source_bytes
from pipeline.entities import entities
from pipeline.quotes import quotes
from pipeline.read import read, sources
from pipeline.records import Article, Cleaned, Named, Problem, Quoted
from pipeline.settings import Settings

BATCH = 64  # articles whose Docs are in memory at once


@dataclass(frozen=True, kw_only=True)
class Result:
    """What the stages made of one article."""

    article: Article
    cleaned: Cleaned
    named: Named
    quoted: Quoted


def analyse_many(articles: Iterable[Article], settings: Settings) -> Iterator[Result]:
    """The results of all articles, in order."""
    queue = iter(articles)
    while some := list(islice(queue, BATCH)):
        texts = [cleaned(article, settings) for article in some]
        docs = annotate([record.text for record in texts], settings.annotate)
        for article, text, doc in zip(some, texts, docs, strict=True):
            named = entities(doc, text, settings.entities)
            quoted = quotes(doc, text, named, settings.quotes)
            yield Result(article=article, cleaned=text, named=named, quoted=quoted)


def analyse(text: str, settings: Settings | None = None) -> Result:
    """The result for one text."""
    article = Article(article_id="a0", source_path="-", text=text)
    return next(analyse_many([article], settings or Settings()))


def cleaned(article: Article, settings: Settings) -> Cleaned:
    """One article without boilerplate; no model is loaded."""
    return clean(article, settings.clean)


def named_by_model(texts: Iterable[str], settings: Settings) -> Iterator[tuple[tuple[int, int, str], ...]]:
    """The model's own names in each text, as (start, end, label): what the rules of `entities` begin with."""
    for doc in annotate(texts, settings.annotate):
        yield tuple((name.start_char, name.end_char, name.label_) for name in doc.ents)


def read_file(path: Path, settings: Settings) -> list[Article | Problem]:
    """The articles of one file."""
    pairs = ((source, source_bytes(source, settings.read.max_bytes)) for source in sources(str(path), path.name))
    return [one for source, data in pairs if isinstance(data, bytes) for one in read(source, data, settings.read)]
