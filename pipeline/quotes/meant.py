"""Who is meant where the words of a source hold no name: "the mayor", "the Republican nominee", "they", "a survey".

Takes a source and the `Scene` that it stands in, gives the key of a person or body and the reason.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, takewhile
from typing import NamedTuple

from spacy.tokens import Doc, Token
from spacy.tokens import Span as Phrase

from pipeline.records import Entity, Mention
from pipeline.text.marks import Marked, holding
from pipeline.text.words import WORD, word_list, word_map

MANY = frozenset({"NNS", "NNPS"})
DEFINITE, INDEFINITE = frozenset({"the", "this", "that"}), frozenset({"a", "an", "another"})
OWNED = frozenset({"by", "from", "of", "in", "on", "at"})  # between a document and whose it is
OTHERWISE = frozenset({"vice", "deputy", "acting", "interim", "former", "ex"})  # a vice president is no president
# what a body can be whose name does not say so: Wells Fargo is a bank
ANY_BODY = frozenset(WORD.findall("agency airline bank bureau charity company corporation group lender newspaper"))
WHO = frozenset({"person", "organisation"})
HONOURS = frozenset({"excellency", "highness", "holiness", "majesty"})  # his own, not another's
PREMIER = re.compile(r"\b(?:premier|pm)\b")
MADE = frozenset({"brought", "filed", "issued", "launched", "published", "released", "submitted"})
FOR_EXAMPLE = frozenset({"including", "like"})
SUBJECTS = frozenset({"nsubj", "nsubjpass"})
FIRST_PERSON = frozenset({"i", "we"})
LEADING = 3  # whoever is named at least a third as often as the person named most leads the article
NEAR, LEAD = 800, 700  # characters: a person named just before; the first lines of an article
FAR_BACK = 1_500  # tokens in which a document is looked for
SENTENCES, MOST_BACK = 2, 120  # sentences before the own one, and tokens of them, in which a topic is looked for
LETTER, LINE_END = 3_000, re.compile(r"[ .,]*(?:\n|$)")  # characters in which a letter's writer signs it
OF = re.compile(r" (?:of|for|at|in|to|and)\b|,")
DOCUMENTS = frozenset(row[0] for row in word_list("quotes", "documents"))
PERSONS = frozenset(word for word, kind, _ in word_list("text", "titles") if kind != "courtesy")  # what one is or does
BODIES = word_map("text", "body_nouns")


class Roles(NamedTuple):
    """What the persons of an article are called."""

    heads: Mapping[str, set[str]]  # word -> keys of those who are that: "president", "rep"
    words: Mapping[str, set[str]]  # key -> all words of the roles, each up to its "of"
    whole: Mapping[str, set[str]]  # key -> all words of the roles
    leading: frozenset[str]  # keys of those whom the article names often


class Scene(NamedTuple):
    """All of an article that tells who somebody is."""

    doc: Doc
    text: str
    mentions: Sequence[Mention]  # in order of start
    marks: Sequence[Marked]
    roles: Roles
    home: str  # ISO 3166-1 alpha-3: the country that the article is about, where one is

    def mention(self, token: Token) -> Mention | None:
        """The mention that a token stands in."""
        at = bisect_right(self.mentions, token.idx, key=lambda m: m.start) - 1
        return self.mentions[at] if at >= 0 and token.idx < self.mentions[at].end else None

    def is_person(self, token: Token) -> bool:
        """Whether a token stands in a mention of a person."""
        mention = self.mention(token)
        return mention is not None and mention.kind == "person"

    def before(self, offset: int) -> Sequence[Mention]:
        """The mentions that begin before an offset."""
        return self.mentions[: bisect_left(self.mentions, offset, key=lambda m: m.start)]

    def topics(self, token: Token, dependencies: frozenset[str] = SUBJECTS) -> Iterator[Token]:
        """The subjects before a token, the last first: those of its sentence and the two before that nobody quotes."""
        sentences = 0
        for earlier in reversed(self.doc[max(0, token.i - MOST_BACK) : token.i]):
            sentences += bool(self.doc[earlier.i + 1].is_sent_start)
            if sentences > SENTENCES:
                return
            if earlier.dep_ in dependencies and not holding(self.marks, earlier.idx):
                yield earlier


def roles_of(entities: Sequence[Entity], mentions: Sequence[Mention]) -> Roles:
    """The roles of an article's persons."""
    heads: dict[str, set[str]] = defaultdict(set)
    words: dict[str, set[str]] = defaultdict(set)
    whole: dict[str, set[str]] = defaultdict(set)
    for entity in entities:
        for role in entity.roles if entity.kind == "person" else ():
            found = WORD.findall(OF.split(_plain(role))[0])
            words[entity.key].update(found)
            whole[entity.key].update(WORD.findall(role.lower()))
            for word in found:
                if word == found[-1] or len(_alike(word)) > 1:
                    heads[word].add(entity.key)
            if role[:1].isupper():  # the Chief Election Commissioner is "the CEC"
                heads["".join(re.findall(r"\b[A-Z]", role)).lower()].add(entity.key)
    n_named = Counter(m.key for m in mentions if m.kind == "person" and m.form != "pronoun")
    most = max(n_named.values(), default=0)
    return Roles(heads, words, whole, frozenset(key for key, n in n_named.items() if n * LEADING >= most))


def meant(phrase: Phrase, head: Token, words: str, scene: Scene) -> tuple[str, str]:
    """The key of whom a source's phrase means and the reason; both empty where that is nobody in particular.

    `head` is the noun that the phrase is about, `words` are the source's without what is said of it behind its head.
    """
    noun = [t for t in scene.doc[head.left_edge.i : head.i + 1] if not t.is_punct and not t.is_space]
    return next(((key, reason) for reason, key in _asked(phrase, head, noun, words, scene) if key), ("", ""))


def _asked(phrase: Phrase, head: Token, noun: Sequence[Token], words: str, scene: Scene) -> Iterator[tuple[str, str]]:
    """Each reason and the key that it finds; who asks on only where none was found does no needless work."""
    if head.lower_ in {"it", "they"}:
        yield "topic", _they(head, scene) if head.lower_ == "they" else _body(noun, scene)
        return
    yield "signature", _signed(head, scene)
    yield "document", _holder(_document(phrase), scene)
    yield "government", _governed(head, scene)
    bearers = _bearers(noun, scene)
    yield "role", bearers[0] if len(bearers) == 1 else ""
    yield "last-bearer", next((m.key for m in reversed(scene.before(head.idx)) if m.key in bearers), "")
    yield "initials", _initialled(words, scene)
    yield "topic", _varied(noun, scene)
    yield "example", _one_of(phrase, scene)
    yield "topic", _body(noun, scene)
    yield "last-bearer", _last_body(noun, scene)


def _signed(head: Token, scene: Scene) -> str:
    """Who signs what "I" or "we" is written in: the next full name that is all of its line, as below a letter."""
    if head.lower_ not in FIRST_PERSON or holding(scene.marks, head.idx):
        return ""
    behind = takewhile(lambda m: m.start < head.idx + LETTER, scene.mentions[len(scene.before(head.idx)) :])
    full = (m for m in behind if m.kind == "person" and " " in m.text)
    return next((m.key for m in full if scene.text[m.start - 1] == "\n" and LINE_END.match(scene.text, m.end)), "")


def _governed(head: Token, scene: Scene) -> str:
    """The key of the country of "the Chinese government", "the government of Malawi"; "the government" is at home."""
    around = [c for c in head.children if c.i < head.i or c.lower_ == "of"] if head.lower_ == "government" else []
    own = [t for c in around for t in (c, *c.children)]
    found = (m.key for token in own if (m := scene.mention(token)) and m.kind == "country")
    return next(found, f"country:{scene.home}" if scene.home and [t.lower_ for t in own] == ["the"] else "")


def _bearers(phrase: Sequence[Token], scene: Scene) -> list[str]:
    """The keys of the persons of "the mayor", "the former president": of those who are that, whom most words fit.

    "A judge" in the first lines and a headline's "Judge" are somebody whom the article names only later; else it is
    somebody whom the article has named just before, or names often.
    """
    words = WORD.findall(OF.split(_plain(" ".join(token.text for token in phrase)))[0])
    is_honour = phrase[-1].lower_ in HONOURS
    owner = "" if is_honour else _owner(phrase, scene)
    if owner or is_honour:  # "Lee's lawyer" is the "lawyer for Lee", and "His Majesty" is nobody's
        words = ["the", phrase[-1].lower_]
    article, role = (words[0], words[1:]) if words and words[0] in DEFINITE | INDEFINITE else ("", words)
    roles, before = scene.roles, scene.before(phrase[0].idx)
    able = set().union(*(roles.heads.get(word, set()) for word in _alike(role[-1]))) if role else set()
    if article in DEFINITE:
        near = {m.key for m in before if phrase[0].idx - m.start < NEAR}
        able &= {key for key in able if owner in roles.whole[key]} if owner else roles.leading | near
    elif phrase[0].idx > LEAD or not (article or phrase[0].is_title):
        return []
    else:
        able = able & roles.leading - {m.key for m in before}
    said = [_alike(word) for word in role[:-1]]
    fits = {key: sum(bool(one & roles.whole[key]) for one in said) for key in able}
    more = {key: len(roles.words[key]) - fits[key] - 1 for key in able}
    # a president may be "the Turkish leader", but is not just any leader
    own = {key for key in able if "leader" not in {*role} - roles.words[key] and (not said or more[key] <= 0)}
    fitting = [key for key in able if 0 < fits[key] == len(said) or key in own]
    rank = {key: (-fits[key], more[key]) for key in fitting if not roles.words[key] & OTHERWISE - {*role}}
    best = min(rank.values(), default=None)
    return [key for key in rank if rank[key] == best]


def _plain(role: str) -> str:
    """A role in small letters; a premier is a prime minister."""
    return PREMIER.sub("prime minister", role.lower())


def _owner(phrase: Sequence[Token], scene: Scene) -> str:
    """The word for whose somebody is: "Lee's lawyer", or "his" where that is Lee; else empty."""
    poss = next((token for token in phrase if token.dep_ == "poss"), None)
    if poss is None or poss.tag_ != "PRP$":
        return poss.lower_ if poss is not None else ""
    whose = scene.mention(poss)
    return whose.key.rpartition(" ")[2] if whose else ""


def _varied(phrase: Sequence[Token], scene: Scene) -> str:
    """The key of the person for whom another phrase stands so as not to say the name again: "the Republican nominee".

    That is the last topic, if the article says nothing else of who that person is.
    """
    first, head = phrase[0], phrase[-1]
    is_somebodys = any(token.dep_ == "poss" for token in phrase)
    if is_somebodys or first.lower_ not in DEFINITE or head.tag_ not in {"NN", "NNP"} or head.lower_ not in PERSONS:
        return ""
    for word in sorted(scene.topics(first, SUBJECTS | {"poss"}), key=lambda t: (-t.sent.start, t.dep_ == "poss", -t.i)):
        mention = scene.mention(word)
        if mention and mention.kind == "person" and mention.key:
            is_beside = any(t.lower_ == head.lower_ for t in word.sent)  # "Lee questioned the minister"
            return "" if scene.roles.words.get(mention.key) or is_beside else mention.key
    return ""


def _body(phrase: Sequence[Token], scene: Scene) -> str:
    """The body that a phrase stands for, the last topic or the one named most: "the bank"; "it"."""
    first, head = phrase[0], phrase[-1]
    is_it = head.lower_ == "it"
    if not is_it and not (len(phrase) == 2 and first.lower_ in DEFINITE and head.lower_ in BODIES):
        return ""
    for token in scene.topics(first):
        mention = scene.mention(token)
        if mention and mention.key and mention.kind == "organisation" and (is_it or _can_be(mention.key, head)):
            return mention.key
        if is_it and token.lower_ in DOCUMENTS:
            return _holder(token, scene)
        if is_it and mention and mention.kind == "person":
            return ""
    able = [m.key for m in scene.before(first.idx) if m.kind == "organisation" and m.key]
    key, n = max(Counter(able).items(), key=lambda pair: pair[1], default=("", 0))
    return key if not is_it and n > 1 and 2 * n > len(able) and _can_be(key, head) else ""


def _last_body(phrase: Sequence[Token], scene: Scene) -> str:
    """The key of the body named last of those whose name says that it is one: "the ministry"."""
    if len(phrase) != 2 or phrase[0].lower_ not in DEFINITE:
        return ""
    ends, start = BODIES.get(phrase[1].lower_, "").split(), phrase[0].idx
    near = scene.before(start)[len(scene.before(start - NEAR)) :]
    bodies = (m.key for m in reversed(near) if m.kind == "organisation")
    return next((key for key in bodies if key.rpartition(" ")[2].rpartition(":")[2] in ends), "")


def _they(head: Token, scene: Scene) -> str:
    """Whom "they" stands for: the body, or the first of several, that was the subject last before."""
    for token in scene.topics(head):
        mention = scene.mention(token)
        is_first = mention and mention.kind == "person" and any(c.dep_ == "conj" for c in token.children)
        if mention and mention.key and (is_first or mention.kind == "organisation"):
            return mention.key
        if token.tag_ in MANY:
            return _one_of(scene.doc[token.left_edge.i : token.right_edge.i + 1], scene)
    return ""


def _one_of(phrase: Phrase, scene: Scene) -> str:
    """The first of those whom a phrase names as an example: "critics, including Ann Lee"."""
    behind = (t for t in phrase if t.lower_ in FOR_EXAMPLE and t.i > phrase.root.i)
    named = scene.doc[start.i + 1 : phrase.end] if (start := next(behind, None)) else ()
    return next((m.key for token in named if (m := scene.mention(token)) and m.kind in WHO and m.key), "")


def _can_be(key: str, noun: Token) -> bool:
    """Whether a body can be called by a noun: a party is no campaign, and whose name tells nothing can be a bank."""
    last = key.rpartition(" ")[2]
    return last == noun.lower_ or (last not in BODIES and noun.lower_ in ANY_BODY)


@lru_cache(maxsize=4_096)  # the same few words come again and again
def _alike(word: str) -> frozenset[str]:
    """The words for one role: a congresswoman is a lawmaker and a "Rep."."""
    return frozenset({word}).union(*(row[0].split() for row in word_list("quotes", "roles") if word in row[0].split()))


def _document(phrase: Phrase) -> Token:
    """The noun of a document that a phrase is about, before anything that hangs on it; else the phrase's head."""
    own = [token for token in takewhile(lambda token: token.tag_ != "IN", phrase) if token.lower_ in DOCUMENTS]
    return own[-1] if own else phrase.root  # the last one: "opinion poll"


def _holder(head: Token, scene: Scene) -> str:
    """Whose a report, poll or statement is: "a Reuters survey", "research by the Loyola Law School", "Lee's speech".

    "The survey" is the one that somebody is named with before; "a survey" in the first lines is named later.
    """
    if head.lower_ not in DOCUMENTS:
        return ""
    alike, first = _alike(head.lower_), head.doc[head.left_edge.i].lower_
    back = FAR_BACK if first in DEFINITE else 0
    ahead = 2 * MOST_BACK if first in INDEFINITE and head.idx < LEAD and len(alike) > 1 else 0
    behind = head.doc[head.i + 1 : head.i + 1 + ahead]
    several = chain((head,), reversed(head.doc[max(0, head.i - back) : head.i]), behind)  # mostly the first has it
    for noun in (noun for noun in several if noun.lower_ in alike):
        held = _held(noun, scene)
        if held or (noun.i < head.i and noun.doc[noun.left_edge.i].lower_ in INDEFINITE):
            return held
    return ""


def _held(noun: Token, scene: Scene) -> str:
    """The person or body that a document's noun is tied to, or the poll that it names."""
    own = scene.mention(noun)
    if own and own.kind == "organisation" and own.key:
        return own.key
    children = list(noun.children)
    ties = [t for t in children if t.i < noun.i and t.dep_ in {"poss", "compound", "nmod"}][::-1]
    ties += [t for c in children if c.dep_ == "relcl" for t in c.children if t.dep_ == "nsubj"]
    preps = [p for t in (noun, *(c for c in children if c.dep_ in {"acl", "relcl"})) for p in t.children]
    several = [t for p in preps if p.i > noun.i and p.lower_ in OWNED for t in p.subtree]
    ties += sorted(several, key=lambda t: not scene.is_person(t))
    verb = noun.head.head if noun.head.lower_ == "in" else noun.head
    makers = [t for t in verb.children if t.dep_ == "nsubj"] if noun.dep_ in {"dobj", "pobj"} else []
    ties = makers + ties if verb.lower_ in MADE else ties + makers  # "Lee filed a lawsuit in Federal Court"
    found = (m for tie in ties if (m := scene.mention(_of_staff(tie, scene))))
    who = WHO - {"person"} if noun.lower_ in {"poll", "polls"} else WHO  # "in this poll, Lee rose" is not Lee's
    return next((m.key for m in found if m.kind in who and m.key), "")


def _of_staff(token: Token, scene: Scene) -> Token:
    """The noun of a person's campaign, for the person's name before it: "the Trump campaign's website"."""
    body = scene.mention(token.head) if token.head.i == token.i + 1 else None
    return token.head if body and body.kind == "organisation" else token


def _initialled(words: str, scene: Scene) -> str:
    """The key of the one person of this surname or these initials: "VANCE" or "DV", Dorothea Vance; else empty."""
    among = scene.mentions if words.isupper() and len(words) > 1 else ()
    people = ((m.key, m.text.upper().split()) for m in among if m.kind == "person" and m.form != "pronoun")
    keys = {key for key, names in people if words in (names[-1], "".join(name[0] for name in names))}
    return keys.pop() if len(keys) == 1 else ""
