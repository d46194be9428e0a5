"""Rows: what each record becomes in the tables.

Takes one article's records and the run's identities; gives rows by table. `Totals` counts over the run; its memory
grows with the number of distinct people, organisations and countries, not with articles.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.records import Identity, Mention, Problem, Quote, Worked
from pipeline.tables.schema import TABLES
from pipeline.text.words import n_words

Row = dict[str, Any]
COUNTRY_FORMS = ("name", "demonym", "capital", "place")


def article_rows(worked: Worked, who: Mapping[str, Identity], duplicate: tuple[str, bool]) -> dict[str, list[Row]]:
    """The rows of one article; `who` is by Entity.key, `duplicate` its duplicate_group and is_duplicate."""
    article_id = worked.article.article_id
    removed = worked.cleaned.removed if worked.cleaned else ()
    mentions = worked.named.mentions if worked.named else ()
    quotes = worked.quoted.quotes if worked.quoted else ()
    return {
        "articles": [_article(worked, duplicate)],
        "removed": [{"article_id": article_id, **_fields(row, "raw_start raw_end text reason")} for row in removed],
        "mentions": [_mention(article_id, i, m, who) for i, m in enumerate(mentions, 1)],
        "article_countries": _article_countries(article_id, mentions),
        "quotes": [_quote(article_id, quote, who) for quote in quotes],
        "quote_entities": [row for quote in quotes for row in _about(article_id, quote, mentions, who)],
    }


def problem_row(problem: Problem) -> Row:
    """One row of `problems`."""
    return _fields(problem, "source_path article_id stage code message")


def _fields(record: object, names: str) -> Row:
    return {name: getattr(record, name) for name in names.split()}


def _article(worked: Worked, duplicate: tuple[str, bool]) -> Row:
    text = (worked.cleaned or worked.article).text
    group, is_duplicate = duplicate
    fields = "article_id source_path title byline dateline published outlet url language encoding"
    return {
        **_fields(worked.article, fields),
        "n_characters": len(text),
        "n_words": n_words(text),
        "n_removed": len(worked.cleaned.removed) if worked.cleaned else 0,
        "duplicate_group": group,
        "is_duplicate": is_duplicate,
        "status": "ok" if worked.quoted else "problem",
        "text": text,
        "agency": worked.article.agency,
    }


def _mention(article_id: str, number: int, mention: Mention, identities: Mapping[str, Identity]) -> Row:
    return {
        "mention_id": f"{article_id}-m{number}",
        "article_id": article_id,
        **_fields(mention, "start end text kind form"),
        "entity_id": identities[mention.key].entity_id if mention.key else "",
        "country_code": mention.country_code,
    }


def _country_form(mention: Mention) -> str:
    """How a mention counts for its country: name, demonym, capital or place."""
    form = "name" if mention.form == "acronym" else mention.form
    return form if mention.kind == "country" else "place"


def _article_countries(article_id: str, mentions: Iterable[Mention]) -> list[Row]:
    counts: dict[str, Counter[str]] = {}
    for mention in mentions:
        if mention.country_code:
            counts.setdefault(mention.country_code, Counter())[_country_form(mention)] += 1
    return [
        {
            "article_id": article_id,
            "country_code": code,
            "n_mentions": forms.total(),
            "forms": [form for form in COUNTRY_FORMS if forms[form]],
        }
        for code, forms in sorted(counts.items())
    ]


def _quote(article_id: str, quote: Quote, identities: Mapping[str, Identity]) -> Row:
    speaker = identities[quote.speaker_key] if quote.speaker_key else None
    return {
        "quote_id": f"{article_id}-q{quote.number}",
        "article_id": article_id,
        **_fields(quote, "number kind act text cue cue_start cue_end speaker_text speaker_start speaker_end"),
        "start": quote.spans[0][0],
        "end": quote.spans[-1][1],
        "spans": [f"{start}-{end}" for start, end in quote.spans],
        "speaker": speaker.name if speaker else "",
        "speaker_id": speaker.entity_id if speaker else "",
        **_fields(quote, "speaker_kind speaker_role n_words paragraph confidence reason"),
    }


def _about(article_id: str, quote: Quote, mentions: Iterable[Mention], identities: Mapping[str, Identity]) -> list[Row]:
    """Who and what a quote mentions."""
    counts = Counter(
        identities[mention.key]
        for mention in mentions
        if mention.key and any(start <= mention.start and mention.end <= end for start, end in quote.spans)
    )
    quote_id = f"{article_id}-q{quote.number}"
    return [
        {"quote_id": quote_id, "entity_id": identity.entity_id, "kind": identity.kind, "n_mentions": n}
        for identity, n in sorted(counts.items(), key=lambda pair: pair[0].entity_id)
    ]


KINDS = {"person": "people", "organisation": "organisations", "country": "countries"}


class Totals:
    """Counts over the run, for people, organisations and countries."""

    def __init__(self, identities: Mapping[str, Identity]) -> None:
        self.identities = identities
        self.counts: dict[str, Counter[str]] = {identity.entity_id: Counter() for identity in identities.values()}

    def add(self, worked: Worked, *, is_duplicate: bool) -> None:
        """Count one article."""
        seen = set()
        for mention in worked.named.mentions if worked.named else ():
            if mention.form in {"pronoun", "nominal"}:
                continue
            own = self.identities[mention.key].entity_id if mention.key else ""
            for entity_id in {own, mention.country_code} - {""}:  # a public body counts for its country too
                seen.add(entity_id)
                self.counts.setdefault(entity_id, Counter())["n_mentions"] += 1
            if mention.country_code:
                self.counts[mention.country_code][f"n_{_country_form(mention)}"] += 1
        for entity_id in seen:
            self.counts[entity_id]["n_articles"] += 1
            self.counts[entity_id]["n_distinct_articles"] += not is_duplicate
        for quote in worked.quoted.quotes if worked.quoted else ():
            if quote.act == "speech" and quote.speaker_key:
                speaker = self.counts[self.identities[quote.speaker_key].entity_id]
                speaker["n_quotes"] += 1
                speaker["n_quoted_words"] += quote.n_words

    def rows(self) -> dict[str, list[Row]]:
        """The rows of people, organisations and countries, the most mentioned first."""
        rows: dict[str, list[Row]] = {table: [] for table in KINDS.values()}
        for identity in {i.entity_id: i for i in self.identities.values()}.values():
            rows[KINDS[identity.kind]].append(self._row(identity))
        for some in rows.values():
            some.sort(key=lambda row: (-row["n_articles"], -row["n_mentions"], row["name"], next(iter(row.values()))))
        return rows

    def _row(self, identity: Identity) -> Row:
        key, *columns = TABLES[KINDS[identity.kind]].names
        counts = self.counts[identity.entity_id]
        row = {name: counts[name] if name.startswith("n_") else getattr(identity, name) for name in columns}
        return {key: identity.entity_id} | row
