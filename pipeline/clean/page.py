"""Which lines of a whole page lie around its article: menus, sidebars, comments, footers.

Takes the lines of a text; gives for each whether it lies outside. A text is a whole page where it begins with a menu
and two fifths of its lines are labels. Its body is the run of lines with the most prose: the words of a sentence count
for it, each label of a menu counts against it, and the run with the highest sum is taken (Kadane's algorithm). In the
text of a page the paragraphs of an article begin at one depth; prose at other depths counts less.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from pipeline.clean.lines import CLOSED, MARK, Line, quotes_somebody
from pipeline.text.words import word_list

N_FIRST, N_OPEN = 10, 7  # of the first ten lines of a page with its menu, seven are not closed like a sentence
N_DEPTHS = 4  # or its lines begin at so many depths
N_LABELS, LABELS = 30, 0.4  # the least labels of a page, and their least share in its lines
LABEL_WORDS = 6  # the most words of a label
MOST = 60  # words that a paragraph counts for: a legal note of 300 words is no article
ELSEWHERE = 0.3  # what prose at another depth or in a list counts; alone it is a teaser and counts nothing
AGAINST = {"comment": 80, "aside": 20, "notice": 12, "item": 8, "label": 6}  # words that one line of a kind cancels
N_COMMENTS, NEAR = 3, 12  # so many marks of comments within so many lines open a comment section
IN_COMMENTS = 0.1  # what prose counts there
QUOTED = 20  # a line that quotes somebody and counts for so many words, as it does at the depth of the body only, stays


def outside(lines: Sequence[Line]) -> list[bool]:
    """For each line whether it lies outside of the body; none does where the text is no whole page."""
    worded = [line for line in lines if line.words]
    if not _is_page(worded):
        return [False] * len(lines)
    counted = iter(_counted(worded))
    counts = [next(counted) if line.words else 0.0 for line in lines]
    start, end = _highest(counts)
    stays = [n >= QUOTED and quotes_somebody(line.words) for n, line in zip(counts, lines, strict=True)]
    return [bool(end) and not (start <= at < end or stays[at]) for at in range(len(lines))]


def _is_page(lines: Sequence[Line]) -> bool:
    is_open = [not (line.is_prose or line.words.endswith(CLOSED)) for line in lines]
    n_labels = sum(is_open[at] and line.n_words <= LABEL_WORDS for at, line in enumerate(lines))
    begins = sum(is_open[:N_FIRST]) >= N_OPEN or len({line.depth for line in lines}) >= N_DEPTHS
    return begins and n_labels >= max(N_LABELS, LABELS * len(lines))


def _counted(lines: Sequence[Line]) -> list[float]:
    """The words that each line counts for the body, or cancels."""
    parts = [_part(line) for line in lines]
    depths: Counter[int] = Counter()
    for line, part in zip(lines, parts, strict=True):
        depths[line.depth] += min(line.n_words, MOST) if part == "prose" and not line.is_item else 0
    depth = max(depths, key=lambda each: (depths[each], -each))
    comments = _comments(parts)
    counts: list[float] = []
    for at, (line, part) in enumerate(zip(lines, parts, strict=True)):
        beside = [lines[by].depth for by in (at - 1, at + 1) if 0 <= by < len(lines) and parts[by] == "prose"]
        share = ELSEWHERE if line.is_item or line.depth != depth else 1.0
        share *= line.depth == depth or line.depth in beside
        share *= IN_COMMENTS if at > comments else 1
        counts.append(min(line.n_words, MOST) * share if part == "prose" else -AGAINST[part])
    return counts


def _part(line: Line) -> str:
    """Which part of a page a line speaks of."""
    if line.reason == "comment-form" or _pattern("comment").fullmatch(line.words):
        return "comment"
    if line.reason in ("cookie", "copyright", "login"):
        return "notice"
    if _pattern("aside").fullmatch(line.words):
        return "aside"
    if line.is_prose and not line.reason and (MARK.search(line.words) or not _pattern("notice").search(line.words)):
        return "prose"
    return "item" if line.is_item and not line.reason else "label"


@cache
def _pattern(part: str) -> re.Pattern[str]:
    rows = word_list("clean", "page")
    return re.compile("|".join(pattern for kind, pattern in rows if kind == part), re.IGNORECASE)


def _comments(parts: Sequence[str]) -> int:
    """Where the comment section opens; behind the last line where there is none."""
    marks = [at for at, part in enumerate(parts) if part == "comment"]
    opened = (first for first, last in zip(marks, marks[N_COMMENTS - 1 :], strict=False) if last - first <= NEAR)
    return next(opened, len(parts))


def _highest(counts: Sequence[float]) -> tuple[int, int]:
    """The run with the highest sum, [start, end); (0, 0) where no line counts for anything."""
    best, found, total, start = 0.0, (0, 0), 0.0, 0
    for at, n in enumerate(counts):
        if total <= 0:
            total, start = 0.0, at
        total += n
        if total > best:
            best, found = total, (start, at + 1)
    return found
