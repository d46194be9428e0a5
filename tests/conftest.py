"""Fixtures that every room's tests share."""

import pytest
from spacy.language import Language

from pipeline.annotate import loaded
from pipeline.settings import OWN_MODEL


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The default model as the product uses it, loaded once a test session."""
    return loaded(OWN_MODEL)
