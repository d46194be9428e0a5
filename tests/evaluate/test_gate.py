"""The gate on gold of our own: it passes, fails, skips, and never lowers a floor."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.evaluate import Report, evaluate
from pipeline.settings import Settings

spec = importlib.util.spec_from_file_location("gate", Path(__file__).parents[1] / "gate.py")
assert spec
assert spec.loader
gate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(gate)

TEXT = "Mara Lind met Ole Berg and Ida Holm in Riga."


def names(*people: str) -> list[list[int | str]]:
    return [[TEXT.index(name), TEXT.index(name) + len(name), "Person"] for name in people]


@pytest.fixture
def gold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three people in gold; two of them, and nobody else, in the predictions beside it: F1 0.8."""
    folder = tmp_path / "gold"
    folder.mkdir()
    document = {"id": "a", "text": TEXT}
    for file, people in (
        ("dev.jsonl", ("Mara Lind", "Ole Berg", "Ida Holm")),
        ("pred.jsonl", ("Mara Lind", "Ole Berg")),
    ):
        (folder / file).write_text(json.dumps({**document, "entities": names(*people)}), encoding="utf-8")
    monkeypatch.setenv("ONRECORD_GOLD", str(folder))
    return folder


def measure(task: str, path: Path, pred: Path | None, settings: Settings) -> Report:
    """The real measure, with the predictions that lie beside the gold in place of the product."""
    assert pred is None
    return evaluate(task, path, path.with_name("pred.jsonl"), settings)


def floors_file(gold: Path, floor: float, name: str = "person_f1", sha: str | None = None) -> Path:
    known = gate.digest(gold / "dev.jsonl") if sha is None else sha
    row = {"task": "entities", "gold": "dev.jsonl", "sha256": {"dev.jsonl": known}, "floors": {name: floor}}
    path = gold.parent / "gate.json"
    path.write_text(json.dumps([row]), encoding="utf-8")
    return path


def row_of(path: Path) -> dict[str, Any]:
    (row,) = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(row, dict)
    return row


@pytest.mark.parametrize(("floor", "status"), [(0.5, 0), (0.8, 0), (0.8015, 0), (0.803, 1), (1.0, 1)])
def test_a_figure_below_its_floor_fails(
    floor: float, status: int, gold: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = floors_file(gold, floor)
    before = path.read_bytes()
    assert gate.main([], path, measure) == status
    shown = capsys.readouterr().out
    assert f"0.8000  floor {floor:.4f}  {'BELOW' if status else 'ok'}" in shown
    assert ("gate failed" in shown) is bool(status)
    assert path.read_bytes() == before


def test_update_raises_a_floor(gold: Path) -> None:
    path = floors_file(gold, 0.5)
    assert gate.main(["--update"], path, measure) == 0
    assert row_of(path)["floors"] == {"person_f1": 0.8}
    assert [file.name for file in gold.parent.iterdir() if file.is_file()] == ["gate.json"]  # nothing half-written


def test_update_refuses_to_lower_a_floor(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = floors_file(gold, 0.9)
    before = path.read_bytes()
    assert gate.main(["--update"], path, measure) == 1
    assert path.read_bytes() == before
    assert "no floor is ever lowered" in capsys.readouterr().out


def test_update_keeps_a_floor_that_is_higher_by_less_than_the_tolerance(gold: Path) -> None:
    path = floors_file(gold, 0.8004)
    assert gate.main(["--update"], path, measure) == 0
    assert row_of(path)["floors"] == {"person_f1": 0.8004}


@pytest.mark.parametrize("arguments", [[], ["--update"]])
def test_other_gold_than_the_floors_were_measured_on_fails(
    arguments: list[str], gold: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = floors_file(gold, 0.5)
    (gold / "dev.jsonl").write_text(json.dumps({"id": "a", "text": TEXT, "entities": []}), encoding="utf-8")
    before = path.read_bytes()
    assert gate.main(arguments, path, measure) == 1
    assert "measured on other data" in capsys.readouterr().out
    assert path.read_bytes() == before


def test_only_update_fills_in_a_hash_that_is_not_known_yet(gold: Path) -> None:
    path = floors_file(gold, 0.5, sha="")
    assert gate.main([], path, measure) == 1
    assert gate.main(["--update"], path, measure) == 0
    assert row_of(path)["sha256"] == {"dev.jsonl": gate.digest(gold / "dev.jsonl")}
    assert gate.main([], path, measure) == 0


def test_a_figure_that_does_not_exist_fails(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gate.main([], floors_file(gold, 0.5, name="person_f2"), measure) == 1
    assert "no figure 'person_f2'" in capsys.readouterr().out


def test_a_gold_file_that_is_gone_fails(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = floors_file(gold, 0.5)
    (gold / "dev.jsonl").unlink()
    assert gate.main([], path, measure) == 1
    assert "gate failed" in capsys.readouterr().out


def test_without_gold_it_skips(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONRECORD_GOLD", str(tmp_path / "none"))
    assert gate.main([], tmp_path / "gate.json", measure) == 0
    assert capsys.readouterr().out == f"gate skipped: no gold data at {tmp_path / 'none'}\n"


def test_a_folder_is_hashed_by_names_and_contents(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    seen = set()
    for name, text in (("a.txt", "one"), ("a.txt", "two"), ("b.txt", "two")):
        (folder / name).write_text(text, encoding="utf-8")
        seen.add(gate.digest(folder))
    assert len(seen) == 3


def test_arguments_it_does_not_know(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gate.main(["--lower"], floors_file(gold, 0.5), measure) == 2
    assert "--update" in capsys.readouterr().out


def test_the_floors_of_this_project_name_figures_that_exist() -> None:
    for row in json.loads(gate.FLOORS.read_text(encoding="utf-8")):
        assert row["sha256"].keys() >= {row["gold"]}
        assert all(len(sha) == 64 for sha in row["sha256"].values())
        assert all(0 <= floor <= 1 for floor in row["floors"].values())
