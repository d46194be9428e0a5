"""Names are whole tokens in legal sequences, and an article agrees with itself about them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from spacy.language import Language

from pipeline.annotate.encoder import Encoder, Reading
from pipeline.annotate.names import BESIDE, decoded, token_classes, write_names

Silent = Callable[[str], Reading]
Said = tuple[str, str, float]  # words, kind, probability


def reading_of(reading: Reading, model: Encoder, said: list[Said]) -> Reading:
    """The reading with each of the words, where they stand next, begun and gone on with as the kind."""
    names, at = reading.names.copy(), 0
    for words, kind, chance in said:
        at = reading.text.index(words, at)
        here = reading.pieces.between(at, at + len(words))
        begin = 1 + 2 * model.config.kinds.index(kind)
        names[here] *= 1 - chance
        names[here, begin + 1] += chance
        names[here.start, [begin, begin + 1]] = chance, 0.0
        at += len(words)
    return replace(reading, names=names)


def named(nlp: Language, model: Encoder, reading: Reading) -> list[tuple[str, str]]:
    doc = nlp.make_doc(reading.text)
    write_names(doc, reading, model.config)
    return [(ent.text, ent.label_) for ent in doc.ents]


def spans(tags: tuple[int, ...]) -> list[tuple[int, int]] | None:
    """The spans of a sequence of classes; None where one goes on that has not begun."""
    out: list[tuple[int, int]] = []
    for at, (before, tag) in enumerate(zip((0, *tags), tags, strict=False)):
        if tag % 2 == 1:
            out.append((at, at + 1))
        elif tag:
            if before not in {tag, tag - 1}:
                return None
            out[-1] = (out[-1][0], at + 1)
    return out


def n_beside(tags: tuple[int, ...]) -> int:
    """How often a person's name (classes 1 and 2) begins right behind another's."""
    return sum(before in {1, 2} and tag == 1 for before, tag in pairwise(tags))


def legal(n: int, classes: int) -> Iterator[tuple[int, ...]]:
    return (tags for tags in product(range(classes), repeat=n) if spans(tags) is not None)


def probabilities(seed: int, n: int, classes: int) -> NDArray[np.float32]:
    """Some rows sure, some torn."""
    chance = np.random.default_rng(seed)
    powers = np.exp(chance.normal(size=(n, classes)) * chance.choice([0.5, 3, 9], size=(n, 1)))
    found: NDArray[np.float32] = (powers / powers.sum(1, keepdims=True)).astype("f4")
    return found


@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_the_likeliest_legal_sequence_is_found(seed: int, n: int) -> None:
    chance = probabilities(seed, n, 5)
    score = np.log(np.maximum(chance, 1e-9))
    best = max(legal(n, 5), key=lambda tags: float(score[np.arange(n), tags].sum()) - BESIDE * n_beside(tags))

    assert decoded(chance) == spans(best)


def test_what_goes_on_has_begun_with_the_same_class() -> None:
    begins_late = [[0.1, 0.2, 0.7, 0.0, 0.0], [0.1, 0.0, 0.9, 0.0, 0.0]]
    changes = [[0.0, 0.9, 0.0, 0.1, 0.0], [0.0, 0.0, 0.4, 0.0, 0.6], [0.9, 0.1, 0.0, 0.0, 0.0]]
    torn = [[0.0, 1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 0.0]]
    beside = [[0.1, 0.9, 0.0, 0.0, 0.0], [0.0, 0.6, 0.4, 0.0, 0.0]]
    two = [[0.1, 0.9, 0.0, 0.0, 0.0], [0.0, 0.9, 0.1, 0.0, 0.0]]

    assert decoded(np.array(begins_late, dtype="f4")) == [(0, 2)]
    assert decoded(np.array(changes, dtype="f4")) == [(0, 2)]
    assert decoded(np.array(torn, dtype="f4")) == [(0, 1), (1, 2)]
    assert decoded(np.array(beside, dtype="f4")) == [(0, 2)]  # two persons' names hardly stand side by side
    assert decoded(np.array(two, dtype="f4")) == [(0, 1), (1, 2)]


@pytest.mark.parametrize("name", ["Jun-seok", "O’Brien-Smith", "U.N.", "Łukasz"])
def test_a_name_is_never_cut_within_its_word(nlp: Language, model: Encoder, silent: Silent, name: str) -> None:
    reading = reading_of(silent(f"Then {name} spoke."), model, [(name, "person", 0.9)])

    assert named(nlp, model, reading) == [(name, "PERSON")]


def test_a_token_is_a_name_as_much_as_its_pieces_are(nlp: Language, model: Encoder, silent: Silent) -> None:
    reading = reading_of(silent("Then Xqzvkr spoke."), model, [("Xqzvkr", "place", 0.8)])
    doc = nlp.make_doc(reading.text)
    chance = token_classes(doc, reading)
    place = 1 + 2 * model.config.kinds.index("place")

    assert np.allclose(chance.sum(1), 1, atol=1e-5)
    assert chance[1, place] == pytest.approx(0.8, abs=1e-5)
    assert (chance[[0, 2, 3], 0] == 1).all()


def test_the_place_in_a_long_text_changes_nothing(nlp: Language, model: Encoder, silent: Silent) -> None:
    line = "Then Ana Diaz spoke in Lima.\n"
    said: list[Said] = [("Ana Diaz", "person", 0.7), ("Lima", "place", 0.6)]
    reading = reading_of(silent(line * 2000), model, said * 2000)
    chance = token_classes(nlp.make_doc(reading.text), reading)
    once = len(chance) // 2000

    assert (chance[:once] == chance[-once:]).all()


def test_each_kind_has_the_label_of_spacys_models(nlp: Language, model: Encoder, silent: Silent) -> None:
    text = "Ana Diaz of Reuters flew to Lima with Peruvian friends."
    kinds = {"Ana Diaz": "person", "Reuters": "organisation", "Lima": "place", "Peruvian": "group"}
    reading = reading_of(silent(text), model, [(words, kind, 0.9) for words, kind in kinds.items()])

    assert [label for _, label in named(nlp, model, reading)] == ["PERSON", "ORG", "GPE", "NORP"]


def test_the_same_words_have_the_same_class(nlp: Language, model: Encoder, silent: Silent) -> None:
    said = [("Jordan", "person", 0.9), ("Jordan", "place", 0.6), ("Jordan", "person", 0.8)]
    reading = reading_of(silent("Jordan came. We saw Jordan. Then Jordan left."), model, said)

    assert named(nlp, model, reading) == [("Jordan", "PERSON")] * 3


def test_a_surname_has_the_class_of_the_full_names(nlp: Language, model: Encoder, silent: Silent) -> None:
    text = "Ann Chelsea spoke. Ann Chelsea left. Chelsea won."
    said = [("Ann Chelsea", "person", 0.95), ("Ann Chelsea", "person", 0.95), ("Chelsea", "organisation", 0.55)]
    reading = reading_of(silent(text), model, said)

    assert named(nlp, model, reading)[-1] == ("Chelsea", "PERSON")
    alone = reading_of(silent("Chelsea won."), model, [("Chelsea", "organisation", 0.55)])
    assert named(nlp, model, alone) == [("Chelsea", "ORG")]


def test_a_known_first_name_before_a_capital_is_believed_sooner(nlp: Language, model: Encoder, silent: Silent) -> None:
    reading = reading_of(silent("Hillary Clinton came late."), model, [("Hillary Clinton", "person", 0.3)])

    assert named(nlp, model, reading) == [("Hillary Clinton", "PERSON")]


@pytest.mark.parametrize(("words", "chance"), [("Chiron Polder", 0.3), ("Hillary", 0.3), ("Faith Leaders", 0.05)])
def test_other_words_need_to_be_likely_names(
    nlp: Language, model: Encoder, silent: Silent, words: str, chance: float
) -> None:
    reading = reading_of(silent(f"{words} came late."), model, [(words, "person", chance)])

    assert named(nlp, model, reading) == []


@pytest.mark.parametrize("text", ["", " ", "\n\n", "Nobody is named here."])
def test_a_text_without_names_has_none(nlp: Language, model: Encoder, silent: Silent, text: str) -> None:
    assert named(nlp, model, silent(text)) == []
