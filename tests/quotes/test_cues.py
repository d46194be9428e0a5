from typing import get_args

from pipeline.quotes.cues import cues
from pipeline.records import Act
from pipeline.text.words import word_list


def test_the_cue_list_is_sorted_and_each_form_stands_once() -> None:
    rows = word_list("text", "cues")
    keys = [(form, pos) for form, _, _, pos, _ in rows]

    assert list(rows) == sorted(rows)
    assert len(keys) == len(set(keys))


def test_every_cue_is_an_act_and_takes_something() -> None:
    for pos in ("VERB", "PHRASE"):
        assert all(cue.act in get_args(Act) and cue.takes for cue in cues(pos).values())


def test_acts() -> None:
    acts = {form: cues("VERB")[form].act for form in ("said", "believes", "condemned")}

    assert acts == {"said": "speech", "believes": "thought", "condemned": "other"}
    assert cues("PHRASE")["according to"].takes == {"sentence"}
