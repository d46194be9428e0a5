import hashlib

from hypothesis import given
from hypothesis import strategies as st

from pipeline.entities import gather
from pipeline.records import Entity, Named


def person(name: str, key: str = "", **rest) -> Entity:
    *given_names, family = name.split()
    return Entity(
        key=key or f"person:{name.casefold()}",
        kind="person",
        name=name,
        given_name=" ".join(given_names),
        family_name=family,
        **rest,
    )


def body(name: str, key: str, **rest: str) -> Entity:
    return Entity(key=f"organisation:{key}", kind="organisation", name=name, **rest)


def article(*entities: Entity) -> Named:
    return Named(article_id="a1", source_path="a.txt", entities=entities)


def keys(*articles: Named) -> set[tuple[str, ...]]:
    return {identity.keys for identity in gather(articles)}


def test_the_same_full_name_is_one_identity_with_all_forms_and_roles():
    first = article(person("Ann Lee", aliases=("Lee",), roles=("Mayor",)))
    second = article(person("Ann Lee", roles=("candidate",)))
    (identity,) = gather([first, second])
    assert (identity.name, identity.aliases, identity.roles) == ("Ann Lee", ("Lee",), ("Mayor", "candidate"))
    assert identity.entity_id == "p" + hashlib.sha256(b"person:ann lee").hexdigest()[:16]


def test_a_role_that_differs_by_capitals_is_told_once():
    run = [article(person("Ann Lee", roles=(role,))) for role in ("former Mayor", "Former Mayor", "chair")]
    assert [identity.roles for identity in gather(run)] == [("chair", "former Mayor")]


def test_a_lone_surname_joins_the_only_bearer_of_the_run():
    assert keys(article(person("Lee")), article(person("Ann Lee"))) == {("person:ann lee", "person:lee")}


def test_a_lone_surname_with_two_bearers_stays_apart():
    assert keys(article(person("Lee")), article(person("Ann Lee")), article(person("Bob Lee"))) == {
        ("person:lee",),
        ("person:ann lee",),
        ("person:bob lee",),
    }


def test_a_lone_surname_joins_the_bearer_who_has_its_role():
    run = [
        article(person("Lee", roles=("Mayor",)), person("Bob Lee")),
        article(person("Ann Lee", roles=("Mayor",))),
        article(person("Bob Lee", roles=("chef",))),
    ]
    assert keys(*run) == {("person:ann lee", "person:lee"), ("person:bob lee",)}


def test_a_lone_surname_joins_the_bearer_whom_nearly_all_articles_name():
    several = [article(person("Ann Lee"))] * 11
    assert ("person:ann lee", "person:lee") in keys(article(person("Lee")), article(person("Bob Lee")), *several)
    assert ("person:lee",) in keys(article(person("Lee")), article(person("Bob Lee")), *several[:10])
    told_apart = article(person("Lee"), person("Ann Lee"))
    assert ("person:lee",) in keys(told_apart, article(person("Bob Lee")), *several)


def test_a_name_with_another_first_name_before_it_is_another_person():
    mary = article(person("Mary Ann Lee", "person:mary ann lee"))
    assert len(keys(mary, *[article(person("Ann Lee"))] * 11)) == 2


def test_who_is_told_apart_in_one_article_is_not_united():
    assert keys(article(person("Lee"), person("Ann Lee"))) == {("person:lee",), ("person:ann lee",)}


def test_a_middle_initial_joins_the_name_without_it():
    run = [article(person("Ann J. Lee", "person:ann j lee")), article(person("Ann Lee")), article(person("Lee"))]
    assert keys(*run) == {("person:ann j lee", "person:ann lee", "person:lee")}


def test_two_middle_initials_are_two_people():
    run = [article(person(f"Ann {x}. Lee", f"person:ann {x.lower()} lee")) for x in "JK"]
    assert len(keys(*run, article(person("Ann Lee")))) == 3


def test_likeness_unites_nobody():
    assert len(keys(article(person("Ann Lee")), article(person("Anne Lee")), article(person("Ann Leigh")))) == 3


def test_a_lone_acronym_joins_the_only_organisation_that_has_it():
    full = body("National Energy Board", "national energy board", acronym="NEB")
    assert keys(article(full), article(body("NEB", "neb", acronym="NEB"))) == {
        ("organisation:national energy board", "organisation:neb")
    }


def test_an_acronym_of_two_organisations_stays_apart():
    full = [body(f"{x} Energy Board", f"{x} energy board", acronym="NEB") for x in ("New", "National")]
    assert len(keys(article(*full), article(body("NEB", "neb", acronym="NEB")))) == 3


def test_parliaments_of_two_countries_are_two_rows_and_each_tells_its_country():
    run = [article(body("Parliament", f"{code} parliament", country_code=code)) for code in ("IND", "IRN", "IND")]
    assert [(i.name, i.country_code) for i in gather(run)] == [("Parliament", "IND"), ("Parliament", "IRN")]


def test_a_parliament_of_an_unknown_country_joins_the_only_one_of_the_run():
    unknown, indian, iranian = (
        article(body("Parliament", f"{code} parliament".strip(), country_code=code)) for code in ("", "IND", "IRN")
    )
    both = ("organisation:IND parliament", "organisation:parliament")
    assert keys(unknown, indian) == {both}
    assert len(keys(unknown, indian, iranian)) == 3


def test_a_country_is_its_code():
    (identity,) = gather([article(Entity(key="country:TWN", kind="country", name="Taiwan"))])
    assert (identity.entity_id, identity.name) == ("TWN", "Taiwan")


NAMES = st.sampled_from(["Ann Lee", "Bob Lee", "Lee", "Ann J Lee", "ANN LEE", "Eve Moss", "Moss"])


@given(st.lists(st.lists(NAMES, max_size=3), max_size=6), st.randoms())
def test_the_order_of_articles_changes_nothing(run, random):
    articles = [article(*(person(name) for name in sorted(set(names)))) for names in run]
    shuffled = random.sample(articles, len(articles))
    first = list(gather(articles))
    assert list(gather(iter(shuffled))) == first
    assert len({identity.entity_id for identity in first}) == len(first)
    assert sorted(key for i in first for key in i.keys) == sorted({e.key for a in articles for e in a.entities})


def test_a_short_first_name_joins_the_long_one():
    forms = article(person("Joseph R. Bident", "person:joseph r bident jr")), article(person("Joe Bident"))
    assert keys(*forms, article(person("Joseph Bident"))) == {
        ("person:joe bident", "person:joseph bident", "person:joseph r bident jr")
    }


def test_a_short_first_name_of_somebody_in_another_role_is_somebody_else():
    speaker = article(person("Mike Johns", roles=("House Speaker",)))
    runner = article(person("Michael Johns", roles=("former sprinter",)))
    assert keys(speaker, runner) == {("person:mike johns",), ("person:michael johns",)}


def test_whom_one_article_tells_apart_stay_apart():
    both = article(person("Robert Dole", "person:robert dole jr"), person("Bob Dole"))
    assert keys(both, article(person("Bob Dole"))) == {("person:robert dole jr",), ("person:bob dole",)}


def test_a_name_without_suffix_is_neither_the_father_nor_the_son():
    three = ("person:martin hale jr", "person:martin hale sr", "person:martin hale")
    assert keys(*(article(person("Martin Hale", key)) for key in three)) == {(key,) for key in three}


def test_namesakes_in_fields_far_apart_with_nobody_in_common_are_two():
    painter = article(person("John Brunt", field="arts", roles=("painter",)), person("Mia Holm"))
    senator = article(person("John Brunt", field="politics", roles=("Senator",)), person("Ines Duarte"))
    found = {i.keys: i.roles for i in gather([senator, senator, painter]) if i.name == "John Brunt"}
    assert found == {("person:john brunt",): ("Senator",), ("person:john brunt (arts)",): ("painter",)}


def test_whoever_changed_fields_among_the_same_people_is_one():
    actor = article(person("Vera Kolm", field="arts", roles=("actress",)), person("Ines Duarte"))
    president = article(person("Vera Kolm", field="politics", roles=("President",)), person("Ines Duarte"))
    assert ("person:vera kolm",) in keys(actor, president)
    assert not any("(" in key for several in keys(actor, president) for key in several)
