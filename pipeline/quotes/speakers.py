"""Who the sources are: the person, organisation or country that their words name, and in what role.

Takes an article's attributions and the `Scene` that they stand in, gives a `Speaker` for each source. Its head decides:
"Smith's lawyer Ann Lee" is Ann Lee, "Smith's lawyer" is nobody named, "officials" are a group. Two sources in turn may
be one person: "the minister said ... He added".
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, cast

from spacy.tokens import Span as Phrase
from spacy.tokens import Token

from pipeline.quotes.attributions import Attribution
from pipeline.quotes.meant import BODIES, DEFINITE, DOCUMENTS, INDEFINITE, MANY, NEAR, OF, PERSONS, Scene, meant
from pipeline.records import Mention, Span, SpeakerKind
from pipeline.text.words import word_map

SUBJECT = frozenset({"he", "she"})
SINGULAR = frozenset({"he", "she", "him", "her", "his", "hers", "himself", "herself"})
PLURAL = frozenset(re.findall(r"\w+", "they them their we us our both many most others some those several"))
RELATIVE = frozenset({"who", "which", "that", "whom"})
BEHIND = frozenset({"appos", "relcl", "acl", "advcl"})  # what a phrase says of its head, behind it
ARTICLES = frozenset({"the", "a", "an"})
TITLE_TAGS = frozenset(re.findall(r"\S+", "DT JJ NN NNS NNP NNPS CD PRP$ POS VBG VBN HYPH -LRB- -RRB-"))
LINKS = frozenset({"IN", "TO", "VBZ", "VBD", "VBP"})  # "supporters of Lee" are not Lee
OWN_WORDS = re.compile(r"[,(—–-]|who\b|['’]s? (?:statement|letter|tweet|post|message|speech|remarks|words|report)s?$")
TITLES = word_map("text", "titles")
ROLE_LENGTH = 120  # characters; a longer apposition is a story, not a role


class Speaker(NamedTuple):
    """Who says something."""

    span: Span
    key: str = ""
    kind: SpeakerKind = "unknown"
    role: str = ""
    reason: str = ""  # what tells who it is: name, pronoun, nominal or a reason of `meant`; empty for nobody


def speakers(found: Sequence[Attribution], scene: Scene) -> dict[Span, Speaker]:
    """The speaker of each source.

    Whom "he" means is "the minister" that it takes up, in all the article; taking up "a resident", it means nobody.
    """
    who = {one.source: _speaker(one.source, scene) for one in found if one.source}
    means: dict[str, set[str]] = defaultdict(set)
    heard = sorted((one.source, one.content) for one in found if one.source and one.reason == "model")
    for (first, said), (second, more) in pairwise(heard):
        phrase = _phrase(who[first], scene)
        if phrase and _is_next(first, second, said, more, scene):
            if phrase.partition(" ")[0] not in DEFINITE:
                who[second] = Speaker(second)
            elif who[second].key:
                means[phrase].add(who[second].key)
    for source, speaker in who.items():
        if len(keys := means.get(_phrase(speaker, scene), ())) == 1:
            who[source] = speaker._replace(key=min(keys), kind="person", reason="taken-up")
    return who


def _is_next(first: Span, second: Span, said: Sequence[Span], more: Sequence[Span], scene: Scene) -> bool:
    """Whether a source is "he" or "she", near, in no part of what the first one says, and nobody is named between."""
    is_near = second[0] < first[0] + NEAR and not any(a <= second[0] < b for a, b in said)
    if not is_near or scene.text[slice(*second)].lower() not in SUBJECT:
        return False
    between = scene.before(second[0])[len(scene.before(first[0])) :]
    named = [m.start for m in between if m.kind == "person" and m.form != "pronoun"]
    return all(any(a <= at < b for a, b in (*said, *more)) for at in named)


def _phrase(who: Speaker, scene: Scene) -> str:
    """The words that one who is not told by name is spoken of with: "the minister", "a resident", "he"."""
    phrase = scene.text[slice(*who.span)].lower() if who.kind == "unknown" else ""
    first, last = phrase.partition(" ")[0], OF.split(phrase)[0].rpartition(" ")[2]
    is_definite = first in DEFINITE and not (last == first or last in BODIES or last in DOCUMENTS)
    return phrase if is_definite or phrase in SUBJECT or (first in INDEFINITE and last in PERSONS) else ""


def _speaker(source: Span, scene: Scene) -> Speaker:
    """The speaker whom the words of a source name or mean."""
    phrase = scene.doc.char_span(*source, alignment_mode="expand")
    if phrase is None:
        return Speaker(source)
    if one := _named_in(source, scene):
        name = scene.doc.char_span(one.start, one.end, alignment_mode="expand")
        role = _role(scene.text, source, one, name.root) if name else ""
        return Speaker((source[0], one.end), one.key, cast("SpeakerKind", one.kind), role, "name")
    head = _head(phrase, scene)
    mention, named = scene.mention(head), head
    # no bodies are "the CEC" and "the UN Rapporteur", nor, in a transcript, a label in capitals that is somebody's name
    is_called = head.lower_ in PERSONS or head.lower_ in scene.roles.heads
    is_office = not mention or not mention.key or (mention.kind == "organisation" and (is_called or head.is_upper))
    if is_office and head == phrase.root:
        named = next((t for t in (*phrase, *head.children) if t.dep_ == "appos" and scene.is_person(t)), head)
        mention = scene.mention(named)
    if mention is None or (named == head and is_office):
        who = _meant(source, phrase, head, scene)
        if who.key or mention is None:
            return who
    return _named(source, head, mention, named, scene)


def _head(phrase: Phrase, scene: Scene) -> Token:
    """The word that a source is about; for a relative pronoun whom it stands for, a person right before it first."""
    written = phrase[-1] if phrase.root.lower_ in ARTICLES else phrase.root  # an article that the parse ties to a verb
    if written.lower_ not in RELATIVE or written.head.dep_ != "relcl":
        return written
    before = next((t for t in reversed(written.doc[max(0, written.i - 2) : written.i]) if not t.is_punct), written)
    noun = written.head.head
    named = noun.head if noun.dep_ == "appos" and scene.mention(noun.head) else noun  # "Lee, a lawyer who"
    return before if written.lower_ == "who" and scene.is_person(before) else named


def _named(source: Span, head: Token, mention: Mention, named: Token, scene: Scene) -> Speaker:
    """The speaker whom a mention names; `named` is its token."""
    kind = _kind(mention, head)
    span = (source[0], mention.end) if source[0] < mention.end <= source[1] else source
    role = _role(scene.text, source, mention, named) if source[0] <= head.idx < source[1] else ""
    if kind in {"group", "unknown"}:
        return Speaker(span, kind=kind, role=role)
    form = "pronoun" if head.lower_ in SINGULAR else mention.form
    return Speaker(span, mention.key, kind, role, form if form in {"pronoun", "nominal"} else "name")


def _meant(source: Span, phrase: Phrase, head: Token, scene: Scene) -> Speaker:
    """The speaker whom words without a name mean, or nobody in particular."""
    span = _trimmed(source, head)
    key, reason = meant(phrase, head, scene.text[slice(*span)], scene)
    if key:
        return Speaker(span, key, cast("SpeakerKind", key.partition(":")[0]), reason=reason)
    return Speaker(span, kind="group" if _is_plural(head) else "unknown")


def _named_in(source: Span, scene: Scene) -> Mention | None:
    """The person whom the words of a source amount to: "Ann Lee, a lawyer", "the senator Ann Lee", "a poet, Lee".

    Without a person the body: "the newspaper El Sol", "Acme, a maker of locks".
    """
    inside = scene.before(source[1])[len(scene.before(source[0])) :]
    people = [m for m in inside if m.kind == "person" and m.key and m.form != "pronoun" and m.end <= source[1]]
    bodies = [m for m in inside if m.kind == "organisation" and m.form != "nominal" and m.end <= source[1]]
    for mention in people or bodies:
        words = scene.doc.char_span(source[0], mention.start, alignment_mode="contract") or ()
        before = [t for t in words if not t.is_space and TITLES.get(t.lower_.strip(".")) != "courtesy"]
        behind = scene.text[mention.end : source[1]].lstrip()
        is_own = not behind or OWN_WORDS.match(behind)
        leads = is_own and {token.tag_ for token in before} <= TITLE_TAGS
        is_apposed = not behind and before and before[-1].tag_ == "NN" and before[-1].lower_ not in TITLES
        is_told = leads and (people or is_apposed or behind[:1] == ",")
        if is_told or (is_own and len(people) == 1 and (not before or before[-1].text == "," or not _is_tied(before))):
            return mention
    return None


def _is_tied(words: Sequence[Token]) -> bool:
    """Whether the words before a name say whose they are: "lawyer of President", no office as "minister of trade"."""
    head = next((a for a, b in pairwise([*words[:1], *words]) if b.tag_ in LINKS), None)
    is_office = words[-1].tag_[:2] in {"NN", "-R"} and words[-1].lower_ not in TITLES
    return head is not None and not (is_office and head.lower_ in PERSONS)


def _is_plural(head: Token) -> bool:
    """Whether a phrase means several: "officials", "two of them", "a number of senators", "he and she"."""
    children = list(head.children)
    is_number = head.tag_ == "CD" and head.lower_ not in {"one", "1"}
    of_many = any(c.lower_ == "of" and any(x.tag_ in MANY for x in c.children) for c in children)
    is_noun = not head.ent_type_ and head.lower_ not in PERSONS  # "a witness of the fires" is one
    is_quantity = of_many and any(c.lower_ in {"a", "an"} for c in children) and is_noun
    is_joined = any(c.dep_ == "conj" for c in children)
    return is_number or is_quantity or is_joined or head.lower_ in PLURAL or head.tag_ in MANY


def _kind(mention: Mention, head: Token) -> SpeakerKind:
    if mention.kind == "group" or (mention.form == "demonym" and _is_plural(head)):
        return "group"
    if mention.kind == "place" or mention.form == "demonym" or not mention.key:  # "a German" is not Germany
        return "unknown"
    return cast("SpeakerKind", mention.kind)


def _trimmed(source: Span, head: Token) -> Span:
    """A source that names nobody, without what is said of it behind its head."""
    starts = [c.doc[c.left_edge.i - 1] for c in head.children if c.dep_ in BEHIND and c.i > head.i]
    end = min([source[1], *(t.idx if t.is_punct else t.idx + len(t) for t in starts)])
    return (source[0], end) if end > source[0] else source


def _role(text: str, source: Span, mention: Mention, named: Token) -> str:
    """The title before a name, or else the apposition behind it."""
    if before := _bare(text[source[0] : mention.start]):
        return before
    for child in named.children:
        is_behind = child.dep_ == "appos" and child.i > named.i and child.tag_[:2] == "NN"
        if is_behind and child.doc[child.left_edge.i - 1].text == ",":
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
