"""Guard a tokenizer against text that stalls it.

Takes a text, gives one of the same length in which nothing stalls: every offset still points at the same place.
spaCy's English tokenizer is quadratic in a run of one punctuation mark or symbol (8,000 "=" take 8.6 s) and in long
stretches without white space; see `pieces` for texts that are too long for one parse.
"""

import re
from collections.abc import Iterator

RUN = re.compile(r"([^\w\s])\1{9,}")  # ten or more of one mark: a separator line, never a word
STRETCH = re.compile(r"\S{300,}")  # base64, minified script, a URL with its query
MARKS = re.compile(r"[^\w\s]{40,}")  # mixed marks and emoji
SPACES = dict.fromkeys([0xA0, 0x202F, 0x3000, *range(0x2000, 0x200B)], " ")  # a token of its own to spaCy, in a name
PIECE = 100_000  # characters to one parse: 100 kB of prose take 9 s and 1 GB of memory at the most


def guarded(text: str) -> str:
    """The text with runs of ten equal marks, stretches of 300 characters without a space and odd spaces as blanks."""
    text = text.translate(SPACES)
    for pattern in (RUN, MARKS, STRETCH):
        text = pattern.sub(lambda m: " " * len(m[0]), text)
    return text


def pieces(text: str, most: int = PIECE) -> Iterator[str]:
    """Cut a text into parts of at most `most` characters, at the last paragraph end, line end or space before that."""
    start = 0
    while len(text) - start > most:
        window = text[start : start + most]
        cut = next((at + len(mark) for mark in ("\n\n", "\n", " ") if (at := window.rfind(mark)) > 0), most)
        yield window[:cut]
        start += cut
    yield text[start:]
