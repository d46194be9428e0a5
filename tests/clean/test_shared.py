"""Headings and links that many articles of a run share."""

import pytest

from pipeline.clean import clean, shared
from pipeline.records import Article
from pipeline.settings import CleanSettings

TOPICS = ("harbour", "library", "railway", "orchard", "theatre", "quarry", "museum")


def story(topic: str, *lines: str) -> str:
    """An article of its own words, with these lines behind its first paragraph."""
    own = " ".join(f"{topic}{at}" for at in range(60))  # three words in a row that no other story has
    return "\n\n".join((f"What the {topic} needs", f"They said {own}.", *lines, f"Nobody had asked about the {topic}."))


def in_many(*lines: str, n: int = len(TOPICS)) -> tuple[str, ...]:
    """What is shared where the first `n` of seven articles hold these lines."""
    return shared(story(topic, *(lines if at < n else ())) for at, topic in enumerate(TOPICS))


@pytest.mark.parametrize("line", ["The Quay Channel", "FULL TEXT.", "More from our valley pages", "RUTH OKORO"])
def test_a_heading_or_link_of_five_articles_is_shared(line: str) -> None:
    assert in_many(line, n=5) == (line,)
    assert in_many(line, n=4) == ()


@pytest.mark.parametrize(
    ("what", "lines"),
    [
        ("a sentence", ["The valley lost its railway in 1952 and has asked for another one ever since."]),
        ("an answer", ["Thank you."]),
        ("a label", ["The mayor:"]),
        ("a time of the day", ["Around 9 o’clock"]),
        ("who says what follows", ["Ruth Okoro", "“It stays open.”"]),
        ("a line that stands twice", ["Ruth Okoro", "It stays open, she says.", "Ruth Okoro"]),
        ("the middle of a broken sentence", ["The mayor of the valley", "did not say what it costs"]),
        ("one word", ["Background"]),
    ],
)
def test_what_an_article_may_say_itself_is_never_shared(what: str, lines: list[str]) -> None:
    assert in_many(*lines) == (), what


def test_copies_count_once() -> None:
    again = [story("harbour", "The Quay Channel").replace("harbour7", word) for word in ("ice", "oak", "sun")]
    assert shared([*again, *(story(topic, "The Quay Channel") for topic in TOPICS[1:4])]) == ()
    assert shared([*again, *(story(topic, "The Quay Channel") for topic in TOPICS[1:5])]) == ("The Quay Channel",)


def test_in_a_large_run_a_line_of_a_few_articles_stays() -> None:
    others = (f"Report {number} on the weather of the valley\n\nIt rained on day {number}." for number in range(600))
    assert shared([*(story(topic, "The Quay Channel") for topic in TOPICS[:5]), *others]) == ()


def test_a_shared_line_goes_with_its_reason_where_it_is_no_part_of_the_article() -> None:
    settings = CleanSettings(shared_lines=("The Quay Channel",))
    article = Article(article_id="a1", source_path="a.txt", text=story("harbour", "The Quay Channel"))
    done = clean(article, settings)
    assert [(row.reason, row.text.strip()) for row in done.removed] == [("shared-line", "The Quay Channel")]
    assert done.text == story("harbour")
    assert clean(article, CleanSettings(shared_lines=("The Quay Channel",), keep=("shared-line",))).removed == ()
    label = Article(article_id="a1", source_path="a.txt", text=story("harbour", "The Quay Channel", "“We are open.”"))
    assert clean(label, settings).removed == ()
