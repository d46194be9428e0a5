"""The lines of a text: their words, their shape, and the patterns of boilerplate that fit them.

Takes a text, gives `Line`s; takes a line and a kind of pattern, gives the reason of the first pattern that fits.
"""

import re
from dataclasses import dataclass
from functools import cache, cached_property

from pipeline.records import Span
from pipeline.text.words import paragraphs, word_list, word_map

LONGEST = 500  # characters: the longest notices are under 450, and a longer line is a paragraph of the article
MARK = re.compile(r"[“”„«»‹›\"]|(?:^|[\s(])[‘']")
WORD = re.compile(r"[^\W\d_]+")
ITEM = re.compile(r"[*•·]|[+o–#-](?=\s|$)")
INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")  # joiners are letters
EDGES = " \t\u00a0\u200b•·*>»[]|"
CLOSED = tuple('.!?…:”’»")')  # how a sentence ends


@dataclass(frozen=True)
class Line:
    """A line that holds text."""

    words: str  # its first 1,000 characters, blanks squeezed, marks of a list off
    n_words: int  # split at blanks
    depth: int  # blanks that it begins with: in the text of a page, how deep it lay there
    is_item: bool  # of a list
    whole: str  # all of it, as it is seen

    @cached_property
    def reason(self) -> str:
        """Of a pattern that fits it wherever it stands, or an empty text."""
        return fitting("line", self.words) or guess("start", self.words)

    @property
    def is_prose(self) -> bool:
        """Whether it reads like a sentence: eight words and closed like one, or 25 words."""
        return self.n_words >= 25 or (self.n_words >= 8 and self.words.endswith(CLOSED))


def lines_of(text: str) -> list[tuple[Span, Line]]:
    """The lines of a text that hold something that is seen, and where they stand."""
    return [(span, line) for span in paragraphs(text) if (line := line_of(text, span))]


def line_of(text: str, span: Span) -> Line | None:
    """The line at a span of the text; None where it holds nothing that is seen."""
    whole = INVISIBLE.sub("", text[slice(*span)]).rstrip()
    bare = whole.lstrip()
    if not bare:
        return None
    words = bare[: 2 * LONGEST].strip(EDGES).split()
    return Line(" ".join(words), len(words), len(whole) - len(bare), bool(ITEM.match(bare)), whole)


def guess(where: str, words: str) -> str:
    """The reason of a pattern that is no exact template; a line that quotes somebody is never taken by one."""
    reason = fitting(where, words)
    return "" if reason and quotes_somebody(words) else reason


def quotes_somebody(words: str) -> bool:
    """Whether a line holds a quotation mark and a verb of saying or thinking."""
    return bool(MARK.search(words)) and any(word.lower() in word_map("text", "cues") for word in WORD.findall(words))


def fitting(where: str, words: str) -> str:
    """The reason of the first pattern of this kind that fits the line."""
    if not words or len(words) > LONGEST:
        return ""
    any_case, patterns = _patterns(where)
    how = re.Pattern.match if where == "start" else re.Pattern.fullmatch
    return next((reason for reason, one in patterns if how(one, words)), "") if how(any_case, words.lower()) else ""


@cache
def _patterns(where: str) -> tuple[re.Pattern[str], list[tuple[str, re.Pattern[str]]]]:
    """All patterns of a kind as one that is tried in lower case, five times as fast, and each with its reason."""
    listed = [(reason, pattern) for reason, kind, pattern in word_list("clean", "boilerplate") if kind == where]
    joined = re.sub(r"\\.|[A-Z]", lambda m: m[0] if m[0][1:] else m[0].lower(), "|".join(one for _, one in listed))
    return re.compile(joined.replace("(?-i:", "(?:")), [(why, re.compile(one, re.IGNORECASE)) for why, one in listed]
