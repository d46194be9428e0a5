"""What a cue says is done: speech, thought or other.

Takes the words of a cue, gives its act, by the rows of text/cues.tsv.
"""

import re

from pipeline.records import Act
from pipeline.text.words import word_map

GOES_ON = frozenset({"continue", "continued", "continues", "continuing"})  # "she continued", but "continued to plot"
WORD = re.compile(r"\w+")
WRITTEN = re.compile(r"\W*[:—–-]\W*")  # "Smith: ...": a colon or a dash alone


def act_of(cue: str) -> Act:
    """The act of a cue: speech where a word of it is one of saying or writing, else thought, else other."""
    words = WORD.findall(cue.lower())
    acts = word_map("text", "cues")
    found = {acts.get(word) for word in words if word not in GOES_ON or word == words[-1]}
    if "speech" in found or WRITTEN.fullmatch(cue):
        return "speech"
    return "thought" if "thought" in found else "other"
