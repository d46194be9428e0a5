"""Whatever the encoder says, the grammar is one: sentences that end with their lines, a tree each, a tag a token."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, Token

from pipeline.annotate.encoder import Encoder, Reading
from pipeline.annotate.grammar import parse

Silent = Callable[[str], Reading]
WORDS = ["Ana", "spoke", ".", "\n", "\n\n", "  ", "don't", "cannot", "“Go,”", "é", "🙂", "U.S.", "=" * 20]


def parsed(nlp: Language, model: Encoder, reading: Reading) -> Doc:
    doc = nlp.make_doc(reading.text)
    parse(doc, reading, model.config)
    return doc


def root_of(token: Token) -> Token:
    seen = {token.i}
    while token.head.i != token.i:
        token = token.head
        assert token.i not in seen, "a circle"
        seen.add(token.i)
    return token


@settings(max_examples=60)
@given(words=st.lists(st.sampled_from(WORDS), max_size=60), seed=st.integers(0, 2**32 - 1))
def test_any_scores_give_a_tree_a_sentence(
    nlp: Language, model: Encoder, silent: Silent, words: list[str], seed: int
) -> None:
    reading, chance = silent(" ".join(words)), np.random.default_rng(seed)
    n, size = len(reading.pieces), chance.choice([0.1, 3.0, 100.0])
    dependent, governor = (size * chance.normal(size=(2, n, 4))).astype("f4")
    first = chance.random(n).astype("f4")
    doc = parsed(nlp, model, replace(reading, first=first, dependent=dependent, governor=governor))

    for sentence in doc.sents:
        assert {root_of(token).i for token in sentence} == {sentence.root.i}
        assert sentence.start <= sentence.root.i < sentence.end
    for token in doc:
        assert token.tag_
        assert token.dep_ == "ROOT" or token.head.i != token.i


def test_the_best_heads_are_taken_where_they_make_a_tree(nlp: Language, model: Encoder, silent: Silent) -> None:
    reading = silent("Ana saw red boats")
    heads = [1, 1, 3, 1]
    dependent = 1000 * np.eye(4, dtype="f4")[heads]
    doc = parsed(nlp, model, replace(reading, dependent=dependent, governor=np.eye(4, dtype="f4")))

    assert [token.head.i for token in doc] == heads


def test_a_token_has_what_its_first_piece_has(nlp: Language, model: Encoder, silent: Silent) -> None:
    reading = silent("Ana Diaz can\n\nstay .")
    numbers = np.arange(len(reading.pieces)) + 1
    doc = parsed(nlp, model, replace(reading, tags=numbers, deps=numbers))
    piece = {start: at for at, start in enumerate(reading.pieces.starts.tolist())}

    for token in doc:
        at = None if token.is_space else numbers[piece[token.idx]]
        assert token.tag_ == ("_SP" if at is None else model.config.tags[at])
        assert token.dep_ in (["dep"] if at is None else [model.config.deps[at], "ROOT"])


def test_a_negation_inside_a_piece_is_a_negation(nlp: Language, model: Encoder, silent: Silent) -> None:
    doc = parsed(nlp, model, silent("They cannot stay"))

    assert [(token.text, token.tag_, token.dep_, token.head.text) for token in doc if token.text == "not"] == [
        ("not", "RB", "neg", "can")
    ]


def test_a_sentence_ends_at_a_line_break(nlp: Language, model: Encoder, silent: Silent) -> None:
    doc = parsed(nlp, model, silent("Rain over Lima\n\nAna Diaz spoke of it\nShe left \n"))

    assert [sentence.text.strip() for sentence in doc.sents] == ["Rain over Lima", "Ana Diaz spoke of it", "She left"]


def test_a_sentence_starts_where_the_encoder_says(nlp: Language, model: Encoder, silent: Silent) -> None:
    reading = silent("Rain fell. Ana left. Bo stayed")
    first = np.isin(reading.pieces.starts, [reading.text.index("Ana"), reading.text.index("Bo")])
    doc = parsed(nlp, model, replace(reading, first=first.astype("f4")))

    assert [sentence.text for sentence in doc.sents] == ["Rain fell.", "Ana left.", "Bo stayed"]


def test_a_line_without_an_end_is_cut(nlp: Language, model: Encoder, silent: Silent) -> None:
    doc = parsed(nlp, model, silent("word " * 3000))

    assert [len(sentence) for sentence in doc.sents] == [250] * 12


def test_blanks_make_no_sentence_of_their_own(nlp: Language, model: Encoder, silent: Silent) -> None:
    assert len(list(parsed(nlp, model, silent("   Rain fell")).sents)) == 1
    cut = Doc(nlp.vocab, words=["Rain", "\n\n", "\n", "Snow"], spaces=[False] * 4)  # as a long text's parts meet
    parse(cut, silent(cut.text), model.config)
    assert [sentence.text for sentence in cut.sents] == ["Rain\n\n\n", "Snow"]


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "=" * 50, "\u200b"])
def test_a_text_without_pieces_is_parsed(nlp: Language, model: Encoder, silent: Silent, text: str) -> None:
    doc = parsed(nlp, model, silent(text))

    assert doc.text == text
    assert all(root_of(token).i <= token.i for token in doc)
