"""What lies where in a text.

Takes things with their spans of characters, gives those that a span touches; kept by blocks of characters, so that the
time of many lookups grows with the text, not with its square.
"""

from collections import defaultdict
from typing import Generic, TypeVar

from pipeline.records import Span

T = TypeVar("T")
BLOCK = 512  # characters


class Nearby(Generic[T]):
    """Things at spans of a text."""

    def __init__(self) -> None:
        self._by_block: dict[int, list[tuple[Span, T]]] = defaultdict(list)

    def add(self, thing: T, span: Span) -> None:
        """Note that a thing lies at a span."""
        for block in _blocks(span):
            self._by_block[block].append((span, thing))

    def over(self, span: Span) -> list[T]:
        """The things that share a character with a span; one that lies in several blocks comes more than once."""
        pairs = (pair for block in _blocks(span) for pair in self._by_block.get(block, ()))
        return [thing for (start, end), thing in pairs if start < span[1] and span[0] < end]


def _blocks(span: Span) -> range:
    return range(span[0] // BLOCK, span[1] // BLOCK + 1)
