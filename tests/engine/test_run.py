"""A run through its public function and its folder: tables, what is made again, and the same bytes however it ran."""

import csv
import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import frictionless
import pytest

from pipeline.engine import Order, RunResult, remake, run
from pipeline.errors import OnrecordError
from pipeline.settings import load
from pipeline.tables import TABLES
from pipeline.tables import load as load_table

ARTICLES = {
    "harbour.txt": "Port reopens\n\nOSLO, Norway (AP) – The port reopened on Monday, Mayor Ingrid Dahl said.\n\n"
    "“We lost a week,” Dahl said. “We will not lose another.”\n\nShare this:\n",
    "grain.txt": "Grain deal holds\n\nUkraine and Turkey will extend the deal, Kyiv said.\n\n"
    "“It feeds people,” Pavlo Hrytsenko, a trader, told Reuters. He said that Russian ships had moved off.\n",
    "vote.html": "<html lang=en><head><title>Vote</title></head><body><article><h1>Vote</h1>"
    "<p>Peru will vote on Sunday, officials said on Friday, after a week of talks"
    " between the parties and the electoral court in Lima.</p>"
    "<p>“Every vote counts,” said Rosa Quispe, who heads the court. She asked people to come early.</p>"
    "</article></body></html>",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three articles."""
    made = tmp_path / "articles"
    made.mkdir()
    for name, text in ARTICLES.items():
        (made / name).write_text(text, encoding="utf-8")
    return made


def go(folder: Path, out: Path, **how: object) -> RunResult:
    """A run in this process, unless `how` says otherwise."""
    settings = {"run": {"workers": how.pop("workers", 0)}} | how.pop("settings", {})  # type: ignore[operator]
    return run(Order(inputs=[str(folder)], out=out, settings=load(overrides=settings), **how))  # type: ignore[arg-type]


def rows(out: Path, name: str) -> list[dict[str, str]]:
    with (out / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((out / "tables").iterdir())}


def test_every_table_has_the_columns_of_the_contract_and_keys_that_hold(folder: Path, tmp_path: Path) -> None:
    result = go(folder, tmp_path / "out")
    assert (result.n_articles, result.n_made, result.n_problems) == (3, 3, 0)
    for name, table in TABLES.items():
        with (tmp_path / "out" / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == table.names
    report = frictionless.validate(str(tmp_path / "out" / "tables" / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])


def test_a_line_that_many_articles_share_goes_from_each_of_them_and_stays_where_few_have_it(tmp_path: Path) -> None:
    folder, out = tmp_path / "articles", tmp_path / "out"
    folder.mkdir()
    for topic in ("harbour", "library", "railway", "orchard", "theatre"):
        words = " ".join(f"{topic}{number}" for number in range(40))
        text = f"What the {topic} needs\n\nOf the {words} they spoke.\n\nThe Quay Channel\n\nNobody had asked.\n"
        (folder / f"{topic}.txt").write_text(text, encoding="utf-8")
    go(folder, out)
    removed = [(row["reason"], row["text"].strip()) for row in rows(out, "removed")]
    assert removed == [("shared-line", "The Quay Channel")] * 5
    assert go(folder, out).n_made == 0
    (folder / "theatre.txt").unlink()
    assert go(folder, out).n_made == 4
    assert rows(out, "removed") == []
    assert all("The Quay Channel" in row["text"] for row in rows(out, "articles"))


def test_spans_are_slices_of_the_text_and_removed_rows_lead_back(folder: Path, tmp_path: Path) -> None:
    go(folder, tmp_path / "out")
    texts = {row["article_id"]: row["text"] for row in rows(tmp_path / "out", "articles")}
    mentions = rows(tmp_path / "out", "mentions")
    assert mentions
    for row in mentions:
        assert texts[row["article_id"]][int(row["start"]) : int(row["end"])] == row["text"]
    quotes = rows(tmp_path / "out", "quotes")
    assert quotes
    for row in quotes:
        spans = [tuple(map(int, span.split("-"))) for span in row["spans"].split("; ")]
        assert " … ".join(texts[row["article_id"]][a:b] for a, b in spans) == row["text"]
        if row["speaker_start"]:
            said_by = texts[row["article_id"]][int(row["speaker_start"]) : int(row["speaker_end"])]
            assert said_by == row["speaker_text"]


def test_who_said_what_is_in_the_tables(folder: Path, tmp_path: Path) -> None:
    go(folder, tmp_path / "out")
    said = {row["text"]: row["speaker"] for row in rows(tmp_path / "out", "quotes")}
    assert said["We lost a week, … We will not lose another."] == "Ingrid Dahl"
    assert said["It feeds people,"] == "Pavlo Hrytsenko"
    assert said["Every vote counts,"] == "Rosa Quispe"
    codes = {row["country_code"] for row in rows(tmp_path / "out", "countries")}
    assert {"NOR", "UKR", "TUR", "RUS", "PER"} <= codes
    assert [row["reason"] for row in rows(tmp_path / "out", "removed")] == ["share"]


def test_an_unchanged_run_makes_nothing_and_changes_no_byte(folder: Path, tmp_path: Path) -> None:
    go(folder, tmp_path / "out")
    before = tables(tmp_path / "out")
    assert go(folder, tmp_path / "out").n_made == 0
    assert tables(tmp_path / "out") == before


def test_only_a_changed_article_is_made_again(folder: Path, tmp_path: Path) -> None:
    go(folder, tmp_path / "out")
    (folder / "grain.txt").write_text(ARTICLES["grain.txt"].replace("extend", "end"), encoding="utf-8")
    assert go(folder, tmp_path / "out").n_made == 1
    go(folder, tmp_path / "new")
    assert tables(tmp_path / "out") == tables(tmp_path / "new")


def test_an_article_that_is_gone_leaves_the_tables(folder: Path, tmp_path: Path) -> None:
    go(folder, tmp_path / "out")
    (folder / "grain.txt").unlink()
    go(folder, tmp_path / "out")
    go(folder, tmp_path / "new")
    assert tables(tmp_path / "out") == tables(tmp_path / "new")


def test_a_changed_setting_redoes_only_what_it_changes(folder: Path, tmp_path: Path) -> None:
    go(folder, tmp_path / "out")
    result = go(folder, tmp_path / "out", settings={"clean": {"keep": ["share"]}})
    assert rows(tmp_path / "out", "removed") == []
    stages = tmp_path / "out" / "stages"
    heads = [json.loads(line) for line in (stages / "3_annotate" / "part-0000.jsonl").read_text().splitlines()]
    assert result.n_made == 3  # cleaning looked at all again
    assert len(heads) == 3
    go(folder, tmp_path / "new", settings={"clean": {"keep": ["share"]}})
    assert tables(tmp_path / "out") == tables(tmp_path / "new")


def test_torn_stage_files_are_made_again(folder: Path, tmp_path: Path) -> None:
    go(folder, tmp_path / "out")
    before = tables(tmp_path / "out")
    for path in (tmp_path / "out" / "stages").rglob("part-0000.*"):
        path.write_bytes(path.read_bytes()[:-40])
    go(folder, tmp_path / "out")
    assert tables(tmp_path / "out") == before


def many(folder: Path, n: int) -> None:
    """More articles than go into one part."""
    for number in range(n):
        text = ARTICLES["grain.txt"].replace("Pavlo", f"Pavlo{number}")
        (folder / f"copy{number:03}.txt").write_text(text, encoding="utf-8")


def test_bytes_do_not_depend_on_workers_or_batches(folder: Path, tmp_path: Path) -> None:
    many(folder, 80)
    go(folder, tmp_path / "one", settings={"annotate": {"batch_size": 1}})
    assert len(list((tmp_path / "one" / "stages" / "1_read").iterdir())) > 1
    go(folder, tmp_path / "two", workers=2, settings={"annotate": {"batch_size": 64}})
    assert tables(tmp_path / "one") == tables(tmp_path / "two")


def test_a_new_article_moves_no_other_to_another_part(folder: Path, tmp_path: Path) -> None:
    many(folder, 200)
    go(folder, tmp_path / "out", until="clean")
    before = {path.name for path in (tmp_path / "out" / "stages" / "1_read").iterdir()}
    (folder / "copy100b.txt").write_text(ARTICLES["grain.txt"], encoding="utf-8")
    assert go(folder, tmp_path / "out", until="clean").n_made == 1
    assert before <= {path.name for path in (tmp_path / "out" / "stages" / "1_read").iterdir()}


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "picture.txt": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200)), "binary-file"),
    "empty.txt": (lambda path: path.write_bytes(b" \n\t\n"), "empty-text"),
    "table.xlsx": (lambda path: path.write_bytes(b"PK\x03\x04"), "unknown-format"),
    "broken.jsonl": (lambda path: path.write_text('{"text": "fine, he said."}\n{"text": \n'), "bad-record"),
    "gone.txt": (lambda path: path.symlink_to("nowhere"), "unreadable-file"),
    "big.txt": (lambda path: path.write_text("a " * 3000), "too-large"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_problem_and_touches_no_other_row(folder: Path, tmp_path: Path, name: str) -> None:
    settings = {"read": {"max_bytes": 5000}}
    go(folder, tmp_path / "good", settings=settings)
    make, code = BAD[name]
    make(folder / name)
    result = go(folder, tmp_path / "bad", settings=settings)
    problems = rows(tmp_path / "bad", "problems")
    assert [row["code"] for row in problems] == [code]
    assert problems[0]["source_path"].startswith(f"articles/{name}")
    assert result.n_problems == 1
    for table in ("mentions", "quotes", "removed"):
        good = rows(tmp_path / "good", table)
        assert [row for row in rows(tmp_path / "bad", table) if row in good] == good


def test_text_that_stalls_a_tokenizer_goes_through(folder: Path, tmp_path: Path) -> None:
    (folder / "lines.txt").write_text(f"“Stop,” Ana Diaz said.\n\n{'=' * 100_000}\n\n{'“' * 100_000}\n\nMore.")
    assert go(folder, tmp_path / "out").n_problems == 0
    assert "Ana Diaz" in {row["speaker"] for row in rows(tmp_path / "out", "quotes")}


def test_until_stops_before_the_tables_and_limit_takes_the_first(folder: Path, tmp_path: Path) -> None:
    result = go(folder, tmp_path / "out", until="clean", limit=2)
    assert (result.n_articles, result.counts) == (2, {})
    assert sorted(path.name for path in (tmp_path / "out" / "stages").iterdir() if path.is_dir()) == [
        "1_read",
        "2_clean",
    ]
    assert not (tmp_path / "out" / "tables").exists()


def test_limit_counts_the_records_of_files_that_hold_many(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text("".join(f'{{"text": "Number {n} is here, she said."}}\n' for n in range(300)))
    result = go(file, tmp_path / "out", until="read", limit=250)
    assert result.n_articles == 250
    whole = go(file, tmp_path / "all", until="read")
    assert whole.n_articles == 300


def test_tables_and_report_are_made_again_from_the_stages(folder: Path, tmp_path: Path) -> None:
    go(folder, tmp_path / "out")
    before, page = tables(tmp_path / "out"), (tmp_path / "out" / "report.html").read_bytes()
    shutil.rmtree(tmp_path / "out" / "tables")
    (tmp_path / "out" / "report.html").unlink()
    remake(tmp_path / "out", "tables")
    assert tables(tmp_path / "out") == before
    assert (tmp_path / "out" / "report.html").read_bytes() == page


def test_a_formula_in_a_cell_is_defused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_text('{"title": "=HYPERLINK(1)", "text": "It is so, Ana Diaz said."}\n')
    go(tmp_path / "in", tmp_path / "out")
    assert rows(tmp_path / "out", "articles")[0]["title"] == "'=HYPERLINK(1)"
    go(tmp_path / "in", tmp_path / "out", settings={"tables": {"raw_csv": True}})
    assert rows(tmp_path / "out", "articles")[0]["title"] == "=HYPERLINK(1)"


def test_every_format_holds_the_same_rows(folder: Path, tmp_path: Path) -> None:
    import sqlite3

    import pandas as pd

    go(folder, tmp_path / "out", settings={"tables": {"format": ["parquet", "sqlite", "xlsx"]}})
    folder = tmp_path / "out" / "tables"
    for name in TABLES:
        frame = load_table(tmp_path / "out", name)
        assert len(pd.read_parquet(folder / f"{name}.parquet")) == len(frame)
        assert len(pd.read_excel(folder / "onrecord.xlsx", sheet_name=name)) == len(frame)
        base = sqlite3.connect(folder / "onrecord.sqlite")
        assert base.execute(f"SELECT count(*) FROM {name}").fetchone() == (len(frame),)
        base.close()


def test_same_words_are_one_duplicate_group(folder: Path, tmp_path: Path) -> None:
    (folder / "harbour2.txt").write_text(ARTICLES["harbour.txt"].upper().replace("\n\n", "\n"), encoding="utf-8")
    go(folder, tmp_path / "out")
    found = {
        row["source_path"]: (row["duplicate_group"], row["is_duplicate"]) for row in rows(tmp_path / "out", "articles")
    }
    assert found["articles/grain.txt"] == ("", "false")
    assert found["articles/harbour.txt"][0] == found["articles/harbour2.txt"][0] != ""
    assert (found["articles/harbour.txt"][1], found["articles/harbour2.txt"][1]) == ("false", "true")
    counted = [(row["n_articles"], row["n_distinct_articles"]) for row in rows(tmp_path / "out", "countries")]
    assert ("2", "1") in counted
    assert ("2", "2") not in counted


def test_an_article_in_another_language_is_kept_and_not_read_for_names(folder: Path, tmp_path: Path) -> None:
    text = "Bürgermeister Karl Renz sagte am Montag, dass die Brücke bis zum Herbst gesperrt ist und niemand sie quert."
    (folder / "bruecke.txt").write_text(text, encoding="utf-8")
    go(folder, tmp_path / "out")
    (found,) = (row for row in rows(tmp_path / "out", "articles") if row["source_path"] == "articles/bruecke.txt")
    assert (found["language"], found["status"], found["text"]) == ("de", "problem", text)
    assert [row["code"] for row in rows(tmp_path / "out", "problems")] == ["other-language"]
    assert not any("Renz" in row["name"] for row in rows(tmp_path / "out", "people"))


def test_letters_of_a_mailbox_are_articles_with_the_agency_that_they_name(folder: Path, tmp_path: Path) -> None:
    letter = "From desk@quay.example Mon Mar  1 08:00:00 2021\nSubject: {0}\n\n{1}\n\n"
    body = "BERGEN, Norway (NTB) – The port reopened on Monday, Mayor Kari Moen said."
    (folder / "list.mbox").write_text(letter.format("Port", body) + letter.format("Empty", ""), encoding="utf-8")
    go(folder, tmp_path / "out")
    found = {row["source_path"]: (row["title"], row["agency"]) for row in rows(tmp_path / "out", "articles")}
    assert found["articles/list.mbox#1"] == ("Port", "NTB")
    assert found["articles/harbour.txt"] == ("Port reopens", "AP")
    assert found["articles/vote.html"] == ("Vote", "")
    problems = [(row["source_path"], row["code"]) for row in rows(tmp_path / "out", "problems")]
    assert problems == [("articles/list.mbox#2", "empty-text")]


def test_packed_files_are_read_up_to_the_limit(folder: Path, tmp_path: Path) -> None:
    lines = "".join(f'{{"text": "The port reopened, article {n} said."}}\n' for n in range(3))
    (folder / "wire.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (folder / "grain2.txt.gz").write_bytes(gzip.compress(ARTICLES["grain.txt"].encode()))
    (folder / "bomb.txt.gz").write_bytes(gzip.compress(b"a" * 300_000))
    (folder / "torn.txt.gz").write_bytes(gzip.compress(ARTICLES["grain.txt"].encode())[:-12])
    go(folder, tmp_path / "out", settings={"read": {"max_bytes": 200_000}})
    found = {row["source_path"]: row for row in rows(tmp_path / "out", "articles")}
    assert {f"articles/wire.jsonl.gz#{n}" for n in (1, 2, 3)} <= set(found)
    assert found["articles/grain2.txt.gz"]["text"] == found["articles/grain.txt"]["text"]
    wrong = {row["source_path"]: row["code"] for row in rows(tmp_path / "out", "problems")}
    assert wrong == {"articles/bomb.txt.gz": "too-large", "articles/torn.txt.gz": "unreadable-file"}


def test_broken_keys_leave_the_old_tables(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go(folder, tmp_path / "out")
    before = tables(tmp_path / "out")
    from pipeline.engine import tabulate

    monkeypatch.setattr(
        tabulate, "article_rows", lambda *_: {"articles": [dict.fromkeys(TABLES["articles"].names, "x")]}
    )
    with pytest.raises(OnrecordError, match="no table was replaced"):
        remake(tmp_path / "out", "tables")
    assert tables(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("inputs", "code", "status"),
    [(["nowhere"], "no-input", 3), (["."], "empty-input", 3), (["a/x", "b/x"], "same-name", 3)],
)
def test_unusable_input_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inputs: list[str], code: str, status: int
) -> None:
    monkeypatch.chdir(tmp_path)
    if code == "same-name":
        for name in inputs:
            (tmp_path / name).mkdir(parents=True)
            (tmp_path / name / "one.txt").write_text("Text.")
    with pytest.raises(OnrecordError) as caught:
        run(Order(inputs=inputs, out=tmp_path / "out", settings=load()))
    assert (caught.value.code, caught.value.status) == (code, status)
