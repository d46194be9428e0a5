"""The language that a text is written in, through py3langid.

Takes a text; gives its ISO 639-1 code, or an empty text where it cannot be told.
"""

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

LOOKED_AT = 500  # characters
LEAST = 80  # letters: "OK" alone is told to be Afrikaans
SURE = 0.5  # of 2,615 English texts, garbled ones and whole pages among them, none is told to be another language


def language_of(text: str) -> str:
    """The language of a text of 80 letters or more."""
    start = len(text) // 4  # a page begins with its menu
    shown = text[start : start + LOOKED_AT] if len(text) > 2 * LOOKED_AT else text[:LOOKED_AT]
    if sum(map(str.isalpha, shown)) < LEAST:
        return ""
    language, probability = _identifier().classify(shown)
    return str(language) if probability >= SURE else ""


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([language for language in identifier.labels if len(language) == 2])  # not its pidgins
    return identifier
