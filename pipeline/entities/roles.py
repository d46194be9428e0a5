"""What a person is called beside the name: the titles before it, the apposition behind it or before it.

Takes a Doc and a name, gives spans of tokens: "President", "director of the Institute".
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from pipeline.entities.spans import HYPHENS, Name, first_joined, folded, is_capital, is_title, root, title, word_set

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from spacy.tokens import Doc, Token

STOPS, RELATIVES = frozenset(",;—–―("), frozenset({"who", "whose", "which"})
LONGEST_TITLE = 7  # words and hyphens: "24-year-old student"
LONGEST_APPOSITION = 14
ENDS = frozenset({"NN", "NNP", "NNPS", "-RRB-"})  # tags of the last word of an office
OFFICE = ENDS | {"NNS", "IN", "DT", "CC", "JJ", "-LRB-", "HYPH"}


def roles(doc: Doc, name: Name, covered: Collection[int]) -> Iterator[tuple[int, int]]:
    """The spans of the title before and the apposition behind a name; `covered`: the tokens of all names."""
    yield from filter(None, (_title(doc, name, covered), _apposition(doc, name) or _apposed(doc, name)))


def _title(doc: Doc, name: Name, covered: Collection[int]) -> tuple[int, int] | None:
    start = end = _of_office(doc, name, covered)
    while start and end - start < LONGEST_TITLE:
        token = doc[start - 1]
        if token.i in covered or not (is_title(token) or (start < end and _is_part(token))):
            break
        start -= 1
    start = next(at for at in range(start, name.start + 1) if doc[at].text not in HYPHENS)
    only_courtesy = all(title(token)[0] in {"", "courtesy"} for token in doc[start : name.start])
    honours = takewhile(lambda token: folded(token.text) in word_set("honour"), reversed(doc[start + 1 : name.start]))
    n = sum(1 for _ in honours)
    end = name.start - n * is_title(doc[name.start - n - 1])  # "Prime Minister Sheikh"; but "late Sheikh" is whole
    return None if start == name.start or only_courtesy else (start, end)


def _of_office(doc: Doc, name: Name, covered: Collection[int]) -> int:
    """Where the words before a name say of what its office is, the start of those: "of State", "for Health"."""
    before = doc[max(0, name.start - LONGEST_APPOSITION) : name.start]
    is_open = len(before) > 0 and before[-1].tag_ in ENDS and not is_title(before[-1])
    words = takewhile(lambda t: t.tag_ in OFFICE and t.i not in covered, reversed(before) if is_open else ())
    offices = (t.i for t in words if t.lower_ in {"of", "for"} and t.i and is_title(doc[t.i - 1]))
    return next((i for i in offices if doc[i - 1].lower_ not in word_set("relative")), name.start)


def _is_part(token: Token) -> bool:
    """Whether a word can belong to the title behind it: "Foreign" Minister, "vice" president, "Oslo-based" expert."""
    is_hyphened = token.text in HYPHENS or (token.nbor().text in HYPHENS and not token.whitespace_)
    is_joined = token.is_alpha and token.dep_ in {"compound", "amod", "nmod"}
    return is_hyphened or (is_joined and (is_capital(token) or not token.is_sent_start))


def _apposition(doc: Doc, name: Name) -> tuple[int, int] | None:
    """The noun phrase behind the name's comma, up to the next comma or relative clause."""
    for child in root(doc[name.start : name.end]).children:
        is_behind = child.dep_ == "appos" and child.i > name.end and doc[name.end].text == ","
        is_office = child.is_upper and doc[child.i : child.i + 2][-1].lower_ == "of"  # "OC of the Port Ash police"
        if is_behind and (child.tag_ in {"NN", "NNS"} or is_title(child) or is_office):
            return _phrase(doc, name.end + 1, child.i, child.right_edge.i + 1)
    return None


def _apposed(doc: Doc, name: Name) -> tuple[int, int] | None:
    """The noun phrase that a name stands behind, between commas: "an attorney for Lee, Mr Mark Hale, said"."""
    own = root(doc[name.start : name.end])
    comma = next(at for at in range(name.start - 1, -2, -1) if at < 0 or not is_title(doc[at]))
    if own.dep_ != "appos" or comma < 0 or doc[comma].text != ",":
        return None
    # a parser often ties the name to the noun next to it, or to one too far away
    heads = own.head, first_joined(own, "appos", "pobj", "prep"), first_joined(doc[comma - 1], "conj")
    head = next((one for one in heads if one.i < comma and is_title(one)), None)
    return _phrase(doc, head.left_edge.i, head.i, comma) if head else None


def _phrase(doc: Doc, start: int, head: int, end: int) -> tuple[int, int] | None:
    if start < head and doc[start].is_digit and doc[start + 1].is_punct and doc[start + 1].text not in HYPHENS:
        start += 2  # "40, a father of two"
    if doc[start].lower_ in {"a", "an", "the"}:
        start += 1
    behind = doc[head + 1 : end]
    stop = next((t.i for t in behind if t.text in STOPS or t.lower_ in RELATIVES or "\n" in t.text), end)
    while stop + 1 < len(doc) and doc[stop].text in HYPHENS and not doc[stop - 1].whitespace_:
        stop += 2  # "co-founder"
    while stop > head and (doc[stop - 1].tag_ in {"CC", "IN", "RP"} or doc[stop - 1].is_punct):
        stop -= 1
    return (start, stop) if start <= head < stop and stop - start <= LONGEST_APPOSITION else None
