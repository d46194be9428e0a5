import pytest

from pipeline.entities.countries import SHORT_NAMES, hits
from pipeline.text.words import word_list

LISTS = ["not_names", "organisations", "surnames_first", "word_sets"]


@pytest.mark.parametrize(("room", "name"), [("text", "given_names"), *(("entities", name) for name in LISTS)])
def test_rows_are_sorted_and_distinct(room, name):
    rows = word_list(room, name)
    assert list(rows) == sorted(set(rows))


def test_every_country_has_one_short_name():
    short = [row for row in word_list("entities", "countries") if row[2] == "short"]
    assert len(short) == len({row[0] for row in short}) == len(SHORT_NAMES) == 250
    assert {"TWN", "XKX", "PSE", "VAT", "HKG", "MAC", "GRL", "PRI"} <= SHORT_NAMES.keys()


@pytest.mark.parametrize("kind", ["short", "name", "official", "abbreviation", "demonym", "capital", "seat", "part"])
def test_every_form_is_found_as_it_is_written(kind):
    shared = {"Dominican", "Dominicans", "Korea", "Korean", "Koreans", "Congo", "Congolese", "Georgia", "Jersey"}
    rows = [row for row in word_list("entities", "countries") if row[2] == kind and row[3] not in shared]
    for iso3, _, _, form in rows:
        found = hits(f"They spoke of {form}, it seems.")
        assert [(hit.code, hit.end - hit.start) for hit in found] == [(iso3, len(form))], form


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Korea", "KOR"),
        ("Pyongyang says that Korea is one.", "PRK"),
        ("Brazzaville is the capital of Congo.", "COG"),
        ("Kinshasa is the capital of Congo.", "COD"),
        ("A Dominican player", "DOM"),
    ],
)
def test_a_shared_name_is_the_country_that_the_article_speaks_of(text, code):
    name = next(word for word in ("Korea", "Congo", "Dominican") if word in text)
    assert next(hit.code for hit in hits(text) if text[hit.start : hit.end] == name) == code


@pytest.mark.parametrize(
    "text", ["turkey", "chad", "us", "Us", "JOIN US AT NOON TODAY", "US-24", "Indiana Jones", "Niger-"]
)
def test_what_only_looks_like_a_country(text):
    codes = [hit.code for hit in hits(text) if hit.kind != "part"]
    assert codes == (["NER"] if text == "Niger-" else [])
