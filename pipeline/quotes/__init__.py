"""Quotes: a parsed article and its mentions in, who said what out."""

from pipeline.quotes.quoting import quotes

__all__ = ["quotes"]
