"""Files that hold many articles: cut by byte offsets, read record by record."""

import csv
import io
import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pipeline.read import article_id, read, sources
from pipeline.read.decode import MOJIBAKE
from pipeline.read.slices import letter_spans
from pipeline.records import Article, Problem, Source
from pipeline.settings import ReadSettings

ODD = "\x00\r\u0085\u2028\u2029<>"  # what reading changes: NULs, line ends, HTML
TEXTS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters=ODD), max_size=60), min_size=1, max_size=30
)


def read_file(path: Path, given_settings: ReadSettings | None = None) -> list[Article | Problem]:
    data = path.read_bytes()
    return [
        found
        for source in sources(str(path), path.name)
        for found in read(source, data[source.start : source.end], given_settings or ReadSettings())
    ]


def articles(path: Path, given_settings: ReadSettings | None = None) -> list[Article]:
    found = read_file(path, given_settings)
    assert all(isinstance(each, Article) for each in found), found
    return [each for each in found if isinstance(each, Article)]


def codes(found: list[Article | Problem]) -> list[str]:
    return [each.code if isinstance(each, Problem) else "ok" for each in found]


def test_jsonl_numbers_records_and_skips_blank_lines(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text('{"text": "One."}\n\n  \n{"text": "Two."}\n{"text": "Three."}', encoding="utf-8")
    found = articles(path)
    assert [a.text for a in found] == ["One.", "Two.", "Three."]
    assert [a.source_path for a in found] == ["news.jsonl#1", "news.jsonl#2", "news.jsonl#3"]
    assert found[1].article_id == article_id("news.jsonl#2")


def test_long_files_are_cut_at_records(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps({"text": f"Article {n}."}) + "\n" for n in range(1, 601)), encoding="utf-8")
    cut = list(sources(str(path), "many.jsonl"))
    assert [(s.first, s.n_records) for s in cut] == [(n, 64) for n in range(1, 576, 64)] + [(577, 24)]
    assert cut[0].start == 0
    assert cut[-1].end == path.stat().st_size
    assert [a.source_path for a in articles(path)] == [f"many.jsonl#{n}" for n in range(1, 601)]


def test_csv_cells_may_hold_lines_quotes_and_long_texts(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    long = "word " * 40_000  # above the csv module's limit of 131,072 characters
    rows = [["h1", 'He said: "No,\nnever."'], ["h2", long], ["h3", "5\" pipe, and 'more'"]]
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([["Headline", "Full Text"], *rows])
    found = articles(path)
    assert [a.title for a in found] == ["h1", "h2", "h3"]
    assert [a.text for a in found] == [row[1].strip(" ") for row in rows]


def test_a_long_table_is_cut_between_rows(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["text", "title"], *([f"Line\nof\n{n}", f'a "{n}"'] for n in range(300))])
    cut = list(sources(str(path), "many.csv"))
    assert [(s.first, s.n_records, s.header) for s in cut] == [
        *((n, 64, "text,title") for n in range(1, 256, 64)),
        (257, 44, "text,title"),
    ]
    assert [a.text for a in articles(path)] == [f"Line\nof\n{n}" for n in range(300)]


@pytest.mark.parametrize(("name", "delimiter"), [("a.tsv", "\t"), ("a.csv", ";"), ("a.csv", "|")])
def test_other_delimiters(tmp_path: Path, name: str, delimiter: str) -> None:
    path = tmp_path / name
    path.write_text(f"title{delimiter}text\nA bridge{delimiter}It fell.\n", encoding="utf-8")
    assert [(a.title, a.text) for a in articles(path)] == [("A bridge", "It fell.")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_wide_files_are_one_source(tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / name
    lines = ["text", "Zoë said so.", "Two."] if name == "a.csv" else ['{"text": "Zoë said so."}', '{"text": "Two."}']
    path.write_bytes("\n".join(lines).encode(encoding))
    assert len(list(sources(str(path), name))) == 1
    found = articles(path)
    assert [(a.text, a.source_path) for a in found] == [("Zoë said so.", f"{name}#1"), ("Two.", f"{name}#2")]
    assert found[0].encoding.startswith(encoding)


def test_one_record_in_another_encoding_costs_the_others_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"text": "Zoë spoke."}\n'.encode() + '{"text": "Zoë wrote."}\n'.encode("cp1252"))
    assert [(a.text, a.encoding) for a in articles(path)] == [("Zoë spoke.", "utf-8"), ("Zoë wrote.", "cp1252")]


def test_columns_are_found_by_name_in_any_case(tmp_path: Path) -> None:
    record = {
        "Body": "It fell.",
        "HEADLINE": "A  bridge",
        "authors": ["Tove Lindqvist", "Arne Dahl"],
        "source": {"id": 3, "name": "Quay News"},
        "publishedAt": "2021-05-03T10:20:30Z",
        "link": "https://quay.example/1",
        "lang": "en_GB",
        "section": "news",
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps([record]), encoding="utf-8")
    (found,) = articles(path)
    assert (found.text, found.title, found.byline) == ("It fell.", "A bridge", "Tove Lindqvist; Arne Dahl")
    assert (found.outlet, found.url, found.language) == ("Quay News", "https://quay.example/1", "en")
    assert found.published == "2021-05-03T10:20:30+00:00"


def test_a_named_column_goes_before_the_known_names(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Summary.", "Long Version": "The whole of it."}\n', encoding="utf-8")
    assert articles(path, ReadSettings(text_column="long version"))[0].text == "The whole of it."
    assert articles(path)[0].text == "Summary."


def test_html_in_a_cell_is_read_as_html(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    text = "<p>“It fell,” said Ms. Dahl.</p><p>Nobody was on it &amp; nobody saw it.</p>"
    path.write_text(json.dumps({"text": text, "title": "A bridge"}), encoding="utf-8")
    (found,) = articles(path)
    assert found.text == "“It fell,” said Ms. Dahl.\n\nNobody was on it & nobody saw it."
    assert found.title == "A bridge"


@pytest.mark.parametrize(
    "line", ['{"text": ', "[1]", '"text"', "null", "[" * 100_000, '{"text": 1e999999999', '{"title": "x"}']
)
def test_a_bad_record_costs_itself(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"text": "One."}}\n{line}\n{{"text": "Three."}}\n', encoding="utf-8")
    found = read_file(path)
    assert sorted(codes(found)) == ["bad-record", "ok", "ok"]
    assert {each.source_path for each in found} == {"a.jsonl#1", "a.jsonl#2", "a.jsonl#3"}
    assert [each.text for each in found if isinstance(each, Article)] == ["One.", "Three."]


def test_a_row_with_too_many_cells_is_a_bad_record(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title,text\nA,It fell, slowly.\nB,It stood.\n", encoding="utf-8")
    assert codes(read_file(path)) == ["bad-record", "ok"]


def test_a_file_without_a_text_column_is_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,note\n1,a\n2,b\n", encoding="utf-8")
    (found,) = read_file(path)
    assert isinstance(found, Problem)
    assert (found.code, found.source_path) == ("no-text-column", "a.csv")
    assert "id, note" in found.message


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.jsonl", "", ["empty-text"]),
        ("a.csv", "", ["empty-text"]),
        ("a.csv", "title,text\n", ["empty-text"]),
        ("a.json", "[]", ["empty-text"]),
        ("a.json", "{", ["bad-record"]),
        ("a.json", "[" * 100_000, ["bad-record"]),
        ("a.json", '{"text": "One."}\n{"text": "Two."}', ["ok", "ok"]),
        ("a.jsonl", '{"text": "  "}\n{"text": "Two."}', ["empty-text", "ok"]),
        ("a.jsonl", '{"text": null}', ["empty-text"]),
        ("a.jsonl", "\x7fELF", ["binary-file"]),
    ],
)
def test_odd_files(tmp_path: Path, name: str, content: str, expected: list[str]) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert codes(read_file(path)) == expected


def test_one_object_is_the_file_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"text": "One."}', encoding="utf-8")
    assert [a.source_path for a in articles(path)] == ["a.json"]


def test_a_record_above_the_limit_costs_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "' + "x" * 100 + '"}\n{"text": "Two."}\n', encoding="utf-8")
    assert codes(read_file(path, ReadSettings(max_bytes=50))) == ["too-large", "ok"]


def test_lone_surrogates_and_nuls_from_escapes_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(r'{"text": "a\ud800b\u0000c \ud83d\ude00"}', encoding="utf-8")
    (found,) = articles(path)
    assert found.text == "a\ufffdb\ufffdc 😀"
    found.text.encode("utf-8")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=TEXTS)
def test_a_table_gives_back_what_was_written(tmp_path: Path, texts: list[str]) -> None:
    assume(not any(map(MOJIBAKE.search, texts)))
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["text"], *([f"~{text}~"] for text in texts)])
    expected = [(f"a.csv#{n}", f"~{text}~") for n, text in enumerate(texts, 1)]
    assert [(a.source_path, a.text) for a in articles(path)] == expected


@settings(max_examples=150)
@given(
    data=st.binary(max_size=200),
    name=st.sampled_from(["a.txt", "a.html", "a.jsonl", "a.json", "a.csv", "a.eml", "a.mbox", "a.parquet", "-"]),
)
def test_any_bytes_give_articles_or_problems(data: bytes, name: str) -> None:
    for found in read(Source(path=name, source_path=name), data, ReadSettings()):
        if isinstance(found, Article):
            assert found.text.strip()
            found.text.encode("utf-8")
        else:
            assert found.code


@settings(max_examples=60)
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=200))
def test_any_text_is_read_as_it_stands(text: str) -> None:
    assume(not MOJIBAKE.search(text))
    (found,) = read(Source(path="a.txt", source_path="a.txt"), text.encode(), ReadSettings())
    if isinstance(found, Article) and not any(mark in text for mark in "\r\u0085\u2028\u2029\ufeff"):
        assert found.text == text or found.encoding != "utf-8"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", b'"' * 100_000),
        ("a.txt", b'said "no" ' * 500_000),
        ("a.txt", b"- \n" * 100_000),
        ("a.html", b"<div>" * 100_000 + b"The text at the bottom of it all."),
        ("a.html", b"<" * 300_000),
        ("a.html", b"<html><!--" + b"-" * 300_000),
        ("a.csv", b"text\n" + b'"' * 1_000_000),
        ("a.jsonl", b"[" * 1_000_000),
    ],
)
def test_hostile_input_is_read_or_refused(name: str, data: bytes) -> None:
    assert list(read(Source(path=name, source_path=name), data, ReadSettings()))


def test_the_slices_of_any_table_hold_all_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([["text"], *([f'{"x" * (n % 7)}"\n{n}'] for n in range(700))])
    path.write_bytes(buffer.getvalue().encode())
    cut = list(sources(str(path), "a.csv"))
    assert all(before.end == behind.start for before, behind in pairwise(cut))
    assert sum(s.n_records or 0 for s in cut) == 700


def test_a_parquet_file_is_read_as_a_table(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow", reason="the parquet extra is not installed")
    from pyarrow import parquet

    table = pa.table({"Headline": ["A", "B"], "body": ["The first fell.", None], "n": [1, 2]})
    parquet.write_table(table, tmp_path / "a.parquet")
    found, empty = read_file(tmp_path / "a.parquet")
    assert isinstance(found, Article)
    assert isinstance(empty, Problem)
    assert (empty.source_path, empty.code) == ("a.parquet#2", "empty-text")
    assert (found.source_path, found.title, found.text) == ("a.parquet#1", "A", "The first fell.")


def test_a_broken_parquet_file_is_a_problem() -> None:
    (found,) = read(Source(path="a.parquet", source_path="a.parquet"), b"PAR1 and no more", ReadSettings())
    assert isinstance(found, Problem)
    assert found.code == "bad-record"


LETTER = "From desk@quay.example Mon Mar  1 08:00:00 2021\nFrom: Ida Brekke <ida@quay.example>\nSubject: Port {0}\n\n"
LETTER += "Port {0} reopened.\n>From here on, boats sail.\nFrom Monday they sail daily.\n\n"


def test_each_letter_of_a_mailbox_is_an_article(tmp_path: Path) -> None:
    path = tmp_path / "list.mbox"
    path.write_text("".join(map(LETTER.format, range(1, 131))), encoding="utf-8")
    cut = list(sources(str(path), "list.mbox"))
    assert [(s.first, s.n_records) for s in cut] == [(1, 64), (65, 64), (129, 2)]
    found = articles(path)
    assert [a.source_path for a in found] == [f"list.mbox#{n}" for n in range(1, 131)]
    assert [a.title for a in found] == [f"Port {n}" for n in range(1, 131)]
    assert found[129].text.strip() == "Port 130 reopened.\nFrom here on, boats sail.\nFrom Monday they sail daily."
    assert found[129].byline == "Ida Brekke"


def test_a_letter_of_a_mailbox_without_text_costs_itself_only(tmp_path: Path) -> None:
    path = tmp_path / "list.mbox"
    path.write_text(f"From a\nSubject: nothing\n\n\n{LETTER.format(2)}From b\n\n\n", encoding="utf-8")
    assert codes(read_file(path)) == ["empty-text", "ok", "empty-text"]
    assert codes(read_file(path, ReadSettings(text_column="words"))) == ["empty-text", "ok", "empty-text"]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"no letter at all", b"From ", b"\xff\xfeF\x00r\x00o\x00m\x00"])
def test_what_is_no_mailbox_is_a_problem_or_one_letter(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "list.mbox"
    path.write_bytes(data)
    assert codes(read_file(path)) in (["empty-text"], ["ok"])


@given(pieces=st.lists(st.sampled_from([b"From ", b"\n", b"x", b">", b"\r\n", b"Subject: a\n"]), max_size=30))
def test_letters_cover_a_mailbox_without_gaps(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    spans = list(letter_spans(io.BytesIO(data)))
    assert b"".join(data[start:end] for start, end in spans) == data
