"""Every record that crosses a wall between rooms.

Takes nothing, gives frozen keyword-only dataclasses. A field's name is also its JSON key, its CSV column and its
term in the README. Offsets are half-open `[start, end)` positions in characters. Records are written and read as JSON
by `engine.store`; no record holds a spaCy object.
"""

from dataclasses import dataclass
from typing import Literal

Span = tuple[int, int]
MentionKind = Literal["person", "organisation", "country", "place", "group"]
MentionForm = Literal["name", "surname", "acronym", "demonym", "capital", "pronoun", "nominal"]
EntityKind = Literal["person", "organisation", "country"]
QuoteKind = Literal["direct", "mixed", "indirect"]
Act = Literal["speech", "thought", "other"]
SpeakerKind = Literal["person", "organisation", "country", "group", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Source:
    """One input file, or a run of records of a file that holds many."""

    path: str  # where it is opened, as this machine knows it; "-" is standard input
    source_path: str  # where it lies under the INPUT it was found in; the same on every machine
    start: int = 0  # byte offset of the first record, in a file that holds many
    end: int | None = None  # byte offset behind the last record; None is the end of the file
    first: int = 1  # number of the first record, counted from 1
    n_records: int | None = None  # None: the file is one article
    header: str = ""  # the first line of a .csv, in every one of its Sources


@dataclass(frozen=True, kw_only=True)
class Article:
    """What reading made of one article: its text as read, and what the document says of itself."""

    article_id: str  # "a" and 16 hexadecimal digits made from source_path
    source_path: str  # the file under its INPUT; "#7" behind it is the 7th record of a file that holds many
    text: str  # the text as read: decoded, line ends as \n; every later offset leads back into it
    title: str = ""  # headline; for plain text its first short paragraph
    byline: str = ""  # the author line without "By"
    dateline: str = ""  # the place a report was filed from, with the agency where given: "TAIPEI, Taiwan (AP)"
    published: str = ""  # ISO 8601 date, or date and time
    outlet: str = ""  # the publication
    url: str = ""  # where it stood on the web
    language: str = ""  # ISO 639-1 code: of the text, or of a short text as the document declares; empty = unknown
    encoding: str = ""  # how the bytes were decoded: "utf-8", "cp1252", ...; "+mojibake": and lines were mended
    agency: str = ""  # the news agency that its dateline or author line names, by one name each: "AP", "Reuters"


@dataclass(frozen=True, kw_only=True)
class Removed:
    """One span that cleaning took out of the text as read."""

    raw_start: int  # offset in Article.text
    raw_end: int  # offset in Article.text
    text: str  # exactly Article.text[raw_start:raw_end]
    reason: str  # reason id, kebab-case, listed in the README


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """One article's text without boilerplate, and the ledger of what was removed."""

    article_id: str
    source_path: str
    text: str  # articles.text: all later start and end offsets point into it
    removed: tuple[Removed, ...] = ()  # in order of raw_start, not overlapping


@dataclass(frozen=True, kw_only=True)
class Annotated:
    """What the model made of one article; its Doc lies in the DocBin beside this record."""

    article_id: str
    source_path: str
    n_tokens: int
    n_sentences: int
    docbin: str  # digest of the DocBin's bytes; the Docs lie there in the order of these records


@dataclass(frozen=True, kw_only=True)
class Mention:
    """One place in an article where somebody or something is named."""

    start: int  # offset in Cleaned.text
    end: int
    text: str  # exactly Cleaned.text[start:end]
    kind: MentionKind
    form: MentionForm  # how it is named
    key: str = ""  # Entity.key of the same article; empty where it is nobody's row (most groups and places)
    country_code: str = ""  # ISO 3166-1 alpha-3: of the country named, or that the place or public body lies in
    country_reason: str = ""  # why this country, kebab-case; see the README
    country_candidates: tuple[str, ...] = ()  # where a place of this name could lie, the likeliest first


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A person, organisation or country of one article: what its mentions have in common."""

    key: str  # the same for the same name in every article: "person:alexander gabuev", "country:TWN"
    kind: EntityKind
    name: str  # the fullest form that the article gives
    given_name: str = ""  # persons
    family_name: str = ""  # persons
    acronym: str = ""  # organisations
    country_code: str = ""  # ISO 3166-1 alpha-3: whose a body is that every country has
    aliases: tuple[str, ...] = ()  # the other forms, sorted
    roles: tuple[str, ...] = ()  # titles and appositions, sorted
    field: str = ""  # what a person's roles are all about, where they say: politics, sport, ...

    @property
    def key_in_field(self) -> str:
        """The key where the run has namesakes in fields far apart."""
        return f"{self.key} ({self.field})"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A person, organisation or country of the whole run: one row of people, organisations or countries."""

    entity_id: str  # "p" or "o" and 16 hexadecimal digits made from the key; a country's ISO 3166-1 alpha-3 code
    kind: EntityKind
    name: str
    given_name: str = ""
    family_name: str = ""
    acronym: str = ""
    country_code: str = ""
    aliases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()  # the Entity.key values that it unites, sorted


@dataclass(frozen=True, kw_only=True)
class Named:
    """Everybody and everything that one article names."""

    article_id: str
    source_path: str
    home: str = ""  # ISO 3166-1 alpha-3: the country that the article is about, where one is
    mentions: tuple[Mention, ...] = ()  # in order of start
    entities: tuple[Entity, ...] = ()  # in order of key


@dataclass(frozen=True, kw_only=True)
class Quote:
    """One quotation or reported statement with its speaker."""

    number: int  # counted from 1 in the article, in order of start
    kind: QuoteKind  # wholly in quotation marks, partly, not at all
    act: Act
    text: str  # what was said; parts joined by " … "
    spans: tuple[Span, ...]  # the parts, in order
    cue: str = ""
    cue_start: int | None = None
    cue_end: int | None = None
    speaker_text: str = ""  # the words in the article
    speaker_start: int | None = None
    speaker_end: int | None = None
    speaker_key: str = ""  # Entity.key of the same article; empty where nobody in particular is named
    speaker_kind: SpeakerKind = "unknown"
    speaker_role: str = ""  # title or apposition of the speaker
    n_words: int = 0  # words of text
    paragraph: int = 0  # counted from 1: where the quote begins
    confidence: float = 0.0  # 0 to 1
    reason: str = ""  # why this speaker, kebab-case


@dataclass(frozen=True, kw_only=True)
class Quoted:
    """All that one article says that somebody said."""

    article_id: str
    source_path: str
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Worked:
    """One article with what every stage made of it; None where a stage failed."""

    article: Article
    cleaned: Cleaned | None
    named: Named | None
    quoted: Quoted | None


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something that could not be read or worked on; the other articles are not touched by it."""

    source_path: str
    article_id: str  # empty where no article could be made
    stage: str
    code: str  # see errors.py
    message: str
