"""Fixtures that every room's tests share."""

from collections.abc import Callable, Iterable

import pytest
from hypothesis import settings
from spacy.language import Language

from pipeline.annotate import loaded
from pipeline.records import Removed
from pipeline.settings import OWN_MODEL

settings.register_profile("untimed", deadline=None)  # a slow machine is no defect
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The default model as the product uses it, loaded once a test session."""
    return loaded(OWN_MODEL)


@pytest.fixture(scope="session")
def restored() -> Callable[[str, Iterable[Removed]], str]:
    """The way back that the contract promises: a text with each removed span put back at its raw_start."""

    def put_back(text: str, removed: Iterable[Removed]) -> str:
        out, at, length = [], 0, 0
        for row in sorted(removed, key=lambda r: r.raw_start):
            take = row.raw_start - length
            out += [text[at : at + take], row.text]
            at += take
            length += take + len(row.text)
        return "".join(out) + text[at:]

    return put_back
