"""The words that say that something is said.

Takes the rows of `text/cues.tsv`; gives for a verb or phrase its act and what carries its content.
"""

from functools import cache
from typing import NamedTuple, cast

from pipeline.records import Act
from pipeline.text.words import word_list


class Cue(NamedTuple):
    """One row of cues.tsv: what a form stands for."""

    lemma: str
    act: Act
    takes: frozenset[str]  # clause, object, infinitive, sentence, or a preposition


@cache
def cues(pos: str) -> dict[str, Cue]:
    """The cues of one kind (VERB or PHRASE) by their form in lower case."""
    rows = word_list("text", "cues")
    return {
        form: Cue(lemma, cast("Act", act), frozenset(takes.split())) for form, lemma, act, p, takes in rows if p == pos
    }
