"""One article of a run in the terminal: what was removed, named and quoted, and why.

Takes a run's folder and an article's id or a part of its source_path; gives styled lines (a terminal that shows no
styles still gets the lists).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from pipeline.engine import store
from pipeline.engine.tabulate import articles, linked
from pipeline.errors import OnrecordError
from pipeline.records import Article, Cleaned, Identity, Mention, Named, Quote, Worked
from pipeline.text.offsets import raw_offset

COLOURS = {"person": "cyan", "organisation": "magenta", "country": "green", "place": "blue", "group": "yellow"}


def listing(out: Path) -> Iterator[str]:
    """One line an article: id, quotes, path and title."""
    for worked in _every(out):
        article, n_quotes = worked.article, len(worked.quoted.quotes) if worked.quoted else 0
        yield f"{article.article_id}  {n_quotes:>4} quotes  {article.source_path}  {article.title[:60]}"


def sheet(out: Path, name: str) -> Iterator[str]:
    """All that the run made of one article. Raises OnrecordError `no-run` or `no-article`."""
    found = [w for w in _every(out) if name in (w.article.article_id, w.article.source_path)]
    found = found or [w for w in _every(out) if name in w.article.source_path]
    if not found:
        raise OnrecordError("no-article", name=name)
    if len(found) > 1:
        yield f"{len(found)} articles have {name!r} in their source_path; this is the first"
    yield from _head(found[0].article)
    if found[0].cleaned is None or found[0].named is None or found[0].quoted is None:
        yield "a stage failed: see problems.csv"
        return
    identities = linked(out, store.run_facts(out)["parts"])
    yield _marked(found[0].article, found[0].cleaned, found[0].named)
    yield from _removed(found[0].cleaned)
    yield from _named(found[0].named, identities)
    for quote in found[0].quoted.quotes:
        yield from _quote(quote, identities)


def _every(out: Path) -> Iterator[Worked]:
    return (worked for part in store.run_facts(out)["parts"] for worked in articles(out, part))


def _head(article: Article) -> Iterator[str]:
    yield click.style(article.title or article.source_path, bold=True)
    for name in ("article_id", "source_path", "byline", "dateline", "agency", "published", "outlet", "url", "encoding"):
        if value := getattr(article, name):
            yield f"{name:<12}{value}"
    yield ""


def _marked(article: Article, cleaned: Cleaned, named: Named) -> str:
    """The text as read: removed spans struck, names in the colour of their kind."""
    spans: list[tuple[int, int, dict[str, Any]]] = [
        (row.raw_start, row.raw_end, {"strikethrough": True, "dim": True}) for row in cleaned.removed
    ]
    for mention in named.mentions:
        start, end = raw_offset(mention.start, cleaned.removed), raw_offset(mention.end - 1, cleaned.removed) + 1
        spans.append((start, end, {"fg": COLOURS[mention.kind], "underline": mention.form == "pronoun"}))
    out, at = [], 0
    for start, end, style in sorted(spans, key=lambda span: span[:2]):
        out += [article.text[at:start], click.style(article.text[start:end], **style)]
        at = end
    return "".join(out) + article.text[at:]


def _removed(cleaned: Cleaned) -> Iterator[str]:
    yield from ["", click.style(f"Removed: {len(cleaned.removed)}", bold=True)]
    for row in cleaned.removed:
        yield f"  {row.reason:<16}{row.raw_start}-{row.raw_end}  {' '.join(row.text.split())[:90]}"


def _named(named: Named, identities: dict[str, Identity]) -> Iterator[str]:
    forms: dict[tuple[str, str], list[Mention]] = {}
    for mention in named.mentions:
        name = identities[mention.key].name if mention.key else mention.text
        forms.setdefault((mention.kind, name), []).append(mention)
    yield from ["", click.style(f"Named: {len(forms)}", bold=True)]
    for (kind, name), mentions in sorted(forms.items()):
        shown = ", ".join(sorted({f"{m.text} ({_why(m)})" for m in mentions}))
        yield f"  {click.style(f'{kind:<14}', fg=COLOURS[kind])}{name}  {len(mentions)}×: {shown}"


def _why(mention: Mention) -> str:
    """How somebody is named; of a place why it lies in its country, and where else it could lie."""
    if mention.kind != "place":
        return mention.form
    code = f"{mention.country_code}: {mention.country_reason}" if mention.country_code else "no country"
    return f"{code}; {' '.join(mention.country_candidates)}" if mention.country_candidates else code


def _quote(quote: Quote, identities: dict[str, Identity]) -> Iterator[str]:
    speaker = identities[quote.speaker_key].name if quote.speaker_key else quote.speaker_text or "nobody named"
    role = f", {quote.speaker_role}" if quote.speaker_role else ""
    yield ""
    yield click.style(f"{quote.number}. {speaker}", bold=True) + f"{role} ({quote.speaker_kind})"
    yield f"   {quote.text}"
    yield (
        f"   {quote.kind} {quote.act}; cue {quote.cue!r}; speaker written {quote.speaker_text!r}; "
        f"{quote.reason}, confidence {quote.confidence:.2f}; {quote.spans[0][0]}-{quote.spans[-1][1]}"
    )
