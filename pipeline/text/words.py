"""Words, paragraphs and word lists.

Takes texts and the .tsv lists that lie beside the rules; gives counts, spans and dictionaries.
"""

import re
from functools import cache
from importlib.resources import files

from pipeline.records import Span

WORD = re.compile(r"\w+(?:['’\-]\w+)*")
PARAGRAPH = re.compile(r"[^\n]+")


def n_words(text: str) -> int:
    """The number of words; "don't" and "well-known" are one each."""
    return sum(1 for _ in WORD.finditer(text))


def stripped(text: str, start: int, end: int) -> Span:
    """The span without the white space at its edges; its end is not behind its start where it holds nothing else."""
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip())


def paragraphs(text: str) -> list[Span]:
    """The spans of the lines that hold text: each line of an article is a paragraph."""
    return [m.span() for m in PARAGRAPH.finditer(text) if not m[0].isspace()]


@cache
def word_list(room: str, name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `pipeline/<room>/<name>.tsv` without its header; lines beginning with "#" say where rows come from.

    Raises ValueError where a row has not as many cells as the header.
    """
    lines = files("pipeline").joinpath(room, f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
    for row in rows:
        if len(row) != len(rows[0]):
            raise ValueError(f"{room}/{name}.tsv: {row} has not the cells {rows[0]}")
    return tuple(rows[1:])


@cache
def word_map(room: str, name: str) -> dict[str, str]:
    """The second cell of each row of a word list by the first."""
    return {row[0]: row[1] for row in word_list(room, name)}
