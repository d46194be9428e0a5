"""Measuring from files: predictions, finished runs, the product in memory, and gold that is not in order."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.errors import OnrecordError
from pipeline.evaluate import TASKS, evaluate
from pipeline.evaluate.intervals import with_intervals
from pipeline.records import Article, Cleaned, Entity, Mention, Named, Problem, Quote, Quoted, Removed
from pipeline.settings import AnnotateSettings, Settings

ADVERT = "Share this page\n"
CLEANED = "Latvian minister Mara Lind said “the port stays open” in Riga"
FOOTER = "\nLeave a reply"  # it begins where the last name ends
TEXT = f"{ADVERT}{CLEANED}{FOOTER}"
LONG = "Nothing. " * 20_000  # longer than csv allows by itself


def at(words: str, text: str = TEXT) -> list[int]:
    return [text.index(words), text.index(words) + len(words)]


DOCUMENT: dict[str, Any] = {
    "id": "port",
    "text": TEXT,
    "body": CLEANED,
    "quotes": [
        {"content": [at("the port stays open")], "source": [at("Mara Lind")], "cue": [at("said")], "type": "direct"}
    ],
    "entities": [[*at("Latvian"), "NORP"], [*at("Mara Lind"), "Person"], [*at("Riga"), "Location"]],
    "toponyms": [[*at("Latvian"), "LV", "country", ""], [*at("Riga"), "LV", "inside", ""]],
    "countries": ["LV"],
    "countries_named": ["LV"],
}
OTHER = {"id": "else", "text": "Nothing.", "body": "Nothing.", "quotes": [], "entities": [], "toponyms": []} | {
    "countries": [],
    "countries_named": [],
}
HEADLINES = {"quotes": "who_said_what_f1", "speakers": "recall", "entities": "micro_f1", "countries": "named_f1"}


def write(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def gold_file(tmp_path: Path, task: str, rows: Sequence[Mapping[str, Any]]) -> Path:
    if task != "speakers":
        return write(tmp_path / task / "dev.jsonl", rows)
    write(tmp_path / "attribution" / "dev.jsonl", rows)
    return write(tmp_path / "speakers" / "dev.jsonl", [{"id": "port", "speakers": {"0": "Mara Lind"}}])


def records() -> tuple[Cleaned, Named, Quoted]:
    """What the product makes of the document: its first and last lines are gone, so every offset is 16 less."""
    where = {"article_id": "a1", "source_path": "dev.jsonl#2"}
    start, end = at("Mara Lind", CLEANED)
    cue_start, cue_end = at("said", CLEANED)

    def mention(words: str, **kind: Any) -> Mention:
        return Mention(start=at(words, CLEANED)[0], end=at(words, CLEANED)[1], text=words, **kind)

    quote = Quote(
        number=1,
        kind="direct",
        act="speech",
        text="the port stays open",
        spans=((at("the port stays open", CLEANED)[0], at("the port stays open", CLEANED)[1]),),
        cue="said",
        cue_start=cue_start,
        cue_end=cue_end,
        speaker_text="Mara Lind",
        speaker_start=start,
        speaker_end=end,
        speaker_key="person:mara lind",
        speaker_kind="person",
    )
    mentions = (
        mention("Latvian", kind="country", form="demonym", country_code="LVA"),
        mention("minister", kind="person", form="nominal"),
        mention("Mara Lind", kind="person", form="name", key="person:mara lind"),
        mention("Riga", kind="place", form="name", country_code="LVA"),
    )
    entity = Entity(key="person:mara lind", kind="person", name="Mara Lind")
    footer = TEXT.index(FOOTER)
    removed = (
        Removed(raw_start=0, raw_end=len(ADVERT), text=ADVERT, reason="share"),
        Removed(raw_start=footer, raw_end=len(TEXT), text=FOOTER, reason="comments"),
    )
    return (
        Cleaned(**where, text=CLEANED, removed=removed),
        Named(**where, mentions=mentions, entities=(entity,)),
        Quoted(**where, quotes=(quote,)),
    )


def write_run(folder: Path, source_path: str) -> Path:
    """The tables that a run over the gold file leaves, as far as they are read."""
    cleaned, named, quoted = records()
    (quote,) = quoted.quotes
    tables: dict[str, list[dict[str, Any]]] = {
        "articles": [
            {"article_id": "a0", "source_path": "dev.jsonl#1", "text": LONG},
            {"article_id": "a1", "source_path": source_path, "text": cleaned.text},
        ],
        "removed": [
            {"article_id": "a1", "raw_start": r.raw_start, "raw_end": r.raw_end, "text": r.text, "reason": r.reason}
            for r in cleaned.removed
        ],
        "mentions": [
            {"article_id": "a1", "start": m.start, "end": m.end, "text": m.text, "kind": m.kind, "form": m.form}
            | {"entity_id": m.key and "p1", "country_code": m.country_code}
            for m in named.mentions
        ],
        "quotes": [
            {"article_id": "a1", "number": 1, "kind": "direct", "act": "speech", "text": quote.text}
            | {"spans": "; ".join(f"{start}-{end}" for start, end in quote.spans), "cue": "said"}
            | {"cue_start": quote.cue_start, "cue_end": quote.cue_end, "speaker_text": "Mara Lind"}
            | {"speaker_start": quote.speaker_start, "speaker_end": quote.speaker_end, "speaker": "Mara Lind"}
            | {"speaker_kind": "person", "speaker_id": "p1", "confidence": 0.9, "reason": "subject"}
        ],
    }
    (folder / "tables").mkdir(parents=True)
    for name, rows in tables.items():
        with (folder / "tables" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Stands for pipeline.engine.memory: the same records for every article that holds the document."""

    analysed: list[Article]

    def analyse_many(self, articles: Iterable[Article], _: Settings) -> Iterator[SimpleNamespace]:
        cleaned, named, quoted = records()
        for article in articles:
            self.analysed.append(article)
            if article.text == TEXT:
                own = Cleaned(
                    article_id=article.article_id,
                    source_path=article.source_path,
                    text=cleaned.text,
                    removed=cleaned.removed,
                )
                yield SimpleNamespace(cleaned=own, named=named, quoted=quoted)

    def cleaned(self, article: Article, _: Settings) -> Cleaned:
        self.analysed.append(article)
        return Cleaned(article_id=article.article_id, source_path=article.source_path, text=CLEANED)

    def named_by_model(self, texts: Iterable[str], _: Settings) -> Iterator[tuple[tuple[int, int, str], ...]]:
        for text in texts:
            yield ((*at("Mara Lind", text), "PERSON"),) if "Mara Lind" in text else ()

    def read_file(self, path: Path, _: Settings) -> list[Article | Problem]:
        if not path.stat().st_size:
            return [
                Problem(source_path=path.name, article_id="", stage="read", code="unreadable-file", message="empty")
            ]
        return [Article(article_id=f"a-{path.stem}", source_path=path.name, text=path.read_text(encoding="utf-8"))]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    stand_in = Engine(analysed=[])
    monkeypatch.setitem(sys.modules, "pipeline.engine.memory", stand_in)
    return stand_in


@pytest.mark.parametrize("task", HEADLINES)
def test_a_run_leads_back_to_the_text_as_read(task: str, tmp_path: Path) -> None:
    gold = gold_file(tmp_path, task, [OTHER, DOCUMENT])
    report = evaluate(task, gold, write_run(tmp_path / "out", "dev.jsonl#2"), Settings())
    assert report.figures[HEADLINES[task]].value == 1
    assert report.n_missing == 0


def test_an_article_of_a_folder_is_joined_by_its_name(tmp_path: Path) -> None:
    gold = gold_file(tmp_path, "quotes", [OTHER, DOCUMENT])
    report = evaluate("quotes", gold, write_run(tmp_path / "out", "texts/port.txt"), Settings())
    assert report.figures["cue_tokens_f1"].value == 1


def test_a_run_of_another_gold_is_refused(tmp_path: Path) -> None:
    gold = write(tmp_path / "test.jsonl", [OTHER, DOCUMENT])
    with pytest.raises(OnrecordError, match="no document has its id"):
        evaluate("quotes", gold, write_run(tmp_path / "out", "dev.jsonl#2"), Settings())


def test_a_run_without_a_column_is_bad(tmp_path: Path) -> None:
    run = write_run(tmp_path / "out", "dev.jsonl#2")
    (run / "tables" / "quotes.csv").write_text("article_id,number\na1,1\n", encoding="utf-8")
    with pytest.raises(OnrecordError, match=r"article a1.*speaker_id") as error:
        evaluate("quotes", gold_file(tmp_path, "quotes", [OTHER, DOCUMENT]), run, Settings())
    assert error.value.code == "bad-gold"


def test_a_folder_that_holds_no_run(tmp_path: Path) -> None:
    with pytest.raises(OnrecordError) as error:
        evaluate("quotes", gold_file(tmp_path, "quotes", [DOCUMENT]), tmp_path, Settings())
    assert error.value.code == "no-run"


@pytest.mark.parametrize("task", HEADLINES)
def test_a_file_of_predictions(task: str, tmp_path: Path) -> None:
    said = {**DOCUMENT, "toponyms": [toponym[:3] for toponym in DOCUMENT["toponyms"]]}
    said["quotes"] = [{**DOCUMENT["quotes"][0], "speaker": "Ms Lind"}]
    pred = write(tmp_path / "pred.jsonl", [said])
    report = evaluate(task, gold_file(tmp_path, task, [OTHER, DOCUMENT]), pred, Settings())
    assert report.figures[HEADLINES[task]].value == 1
    assert report.n_missing == (0 if task == "speakers" else 1)


@pytest.mark.parametrize("task", HEADLINES)
def test_the_product_in_memory(task: str, tmp_path: Path, engine: Engine) -> None:
    report = evaluate(task, gold_file(tmp_path, task, [OTHER, DOCUMENT]), None, Settings())
    assert report.figures[HEADLINES[task]].value == 1
    assert TEXT in [article.text for article in engine.analysed]


def test_entities_show_the_bare_model_beside_the_product(tmp_path: Path, engine: Engine) -> None:
    report = evaluate("entities", gold_file(tmp_path, "entities", [OTHER, DOCUMENT]), None, Settings())
    assert report.figures["model_person_f1"].value == 1
    assert report.figures["model_micro_recall"].value == pytest.approx(1 / 3)  # it knows one name of three


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    settings = Settings(annotate=AnnotateSettings(model=str(tmp_path / "none")))
    with pytest.raises(OnrecordError) as error:
        evaluate("entities", gold_file(tmp_path, "entities", [DOCUMENT]), None, settings)
    assert error.value.code == "no-model"


def test_clean_reads_the_three_folders_beside_its_gold(tmp_path: Path, engine: Engine) -> None:
    gold = gold_file(tmp_path, "clean", [DOCUMENT])
    for name, suffix, text in (("page", "txt", TEXT), ("loose", "txt", TEXT), ("html", "html", "")):
        (gold.parent / name).mkdir()
        (gold.parent / name / f"port.{suffix}").write_text(text, encoding="utf-8")
    report = evaluate("clean", gold, None, Settings())
    assert [report.figures[f"{name}_f1"].value for name in ("html", "page", "loose")] == [0, 1, 1]
    assert report.n_missing == 1  # the page that could not be read
    (gold.parent / "page" / "port.txt").unlink()
    with pytest.raises(OnrecordError, match=r"port\.txt: this page is missing"):
        evaluate("clean", gold, None, Settings())


def test_clean_takes_a_folder_of_texts_or_lines(tmp_path: Path) -> None:
    gold = gold_file(tmp_path, "clean", [DOCUMENT])
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "port.txt").write_text(CLEANED, encoding="utf-8")
    lines = write(tmp_path / "pred.jsonl", [{"id": "port", "text": CLEANED}])
    for pred in (tmp_path / "texts", lines, write_run(tmp_path / "out", "port.html")):
        assert evaluate("clean", gold, pred, Settings()).figures["f1"].value == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1: not JSON"),
        ("[]", "line 1: not an object"),
        ('{"text": "a"}', 'not an object with an "id"'),
        ('{"id": "port", "text": "a"}', "document 'port'.*quotes"),
        ('{"id": "port", "text": "a", "quotes": [{"content": [[1]]}]}', "document 'port'.*length 2"),
        ('{"id": "port", "text": "a", "quotes": []}\n{"id": "port"}', "line 2.*twice"),
        ("", "holds no document"),
        ("\udcff", "utf-8"),
    ],
)
def test_gold_that_is_not_in_order(line: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "dev.jsonl"
    path.write_bytes(line.encode("utf-8", "surrogateescape"))
    with pytest.raises(OnrecordError, match=f"(?s){said}") as error:
        evaluate("quotes", path, path, Settings())
    assert (error.value.code, error.value.status) == ("bad-gold", 3)


def test_gold_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match="No such file") as error:
        evaluate("quotes", tmp_path / "dev.jsonl", None, Settings())
    assert error.value.code == "bad-gold"


def test_speakers_of_a_document_that_has_no_text(tmp_path: Path) -> None:
    path = gold_file(tmp_path, "speakers", [OTHER])
    with pytest.raises(OnrecordError, match="'port' is not in") as error:
        evaluate("speakers", path, path, Settings())
    assert error.value.code == "bad-gold"


def test_a_task_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match="'quote' is none of quotes, speakers") as error:
        evaluate("quote", tmp_path, None, Settings())
    assert error.value.status == 2


def test_the_text_puts_precision_recall_and_f1_on_one_line(tmp_path: Path) -> None:
    gold = gold_file(tmp_path, "quotes", [DOCUMENT, OTHER])
    lines = evaluate("quotes", gold, write(tmp_path / "pred.jsonl", [DOCUMENT]), Settings()).text.splitlines()
    assert lines[0] == "quotes: 2 documents, 1 without a prediction"
    who = next(line for line in lines if line.startswith("who_said_what "))
    assert "precision 1.0000" in who
    assert "f1 1.0000" in who
    assert sum(line.startswith("direct_") for line in lines) == 3


def test_intervals_are_the_same_each_time_and_hold_the_value() -> None:
    counts = [{"right": i % 2, "all": 1} for i in range(40)]

    def rate(n: Mapping[str, float]) -> dict[str, float]:
        return {"rate": n["right"] / n["all"]}

    uneven = [{"right": i / 50, "all": 1} for i in range(50)]
    assert with_intervals(uneven, rate) == with_intervals(uneven, rate)
    few, many = with_intervals(counts, rate)["rate"], with_intervals(counts * 25, rate)["rate"]
    assert few.low < few.value == 0.5 < few.high
    # 1.96 standard errors of a half: 0.155 for 40 documents, 0.031 for 1,000
    assert few.high - few.value == pytest.approx(0.155, abs=0.03)
    assert many.high - many.value == pytest.approx(0.031, abs=0.006)
    sure = with_intervals(counts[1:2] * 9, rate)["rate"]
    assert (sure.low, sure.value, sure.high) == (1, 1, 1)


def test_every_task_has_its_name() -> None:
    assert list(TASKS) == ["quotes", "speakers", "entities", "countries", "clean"]
