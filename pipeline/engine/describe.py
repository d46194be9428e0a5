"""What the tables and settings are, and what is installed, as lines for the terminal.

Takes nothing, or a model's name; gives lines.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import distributions, version

from pipeline.annotate import annotate, describe
from pipeline.settings import AnnotateSettings, Settings
from pipeline.tables import TABLES

PACKAGES = ("onrecord", "spacy", "pandas", "trafilatura", "click", "msgspec", "tqdm")
EXTRAS = {"parquet": "pyarrow", "xlsx": "xlsxwriter", "cluster": "distributed"}


def schema_lines() -> Iterator[str]:
    """Each table with its columns, then each setting with its default."""
    for table in TABLES.values():
        yield table.name
        for column in table.columns:
            words = f" ({', '.join(column.words)})" if column.words else ""
            yield f"  {column.name:<18}{column.type:<9}{column.description}{words}"
        yield ""
    yield "settings (a TOML file for --config)"
    for stage, options in asdict(Settings()).items():
        yield f"  [{stage}]"
        for name, value in options.items():
            yield f"  {name} = {value!r}"


def doctor_lines(model: str) -> Iterator[str]:
    """Versions, extras and the model. Raises OnrecordError `no-model` or `wrong-model`."""
    yield f"Python {platform.python_version()} on {platform.platform()}"
    for name in PACKAGES:
        yield f"{name} {version(name)}"
    for extra, name in EXTRAS.items():
        hint = f'not installed; pip install "onrecord[{extra}]"'
        yield f"{name} {next((found.version for found in distributions(name=name)), hint)}"
    facts = describe(model)
    yield ", ".join(filter(None, (f"model {facts['model']} {facts['version']}", facts["license"])))
    for doc in annotate(["Ana Silva told reporters that it works."], AnnotateSettings(model=model)):
        names = ", ".join(ent.text for ent in doc.ents) or "no name"
        yield f"the model reads a sentence of {len(doc)} tokens and finds {names}"
