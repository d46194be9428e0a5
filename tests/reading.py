"""What a reader found in articles from all over the world, against what the product finds.

Takes the gold articles and tests/reading.jsonl: for 15 of them, three of each region, the direct and mixed quotations
that somebody who had not seen the product's output read in them, as offsets and the fullest name of each speaker. A
quotation is found where half of its words are part of one quote, and right where the speaker's name agrees besides.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from pipeline.engine.memory import analyse_many
from pipeline.evaluate import Report, predict
from pipeline.evaluate.intervals import with_intervals
from pipeline.evaluate.rates import share, words
from pipeline.evaluate.speakers import same_name
from pipeline.records import Article, Span
from pipeline.settings import Settings

FACTS = Path(__file__).with_name("reading.jsonl")


class Read(msgspec.Struct, frozen=True):
    """One quotation as read."""

    spans: tuple[Span, ...]
    kind: str
    speaker: str | None  # None: nobody whom the article names


class Facts(msgspec.Struct, frozen=True):
    """What was read in one article."""

    id: str
    quotes: tuple[Read, ...]


def reading(task: str, gold: Path, _: Path | None, settings: Settings) -> Report:
    """The shares found and right, in the form of the other measures."""
    texts = {row["id"]: row["text"] for row in map(msgspec.json.decode, gold.read_bytes().splitlines())}
    read = msgspec.json.Decoder(Facts).decode_lines(FACTS.read_bytes())
    articles = [Article(article_id=facts.id, source_path=facts.id, text=texts[facts.id]) for facts in read]
    results = analyse_many(articles, settings)
    several = [
        _counts(texts[facts.id], facts, predict.quotes(result.cleaned, result.named, result.quoted))
        for facts, result in zip(read, results, strict=True)
    ]
    figures = with_intervals(several, lambda n: {name: share(n[name], n["read"]) for name in ("found", "right")})
    return Report(task=task, n_documents=len(read), n_missing=0, figures=figures)


def _counts(text: str, facts: Facts, pred: predict.QuotesPred) -> Mapping[str, float]:
    n = {"read": len(facts.quotes), "found": 0, "right": 0}
    for quote in facts.quotes:
        said = words(text, quote.spans)
        held = max(pred.quotes, key=lambda p: len(said & words(text, p.content)), default=None)
        if held and 2 * len(said & words(text, held.content)) >= len(said):
            n["found"] += 1
            n["right"] += same_name(held.speaker, quote.speaker) if quote.speaker else not held.speaker
    return n
