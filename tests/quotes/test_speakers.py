import pytest
from spacy.language import Language

from pipeline import analyse
from pipeline.quotes import quotes
from pipeline.records import Cleaned, Mention, Named, Quote
from pipeline.settings import QuotesSettings


def first_quote(nlp: Language, text: str, *mentions: Mention) -> Quote:
    cleaned = Cleaned(article_id="a0", source_path="x.txt", text=text)
    named = Named(article_id="a0", source_path="x.txt", mentions=mentions)
    return quotes(nlp(text), cleaned, named, QuotesSettings()).quotes[0]


def mention(text: str, words: str, kind: str, key: str, form: str = "name") -> Mention:
    start = text.index(words)
    return Mention(start=start, end=start + len(words), text=words, kind=kind, form=form, key=key)


def test_a_pronoun_that_points_to_nobody_is_nobody_named(nlp: Language) -> None:
    text = "Anna Field met Omar Reed. He said that the quay was rotten."
    people = [mention(text, name, "person", f"person:{name.lower()}") for name in ("Anna Field", "Omar Reed")]

    quote = first_quote(nlp, text, *people)

    assert (quote.speaker_key, quote.speaker_kind, quote.speaker_text) == ("", "unknown", "He")


def test_a_resolved_pronoun_wins(nlp: Language) -> None:
    text = "Anna Field met Omar Reed. She said that the quay was rotten."
    people = [mention(text, name, "person", f"person:{name.lower()}") for name in ("Anna Field", "Omar Reed")]
    pronoun = mention(text, "She", "person", "person:anna field", "pronoun")

    assert first_quote(nlp, text, *people, pronoun).speaker_key == "person:anna field"


@pytest.mark.parametrize(
    ("kind", "key", "expected"),
    [
        ("organisation", "organisation:torvik", ("organisation:torvik", "organisation")),
        ("country", "country:NOR", ("country:NOR", "country")),
        ("group", "", ("", "group")),
        ("place", "", ("", "unknown")),
        ("person", "", ("", "unknown")),
    ],
)
def test_kind_of_speaker(nlp: Language, kind: str, key: str, expected: tuple[str, str]) -> None:
    text = "Torvik said that the ferry would sail again."

    quote = first_quote(nlp, text, mention(text, "Torvik", kind, key))

    assert (quote.speaker_key, quote.speaker_kind) == expected


@pytest.mark.parametrize(
    "source", ["They", "Experts", "Many", "Two of the sailors", "A handful of sailors", "The baker and the smith"]
)
def test_groups(nlp: Language, source: str) -> None:
    quote = first_quote(nlp, f"{source} said that the ferry would sail again.")

    assert (quote.speaker_key, quote.speaker_kind) == ("", "group")


def test_whose_name_stands_in_the_source_is_not_the_speaker(nlp: Language) -> None:
    text = "A lawyer for Anna Field said that the ferry would sail again."

    quote = first_quote(nlp, text, mention(text, "Anna Field", "person", "person:anna field"))

    assert (quote.speaker_key, quote.speaker_kind) == ("", "unknown")


def test_a_role_with_the_name_behind_it(nlp: Language) -> None:
    text = "The director of the institute, Anna Field, said that the water would rise."

    quote = first_quote(nlp, text, mention(text, "Anna Field", "person", "person:anna field"))

    assert (quote.speaker_key, quote.speaker_role) == ("person:anna field", "director of the institute")
    assert quote.speaker_text == "The director of the institute, Anna Field"


def test_without_single_marks(nlp: Language) -> None:
    text = "‘We won,’ Anna Field said."
    cleaned = Cleaned(article_id="a0", source_path="x.txt", text=text)
    named = Named(article_id="a0", source_path="x.txt")

    found = quotes(nlp(text), cleaned, named, QuotesSettings(single_marks=False)).quotes

    assert all(quote.kind == "indirect" for quote in found)


@pytest.mark.parametrize(
    ("second", "speaker"),
    [
        ("", "person:lena ostrow"),
        ("Mayor Ivo Brandt of Weil agreed. ", "person:ivo brandt"),
    ],
)
def test_the_bearer_of_a_role_speaks_and_of_two_the_one_named_last(second: str, speaker: str) -> None:
    text = f"Mayor Lena Ostrow came to the harbour. {second}“We have no suspect,” the mayor said on Sunday."

    quote = next(q for q in analyse(text).quoted.quotes if q.kind == "direct")

    assert (quote.speaker_text, quote.speaker_key) == ("the mayor", speaker)


@pytest.mark.parametrize("dateline", ["BERGEN, Norway (AP) -- ", "WASHINGTON - ", "CHARLESTON, S.C. — "])
def test_a_dateline_is_no_part_of_what_is_said(dateline: str) -> None:
    quote = analyse(f"{dateline}The port reopened on Monday, the harbour master Ann Lee said.").quoted.quotes[0]
    assert (quote.text, quote.speaker_key) == ("The port reopened on Monday", "person:ann lee")
