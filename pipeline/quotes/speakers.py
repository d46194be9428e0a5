"""Who a source is: the person, organisation or country that its words name, and in what role.

Takes the source's span, the parsed Doc, the text and the article's mentions; gives a `Speaker`. The head of the source
decides: "Smith's lawyer Ann Lee" is Ann Lee, "Smith's lawyer" is nobody named, "officials" are a group.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from pipeline.records import Mention, Span, SpeakerKind

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

SINGULAR = frozenset({"he", "she", "him", "her", "his", "hers", "himself", "herself"})
PLURAL = frozenset(
    {"they", "them", "their", "we", "us", "our", "both", "many", "most", "others", "some", "those", "several"}
)
MANY = frozenset({"NNS", "NNPS"})
RELATIVE = frozenset({"who", "which", "that", "whom"})
BEHIND = frozenset({"appos", "relcl", "acl", "advcl"})  # what a phrase says of its head, behind it
ARTICLES = frozenset({"the", "a", "an"})
ROLE_LENGTH = 120  # characters; a longer apposition is a story, not a role


class Speaker(NamedTuple):
    """Who says something."""

    span: Span
    key: str = ""
    kind: SpeakerKind = "unknown"
    role: str = ""


def speaker(doc: "Doc", text: str, source: Span, mentions: Sequence[Mention]) -> Speaker:
    """The speaker whom the words of a source name; `mentions` are in order of start."""
    phrase = doc.char_span(*source, alignment_mode="expand")
    if phrase is None:
        return Speaker(source)
    written = phrase.root
    head = _antecedent(written)
    mention, named = _mention(head, mentions), head
    if mention is None and head.lower_ in SINGULAR:
        mention = _nearest_person(head.idx, mentions)
    if mention is None and head is written:
        named = next((t for t in phrase if t.dep_ == "appos" and _is_person(t, mentions)), head)
        mention = _mention(named, mentions)
    if mention is None:
        return Speaker(_trimmed(source, head), kind="group" if _is_plural(head) else "unknown")
    kind = _kind(mention, head)
    span = (source[0], mention.end) if source[0] < mention.end <= source[1] else source
    role = _role(text, source, mention, named) if head is written else ""
    return Speaker(span, "" if kind in {"group", "unknown"} else mention.key, kind, role)


def _antecedent(token: "Token") -> "Token":
    """The noun that a relative pronoun stands for, else the token itself."""
    if token.lower_ in RELATIVE and token.head.dep_ == "relcl":
        return token.head.head
    return token


def _mention(token: "Token", mentions: Sequence[Mention]) -> Mention | None:
    """The mention that a token stands in."""
    at = bisect_right(mentions, token.idx, key=lambda m: m.start) - 1
    return mentions[at] if at >= 0 and token.idx < mentions[at].end else None


def _is_person(token: "Token", mentions: Sequence[Mention]) -> bool:
    mention = _mention(token, mentions)
    return mention is not None and mention.kind == "person"


def _nearest_person(offset: int, mentions: Sequence[Mention]) -> Mention | None:
    """The person named last before a pronoun that the entities room left open."""
    at = bisect_right(mentions, offset, key=lambda m: m.start)
    return next((m for m in reversed(mentions[max(0, at - 50) : at]) if m.kind == "person" and m.key), None)


def _is_plural(head: "Token") -> bool:
    """Whether a phrase means several: "officials", "two of them", "a number of senators", "he and she"."""
    children = list(head.children)
    is_number = head.tag_ == "CD" and head.lower_ not in {"one", "1"}
    of_many = any(c.lower_ == "of" and any(x.tag_ in MANY for x in c.children) for c in children)
    is_quantity = of_many and any(c.lower_ in {"a", "an"} for c in children) and not head.ent_type_
    return (
        is_number
        or is_quantity
        or head.lower_ in PLURAL
        or head.tag_ in MANY
        or any(c.dep_ == "conj" for c in children)
    )


def _kind(mention: Mention, head: "Token") -> SpeakerKind:
    if mention.kind == "group" or (mention.form == "demonym" and _is_plural(head)):
        return "group"
    if mention.kind == "place" or not mention.key:
        return "unknown"
    return cast("SpeakerKind", mention.kind)


def _trimmed(source: Span, head: "Token") -> Span:
    """A source that names nobody, without what is said of it behind its head."""
    starts = [c.doc[c.left_edge.i - 1] for c in head.children if c.dep_ in BEHIND and c.i > head.i]
    end = min([source[1], *(t.idx if t.is_punct else t.idx + len(t) for t in starts)])
    return (source[0], end) if end > source[0] else source


def _role(text: str, source: Span, mention: Mention, named: "Token") -> str:
    """The title before a name, or else the apposition behind it."""
    if before := _bare(text[source[0] : mention.start]):
        return before
    for child in named.children:
        if child.dep_ == "appos" and child.i > named.i and child.tag_[:2] == "NN":
            last = child.doc[child.right_edge.i]
            start, end = _trimmed((child.doc[child.left_edge.i].idx, last.idx + len(last)), child)
            return _bare(text[start:end])
    return ""


def _bare(role: str) -> str:
    """A role without its article; empty where it says nothing."""
    words = role.replace("\n", " ").strip(" ,").split(" ")
    bare = " ".join(words[1:] if words[0].lower() in ARTICLES else words)
    is_role = sum(c.isalpha() for c in bare) > 2 and not bare.endswith(("'s", "’s", "s'", "s’"))  # "Fox News' Kelly"
    return bare if len(bare) <= ROLE_LENGTH and is_role else ""
