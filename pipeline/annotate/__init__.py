"""Annotate: texts -> spaCy Docs. The only room that loads a model.

Takes cleaned texts, gives one Doc a text with the same offsets, and packs Docs into a DocBin and back, so that later
stages run again without a model. `fingerprint` names a model by its bytes without loading it.
"""

from pipeline.annotate.docs import packed, unpacked
from pipeline.annotate.model import annotate, describe, fingerprint, loaded

__all__ = ["annotate", "describe", "fingerprint", "loaded", "packed", "unpacked"]
