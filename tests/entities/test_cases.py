import re
from pathlib import Path

import pytest

from pipeline.entities import entities
from pipeline.records import Cleaned, Mention, Named
from pipeline.settings import EntitiesSettings

CASES = Path(__file__).parents[1] / "cases" / "entities"
MARK = re.compile(r"\[([^\]|]+)\|([^\]]+)\]")
STRICT = {  # the kinds of which a file marks every mention
    "people": {"person"},
    "pronouns": {"person"},
    "countries": {"person", "country"},
    "organisations": {"country", "organisation"},
}


def cases():
    for path in sorted(CASES.glob("*.txt")):
        for block in path.read_text(encoding="utf-8").split("\n## ")[1:]:
            name, _, text = block.partition("\n")
            yield pytest.param(path.stem, text.strip(), id=f"{path.stem}: {name}")


def unmarked(marked: str) -> tuple[str, set[tuple[int, int, str]]]:
    text, at, marks = "", 0, set()
    for mark in MARK.finditer(marked):
        text += marked[at : mark.start()]
        marks.add((len(text), len(text) + len(mark[1]), mark[2]))
        text += mark[1]
        at = mark.end()
    return text + marked[at:], marks


def label(mention: Mention) -> str:
    if mention.kind == "place":
        return f"place {mention.country_code}"
    return mention.key if mention.kind == "person" else f"{mention.key} {mention.form}"


def named(nlp, text: str, **settings) -> Named:
    return entities(nlp(text), Cleaned(article_id="a1", source_path="a.txt", text=text), EntitiesSettings(**settings))


@pytest.mark.parametrize(("room", "marked"), list(cases()))
def test_case(nlp, room, marked):
    text, marks = unmarked(marked)
    mentions = named(nlp, text).mentions
    found = {(m.start, m.end, label(m)) for m in mentions}
    strict = {(m.start, m.end, label(m)) for m in mentions if m.kind in STRICT[room]}
    assert marks <= found, [(text[s:e], what) for s, e, what in sorted(marks - found)]
    assert strict <= marks, [(text[s:e], what) for s, e, what in sorted(strict - marks)]
