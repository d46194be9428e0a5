"""Who a source is: the person, organisation or country that its words name, and in what role.

Takes the source's span, the parsed Doc, the text and the article's mentions; gives a `Speaker`. The head of the source
decides: "Smith's lawyer Ann Lee" is Ann Lee, "Smith's lawyer" is nobody named, "officials" are a group.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple, cast

from pipeline.records import Entity, Mention, Span, SpeakerKind
from pipeline.text.words import WORD, word_list

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token
    from spacy.tokens import Span as Phrase

SINGULAR = frozenset({"he", "she", "him", "her", "his", "hers", "himself", "herself"})
PLURAL = frozenset(
    {"they", "them", "their", "we", "us", "our", "both", "many", "most", "others", "some", "those", "several"}
)
MANY = frozenset({"NNS", "NNPS"})
RELATIVE = frozenset({"who", "which", "that", "whom"})
BEHIND = frozenset({"appos", "relcl", "acl", "advcl"})  # what a phrase says of its head, behind it
DEFINITE, INDEFINITE = frozenset({"the", "this", "that"}), frozenset({"a", "an"})
ARTICLES = frozenset({"the", "a", "an"})
OWNED = frozenset({"by", "from", "of", "in", "on", "at"})  # between a document and whose it is
OTHERWISE = frozenset({"vice", "deputy", "acting", "interim", "former", "ex"})  # a vice president is no president
LEADING = 3  # whoever is named at least a third as often as the person named most leads the article
NEAR, LEAD = 800, 700  # characters: a person named just before; the first lines of an article
FAR_BACK = 400  # tokens in which a document is looked for
BEFORE_NAME = frozenset(
    {"DT", "JJ", "NN", "NNP", "NNPS", "CD", "PRP$", "VBG", "VBN", "HYPH", "-LRB-", "-RRB-"}
)  # tags of a title
OF = re.compile(r" (?:of|for|at|in|to|and)\b|,")
LINKS = frozenset({"IN", "TO", "VBZ", "VBD", "VBP"})  # "supporters of Lee" are not Lee
OWN_WORDS = re.compile(r"[,(—–-]|['’]s? (?:statement|letter|tweet|post|message|speech|remarks|words|report)s?$")
TITLED = re.compile(r"(?:^|\s)(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Col|Lt|Prof|Rev|Judge|President|Senator)\.?$")
DOCUMENTS = frozenset(row[0] for row in word_list("quotes", "documents"))
ROLE_LENGTH = 120  # characters; a longer apposition is a story, not a role


class Speaker(NamedTuple):
    """Who says something."""

    span: Span
    key: str = ""
    kind: SpeakerKind = "unknown"
    role: str = ""


class Roles(NamedTuple):
    """What the persons of an article are called."""

    heads: Mapping[str, set[str]]  # word -> keys of those who are that: "president", "rep"
    words: Mapping[str, set[str]]  # key -> all words of the roles, each up to its "of"
    leading: frozenset[str]  # keys of those whom the article names often


def roles_of(entities: Sequence[Entity], mentions: Sequence[Mention]) -> Roles:
    """The roles of an article's persons."""
    heads: dict[str, set[str]] = defaultdict(set)
    words: dict[str, set[str]] = defaultdict(set)
    for entity in entities:
        for role in entity.roles if entity.kind == "person" else ():
            found = WORD.findall(OF.split(role.lower())[0])
            words[entity.key].update(found)
            for word in found:
                if word == found[-1] or len(_alike(word)) > 1:
                    heads[word].add(entity.key)
    n_named = Counter(m.key for m in mentions if m.kind == "person" and m.form != "pronoun")
    most = max(n_named.values(), default=0)
    return Roles(heads, words, frozenset(key for key, n in n_named.items() if n * LEADING >= most))


def speaker(doc: "Doc", text: str, source: Span, mentions: Sequence[Mention], roles: Roles) -> Speaker:
    """The speaker whom the words of a source name; `mentions` are in order of start, `roles` see roles_of."""
    source = _with_name(text, source, mentions)
    phrase = doc.char_span(*source, alignment_mode="expand")
    if phrase is None:
        return Speaker(source)
    if person := _named_in(doc, text, source, mentions):
        name = doc.char_span(person.start, person.end, alignment_mode="expand")
        role = _role(text, source, person, name.root) if name else ""
        return Speaker((source[0], person.end), person.key, "person", role)
    written = phrase.root
    is_relative = written.lower_ in RELATIVE and written.head.dep_ == "relcl"
    head = written.head.head if is_relative else written  # the noun that a relative pronoun stands for
    mention, named = _mention(head, mentions), head
    if mention is None and head.lower_ in SINGULAR:
        mention = _nearest_person(head.idx, mentions)
    if mention is None and head is written:
        named = next((t for t in phrase if t.dep_ == "appos" and _is_person(t, mentions)), head)
        mention = _mention(named, mentions)
    if mention is None:
        meant = _nearest_body(doc, head, mentions) if head.lower_ == "it" else _holder(_document(phrase), mentions)
        span = _trimmed(source, head)
        if meant:
            return Speaker(span, meant.key, _kind(meant, head))
        noun = [t for t in doc[head.left_edge.i : head.i + 1] if not t.is_punct and not t.is_space]
        if key := _bearer(noun, roles, mentions) or _initialled(text[slice(*span)], mentions):
            return Speaker(span, key, "person")
        return Speaker(span, kind="group" if _is_plural(head) else "unknown")
    kind = _kind(mention, head)
    span = (source[0], mention.end) if source[0] < mention.end <= source[1] else source
    role = _role(text, source, mention, named) if head is written else ""
    return Speaker(span, "" if kind in {"group", "unknown"} else mention.key, kind, role)


def _bearer(phrase: Sequence["Token"], roles: Roles, mentions: Sequence[Mention]) -> str:
    """The key of the person of "the mayor", "the former president": of those who are that, whom most words fit.

    "A judge" in the first lines and a headline's "Judge" are somebody whom the article names only later; else it is
    somebody whom the article has named just before, or names often.
    """
    words = WORD.findall(OF.split(" ".join(token.lower_ for token in phrase))[0])
    article, role = (words[0], words[1:]) if words and words[0] in DEFINITE | INDEFINITE else ("", words)
    at = bisect_left(mentions, phrase[0].idx, key=lambda m: m.start)
    able = set().union(*(roles.heads.get(word, set()) for word in _alike(role[-1]))) if role else set()
    if article in DEFINITE:
        able &= roles.leading | {m.key for m in mentions[:at] if phrase[0].idx - m.start < NEAR}
    elif phrase[0].idx > LEAD or not (article or phrase[0].is_title):
        return ""
    else:
        able = able & roles.leading - {m.key for m in mentions[:at]}
    said = [_alike(word) for word in role[:-1]]
    fits = {key: sum(bool(one & roles.words[key]) for one in said) for key in able}
    more = {key: len(roles.words[key]) - fits[key] - 1 for key in able}
    fitting = [
        key for key in able if (fits[key] == len(said) or more[key] <= 0) and not roles.words[key] & OTHERWISE - {*role}
    ]
    best = sorted(fitting, key=lambda key: (-fits[key], more[key]))
    rank = [(fits[key], more[key]) for key in best]
    return best[0] if rank and rank[:1] != rank[1:2] else ""


@lru_cache(maxsize=4_096)  # the same few words come again and again
def _alike(word: str) -> frozenset[str]:
    """The words for one role: a congresswoman is a lawmaker and a "Rep."."""
    return frozenset({word}).union(*(row[0].split() for row in word_list("quotes", "roles") if word in row[0].split()))


def _document(phrase: "Phrase") -> "Token":
    """The noun of a document that a phrase is about, before anything that hangs on it; else the phrase's head."""
    own = takewhile(lambda token: token.tag_ != "IN", phrase)
    return next((token for token in own if token.lower_ in DOCUMENTS), phrase.root)


def _holder(head: "Token", mentions: Sequence[Mention]) -> Mention | None:
    """Whose a report, poll or statement is: "a Reuters survey", "research by the Loyola Law School", "Lee's speech".

    "The survey" is the one that somebody is named with before.
    """
    if head.lower_ not in DOCUMENTS:
        return None
    alike, first = _alike(head.lower_), head.doc[head.left_edge.i].lower_ in DEFINITE
    earlier = head.doc[max(0, head.i - FAR_BACK) : head.i] if first else ()
    several = (head, *(t for t in reversed(list(earlier)) if t.lower_ in alike))
    return next((held for noun in several if (held := _held(noun, mentions))), None)


def _held(noun: "Token", mentions: Sequence[Mention]) -> Mention | None:
    """The person or body that a document's noun is tied to."""
    children = list(noun.children)
    ties = [t for t in children if t.i < noun.i and t.dep_ in {"poss", "compound", "nmod"}][::-1]
    preps = [p for t in (noun, *(c for c in children if c.dep_ in {"acl", "relcl"})) for p in t.children]
    several = [t for p in preps if p.i > noun.i and p.lower_ in OWNED for t in p.subtree]
    ties += sorted(several, key=lambda t: not _is_person(t, mentions))
    ties += [t for c in children if c.dep_ == "relcl" for t in c.children if t.dep_ == "nsubj"]
    found = (m for tie in ties if (m := _mention(tie, mentions)))
    return next((m for m in found if m.kind in {"person", "organisation"} and m.key), None)


def _initialled(words: str, mentions: Sequence[Mention]) -> str:
    """The key of the one person whose initials the words are: "DV" in an interview with Dorothea Vance; else empty."""
    if not (words.isupper() and words.isalpha() and len(words) in {2, 3}):
        return ""
    people = (m for m in mentions if m.kind == "person" and m.form == "name")
    keys = {m.key for m in people if "".join(name[0] for name in m.text.split()) == words}
    return keys.pop() if len(keys) == 1 else ""


def _with_name(text: str, source: Span, mentions: Sequence[Mention]) -> Span:
    """A source that ends in a title or within a name ("Mr."), with the whole name."""
    at = bisect_right(mentions, source[1], key=lambda m: m.start)
    for mention in mentions[max(0, at - 1) : at + 1]:
        is_cut = mention.start < source[1] < mention.end
        is_next = mention.start >= source[1] and not text[source[1] : mention.start].strip()
        if mention.kind == "person" and (is_cut or (is_next and TITLED.search(text[slice(*source)]))):
            return source[0], mention.end
    return source


def _named_in(doc: "Doc", text: str, source: Span, mentions: Sequence[Mention]) -> Mention | None:
    """The person whom the words of a source amount to: "Ann Lee, a lawyer", "the senator Ann Lee", "a poet, Lee"."""
    low = bisect_left(mentions, source[0], key=lambda m: m.start)
    inside = mentions[low : bisect_left(mentions, source[1], key=lambda m: m.start)]
    people = [m for m in inside if m.kind == "person" and m.key and m.form != "pronoun" and m.end <= source[1]]
    for mention in people:
        before = [t for t in doc.char_span(source[0], mention.start, alignment_mode="contract") or () if not t.is_space]
        behind = text[mention.end : source[1]].lstrip()
        leads = all(token.tag_ in BEFORE_NAME for token in before) and (not behind or OWN_WORDS.match(behind))
        ties = before and before[-1].text != "," and {token.tag_ for token in before} & LINKS
        if leads or (not behind and len(people) == 1 and not ties):
            return mention
    return None


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


def _nearest_body(doc: "Doc", pronoun: "Token", mentions: Sequence[Mention]) -> Mention | None:
    """The organisation that was the subject last before "it", in the same sentence or the one before."""
    at = bisect_left(mentions, pronoun.idx, key=lambda m: m.start)
    for mention in reversed(mentions[max(0, at - 12) : at]):
        phrase = doc.char_span(mention.start, mention.end, alignment_mode="expand")
        if phrase is None or sum(bool(t.is_sent_start) for t in doc[phrase.end : pronoun.i + 1]) > 1:
            return None
        if phrase.root.dep_ in {"nsubj", "nsubjpass"} and mention.kind in {"organisation", "person"}:
            return mention if mention.kind == "organisation" and mention.key else None
    return None


def _is_plural(head: "Token") -> bool:
    """Whether a phrase means several: "officials", "two of them", "a number of senators", "he and she"."""
    children = list(head.children)
    is_number = head.tag_ == "CD" and head.lower_ not in {"one", "1"}
    of_many = any(c.lower_ == "of" and any(x.tag_ in MANY for x in c.children) for c in children)
    is_quantity = of_many and any(c.lower_ in {"a", "an"} for c in children) and not head.ent_type_
    is_joined = any(c.dep_ == "conj" for c in children)
    return is_number or is_quantity or is_joined or head.lower_ in PLURAL or head.tag_ in MANY


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
