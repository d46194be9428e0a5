"""Who is behind the words of a source, over short articles: bodies, documents, and people called by what they are."""

import pytest

from pipeline import analyse

FILLER = "Rain fell on the hills for most of the week and the roads stayed wet. "


def speakers(text: str) -> list[str]:
    """The keys of the speakers in a text, in order."""
    return [quote.speaker_key for quote in analyse(text).quoted.quotes]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (
            "Ana Harrow is running for mayor. The Harrow campaign said that it would publish the letters.",
            "organisation:harrow campaign",
        ),
        (
            "Ana Harrow is running for mayor. Harrow's campaign said that it would publish the letters.",
            "organisation:harrow campaign",
        ),
        ("A Reuters poll found that 54 percent of voters wanted a new bridge.", "organisation:reuters"),
        ("A study by the Brookings Institution found that rents had doubled.", "organisation:brookings institution"),
        ("A report written by Lena Okafor says that the dam is safe.", "person:lena okafor"),
        ("Lena Okafor spoke in May. Okafor's report says that the dam is safe.", "person:lena okafor"),
        (
            "Rep. Dana Voss of Ohio voted against the bill. The congresswoman said that it would hurt farmers.",
            "person:dana voss",
        ),
        (
            "Mayor Lee Park met the unions on Monday. The mayor said that the talks would go on.",
            "person:lee park",
        ),
        (
            "Republican nominee Carl Unger and Democratic nominee Ines Duarte met. The Democratic nominee said that "
            "taxes would fall.",
            "person:ines duarte",
        ),
        (
            "The International Criminal Court sits in The Hague. The court said that it would hear the case.",
            "organisation:international criminal court",
        ),
        (
            "The Bank of England raised its rate. It said that prices were still rising.",
            "organisation:bank of england",
        ),
    ],
)
def test_a_source_is_whom_the_article_means(text: str, key: str) -> None:
    assert speakers(text)[-1] == key


@pytest.mark.parametrize(
    "text",
    [
        "Vice President Ines Duarte arrived. The president said that taxes would fall.",
        "Libertarian nominee Carl Unger spoke in Ohio. The Democratic nominee said that taxes would fall.",
        "Senator Carl Unger and Senator Ines Duarte met. The senator said that taxes would fall.",
        "Officials met in Ohio. The report says that the dam is safe.",
    ],
)
def test_nobody_is_named_where_the_article_does_not_say(text: str) -> None:
    assert speakers(text)[-1] == ""


def test_who_is_named_once_and_long_ago_is_not_meant() -> None:
    once = "Senator Carl Unger was in town. " + "Ines Duarte opened the fair and Ines Duarte left. " * 9 + FILLER * 12
    assert speakers(once + "The senator said that taxes would fall.")[-1] == ""


def test_a_survey_is_the_one_that_somebody_is_named_with_before() -> None:
    before, after = "A Reuters survey found that rents had doubled. ", "The survey said that half of them stood empty."
    assert speakers(before + FILLER + after) == ["organisation:reuters", "organisation:reuters"]
