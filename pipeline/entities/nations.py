"""Bodies that every country has: whose parliament, whose army.

Takes a Doc, its names and the list's hits; gives such bodies keys with their country: "the Iranian Parliament", "Iran's
Parliament" and "the Parliament of Iran" are one, and none of them is Iraq's.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import takewhile
from typing import TYPE_CHECKING

from pipeline.entities.organisations import normalised
from pipeline.entities.spans import POSSESSIVES, word_set

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from spacy.tokens import Doc

    from pipeline.entities.countries import Hit
    from pipeline.entities.spans import Name

National = tuple[str, str]  # what a body is called, folded, without its country; the country's code, or nothing
AT_HOME = 3  # names of a country and its places, the least for it to be an article's home
MOST_WORDS = 3  # of a body without a name: "the Chinese central bank"
BEFORE = ("'s ", "’s ", "' ", "’ ", " ")
TIE = re.compile(r"^['’]s? | of(?: the)? $")
KEY = re.compile(r"organisation:([A-Z]{3}) ")


def home_of(codes: Iterable[str]) -> str:
    """The country in which most places lie that an article names; empty where that is none."""
    counts = Counter(filter(None, codes))
    code, n = max(counts.items(), key=lambda pair: pair[1], default=("", 0))
    return code if n >= AT_HOME and 2 * n > counts.total() else ""


def country_of(key: str) -> str:
    """The country in the key of such a body; empty for all others."""
    return found[1] if (found := KEY.match(key)) else ""


def national_bodies(doc: Doc, names: Iterable[Name], hits: Sequence[Hit]) -> dict[Name, National]:
    """Those of the names that are such a body's, each with the country within it or before it."""
    begun, ended = ({getattr(hit, edge): hit for hit in hits if _is_country(hit)} for edge in ("start", "end"))
    found, text = {}, doc.text
    for name in (name for name in names if name.label == "organisation"):
        span = doc[name.start : name.end]
        start, end = span.start_char, span.end_char
        beside = [ended.get(start - len(tie)) for tie in BEFORE if text.endswith(tie, 0, start)]
        several = [(start, end, hit) for hit in (None, *beside)]
        several += [(start, hit.start, hit) for hit in [ended.get(end)] if hit]
        several += [(hit.end, end, hit) for hit in [begun.get(start)] if hit]
        for low, high, hit in several:
            words = normalised(TIE.sub("", text[low:high]))
            if _is_national(words) and (hit or name not in found):
                found[name] = words, hit.code if hit else ""
    return found


def with_countries(keys: Mapping[Name, str], national: Mapping[Name, National], home: str) -> dict[Name, str]:
    """The keys, such a body's with its own country, or the only one told with its key, or the article's."""
    told: dict[str, set[str]] = defaultdict(set)
    for name, (_, code) in national.items():
        told[keys[name]] |= {code} - {""}
    out = dict(keys)
    for name, key in keys.items():
        kind, _, words = key.partition(":")
        own = national.get(name, ("", ""))[1] or (min(told[key]) if len(told[key]) == 1 else home)
        if own and _is_national(words):
            out[name] = f"{kind}:{own} {words}"
    return out


def unnamed(doc: Doc, hits: Iterable[Hit], taken: Collection[int]) -> dict[int, tuple[str, str]]:
    """The nouns that tell such a body with the country before them, with its key and name: "the Israeli army"."""
    found = {}
    for hit in filter(_is_country, hits):
        span = doc.char_span(hit.start, hit.end, alignment_mode="expand") or doc[:0]
        start = span.end + (doc[span.end : span.end + 1].text in POSSESSIVES)
        words = [t.lower_ for t in takewhile(lambda t: t.is_alpha and t.is_lower, doc[start : start + MOST_WORDS])]
        n = next((n for n in range(len(words), 0, -1) if _is_national(" ".join(words[:n]))), 0)
        goes_on = any(t.lower_ == "of" or t.tag_[:2] == "NN" for t in doc[start + n : start + n + 1])
        if n and span.start not in taken and not goes_on:
            found[start + n - 1] = f"organisation:{hit.code} {' '.join(words[:n])}", doc[span.start : start + n].text
    return found


def _is_country(hit: Hit) -> bool:
    """Whether a hit stands for a country, and for no place in it: "Delhi High Court" is not all of India's."""
    return bool(hit.code) and hit.kind not in {"part", "capital", "seat"} and not hit.is_shared


def _is_national(words: str) -> bool:
    """Whether every country has a body that is called so."""
    each = words.split()
    is_ministry = each[-1:] == ["ministry"] or each[:2] in (["ministry", "of"], ["department", "of"])
    return is_ministry or words in word_set("body of a country")
