import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from pipeline import analyse
from pipeline.quotes import quotes
from pipeline.records import Cleaned, Mention, Named, Quoted
from pipeline.settings import QuotesSettings
from pipeline.text.guard import guarded

PIECES = [
    *("Anna Field", "he", "officials", "Omar Reed, a baker,", "who", "the Board", "İstanbul"),
    *("said", "told us", "believes", "added", "according to", "called", "asked", "wants to leave"),
    *("that the dam is safe", "it rains", "We won", "no", "the wall"),
    *(
        "“",
        "”",
        '"',
        "‘",
        "’",
        "'",
        "''",
        "«",
        ",",
        ".",
        "?",
        ":",
        " — ",
        "\n\n",
        "\n",
        "REED:",
        "\u2028",
        "\ufeff",
        "😀",
    ),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join) | st.text(max_size=80)


def quoted(nlp: Language, text: str, article_id: str = "a0") -> Quoted:
    start = text.find("Anna Field")
    mentions = (
        (Mention(start=start, end=start + 10, text="Anna Field", kind="person", form="name", key="person:anna field"),)
        if start >= 0
        else ()
    )
    named = Named(article_id=article_id, source_path="x.txt", mentions=mentions)
    cleaned = Cleaned(article_id=article_id, source_path="x.txt", text=text)
    return quotes(nlp(guarded(text)), cleaned, named, QuotesSettings())


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS)
def test_every_offset_leads_back_to_the_text(nlp: Language, text: str) -> None:
    for number, quote in enumerate(quoted(nlp, text).quotes, start=1):
        assert quote.number == number
        assert quote.text == " … ".join(text[start:end] for start, end in quote.spans)
        assert all(0 <= a < b <= len(text) for a, b in quote.spans)
        assert all(left[1] <= right[0] for left, right in zip(quote.spans, quote.spans[1:], strict=False))
        assert quote.cue == ("" if quote.cue_start is None else text[quote.cue_start : quote.cue_end])
        assert quote.speaker_text == (
            "" if quote.speaker_start is None else text[quote.speaker_start : quote.speaker_end]
        )
        assert quote.n_words > 0
        assert quote.paragraph >= 1
        assert 0 < quote.confidence <= 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, TEXTS)
def test_no_article_depends_on_another(nlp: Language, text: str, other: str) -> None:
    before = quoted(nlp, text)
    quoted(nlp, other, "a1")

    assert quoted(nlp, text) == before


@pytest.mark.parametrize("piece", ['"a" ', '"A." ', "“A.”\n", "“A.\n", "'", "“"])
def test_an_article_of_marks_alone_has_no_quotes(piece: str) -> None:
    assert quoted(spacy.blank("en"), piece * (40_000 // len(piece))).quotes == ()


def test_many_cues_and_marks_in_one_line_end(nlp: Language) -> None:
    text = "He said “no” and she said “yes” and " * 200

    assert len(quoted(nlp, text).quotes) > 200


def test_marks_without_words_are_no_quote() -> None:
    assert analyse("Anna Field : “ ‘").quoted.quotes == ()
