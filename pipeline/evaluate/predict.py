"""From the records of one article to what a measure compares with gold.

Takes Cleaned, Named and Quoted, gives a prediction whose offsets point into the text as read. Only what is named counts
as a name: pronouns and nominals are left out.
"""

from functools import cache

from pipeline.evaluate.gold import CleanPred, CountriesPred, EntitiesPred, Quotation, QuotesPred, Spans
from pipeline.records import Cleaned, Mention, Named, Quote, Quoted, Span
from pipeline.text.offsets import raw_offset
from pipeline.text.words import word_list

CLASS_OF_KIND = {"person": "Person", "organisation": "Organization", "place": "Location", "country": "Location"}
UNNAMED = ("pronoun", "nominal")
AS_COUNTRY = ("name", "demonym", "acronym")


def quotes(cleaned: Cleaned, named: Named, quoted: Quoted) -> QuotesPred:
    """Every quotation with its source, its cue and the canonical name of its speaker."""
    names = {entity.key: entity.name for entity in named.entities}
    return QuotesPred(quotes=tuple(_quotation(quote, cleaned, names) for quote in quoted.quotes))


def entities(cleaned: Cleaned, named: Named, _: Quoted) -> EntitiesPred:
    """Every name with the label of its class."""
    found = (m for m in named.mentions if m.form not in UNNAMED)
    return EntitiesPred(entities=tuple((*_raw(cleaned, m.start, m.end), _label(m)) for m in found))


def countries(cleaned: Cleaned, named: Named, _: Quoted) -> CountriesPred:
    """Every place and country with its ISO 3166-1 alpha-2 code."""
    found = [m for m in named.mentions if m.form not in UNNAMED and (m.kind in ("country", "place") or m.country_code)]
    codes = _alpha2()
    return CountriesPred(
        toponyms=tuple((*_raw(cleaned, m.start, m.end), codes.get(m.country_code)) for m in found),
        countries=frozenset(codes[m.country_code] for m in found if m.country_code in codes),
        countries_named=frozenset(
            codes[m.country_code]
            for m in found
            if m.kind == "country" and m.form in AS_COUNTRY and m.country_code in codes
        ),
    )


def clean(cleaned: Cleaned, _: Named, __: Quoted) -> CleanPred:
    """The cleaned text."""
    return CleanPred(text=cleaned.text)


def _quotation(quote: Quote, cleaned: Cleaned, names: dict[str, str]) -> Quotation:
    return Quotation(
        content=tuple(_raw(cleaned, start, end) for start, end in quote.spans),
        source=_one(cleaned, quote.speaker_start, quote.speaker_end),
        cue=_one(cleaned, quote.cue_start, quote.cue_end),
        speaker=names.get(quote.speaker_key),
        act=quote.act,
    )


def _one(cleaned: Cleaned, start: int | None, end: int | None) -> Spans:
    return () if start is None or end is None else (_raw(cleaned, start, end),)


def _raw(cleaned: Cleaned, start: int, end: int) -> Span:
    return raw_offset(start, cleaned.removed), raw_offset(end - 1, cleaned.removed) + 1


def _label(mention: Mention) -> str:
    return "NORP" if mention.form == "demonym" or mention.kind == "group" else CLASS_OF_KIND[mention.kind]


@cache
def _alpha2() -> dict[str, str]:
    return {row[0]: row[1] for row in word_list("entities", "countries") if row[0]}
