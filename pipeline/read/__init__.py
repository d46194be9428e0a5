"""Read: bytes to articles.

Takes the bytes of a `Source` (a file, or a run of records of a file that holds many); gives an `Article` or a `Problem`
for each article in it. Pure: `sources` alone opens a file. Formats go by the file's suffix: .txt .text .md, .html .htm
.xhtml, .eml .mbox, .jsonl .ndjson, .json, .csv .tsv, .parquet; standard input ("-") is looked at.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from pipeline.errors import message
from pipeline.read.decode import binary, decode, lines_ended, without_mojibake
from pipeline.read.heading import agency, heading
from pipeline.read.language import language_of
from pipeline.read.mail import letter
from pipeline.read.page import is_html, page
from pipeline.read.rows import Row, fields, json_lines, json_whole, mailbox, parquet, table
from pipeline.read.slices import LINES, MAILS, TABLES, is_packed, sources, suffix
from pipeline.records import Article, Problem, Source
from pipeline.settings import ReadSettings

__all__ = ["article_id", "is_packed", "read", "sources"]

PLAIN = (".txt", ".text", ".md")
PAGES = (".html", ".htm", ".xhtml")
MAIL = ".eml"


def article_id(source_path: str) -> str:
    """The id of an article: the same for the same place under its INPUT, on every machine."""
    return "a" + sha256(source_path.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def read(source: Source, data: bytes, settings: ReadSettings) -> Iterator[Article | Problem]:
    """Each article of a Source, in order, or the problem that it is; `data` is source.start to source.end."""
    kind = suffix(source.source_path)
    if kind == "-":
        kind = _sniffed(data)
    if kind not in PLAIN + PAGES + LINES + TABLES + (MAIL, MAILS, ".json", ".parquet"):
        yield _problem(source.source_path, "unknown-format", suffix=kind)
    elif kind == ".parquet":
        yield from _records(source, parquet(data), settings)
    elif what := binary(data):
        yield _problem(source.source_path, "binary-file", what=what)
    elif source.n_records is None and len(data) > settings.max_bytes:
        yield _problem(source.source_path, "too-large", n=len(data), limit=settings.max_bytes)
    elif not data.strip():
        yield _problem(source.source_path, "empty-text")
    elif kind == MAIL:
        yield _article(source.source_path, "utf-8", letter(data))
    elif kind == MAILS:
        yield from _records(source, mailbox(source, data), ReadSettings(max_bytes=settings.max_bytes))
    elif kind in PLAIN + PAGES:
        yield _document(source.source_path, data, is_page=kind in PAGES)
    else:
        yield from _records(source, _rows(source, data, kind), settings)


def _sniffed(data: bytes) -> str:
    """The format of standard input."""
    start = decode(data[:4096])[0].lstrip()
    return ".json" if start[:1] in ("{", "[") and '"' in start else ".html" if is_html(start) else ".txt"


def _document(source_path: str, data: bytes, *, is_page: bool) -> Article | Problem:
    """The article of a file that holds one."""
    text, encoding = decode(data, declares=is_page)
    text = lines_ended(text)
    return _article(source_path, encoding, page(text) if is_page else {"text": text})


def _rows(source: Source, data: bytes, kind: str) -> Iterable[Row]:
    if kind == ".json":
        return json_whole(data)
    return table(source, data) if kind in TABLES else json_lines(source, data)


def _records(source: Source, rows: Iterable[Row], settings: ReadSettings) -> Iterator[Article | Problem]:
    """The articles of a file that holds many, then the records that have no text column: one problem if none has."""
    without: list[tuple[str, int, str]] = []
    n_others = 0
    for row in rows:
        where = f"{source.source_path}#{row.number}" if row.number else source.source_path
        found = fields(row.cells, settings.text_column)
        n_others += bool(found or row.wrong)
        if row.wrong:
            yield _problem(where, "bad-record", number=row.number, detail=row.wrong)
        elif row.n_bytes > settings.max_bytes:
            yield _problem(where, "too-large", n=row.n_bytes, limit=settings.max_bytes)
        elif found:
            yield _article(where, row.encoding, found)
        else:
            without.append((where, row.number, ", ".join(map(str, row.cells)) or "none"))
    if without and not n_others:
        yield _problem(source.source_path, "no-text-column", columns=without[0][2])
    elif not without and not n_others:
        yield _problem(source.source_path, "empty-text")
    for where, number, columns in without if n_others else ():
        yield _problem(where, "bad-record", number=number, detail=f"no text column among {columns}")


def _article(source_path: str, encoding: str, found: dict[str, str]) -> Article | Problem:
    """The article; what the document does not declare is taken from its first lines where they show it."""
    text = found.get("text", "")
    if not text.strip():
        return _problem(source_path, "empty-text")
    sound = {field: without_mojibake(value) for field, value in found.items()}
    if sound != found:
        found, encoding = sound, f"{encoding}+mojibake"
        text = found["text"]
    shown = heading(text) | {field: value for field, value in found.items() if value}
    shown["agency"] = agency(text, shown["byline"])
    if language := language_of(text):
        shown["language"] = language
    return Article(article_id=article_id(source_path), source_path=source_path, encoding=encoding, **shown)


def _problem(source_path: str, code: str, **facts: object) -> Problem:
    return Problem(source_path=source_path, article_id="", stage="read", code=code, message=message(code, **facts))
