"""Case files: one article each in tests/cases/quotes, with the quotes that are to be found marked in its text.

First come the expected quotes, one a line: `NUMBER: KIND ACT SPEAKER ROLE`; SPEAKER is a key, `group` or `unknown`.
Behind an empty line comes the text. In it `[c1 ...]` is a part of the content of quote 1, `[q1 ...]` its cue and
`[s1 ...]` its speaker; `[s1+2 ...]` speaks twice. `{Anna Field}` is the mention of a person with the key
`person:anna field`; `{Field|anna field}`, `{She|anna field|pronoun}` and `{the Board|organisation:the board}` give the
key, and the form, themselves.
"""

import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest
from spacy.language import Language

from pipeline.quotes import quotes
from pipeline.records import Cleaned, Mention, Named, Quote, Span
from pipeline.settings import QuotesSettings

FOLDER = Path(__file__).parent.parent / "cases" / "quotes"
CASES = sorted(FOLDER.glob("*.txt"))
MISSED = sorted(FOLDER.glob("missed/*.txt"))
TOKEN = re.compile(r"\[([cqs])(\d+(?:\+\d+)*) |\{|\]|\|[^{}\[\]]*\}|\}")


class Case(NamedTuple):
    text: str
    expected: dict[int, str]
    spans: dict[str, list[Span]]
    named: Named


def parse(source: str) -> Case:
    head, _, body = source.partition("\n\n") if source[0].isdigit() else ("", "", source.lstrip("\n"))
    expected = {int(number): rest for number, rest in (line.split(": ", 1) for line in head.splitlines())}
    text, at, opened = "", 0, []
    spans: dict[str, list[Span]] = defaultdict(list)
    mentions = []
    for m in TOKEN.finditer(body):
        text += body[at : m.start()]
        at = m.end()
        if m[0] == "{" or m[1]:
            opened.append((m, len(text)))
            continue
        begin, start = opened.pop()
        if begin[0] == "{":
            mentions.append(mention(text[start:], start, m[0].strip("|}")))
        else:
            for number in begin[2].split("+"):
                spans[begin[1] + number].append((start, len(text)))
    named = Named(article_id="a0", source_path="case.txt", mentions=tuple(mentions))
    return Case(text + body[at:], expected, spans, named)


def mention(words: str, start: int, note: str) -> Mention:
    key, _, form = note.partition("|")
    key = key or words.lower()
    key = key if ":" in key else f"person:{key}"
    return Mention(
        start=start, end=start + len(words), text=words, kind=key.split(":")[0], form=form or "name", key=key
    )


def described(quote: Quote) -> str:
    speaker = quote.speaker_key or quote.speaker_kind
    return " ".join(filter(None, (quote.kind, quote.act, speaker, quote.speaker_role)))


def found(nlp: Language, case: Case) -> tuple[Quote, ...]:
    cleaned = Cleaned(article_id="a0", source_path="case.txt", text=case.text)
    return quotes(nlp(case.text), cleaned, case.named, QuotesSettings()).quotes


@pytest.mark.parametrize("path", MISSED, ids=lambda path: path.stem)
@pytest.mark.xfail(reason="known: the model misses it", raises=AssertionError)
def test_missed_case(path: Path, nlp: Language) -> None:
    test_case(path, nlp)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path, nlp: Language) -> None:
    case = parse(path.read_text(encoding="utf-8"))

    got = found(nlp, case)

    assert {quote.number: described(quote) for quote in got} == case.expected
    for quote in got:
        assert list(quote.spans) == case.spans[f"c{quote.number}"]
        cue = [(quote.cue_start, quote.cue_end)] if quote.cue else []
        assert cue == case.spans[f"q{quote.number}"]
        speaker = [(quote.speaker_start, quote.speaker_end)] if quote.speaker_text else []
        assert speaker == case.spans[f"s{quote.number}"]


def test_every_reason_has_a_case(nlp: Language) -> None:
    several = [found(nlp, parse(path.read_text(encoding="utf-8"))) for path in CASES]
    seen = {quote.reason.split("; ")[0] for quotes in several for quote in quotes}

    assert seen == {"model", "closing-name", "own-paragraph", "transcript"}
