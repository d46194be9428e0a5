"""Which lines of a whole page lie around its article: menus, sidebars, comments, footers.

Takes the lines of a text; gives for each whether it lies outside. A text is a whole page where it begins with a menu
and two fifths of its lines are labels. Its body is the run of lines with the most prose: the words of a sentence count
for it, each label of a menu counts against it, and the run with the highest sum is taken (Kadane's algorithm). In the
text of a page the paragraphs of an article begin at one depth; prose at other depths counts less, but for the first
paragraph that a dateline opens.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

from pipeline.clean.lines import CLOSED, MARK, Line, quotes_somebody
from pipeline.text.words import word_list

N_FIRST, N_OPEN = 10, 7  # of the first ten lines of a page with its menu, seven are not closed like a sentence
N_DEPTHS = 4  # or its lines begin at so many depths
N_LABELS, LABELS, LABEL_WORDS = 30, 0.4, 6  # of a page the least labels, their least share of lines, their most words
MOST = 60  # words that a paragraph counts for: a legal note of 300 words is no article
ELSEWHERE = 0.3  # what prose at another depth or in a list counts; alone it is a teaser and counts nothing
AGAINST = {"comment": 80, "aside": 20, "notice": 12, "item": 8, "label": 6, "date": 6}  # words that a line cancels
N_MARKS, NEAR = 3, 12  # so many marks of comments, or dates, within so many lines open a section of them
ARTICLE = 150  # words of prose at the depth of the body that stand before teasers of other articles
IN_COMMENTS = 0.1  # what prose counts there
LEAD = re.compile(r"\([A-Z][A-Za-z/ ]{1,20}\) ?\S|[A-Z]{3}[A-Z .,'’-]*[^—–]{0,40}? ?(?:—|–|--) ")  # a dateline
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
    words = [min(line.n_words, MOST) if part == "prose" else 0 for line, part in zip(lines, parts, strict=True)]
    depths: Counter[int] = Counter()
    for line, n in zip(lines, words, strict=True):
        depths[line.depth] += 0 if line.is_item else n
    depth = max(depths, key=lambda each: (depths[each], -each))
    ends = _ends(parts, [n if line.depth == depth else 0 for line, n in zip(lines, words, strict=True)])
    lead = next((at for at, n in enumerate(words) if n and LEAD.match(lines[at].words)), -1)
    counts: list[float] = []
    for at, (line, part) in enumerate(zip(lines, parts, strict=True)):
        beside = [lines[by].depth for by in (at - 1, at + 1) if 0 <= by < len(lines) and parts[by] == "prose"]
        share = ELSEWHERE if line.is_item or line.depth != depth else 1.0
        share = 1.0 if at == lead else share * (line.depth == depth or line.depth in beside)
        share *= IN_COMMENTS if at > ends else 1
        counts.append(words[at] * share if part == "prose" else -AGAINST[part])
    return counts


def _part(line: Line) -> str:
    """Which part of a page a line speaks of."""
    words = line.words.lower()
    if line.reason == "comment-form" or _pattern("comment").fullmatch(words):
        return "comment"
    if line.reason in ("cookie", "copyright", "login"):
        return "notice"
    if _pattern("aside").fullmatch(words):
        return "aside"
    if _pattern("date").fullmatch(words):
        return "date"
    if _is_prose(line) and (MARK.search(line.words) or not _pattern("notice").search(words)):
        return "prose"
    return "item" if line.is_item and not line.reason else "label"


def _is_prose(line: Line) -> bool:
    """Whether a line is a sentence, a short one where it quotes somebody; "* Headline (14)" is a link to comments."""
    is_said = line.words.endswith(CLOSED) and quotes_somebody(line.words)
    return not line.reason and (line.is_prose or is_said) and not (line.is_item and line.words.endswith(")"))


@cache
def _pattern(part: str) -> re.Pattern[str]:
    rows = word_list("clean", "page")
    return re.compile("|".join(pattern for kind, pattern in rows if kind == part))


def _ends(parts: Sequence[str], words: Sequence[int]) -> int:
    """Where comments open, or dated teasers behind an article; behind the last line where neither do."""
    before = list(accumulate(words))
    comments = [at for at, part in enumerate(parts) if part == "comment"]
    dates = [at for at, part in enumerate(parts) if part == "date" and before[at] >= ARTICLE]
    threes = (pair for marks in (comments, dates) for pair in zip(marks, marks[N_MARKS - 1 :], strict=False))
    return min((first for first, last in threes if last - first <= NEAR), default=len(parts))


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
