"""Clean: articles without the lines that a site put around them.

Takes an `Article`; gives a `Cleaned` whose text lacks the lines that fit a pattern of `boilerplate.tsv`, and for each
of them a `Removed` row that says why. Only whole lines go; the text as read can be rebuilt from both.
"""

from pipeline.clean.boilerplate import REASONS, removals
from pipeline.clean.shared import shared
from pipeline.records import Article, Cleaned, Removed
from pipeline.settings import CleanSettings
from pipeline.text.offsets import without

__all__ = ["REASONS", "clean", "shared"]


def clean(article: Article, settings: CleanSettings) -> Cleaned:
    """The article without boilerplate; reasons in settings.keep are left in the text."""
    found = removals(article.text, settings.keep, settings.shared_lines)
    removed = tuple(
        Removed(raw_start=start, raw_end=end, text=article.text[start:end], reason=reason)
        for (start, end), reason in found
    )
    text = without(article.text, [span for span, _ in found])
    return Cleaned(article_id=article.article_id, source_path=article.source_path, text=text, removed=removed)
