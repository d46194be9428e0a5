"""corrections.csv: what an analyst has put right stays right, and a line that cannot be followed is told."""

import csv
from pathlib import Path

import pytest

from pipeline.engine import Order, remake, run
from pipeline.errors import OnrecordError
from pipeline.settings import load

ARTICLES = {
    "port.txt": "The port reopened on Monday, Mayor Ingrid Dahl said. “We lost a week,” Dahl said.",
    "choir.txt": "The choir sings in May, Ingrid Dahl, a singer, said. “Come early,” Ingrid Moe-Dahl said.",
    "boat.txt": "The boat was sold, Nils Aamodt told the council. “It leaked,” he said.",
}
HEADER = "action,name,value,article\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("in") / "news"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    out = tmp_path_factory.mktemp("run") / "out"
    run(order(folder, out))
    return out


def order(folder: Path, out: Path) -> Order:
    return Order(inputs=[str(folder)], out=out, settings=load(overrides={"run": {"workers": 0}}), quiet=True)


def rows(out: Path, name: str) -> list[dict[str, str]]:
    with (out / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def corrected(out: Path, *lines: str) -> dict[str, dict[str, str]]:
    (out / "corrections.csv").write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    remake(out, "tables")
    return {row["name"]: row for row in rows(out, "people")}


def said(out: Path) -> dict[str, str]:
    return {row["text"].strip(",."): row["speaker"] for row in rows(out, "quotes")}


def told(out: Path) -> list[str]:
    return [row["message"] for row in rows(out, "problems") if row["code"] == "bad-correction"]


def test_without_lines_nothing_changes(made: Path) -> None:
    (made / "corrections.csv").unlink(missing_ok=True)
    remake(made, "tables")
    before = {path.name: path.read_bytes() for path in (made / "tables").iterdir()}
    people = corrected(made)
    assert {path.name: path.read_bytes() for path in (made / "tables").iterdir()} == before
    assert {"Ingrid Dahl", "Ingrid Moe-Dahl", "Nils Aamodt"} <= set(people)


def test_merged_people_are_one_row_with_both_counts(made: Path) -> None:
    apart = corrected(made)
    people = corrected(made, "merge,Ingrid Moe-Dahl,Ingrid Dahl,")
    assert "Ingrid Moe-Dahl" not in people
    row = people["Ingrid Dahl"]
    assert "Ingrid Moe-Dahl" in row["aliases"].split("; ")
    assert row["person_id"] == apart["Ingrid Dahl"]["person_id"]
    for count in ("n_mentions", "n_quotes"):
        assert int(row[count]) == int(apart["Ingrid Dahl"][count]) + int(apart["Ingrid Moe-Dahl"][count])
    assert said(made)["Come early"] == "Ingrid Dahl"
    assert told(made) == []


def test_a_renamed_person_keeps_the_id(made: Path) -> None:
    before = corrected(made)["Nils Aamodt"]
    row = corrected(made, "rename,Nils Aamodt,Nils Aamodt Berg,")["Nils Aamodt Berg"]
    assert (row["person_id"], row["family_name"]) == (before["person_id"], "Berg")
    assert "Nils Aamodt" in row["aliases"].split("; ")
    assert said(made)["It leaked"] == "Nils Aamodt Berg"


def test_a_namesake_is_split_off_in_one_article(made: Path) -> None:
    people = corrected(made, "split,Ingrid Dahl,Ingrid Dahl (singer),news/choir.txt")
    assert people["Ingrid Dahl"]["n_articles"] == people["Ingrid Dahl (singer)"]["n_articles"] == "1"
    assert said(made)["We lost a week"] == "Ingrid Dahl"


def test_what_is_no_person_leaves_people_mentions_and_speakers(made: Path) -> None:
    assert "Nils Aamodt" not in corrected(made, "not-a-person,Nils Aamodt,,")
    assert said(made)["It leaked"] == ""
    assert not any("Aamodt" in row["text"] for row in rows(made, "mentions"))


def test_a_quote_is_given_to_whoever_said_it(made: Path) -> None:
    corrected(made)
    quote_id = next(row["quote_id"] for row in rows(made, "quotes") if row["text"].startswith("It leaked"))
    people = corrected(made, f"quote-by,{quote_id},Torill Vik,")
    assert said(made)["It leaked"] == "Torill Vik"
    assert people["Torill Vik"]["n_quotes"] == "1"


def test_lines_that_cannot_be_followed_are_told_and_the_others_followed(made: Path) -> None:
    people = corrected(
        made,
        "rename,Nobody Here,Somebody,",
        "rename,Nils Aamodt,,",
        "explode,Nils Aamodt,x,",
        "merge,Ingrid Moe-Dahl,Ingrid Dahl,",
        "merge,Ingrid Moe-Dahl,Nils Aamodt,",
        "quote-by,a0-q1,Ingrid Dahl,",
        "split,Nils Aamodt,Another,news/nowhere.txt",
    )
    assert "Ingrid Moe-Dahl" not in people
    numbers = sorted(int(message.split()[1].strip(":")) for message in told(made))
    assert numbers == [2, 3, 4, 6, 7, 8]


def test_a_file_without_its_columns_is_an_error(made: Path) -> None:
    (made / "corrections.csv").write_text("who,what\na,b\n", encoding="utf-8")
    with pytest.raises(OnrecordError, match="action,name,value,article"):
        remake(made, "tables")
    (made / "corrections.csv").unlink()


def test_corrections_survive_the_next_run(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "boat.txt").write_text(ARTICLES["boat.txt"], encoding="utf-8")
    out = tmp_path / "out"
    run(order(folder, out))
    (out / "corrections.csv").write_text(f"{HEADER}rename,Nils Aamodt,Nils Berg,\n", encoding="utf-8")
    run(order(folder, out))
    assert [row["name"] for row in rows(out, "people")] == ["Nils Berg"]
    (folder / "port.txt").write_text(ARTICLES["port.txt"], encoding="utf-8")
    run(order(folder, out))
    assert {"Nils Berg", "Ingrid Dahl"} <= {row["name"] for row in rows(out, "people")}


def test_namesakes_in_fields_far_apart_are_two_rows_and_each_has_own_words(tmp_path: Path) -> None:
    senator = "Senator John Brunt met Ines Duarte. “Taxes will fall,” Senator John Brunt said on Monday."
    painter = "The painter John Brunt met Mia Holm in Oslo. “I paint at night,” the painter John Brunt said."
    (tmp_path / "in").mkdir()
    for name, text in (("a", senator), ("b", painter), ("c", senator.replace("fall", "rise"))):
        (tmp_path / "in" / f"{name}.txt").write_text(text, encoding="utf-8")
    run(order(tmp_path / "in", tmp_path / "out"))

    n_articles = {row["person_id"]: row["n_articles"] for row in rows(tmp_path / "out", "people")}
    by_speaker = {row["text"].strip(","): row["speaker_id"] for row in rows(tmp_path / "out", "quotes")}
    assert by_speaker["Taxes will fall"] == by_speaker["Taxes will rise"] != by_speaker["I paint at night"]
    assert n_articles[by_speaker["Taxes will fall"]] == "2"
    assert n_articles[by_speaker["I paint at night"]] == "1"


def test_of_several_with_one_name_an_id_says_which(tmp_path: Path) -> None:
    texts = {
        "a": "The Indian Parliament rose. Parliament is late.",
        "b": "The Danish Parliament rose. Parliament is late.",
    }
    (tmp_path / "in").mkdir()
    for name, text in texts.items():
        (tmp_path / "in" / f"{name}.txt").write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    run(order(tmp_path / "in", out))
    bodies = {row["country_code"]: row for row in rows(out, "organisations")}
    assert set(bodies) == {"IND", "DNK"}
    corrected(out, f"rename,{bodies['IND']['organisation_id']},Lok Sabha,", "rename,Parliament,Folketing,")
    assert {row["country_code"]: row["name"] for row in rows(out, "organisations")}["IND"] == "Lok Sabha"
    assert len(told(out)) == 1
