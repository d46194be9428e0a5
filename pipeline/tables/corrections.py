"""What an analyst has put right: corrections.csv in the run's folder, applied whenever tables are made.

Takes its lines and the identities of the run; gives identities and records that follow them, and a problem for each
line that cannot be followed. Columns: action, name, value, article; a name is one of people or organisations,
or the id of one where several bear it.
merge: NAME is VALUE, one person. rename: NAME is called VALUE. split: in ARTICLE (its source_path or article_id) NAME
is somebody else, called VALUE. not-a-person: NAME is none. quote-by: VALUE said the quote whose quote_id is NAME.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.errors import OnrecordError, message
from pipeline.records import Identity, Problem, Quote, Worked

FILE = "corrections.csv"
COLUMNS = ("action", "name", "value", "article")
Line = dict[str, str]


class Corrections:
    """The lines of the file; `identities` is by Entity.key, corrected."""

    def __init__(self, out: Path, identities: Mapping[str, Identity], new_id: Callable[[str], str]) -> None:
        self.identities = dict(identities)
        self.new_id = new_id
        self.by_name = {i.entity_id: i for i in identities.values() if i.kind != "country"}
        n_bearers = Counter(i.name for i in self.by_name.values())
        self.shared = {name for name, n in n_bearers.items() if n > 1}
        self.by_name |= {i.name: i for i in self.by_name.values() if i.name not in self.shared}
        self.dropped: set[str] = set()  # keys of what is no person
        self.moved: dict[tuple[str, str], tuple[Line, str]] = {}  # article, entity_id -> key
        self.said: dict[str, tuple[Line, str]] = {}  # quote_id -> key of who said it
        self.wrong: list[Problem] = []
        self.used: set[str] = set()  # numbers of the lines that named an article or quote of the run
        seen: dict[tuple[str, str, str], str] = {}
        for line in _lines(out / FILE):
            about = "who" if line["action"] in ("merge", "not-a-person") else line["action"]
            case = about, line["name"], line["article"]
            if case in seen:
                self._report(line, f"line {seen[case]} says otherwise of {line['name']!r}, and goes before it")
            else:
                seen[case] = line["number"]
                self._take(line)

    def _take(self, line: Line) -> None:
        action, name, value = line["action"], line["name"], line["value"]
        if action not in ("merge", "rename", "split", "not-a-person", "quote-by"):
            self._report(line, f"no action is called {action!r}")
        elif not value and action != "not-a-person":
            self._report(line, "it has no value")
        elif shared := self.shared & {name, value}:
            self._report(line, f"several are called {min(shared)!r}; an id says which")
        elif action == "quote-by":
            self.said[name] = line, self._somebody(value)
        elif name not in self.by_name or (action == "merge" and value not in self.by_name):
            unknown = value if name in self.by_name else name
            self._report(line, f"nobody is called {unknown!r} in people or organisations")
        elif action == "merge":
            self._merge(self.by_name[name], self.by_name[value])
        elif action == "rename":
            old = self.by_name[name]
            aliases = tuple(sorted({*old.aliases, old.name} - {value}))
            self._put(_called(replace(old, aliases=aliases), value))
        elif action == "split":
            self.moved[line["article"], self.by_name[name].entity_id] = line, self._somebody(value)
        else:
            gone = self.by_name.pop(name)
            self.dropped.update(gone.keys)
            self.identities = {key: i for key, i in self.identities.items() if i.entity_id != gone.entity_id}

    def _merge(self, one: Identity, other: Identity) -> None:
        aliases = tuple(sorted({*one.aliases, one.name, *other.aliases} - {other.name}))
        roles = tuple(sorted({*one.roles, *other.roles}))
        self._put(replace(other, aliases=aliases, roles=roles, keys=tuple(sorted({*one.keys, *other.keys}))))
        self.by_name[one.name] = self.by_name[other.name]

    def _put(self, identity: Identity) -> None:
        self.identities |= dict.fromkeys(identity.keys, identity)
        for name, known in self.by_name.items():
            if known.entity_id == identity.entity_id:
                self.by_name[name] = identity
        self.by_name[identity.name] = identity

    def _somebody(self, name: str) -> str:
        """The key of the person or organisation of that name; one that no article names so becomes a person."""
        if name not in self.by_name:
            key = f"person:{name.casefold()} (corrections)"
            self._put(_called(Identity(entity_id=self.new_id(key), kind="person", name=name, keys=(key,)), name))
        return self.by_name[name].keys[0]

    def of(self, worked: Worked) -> Worked:
        """The article's records as the corrections have them, namesakes apart."""
        if not worked.named or not worked.quoted:
            return worked
        article, named, quoted = worked.article, worked.named, worked.quoted
        moved = {e.key: e.key_in_field for e in named.entities if e.key_in_field in self.identities}
        if not (moved or self.dropped or self.moved or self.said):
            return worked
        for place in (article.source_path, article.article_id):
            for (where, entity_id), (line, key) in self.moved.items():
                if where == place:
                    self.used.add(line["number"])
                    moved |= {k: key for k, i in self.identities.items() if i.entity_id == entity_id}
        mentions = tuple(replace(m, key=moved.get(m.key, m.key)) for m in named.mentions if m.key not in self.dropped)
        quotes = tuple(self._quote(article.article_id, quote, moved) for quote in quoted.quotes)
        return replace(worked, named=replace(named, mentions=mentions), quoted=replace(quoted, quotes=quotes))

    def _quote(self, article_id: str, quote: Quote, moved: Mapping[str, str]) -> Quote:
        key = moved.get(quote.speaker_key, quote.speaker_key)
        line, said = self.said.get(f"{article_id}-q{quote.number}", ({}, ""))
        if said:
            self.used.add(line["number"])
            kind = self.identities[said].kind
            return replace(quote, speaker_key=said, speaker_kind=kind, reason="corrected", confidence=1.0)
        if key in self.dropped:
            return replace(quote, speaker_key="", speaker_kind="unknown")
        return replace(quote, speaker_key=key)

    def problems(self) -> Iterator[Problem]:
        """A problem for each line that was not followed, once all articles were seen."""
        for line, _ in (*self.moved.values(), *self.said.values()):
            if line["number"] not in self.used:
                what = "quote" if line["action"] == "quote-by" else "article"
                self._report(line, f"the run has no {what} of that name")
        yield from self.wrong

    def _report(self, line: Line, detail: str) -> None:
        text = message("bad-correction", number=line["number"], detail=detail)
        self.wrong.append(Problem(source_path=FILE, article_id="", stage="tables", code="bad-correction", message=text))


def _called(identity: Identity, name: str) -> Identity:
    """The identity under a name; the last word of a person's is the family name."""
    given, _, family = name.rpartition(" ") if identity.kind == "person" else ("", "", "")
    return replace(identity, name=name, given_name=given, family_name=family)


def _lines(path: Path) -> Iterator[Line]:
    """The lines of the file, numbered; none where there is no file. Raises OnrecordError `bad-setting`."""
    if not path.exists():
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not {"action", "name"} <= set(reader.fieldnames or ()):
            raise OnrecordError("bad-setting", where=path, detail=f"its first line is not {','.join(COLUMNS)}")
        for row in reader:
            cells = {column: " ".join((row.get(column) or "").split()) for column in COLUMNS}
            if any(cells.values()):
                yield cells | {"number": str(reader.line_num)}
