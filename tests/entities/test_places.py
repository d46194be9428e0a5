"""Which country a place lies in, from its name and from what else the article names."""

import random
import re

import pytest

from pipeline.entities.countries import hits
from pipeline.entities.gazetteer import candidates, place_key
from pipeline.entities.places import Located, Toponym, located

NAME = re.compile(r"[A-Z][\w.]+(?: (?:of )?[A-Z][\w.]+)*")


def where(text: str) -> dict[str, Located]:
    """The country of each name of a text that is all names of places, the last of those alike."""
    listed = {hit.start: hit for hit in hits(text)}
    several = []
    for name in NAME.finditer(text):
        hit = listed.get(name.start())
        code = hit.code if hit else ""
        is_country = hit is not None and hit.kind not in {"part", "capital"} and not hit.is_shared
        one = Toponym(start=name.start(), end=name.end(), text=name[0], code=code, is_country=is_country)
        several.append(Toponym(**{**vars(one), "is_shared": hit.is_shared}) if hit else one)
    return dict(zip((one.text for one in several), located(text, several), strict=True))


@pytest.mark.parametrize(
    ("text", "name", "code", "reason"),
    [
        ("in Paris", "Paris", "FRA", "largest"),
        ("in Paris, Texas", "Paris", "USA", "behind-it"),
        ("in Paris near Dallas and Houston", "Paris", "USA", "same-state"),
        ("in Paris near Dallas, then Lyon", "Paris", "FRA", "near-others"),
        ("in Birmingham", "Birmingham", "GBR", "largest"),
        ("in Birmingham and Tuscaloosa", "Birmingham", "USA", "same-state"),
        ("in Valencia, as Spain says", "Valencia", "ESP", "country-named"),
        ("in Ouagadougou", "Ouagadougou", "BFA", "only-one"),
        ("in Lebanon", "Lebanon", "LBN", "country"),
        ("in Lebanon, Indiana", "Lebanon", "USA", "behind-it"),
        ("in Lebanon near Lancaster and Harrisburg, says Pennsylvania", "Lebanon", "USA", "behind-it"),
        ("in Lebanon, not Syria, says a man of Harrisburg, Pennsylvania", "Lebanon", "LBN", "country"),
        ("in Georgia", "Georgia", "GEO", "largest"),
        ("in Georgia with Atlanta", "Georgia", "USA", "same-state"),
        ("in Georgia with Tbilisi", "Georgia", "GEO", "near-others"),
        ("in Quxville, Ohio", "Quxville", "USA", "behind-it"),
        ("in Quxville", "Quxville", "", ""),
        ("in Locust Street, Lebanon", "Locust Street", "", ""),
    ],
)
def test_a_place_lies_where_the_article_says(text, name, code, reason):
    found = where(text)[name]
    assert (found.code, found.reason) == (code, reason)


def test_a_small_place_that_nothing_speaks_for_is_left_open_with_its_candidates():
    alone, beside = where("in Twickenham"), where("in Twickenham, as Britain says")
    assert alone["Twickenham"].code == ""
    assert alone["Twickenham"].candidates == ("GBR",)
    assert beside["Twickenham"].code == "GBR"


def test_the_same_name_is_two_places_where_both_are_told():
    text = "London, Kentucky or London, Ontario"
    starts = [m.start() for m in NAME.finditer(text)]
    several = [Toponym(start=s, end=s + len(n), text=n) for s, n in zip(starts, NAME.findall(text), strict=True)]
    assert [one.code for one in located(text, several)] == ["USA", "USA", "CAN", "CAN"]


def test_candidates_begin_with_the_likeliest_and_hold_the_chosen():
    found = where("in Paris near Dallas and Houston")["Paris"]
    assert found.candidates[0] == "USA-TX"
    assert "FRA" in found.candidates


def test_the_order_of_sentences_does_not_matter():
    names = ["Paris", "Dallas", "Birmingham", "Springfield", "Cairo", "Georgia", "Lebanon", "Texas"]
    expected = {name: one.code for name, one in where("in " + " and ".join(names)).items()}
    for seed in range(20):
        random.Random(seed).shuffle(names)
        assert {name: one.code for name, one in where("in " + " and ".join(names)).items()} == expected


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("the Saint Louis", "USA"),
        ("ST. LOUIS", "USA"),
        ("São Paulo", "BRA"),
        ("Sao Paulo's", "BRA"),
        ("northern Borno State", "NGA"),
        ("Hubei Province", "CHN"),
        ("City of Lansing", "USA"),
        ("Vancouver International Airport", "CAN"),
        ("Far North Queensland", "AUS"),
    ],
)
def test_a_name_is_known_in_its_variants(name, code):
    assert candidates(name)[0].code == code


@pytest.mark.parametrize(
    "name",
    ["", "the", "West", "North Coast", "Main Street", "Paris Ave.", "Quxville", "Asia", "Middle East", "South Asia"],
)
def test_what_names_no_place_has_no_candidates(name):
    assert candidates(name) == ()


def test_a_longer_name_counts_as_a_smaller_place_than_its_first_words():
    whole, part = candidates("Vancouver")[0], candidates("Vancouver General Hospital")[0]
    assert (part.code, part.state) == (whole.code, whole.state)
    assert 0 < part.people < whole.people


def test_keys_do_not_change_when_made_again():
    for name in ("St. John's", "Fort Worth", "The Hague", "Aix-en-Provence", "N'Djamena"):
        assert place_key(place_key(name)) == place_key(name)
        assert candidates(name)
