"""A spaCy component that ends sentences at paragraphs.

Takes a Doc before it is parsed, marks the first token of each paragraph as the start of a sentence, and so keeps the
parser from tying a paragraph to the one before it ("... conduct this investigation.” / Asked about it, Clinton said").
"""

from spacy.language import Language
from spacy.tokens import Doc


@Language.component("paragraphs", assigns=["token.is_sent_start"])
def paragraphs(doc: Doc) -> Doc:
    """Start a sentence behind each line break."""
    for token in doc[:-1]:
        if token.is_space and "\n" in token.text:
            doc[token.i + 1].is_sent_start = True
    return doc
