"""Lines that many articles of a run share: what a site puts around its articles in words of its own.

Takes the texts of a run, gives lines that stand in several articles which are no copies of one another. A sentence
never counts, since agencies tell the background of a story in the same words for weeks; nor does a line that stands
twice in a text or above a quotation, such as the name of who speaks next.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.clean.duplicates import copies, sketch
from pipeline.clean.lines import CLOSED, MARK, Line, lines_of

LEAST = 5  # articles; of 2,475, taken outlet by outlet, four lines stand in so many, none of them the article's
SHARE = 0.01  # of the articles of a run: in a large one some headings meet by chance
LONGEST = 12  # words of a heading or link


def shared(texts: Iterable[str]) -> tuple[str, ...]:
    """The lines, in order of the alphabet. Takes memory that grows with the headings of all texts."""
    every = [(sketch(text), signs([line for _, line in lines_of(text)])) for text in texts]
    groups = copies([one for one, _ in every])
    has = {(line, group or at) for at, (group, (_, own)) in enumerate(zip(groups, every, strict=True)) for line in own}
    least = max(LEAST, SHARE * len(every))
    return tuple(sorted(line for line, n in Counter(line for line, _ in has).items() if n >= least))


def signs(lines: Sequence[Line]) -> set[str]:
    """Those of a text's lines that may be taken where other articles have them too."""
    counts = Counter(line.words for line in lines)
    behind = [line.words[:1] for line in lines[1:]] + [""]
    return {
        line.words
        for line, first in zip(lines, behind, strict=False)  # no line at all has none behind it
        if counts[line.words] == 1 and _is_sign(line) and not (first.islower() or MARK.match(first))
    }


def _is_sign(line: Line) -> bool:
    """A heading or link: some words, no sentence, no speaker, no time of the day, no middle of a broken sentence."""
    words = line.words
    is_short = 2 <= line.n_words <= LONGEST and not line.is_prose and not any(map(str.isdigit, words))
    return is_short and not words[0].islower() and words[-1] != ":" and (words.isupper() or not words.endswith(CLOSED))
