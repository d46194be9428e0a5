"""People, organisations, countries: who and what an article names, then who is the same over the run.

`entities` is the stage: a Doc and its cleaned text in, `Named` out. `gather` is called once a run: `Named` records in,
`Identity` records out.
"""

from pipeline.entities.article import entities
from pipeline.entities.link import gather

__all__ = ["entities", "gather"]
