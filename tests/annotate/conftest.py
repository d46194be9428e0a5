"""Readings made by hand: what the encoder might say, over a text's real pieces."""

from collections.abc import Callable

import numpy as np
import pytest

from pipeline.annotate.encoder import Encoder, Reading, encoder, shipped
from pipeline.settings import OWN_MODEL
from pipeline.text.pieces import pieces_of


@pytest.fixture(scope="session")
def model() -> Encoder:
    """The model that comes with the install."""
    return encoder(shipped(OWN_MODEL))


@pytest.fixture(scope="session")
def silent(model: Encoder) -> Callable[[str], Reading]:
    """Makes a `Reading` that finds nothing in a text: no name, no sentence, no cue, no head better than another."""

    def made(text: str) -> Reading:
        pieces = pieces_of(text, model.tokenizer)
        n = len(pieces)
        return Reading(
            text=text,
            pieces=pieces,
            names=np.eye(1 + 2 * len(model.config.kinds), dtype="f4")[np.zeros(n, dtype=np.int64)],
            tags=np.zeros(n, dtype=np.int64),
            deps=np.zeros(n, dtype=np.int64),
            first=np.zeros(n, dtype="f4"),
            dependent=np.zeros((n, 4), dtype="f4"),
            governor=np.zeros((n, 4), dtype="f4"),
            heard=[],
        )

    return made
