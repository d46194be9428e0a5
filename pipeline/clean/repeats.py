"""Lines that stand twice in one text: pull quotes, captions given again, the whole article once more in one line.

Takes the lines of a text by number; gives the numbers of those that can go: nearly all their words stand in others.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from pipeline.text.words import word_map

TOKEN = re.compile(r"\w+|[“”\"«»]")
QUOTED = re.compile(r"[“\"«][^”\"»]*")
RUN = 4  # words: what two lines share is counted in runs of them
LEAST = 12  # words of two letters or more: a shorter line may be said twice, such as the hours of two museums
SHARE = 0.9  # of the words; the quotation marks all, so that no quotation goes that stands only here


def repeats(lines: Mapping[int, str]) -> set[int]:
    """The lines whose words stand in lines that stay: the shorter go, of two that are the same the later.

    First of all goes a line that is half of the text or more: the article without its paragraphs. Of the others those
    that say who says something stay: newspapers do repeat themselves.
    """
    words = {at: TOKEN.findall(line.casefold()) for at, line in lines.items()}
    runs = {at: list(zip(*(some[by:] for by in range(RUN)), strict=False)) for at, some in words.items()}
    n_lines = Counter(run for some in runs.values() for run in set(some))
    found = set()
    half = max(LEAST, sum(map(len, words.values())) / 2)
    for at in sorted(words, key=lambda at: (len(words[at]) < half, len(words[at]), -at)):
        shared = [n_lines[run] > 1 for run in runs[at]]
        is_long = sum(len(word) > 1 for word in words[at]) >= LEAST and 2 * sum(shared) >= len(shared)
        if is_long and (len(words[at]) >= half or not _says(lines[at])) and _stands_elsewhere(words[at], shared):
            found.add(at)
            n_lines.subtract(set(runs[at]))
    return found


def _says(line: str) -> bool:
    """Whether a verb of saying or thinking stands outside of quotation marks."""
    return not word_map("text", "cues").keys().isdisjoint(TOKEN.findall(QUOTED.sub("", line.casefold())))


def _stands_elsewhere(words: Sequence[str], shared: Sequence[bool]) -> bool:
    """Whether enough words, and every quotation mark, lie in a run that another line has too."""
    covered = [any(shared[max(0, at - RUN + 1) : at + 1]) for at in range(len(words))]
    both = zip(covered, words, strict=True)
    return sum(covered) >= SHARE * len(words) and all(is_covered or word.isalnum() for is_covered, word in both)
