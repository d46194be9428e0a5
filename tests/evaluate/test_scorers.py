"""Each measure on small documents of our own, with figures worked out by hand."""

import pytest

from pipeline.evaluate import score
from pipeline.evaluate.entities import trimmed
from pipeline.evaluate.gold import (
    CleanGold,
    CleanPred,
    CountriesGold,
    CountriesPred,
    EntitiesGold,
    EntitiesPred,
    GoldQuote,
    Quotation,
    QuotesGold,
    QuotesPred,
    SpeakersGold,
)
from pipeline.evaluate.quotes import act, same_source
from pipeline.evaluate.speakers import same_name
from pipeline.records import Span

TEXT = (
    "The harbour will close, Ana Vidal said on Monday. “We fish at night,” the mayor told Radio Sur. "
    "Pablo Reyes believes that storms will come."
)


def at(words: str, text: str = TEXT) -> tuple[Span, ...]:
    return ((text.index(words), text.index(words) + len(words)),)


GOLD = QuotesGold(
    id="port",
    text=TEXT,
    quotes=(
        GoldQuote(content=at("The harbour will close"), source=at("Ana Vidal"), cue=at("said"), type="indirect"),
        GoldQuote(content=at("We fish at night"), source=at("the mayor"), cue=at("told Radio Sur"), type="direct"),
        GoldQuote(content=at("that storms will come"), source=at("Pablo Reyes"), cue=at("believes"), type="indirect"),
    ),
)
PRED = QuotesPred(
    quotes=(
        Quotation(content=at("The harbour will close"), source=at("Vidal"), cue=at("said"), speaker="Ana Vidal"),
        Quotation(content=at("We fish"), source=at("Ana Vidal"), speaker="Ana Vidal"),  # half of the words: found
        Quotation(content=at("storms"), source=at("Pablo Reyes"), speaker="Pablo Reyes"),  # a quarter: not found
    )
)


def test_quotes_by_hand() -> None:
    found = score("quotes", [GOLD], {"port": PRED})
    expected = {
        "who_said_what_f1": 1 / 3,
        "content_soft_f1": 2 / 3,
        "content_strict_f1": 1 / 3,
        "content_tokens_precision": 1,
        "content_tokens_recall": 7 / 12,
        "source_tokens_precision": 1,
        "source_tokens_recall": 4 / 6,
        "cue_tokens_recall": 1 / 5,
        "direct_found": 1,
        "direct_end_to_end": 0,
        "indirect_found": 1 / 2,
        "indirect_speaker_accuracy": 1,
        "mixed_found": 0,
        "speech_found": 1,
        "speech_speaker_accuracy": 1 / 2,
        "other_found": 0,
        "speaker_accuracy": 1 / 2,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_a_quotation_without_source_in_gold_is_neither_right_nor_wrong() -> None:
    nobody = GoldQuote(content=at("We fish at night"), source=(), cue=(), type="direct")
    gold = QuotesGold(id="port", text=TEXT, quotes=(GOLD.quotes[0], nobody))
    found = score("quotes", [gold], {"port": PRED})
    assert found["who_said_what_precision"] == pytest.approx(1 / 2)  # three predicted, one of them set aside
    assert found["who_said_what_recall"] == 1
    assert found["direct_speaker_accuracy"] == 0


def test_one_prediction_stands_for_one_quotation() -> None:
    gold = QuotesGold(id="port", text=TEXT, quotes=(GOLD.quotes[0], GOLD.quotes[0]))
    found = score("quotes", [gold], {"port": QuotesPred(quotes=PRED.quotes[:1])})
    assert (found["content_soft_recall"], found["content_strict_recall"]) == (1 / 2, 1 / 2)


@pytest.mark.parametrize(
    ("pred", "expected"),
    [
        ("Vidal", True),
        ("close, Ana Vidal said on Monday", True),  # four words too many
        ("The harbour will close, Ana Vidal said on Monday", False),  # seven
        ("Pablo Reyes", False),
    ],
)
def test_a_source_shares_a_word_and_swallows_little(pred: str, *, expected: bool) -> None:
    assert same_source(TEXT, at("Ana Vidal"), at(pred)) is expected


def test_words_that_tell_nothing_do_not_make_a_source_right() -> None:
    assert not same_source(TEXT, at("the mayor"), at("night,” the"))
    assert same_source(TEXT, at("the mayor"), at("mayor told"))
    assert same_source("He said so.", ((0, 2),), ((0, 2),))
    assert same_source("Those who know said so.", ((0, 9),), ((6, 9),))  # a source of such words alone keeps them


@pytest.mark.parametrize(
    ("cue", "expected"),
    [
        ("told Radio Sur", "speech"),
        ("announces", "speech"),
        (": ", "speech"),
        ("hopes", "other"),
        ("foretold", "other"),
    ],
)
def test_acts_by_the_words_of_the_cue(cue: str, expected: str) -> None:
    quote = GoldQuote(content=(), source=(), cue=((0, len(cue)),), type="direct")
    assert act(cue, quote) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Ana Vidal", "Mr. Vidal", True),
        ("Ana Vidal", "ANA VIDAL’s", True),
        ("Ana Vidal", "Ana", True),
        ("Ana Vidal", "Eva Vidal", False),
        ("Ana Luz Vidal", "Ana Vidal", True),
        ("Ana Vidal Jr.", "Vidal", True),
        ("Vidal campaign", "Vidal", False),
        ("Vidal Campaign", "campaign", True),
        ("A.B.C.", "ABC", True),
        (None, "Ana Vidal", False),
        (None, "", True),
    ],
)
def test_names_that_can_be_the_same(one: str | None, other: str | None, *, expected: bool) -> None:
    assert same_name(one, other) is same_name(other, one) is expected


def test_speakers_by_hand() -> None:
    speakers = {"0": "Ana Vidal", "1": "Lola Prado", "2": "Pablo Reyes"}
    gold = SpeakersGold(id="port", text=TEXT, quotes=GOLD.quotes, speakers=speakers)
    found = score("speakers", [gold], {"port": PRED})
    expected = {
        "recall": 1 / 3,
        "found": 2 / 3,
        "accuracy_where_found": 1 / 2,
        "name_recall": 1 / 2,  # Ana Vidal of Ana Vidal and Pablo Reyes
        "nominal_recall": 0,
        "none_recall": 0,
        "pronoun_recall": 0,
    }
    assert found == pytest.approx(expected)


def test_one_prediction_is_one_attribution_of_a_speaker() -> None:
    twice = (GOLD.quotes[0], GOLD.quotes[0])
    gold = SpeakersGold(id="port", text=TEXT, quotes=twice, speakers={"0": "Ana Vidal", "1": "Ana Vidal"})
    assert score("speakers", [gold], {"port": PRED})["recall"] == 1 / 2


def test_nobody_in_particular_is_not_asked_for() -> None:
    gold = SpeakersGold(id="port", text=TEXT, quotes=GOLD.quotes, speakers={"0": "Ana Vidal", "1": None})
    assert score("speakers", [gold], {"port": PRED})["recall"] == 1


NAMES = "The Baltic Bank hired Mara Lind; Lind's brother left for Riga with two Latvian cooks."


def named(words: str, label: str) -> tuple[int, int, str]:
    ((start, end),) = at(words, NAMES)
    return start, end, label


def test_entities_by_hand() -> None:
    gold = EntitiesGold(
        id="bank",
        text=NAMES,
        region="north",
        entities=(
            named("Baltic Bank", "Organization"),
            named("Mara Lind", "Person"),
            named("Lind's", "Person"),
            named("Riga", "Location"),
            named("Latvian", "NORP"),
            named("two", "Cardinal"),
        ),
    )
    pred = EntitiesPred(
        entities=(
            named("The Baltic Bank", "ORG"),  # "The" does not count
            named("Lind;", "PERSON"),  # overlaps Mara Lind
            named("Lind'", "PERSON"),  # the possessive does not count
            named("Riga", "ORG"),  # a wrong class
            named("brother left", "GPE"),
        )
    )
    found = score("entities", [gold], {"bank": pred})
    expected = {
        "micro_precision": 2 / 5,
        "micro_recall": 2 / 5,
        "micro_overlap_recall": 3 / 5,
        "organisation_precision": 1 / 2,
        "organisation_recall": 1,
        "person_f1": 1 / 2,
        "person_overlap_f1": 1,
        "person_names_f1": 2 / 3,  # "lind" of "lind" and "mara lind"
        "location_f1": 0,
        "norp_recall": 0,
        "any_recall": 3 / 5,
        "any_overlap_recall": 4 / 5,
        "region_north_f1": 2 / 5,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("the Baltic Bank’s", "Baltic Bank"),
        ("“Mara Lind,", "Mara Lind"),
        ("An A", "A"),
        ("the ", "the"),
        ("the\xa0", "the\xa0"),  # an article alone stays what it is
        ("U.S.", "U.S."),
        (" \n", ""),
    ],
)
def test_what_schemes_differ_on_is_trimmed(text: str, bare: str) -> None:
    start, end = trimmed(text, 0, len(text))
    assert text[start:end] == bare


def test_countries_by_hand() -> None:
    text = "Latvian cooks in Riga sail the Baltic to Gdynia and Oslo."
    places = {words: at(words, text)[0] for words in ("Latvian", "Riga", "Baltic", "Gdynia", "Oslo")}
    gold = CountriesGold(
        id="sea",
        text=text,
        toponyms=(
            (*places["Latvian"], "LV", "country", ""),
            (*places["Riga"], "LV", "inside", ""),
            (*places["Baltic"], None, "none", ""),
            (*places["Gdynia"], "PL", "inside", ""),
            (*places["Oslo"], "NO", "inside", ""),
        ),
        countries=frozenset({"LV", "PL", "NO"}),
        countries_named=frozenset({"LV"}),
    )
    pred = CountriesPred(
        toponyms=(
            (*places["Latvian"], "LV"),
            (*places["Riga"], "US"),
            (*places["Baltic"], "EE"),  # on a toponym without a country: no fault
            (*places["Gdynia"], "PL"),
            (*places["Oslo"], None),  # found, without a country
        )
    )
    found = score("countries", [gold], {"sea": pred})
    expected = {
        "any_precision": 2 / 3,  # LV and PL of LV, US, PL
        "any_recall": 2 / 3,
        "any_macro_f1": 2 / 3,
        "any_exact": 0,
        "named_precision": 1 / 3,
        "named_recall": 1,
        "named_lenient_precision": 1 / 2,  # PL is in gold through Gdynia
        "toponyms_found": 1,
        "toponyms_recall": 2 / 4,
        "toponyms_precision": 2 / 3,
        "toponyms_right_country": 1,
        "toponyms_right_inside": 1 / 3,
        "toponyms_accuracy_where_found": 1 / 2,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    said = CountriesPred(toponyms=pred.toponyms, countries=gold.countries, countries_named=frozenset({"LV", "EE"}))
    found = score("countries", [gold], {"sea": said})
    assert (found["any_exact"], found["named_precision"]) == (1, 1)


def test_clean_by_hand() -> None:
    body = "one two three four five. “the sixth and the seventh” came."
    left = CleanPred(text="menu one two three four five")
    found = score("clean", [CleanGold(id="a", body=body)], {"a": left})
    # runs of four words: two of three are in the body's eight
    assert found == pytest.approx(
        {"precision": 2 / 3, "recall": 2 / 8, "f1": 2 * (2 / 3) * (1 / 4) / (2 / 3 + 1 / 4), "quotations_kept": 0}
    )
    whole = score("clean", [CleanGold(id="a", body=body)], {"a": CleanPred(text=body.replace("“", "'"))})
    assert (whole["f1"], whole["quotations_kept"]) == (1, 1)


def test_clean_counts_what_is_repeated() -> None:
    body = "so it goes on so it goes on"
    found = score("clean", [CleanGold(id="a", body=body)], {"a": CleanPred(text="so it goes on")})
    assert (found["precision"], found["recall"]) == (1, 1 / 5)
    found = score("clean", [CleanGold(id="a", body=body)], {"a": CleanPred(text=body)})
    assert found["f1"] == 1


@pytest.mark.parametrize("text", ["“" * 100_000, '"' * 100_000, "word " * 100_000, "a\n" * 50_000])
def test_hostile_text_does_not_stall(text: str) -> None:
    kept = score("clean", [CleanGold(id="a", body=text)], {"a": CleanPred(text=text)})
    assert kept["f1"] == (1 if text[0].isalpha() else 0)
    assert trimmed(text, 0, len(text))[1] <= len(text)
    quote = GoldQuote(content=((0, len(text)),), source=(), cue=((0, len(text)),), type="direct")
    said = Quotation(content=((0, len(text)),))
    found = score("quotes", [QuotesGold(id="a", text=text, quotes=(quote,))], {"a": QuotesPred(quotes=(said,))})
    assert found["direct_found"] == (1 if text[0].isalpha() else 0)
