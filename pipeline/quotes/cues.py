"""What a cue says is done: speech, thought or other.

Takes the words of a cue, gives its act, by the rows of text/cues.tsv.
"""

import re
from typing import cast

from pipeline.records import Act
from pipeline.text.words import word_list

ACTS = {word: cast("Act", act) for word, act in word_list("text", "cues")}
WORD = re.compile(r"\w+")
WRITTEN = re.compile(r"\W*[:—–-]\W*")  # "Smith: ...": a colon or a dash alone


def act_of(cue: str) -> Act:
    """The act of a cue: speech where a word of it is one of saying or writing, else thought, else other."""
    found = {ACTS.get(word) for word in WORD.findall(cue.lower())}
    if "speech" in found or WRITTEN.fullmatch(cue):
        return "speech"
    return "thought" if "thought" in found else "other"
