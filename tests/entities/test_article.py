import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from pipeline.entities import entities
from pipeline.records import Cleaned, Named
from pipeline.settings import EntitiesSettings

WORDS = """
Ann Lee ANN Mr. President Lee- - ’s van the The U.S. Moscow Russian Jordan Georgia Bank of America said he She herself
“ ” , ( ) ICC in 42 São
"""
LABELS = ["PERSON", "ORG", "GPE", "NORP", "DATE"]
DEPENDENCIES = ["nsubj", "pobj", "conj", "appos", "poss", "dobj", "compound"]
TAGS = ["NNP", "NN", "VBD", "IN", "JJ", "POS"]


def of_doc(doc: Doc, text: str, **choices) -> Named:
    return entities(doc, Cleaned(article_id="a1", source_path="a.txt", text=text), EntitiesSettings(**choices))


def named(nlp, text: str, **choices) -> Named:
    return of_doc(nlp(text), text, **choices)


def roles_of(nlp, text: str) -> tuple[str, ...]:
    """The roles of the only person in a text."""
    (person,) = [entity for entity in named(nlp, text).entities if entity.kind == "person"]
    return person.roles


def row(result: Named, key: str):
    return next(entity for entity in result.entities if entity.key == key)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Police shot Terence Harlow, 40 ― a father and student ― on Friday.", "father and student"),
        ("Keith Lamont Harlow, 43, a father of seven, was late.", "father of seven"),
        ("Ann Harlow, a 43-year-old teacher, was late.", "43-year-old teacher"),
    ],
)
def test_an_age_is_no_role_but_may_stand_in_one(nlp, text, role):
    assert roles_of(nlp, text) == (role,)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Prime Minister Sheikh Omar Haddad resigned on Friday.", "Prime Minister"),
        ("Foreign minister Datuk Seri Amir Rahman spoke in the hall.", "Foreign minister"),
        ("Sheikh Omar Haddad resigned on Friday.", "Sheikh"),
        ("Omar Haddad, OC of the Port Ash police, resigned on Friday.", "OC of the Port Ash police"),
    ],
)
def test_an_honour_is_no_part_of_an_office(nlp, text, role):
    assert roles_of(nlp, text) == (role,)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("A letter signed by the Attorney General, Mr Mark Harlow, came late.", "Attorney General"),
        ("The Minister of Education, Mrs. Ann Harlow, was late.", "Minister of Education"),
        ("The captain of the ship, coach Ann Harlow, was late.", "captain of the ship"),
        ("It was signed by the founder and president, Ann Harlow, on Monday.", "founder and president"),
        ("This was stated by the Minister of Tourism, Ann Harlow, who came late.", "Minister of Tourism"),
    ],
)
def test_a_role_may_stand_before_a_name_with_its_comma(nlp, text, role):
    assert role in roles_of(nlp, text)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("The letter was signed by Secretary of State Mark Harlow.", "Secretary of State"),
        ("Minister of Energy and Natural Resources Ann Harlow was late.", "Minister of Energy and Natural Resources"),
        ("Larnholm superintendent of police (SP) Mark Harlow was late.", "Larnholm superintendent of police (SP)"),
        ("It was read by the well-known Larnholm lawyer Ann Harlow.", "well-known Larnholm lawyer"),
        ("It was read by then-president Ann Harlow.", "then-president"),
        ("Her three-year-old son Mark Harlow was late.", "three-year-old son"),
    ],
)
def test_a_role_before_a_name_is_whole(nlp, text, role):
    assert roles_of(nlp, text) == (role,)


@pytest.mark.parametrize(
    "text",
    [
        "It was signed by the daughter of farm worker Mark Harlow.",
        "It was signed by a friend of Mark Harlow.",
        "He was the president of a club that Mark Harlow knew.",
    ],
)
def test_a_role_of_somebody_else_is_not_borne(nlp, text):
    assert roles_of(nlp, text) == ()


def test_a_person_is_one_row_with_names_and_roles(nlp):
    text = "Olga Petrenko, director of the Harbour Institute, spoke first. President Petrenko and Ms Petrenko left."
    person = row(named(nlp, text), "person:olga petrenko")
    assert (person.name, person.given_name, person.family_name) == ("Olga Petrenko", "Olga", "Petrenko")
    assert person.aliases == ("Petrenko",)
    assert person.roles == ("President", "director of the Harbour Institute")


def test_a_surname_that_stands_first_is_the_family_name(nlp):
    person = row(named(nlp, "Xi Jinping spoke. Xi left."), "person:xi jinping")
    assert (person.given_name, person.family_name) == ("Jinping", "Xi")


def test_an_organisation_has_its_acronym(nlp):
    result = named(nlp, "The International Criminal Court (ICC) ruled. The ICC adjourned.")
    court = row(result, "organisation:international criminal court")
    assert (court.name, court.acronym, court.aliases) == ("International Criminal Court", "ICC", ("ICC",))


def test_a_country_has_the_name_that_tables_show(nlp):
    country = row(named(nlp, "Washington and London said that the U.S. would join."), "country:USA")
    assert (country.kind, country.name) == ("country", "United States")


def test_the_country_of_a_place_has_a_row_and_the_place_is_no_name_of_it(nlp):
    result = named(nlp, "She arrived in Moscow.")
    assert [(m.kind, m.key, m.country_code) for m in result.mentions] == [("place", "", "RUS")]
    assert row(result, "country:RUS").aliases == ()


def test_the_forms_of_a_persons_mentions(nlp):
    result = named(nlp, "Olga Petrenko spoke. Petrenko left early because she was ill.")
    assert [(m.text, m.form) for m in result.mentions] == [
        ("Olga Petrenko", "name"),
        ("Petrenko", "surname"),
        ("she", "pronoun"),
    ]


@pytest.mark.parametrize("word", ["Petrenko", "petrenko", "France"])
def test_what_the_settings_exclude_is_no_name(nlp, word):
    text = "Petrenko met the ministers of France and Peru."
    before, after = named(nlp, text), named(nlp, text, not_names=(word,))
    gone = {m.text for m in before.mentions} - {m.text for m in after.mentions}
    assert gone == {word.title()}


def test_offsets_point_into_the_cleaned_text_where_the_doc_is_blanked(nlp):
    text = "Olga Petrenko spoke.\n============\nFrance agreed."
    result = of_doc(nlp(text.replace("=", " ")), text)
    assert [text[m.start : m.end] for m in result.mentions] == ["Olga Petrenko", "France"]
    assert all(m.text == text[m.start : m.end] for m in result.mentions)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "He", "“", "’s", "U.S."])
def test_texts_with_next_to_nothing(nlp, text):
    assert [m.text for m in named(nlp, text).mentions] == (["U.S."] if text == "U.S." else [])


@st.composite
def docs(draw) -> Doc:
    """Any words, with any parse and any names: what a bad model may give."""
    words = draw(st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=30))
    n = len(words)
    doc = Doc(
        Vocab(),
        words=words,
        spaces=[draw(st.booleans()) for _ in words],
        heads=[draw(st.integers(max(0, i - 3), i)) for i in range(n)],  # to the left: no circles
        deps=[draw(st.sampled_from(DEPENDENCIES)) for _ in words],
        tags=[draw(st.sampled_from(TAGS)) for _ in words],
    )
    cuts = sorted(draw(st.sets(st.integers(0, n), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    doc.ents = [
        Span(doc, a, b, label=draw(st.sampled_from(LABELS)))
        for a, b in pairs
        if not doc[a].is_space and not doc[b - 1].is_space
    ]
    return doc


@settings(max_examples=200)
@given(docs())
def test_mentions_are_in_order_apart_and_exact_whatever_the_model_says(doc):
    result = of_doc(doc, doc.text)
    ends = [0, *(m.end for m in result.mentions)]
    assert all(m.start >= end and m.start < m.end for m, end in zip(result.mentions, ends, strict=False))
    assert all(m.text == doc.text[m.start : m.end] for m in result.mentions)
    named_keys = {m.key for m in result.mentions if m.form != "pronoun"} - {""}
    places = {f"country:{m.country_code}" for m in result.mentions if m.country_code}
    assert {e.key for e in result.entities} == named_keys | places
    assert {m.key for m in result.mentions if m.form == "pronoun"} <= named_keys
    assert all(m.key for m in result.mentions if m.kind in {"person", "organisation", "country"})


def chained(words: list[str], size: int = 0, label: str = "", first: int = 0, step: int = 1) -> Doc:
    """A Doc in which each word hangs on the one before by "and", with a name of `size` words at each `step`."""
    heads = [max(0, i - 1) for i in range(len(words))]
    doc = Doc(Vocab(), words=words, heads=heads, deps=["conj"] * len(words), tags=["NNP"] * len(words))
    starts = range(first, len(words) - size, step) if size else ()
    doc.ents = [Span(doc, i, i + size, label=label) for i in starts]
    return doc


def spelt(n: int) -> str:
    """A first name of its own for each number."""
    return "A" + "".join(chr(97 + int(digit)) for digit in str(n))


HOSTILE = {  # words, words of a name, its label, first name, step
    "quotation marks": (["“"] * 100_000, 0, ""),
    "capitals": (["Moscow", "and"] * 20_000, 1, "GPE", 0, 2),
    "one name": (["\n", "Ann", "Lee", "Smith", "\n"] * 8_000, 3, "PERSON", 1, 5),
    "namesakes": ([w for n in range(6_000) for w in (spelt(n), "Smith", ",", "Smith", ",")], 2, "PERSON", 0, 5),
    "lone names": (["Smith", ","] * 10_000, 1, "PERSON", 0, 2),
    "pronouns": (["Ann", "Lee", *["he"] * 60_000], 2, "PERSON", 0, 100_000),
    "one name of many words": (["said", *["Lee"] * 20_000], 20_000, "PERSON", 0, 100_000),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_articles_come_to_an_end(name):
    doc = chained(*HOSTILE[name])
    mentions = of_doc(doc, doc.text).mentions
    assert bool(mentions) == (name not in {"quotation marks", "one name of many words"})


def test_one_long_line_of_small_letters_names_nobody():
    text = "x" * 5_000_000
    doc = Doc(Vocab(), words=[text], heads=[0], deps=["ROOT"], tags=["NN"])
    assert of_doc(doc, text).mentions == ()


def test_a_public_body_speaks_of_the_country_it_is_called_after(nlp):
    text = "The University of Utah and the Justice Department agreed. Lansing City Council met in Lansing, Michigan."
    codes = {mention.text: mention.country_code for mention in named(nlp, text).mentions}
    assert codes["University of Utah"] == codes["Lansing City Council"] == "USA"
    assert codes["Justice Department"] == ""
