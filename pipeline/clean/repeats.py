"""Lines that stand twice in one text: pull quotes, captions given again, the whole article once more in one line.

Takes the lines of a text; gives the numbers of those that can go, since nearly all their words stand in the others.
"""

import re
from collections import Counter
from collections.abc import Sequence

TOKEN = re.compile(r"\w+|[“”\"«»]")
RUN = 4  # words: what two lines share is counted in runs of them
LEAST = 12  # words and marks: a shorter line may be said twice
SHARE = 0.9  # of the words; the quotation marks all, so that no quotation goes that stands only here


def repeats(lines: Sequence[str]) -> set[int]:
    """The lines whose words stand in lines that stay: the shorter go, of two that are the same the later.

    First of all goes a line that is half of the text or more: the article without its paragraphs.
    """
    words = [TOKEN.findall(line.casefold()) for line in lines]
    runs = [list(zip(*(some[at:] for at in range(RUN)), strict=False)) for some in words]
    n_lines = Counter(run for some in runs for run in set(some))
    found = set()
    half = sum(map(len, words)) / 2
    long = [at for at, some in enumerate(words) if len(some) >= LEAST]
    for at in sorted(long, key=lambda at: (len(words[at]) < half, len(words[at]), -at)):
        shared = [n_lines[run] > 1 for run in runs[at]]
        if 2 * sum(shared) >= len(shared) and _stands_elsewhere(words[at], shared):
            found.add(at)
            n_lines.subtract(set(runs[at]))
    return found


def _stands_elsewhere(words: Sequence[str], shared: Sequence[bool]) -> bool:
    """Whether enough words, and every quotation mark, lie in a run that another line has too."""
    covered = [any(shared[max(0, at - RUN + 1) : at + 1]) for at in range(len(words))]
    both = zip(covered, words, strict=True)
    return sum(covered) >= SHARE * len(words) and all(is_covered or word.isalnum() for is_covered, word in both)
