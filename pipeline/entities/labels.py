"""What a name names, by the whole article: mends the label that the model gave each place alone.

Takes a Doc, its names and the spans of country names, gives names again: a lone surname of a person with a full name in
the article is that person, even where the model called it an organisation or missed it; a title before or an age
behind a name makes it a person's. On 100 articles of five world
regions (the gold data's entities/dev) this and the mended edges lift F1 of people from 74.6 to 79.4.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.entities.spans import (
    ARTICLES,
    HYPHENS,
    Label,
    Name,
    folded,
    is_calendar,
    is_capital,
    is_title,
    title,
    word_set,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from spacy.tokens import Doc, Token


MOST_ADDED = 3  # words beside a name that belong to it, on each side


def mended(doc: Doc, names: list[Name], countries: Collection[int]) -> list[Name]:
    """The names with labels that agree over the article; `countries`: the tokens that stand in a country's name."""
    names = [_by_context(doc, name, countries) for name in names]
    names = _joined(doc, names, countries)
    names = _by_majority(doc, names, countries)
    names = _with_titled(doc, names, countries)
    names = _with_full_names(doc, _without_strays(doc, names))
    return _with_surnames(doc, names, countries)


def _by_context(doc: Doc, name: Name, countries: Collection[int]) -> Name:
    """A person where a title stands before, or an age behind, a name of one to three words."""
    if name.label == "person" or name.end - name.start > 3 or name.start in countries:
        return name
    before = doc[name.start - 1] if name.start else None
    titled = before is not None and _is_form_of_address(before) and name.label != "group"
    if titled or _has_age(doc, name.end):
        return replace(name, label="person")
    return name


def _is_form_of_address(token: Token) -> bool:
    kind, _ = title(token)
    return kind == "courtesy" or (kind == "office" and is_capital(token))


def _has_age(doc: Doc, at: int) -> bool:
    """Whether ", 42," stands at the token."""
    if at + 2 >= len(doc) or doc[at].text != "," or doc[at + 2].text not in {",", "."}:
        return False
    return doc[at + 1].text.isdigit() and len(doc[at + 1]) == 2


def _joined(doc: Doc, names: list[Name], countries: Collection[int]) -> list[Name]:
    """Persons whose name the model cut in two: joined again, also over a nickname in quotation marks."""
    out: list[Name] = []
    for name in names:
        last = out[-1] if out else None
        if last and name.label == last.label == "person" and _is_one(doc, last.end, name.start):
            out[-1] = replace(last, end=name.end)
        else:
            out.append(name)
    return _cut(doc, list(_grown(doc, out, _covered(out) | set(countries))))


def _cut(doc: Doc, names: list[Name]) -> list[Name]:
    """Without the word that a headline adds: "Ann Lee Goes", where the article has "Ann Lee" more often."""
    often = Counter(_key(doc, name) for name in names if name.label == "person")
    line_end = next((token.i for token in doc if "\n" in token.text), len(doc))
    return [
        replace(name, end=name.end - 1)
        if _has_a_word_more(doc, name, often, in_headline=name.start < line_end)
        else name
        for name in names
    ]


def _has_a_word_more(doc: Doc, name: Name, often: Counter[str], *, in_headline: bool) -> bool:
    if name.label != "person" or name.end - name.start < 3:
        return False
    last, before = folded(doc[name.end - 1].text), folded(doc[name.end - 2].text)
    more = often[folded(doc[name.start : name.end - 1].text)] - often[_key(doc, name)]
    return more > 0 or (in_headline and (more == 0 or often[before] > often[last]))


def _is_one(doc: Doc, end: int, start: int) -> bool:
    """Whether nothing, or one word in quotation marks, stands between two parts of a name."""
    between = doc[end:start]
    if start == end:
        return True
    return len(between) == 3 and between[0].is_quote and is_capital(between[1]) and between[2].is_quote


def _grown(doc: Doc, names: list[Name], covered: set[int]) -> Iterator[Name]:
    """The names, those of persons with the capitalised words beside them that have no label."""
    for name in names:
        start, end = name.start, name.end
        if name.label == "person":
            while (
                start > name.start - MOST_ADDED
                and start
                and _is_free(doc, start - 1, covered)
                and not doc[start - 1].is_sent_start
            ):
                start -= 1
            while (
                end < min(len(doc), name.end + MOST_ADDED)
                and _is_free(doc, end, covered)
                and not doc[end].is_sent_start
            ):
                end += 1
            covered.update(range(start, end))
        yield replace(name, start=start, end=end)


def _is_free(doc: Doc, i: int, covered: set[int]) -> bool:
    return i not in covered and not is_calendar(doc[i]) and _is_word_of_name(doc[i])


def _without_strays(doc: Doc, names: list[Name]) -> list[Name]:
    """Lone words that the model takes for a person's and the words around them do not."""
    known = known_words(doc, names)
    mended_ones = (name if _key(doc, name) in known else _lone(doc, name) for name in names)
    return [name for name in mended_ones if name is not None]


def _lone(doc: Doc, name: Name) -> Name | None:
    """What one word is that no full name explains: "the Amir" nobody, "FMLN" an organisation, "in Sedhiou" a place."""
    token = doc[name.start]
    if name.label != "person" or name.end - name.start > 1 or (name.start and is_title(doc[name.start - 1])):
        return name
    if (
        token.is_upper
        and 2 < len(token) < 6
        and not _has_dateline(doc, name)
        and not any(t.is_upper and len(t) > 5 for t in doc[max(0, token.i - 8) : token.i + 9])
    ):
        return replace(name, label="organisation")
    if name.start and doc[name.start - 1].lower_ in ARTICLES:
        return None
    if _has_dateline(doc, name):
        return replace(name, label="place")
    if (token.dep_ == "pobj" and token.head.lower_ in {"in", "at"}) or _has_kind_of_place(doc, name.end):
        return replace(name, label="place")
    return name


def _has_dateline(doc: Doc, name: Name) -> bool:
    """Whether capitals begin a line as a dateline does: "HEMPSTEAD, N.Y. -", "ROME (Reuters)"."""
    begins = not name.start or "\n" in doc[name.start - 1].text
    behind = doc[name.end].text if name.end < len(doc) else ""
    return begins and doc[name.start].is_upper and behind in {",", "(", "—", "–", "-"}


def _has_kind_of_place(doc: Doc, at: int) -> bool:
    return at < len(doc) and doc[at].lower_ in word_set("kind of place")


def _by_majority(doc: Doc, names: list[Name], countries: Collection[int]) -> list[Name]:
    """The same words name the same thing: what most of them are decides whether all are a person's."""
    votes: dict[str, Counter[Label]] = defaultdict(Counter)
    for name in names:
        votes[_key(doc, name)][name.label] += 1
    out = []
    for name in names:
        count = votes[_key(doc, name)]
        most = max(count, key=lambda label: (count[label], label == "person", label))
        swayed = most == "person" or name.label == "person"
        out.append(replace(name, label=most) if swayed and name.start not in countries else name)
    return out


def _key(doc: Doc, name: Name) -> str:
    return folded(doc[name.start : name.end].text)


def _with_titled(doc: Doc, names: list[Name], countries: Collection[int]) -> list[Name]:
    """Also capitalised words without a label behind a title: "King Abdullah II"."""
    covered = _covered(names)
    added = []
    for token in doc[:-1]:
        i = token.i + 1
        if is_capital(token) and _is_form_of_address(token) and i not in covered and token.i not in covered:
            end = i
            while (
                end < min(len(doc), i + 4)
                and end not in covered
                and end not in countries
                and _is_word_of_name(doc[end])
            ):
                end += 1
            if i < end <= i + 3 and not (end < len(doc) and is_title(doc[end])):
                added.append(Name(start=i, end=end, label="person"))
    return sorted([*names, *added], key=lambda name: name.start)


def _is_word_of_name(token: Token) -> bool:
    return is_capital(token) and token.tag_ in {"NNP", "NNPS"} and not is_title(token) and token.text[0].isalpha()


def _covered(names: list[Name]) -> set[int]:
    return {i for name in names for i in range(name.start, name.end)}


def _with_full_names(doc: Doc, names: list[Name]) -> list[Name]:
    """Also each full name of a person that stands in capitals elsewhere, as headlines have it."""
    full = {words for name in names if name.label == "person" and len(words := _words(doc, name.start, name.end)) > 1}
    lengths = {words[0]: len(words) for words in sorted(full, key=len)}
    owner = {i: name for name in names for i in range(name.start, name.end)}
    added: list[Name] = []
    for token in doc:
        span = range(token.i, token.i + lengths.get(folded(token.text), 0))
        others = {name for i in span if (name := owner.get(i))}
        is_free = all(name.label != "person" and doc[name.start].is_upper for name in others)
        if span and is_free and token.is_upper and _words(doc, span.start, span.stop) in full:
            added.append(Name(start=span.start, end=span.stop, label="person"))
            owner |= dict.fromkeys(span, added[-1])
    kept = [name for name in names if all(owner[i] is name for i in range(name.start, name.end))]
    return sorted([*kept, *added], key=lambda name: name.start)


def _words(doc: Doc, start: int, end: int) -> tuple[str, ...]:
    return tuple(folded(token.text) for token in doc[start : min(end, len(doc))])


def _with_surnames(doc: Doc, names: list[Name], countries: Collection[int]) -> list[Name]:
    """Also each lone word that is a first or last name of a person whose full name the article gives."""
    known = known_words(doc, names)
    single = {name.start: name for name in names if name.end - name.start == 1 and name.label != "group"}
    covered = _covered(names) - set(single)
    lone = {
        token.i
        for token in doc
        if token.i not in covered and folded(token.text) in known and _stands_alone(doc, token, covered)
        if token.i not in countries or not is_at_a_place(token)
    }
    kept = [name for name in names if name.start not in lone or name.start not in single]
    added = [Name(start=i, end=i + 1, label="person") for i in lone]
    return sorted([*kept, *added], key=lambda name: name.start)


def known_words(doc: Doc, names: Iterable[Name]) -> frozenset[str]:
    """The first and last words of the full names of persons, without initials and particles."""
    words = set()
    for name in names:
        if name.label == "person" and name.end - name.start > 1:
            ends = (doc[name.start], doc[name.end - 1])
            words |= {
                folded(word.text)
                for word in ends
                if len(word) > 2 and not is_title(word) and word.text not in word_set("particle")
            }
    return frozenset(words)


def _stands_alone(doc: Doc, token: Token, covered: set[int]) -> bool:
    """Whether a capitalised word is no part of a longer run of capitalised words."""
    if not is_capital(token) or (token.tag_[:3] != "NNP" and token.is_sent_start):
        return False
    beside = doc[max(0, token.i - 1) : token.i + 2]
    return not any(
        other.i != token.i and (other.text in HYPHENS or (other.i not in covered and _is_word_of_name(other)))
        for other in beside
    )


def is_at_a_place(token: Token) -> bool:
    """Whether the token's preposition speaks of a place: "in Jordan", "from Georgia"."""
    return token.dep_ == "pobj" and token.head.lower_ in word_set("preposition of a country")
