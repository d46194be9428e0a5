"""Measure speakers: which named person or organisation each attribution belongs to.

Takes a gold document and its predicted quotations with their speakers' names, gives counts; from the counts of many,
figures. An attribution is found where a predicted content shares at least half of all their words, and right where the
names agree besides.
"""

import re
from collections import Counter
from collections.abc import Mapping

from pipeline.evaluate.gold import GoldQuote, QuotesPred, SpeakersGold
from pipeline.evaluate.rates import WORD, Counts, Figures, overlap, share, words

FORMS = ("name", "nominal", "none", "pronoun")
PRONOUNS = frozenset({"he", "her", "his", "i", "it", "she", "they", "we", "who"})
GENERATIONS = frozenset({"ii", "iii", "iv", "jr", "sr"})
TITLE = re.compile(r"^(?:dr|gov|mr|mrs|ms|president|rep|sen|senator|secretary|the)\s+")
POSSESSIVE = re.compile(r"['’]s?\b")
# The last word of a body's name: "Clinton" alone is not the Clinton campaign.
BODIES = re.compile(
    "administration|campaign|company|department|foundation|group|organi[sz]ation|party|poll|survey|team|university"
)


def counts(gold: SpeakersGold, pred: QuotesPred) -> Counts:
    """What one document adds: its attributions that have a named speaker."""
    n: Counts = Counter()
    found = [words(gold.text, quote.content) for quote in pred.quotes]
    free = set(range(len(found)))
    for i, quote in enumerate(gold.quotes):
        if name := gold.speakers.get(str(i)):
            said = words(gold.text, quote.content)
            degree, best = max(((overlap(said, found[j]), j) for j in free), default=(0.0, -1))
            is_found = degree >= 0.5
            is_right = is_found and same_name(pred.quotes[best].speaker, name)
            free -= {best} if is_found else set()
            for row in ("all", _form(gold.text, quote, name)):
                n.update({f"{row}_gold": 1, f"{row}_found": int(is_found), f"{row}_right": int(is_right)})
    return n


def figures(n: Mapping[str, float]) -> Figures:
    """The figures of added counts."""
    out = {"recall": share(n["all_right"], n["all_gold"]), "found": share(n["all_found"], n["all_gold"])}
    out["accuracy_where_found"] = share(n["all_right"], n["all_found"])
    return out | {f"{form}_recall": share(n[f"{form}_right"], n[f"{form}_gold"]) for form in FORMS}


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two names can be the same person's or body's: the same last word, and no other first word."""
    short, full = sorted((name_words(one), name_words(other)), key=len)
    if not short or short == full:
        return short == full
    if len(short) > 1:
        return short[0] == full[0] and short[-1] == full[-1]
    return short[0] == full[-1] or (len(full) == 2 and short[0] == full[0] and not BODIES.fullmatch(full[1]))


def name_words(name: str | None) -> list[str]:
    """The words of a name without title, possessive and generation, in lower case."""
    bare = POSSESSIVE.sub("", (name or "").lower()).replace(".", "").replace("\xa0", " ")
    found = WORD.findall(TITLE.sub("", bare))
    while len(found) > 1 and found[-1] in GENERATIONS:
        found.pop()
    return found


def _form(text: str, quote: GoldQuote, name: str) -> str:
    source = " ".join(text[start:end] for start, end in quote.source).strip().lower()
    if not source or source in PRONOUNS:
        return "pronoun" if source else "none"
    held = WORD.findall(source.replace("’s", "").replace("'s", ""))
    return "name" if name_words(name)[-1:] and name_words(name)[-1] in held else "nominal"
