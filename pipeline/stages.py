"""The one ordered list of stages.

Each stage is one pure function named after its room: `pipeline.<room>.<room>`. The engine calls them in this order; a
stage's record is made from the record before it, its own settings and its own code, and from nothing else.
"""

from dataclasses import dataclass

from pipeline.records import Annotated, Article, Cleaned, Named, Quoted


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One step of a run."""

    name: str  # the room, the settings table and the word in `--until`
    gives: type  # the record it makes
    needs: tuple[str, ...]  # the stages whose results are its parameters, in order ("annotate": the Doc)
    packages: tuple[str, ...] = ()  # distributions whose version is part of what its result was made from


STAGES = (
    Stage(name="read", gives=Article, needs=(), packages=("trafilatura", "py3langid", "ftfy")),
    Stage(name="clean", gives=Cleaned, needs=("read",)),
    Stage(name="annotate", gives=Annotated, needs=("clean", "read"), packages=("spacy",)),
    Stage(name="entities", gives=Named, needs=("annotate", "clean")),
    Stage(name="quotes", gives=Quoted, needs=("annotate", "clean", "entities")),
)
NAMES = tuple(stage.name for stage in STAGES)
