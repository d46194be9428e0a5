"""The command: help, exit statuses, what it says, and that each body is one library call."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pipeline.cli import main

TEXT = "Bridge opens\n\n“It is safe,” said engineer Luis Prado. He told Reuters that Chile paid.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    (made / "bridge.txt").write_text(TEXT, encoding="utf-8")
    return made


def call(*arguments: object, **how: object) -> "click.testing.Result":
    return CliRunner().invoke(main, [str(a) for a in arguments], **how)  # type: ignore[arg-type]


@pytest.fixture
def out(folder: Path, tmp_path: Path) -> Path:
    result = call("run", folder, "--out", tmp_path / "out", "--workers", 0)
    assert result.exit_code == 0, result.output
    assert "next: onrecord inspect" in result.stderr.strip().split("\n")[-1]
    assert result.stdout == ""
    return tmp_path / "out"


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help_that_ends_in_an_example(name: str) -> None:
    lines = call(name, "--help").output.split("\n")
    assert any(line.strip() == "Example:" for line in lines)
    assert any(line.strip().startswith(f"onrecord {name}") for line in lines)


def test_inspect_lists_and_shows(out: Path) -> None:
    assert "bridge.txt" in call("inspect", out).output
    shown = call("inspect", out, "bridge").output
    for words in ("Luis Prado", "engineer", "It is safe,", "cue 'said'", "Chile", "confidence"):
        assert words in shown
    assert call("inspect", out, "bridge", color=True).output != shown


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["run", "nowhere"], 3, "no-input"),
        (["run", "."], 3, "empty-input"),
        (["run"], 3, "no-input"),
        (["run", "in", "--model", "no_such_model"], 4, "no-model"),
        (["run", "in", "--config", "missing.toml"], 2, "bad-setting"),
        (["run", "in", "--format", "pdf"], 2, "pdf"),
        (["run", "in", "--workers", "-3"], 2, "workers"),
        (["run", "in", "--until", "nothing"], 2, "until"),
        (["run", "in", "--out", "in/one.txt/out"], 3, "output-unusable"),
        (["inspect", "in"], 3, "no-run"),
        (["tables", "in"], 3, "no-run"),
        (["report", "in"], 3, "no-run"),
        (["evaluate", "quotes", "nowhere.jsonl"], 3, "bad-gold"),
        (["doctor", "--model", "no_such_model"], 4, "no-model"),
    ],
)
def test_an_error_has_its_status_and_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], status: int, code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if "." not in arguments:
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "one.txt").write_text("Text.")
    result = call(*arguments)
    assert result.exit_code == status, result.output
    assert code in result.stderr
    assert "Traceback" not in result.output


def test_a_missing_data_raw_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    message = call("run").stderr
    assert "data/raw" in message
    assert "onrecord run FOLDER" in message


def test_no_article_of_that_name(out: Path) -> None:
    result = call("inspect", out, "tunnel")
    assert result.exit_code == 3
    assert "no-article" in result.stderr


def test_fail_on_any_gives_1_where_an_article_failed(folder: Path, tmp_path: Path) -> None:
    (folder / "scan.pdf").write_bytes(b"%PDF-1.7")
    arguments = ("run", folder, "--out", tmp_path / "out", "--workers", 0)
    assert call(*arguments).exit_code == 0
    assert call(*arguments, "--fail-on", "any").exit_code == 1


def test_quiet_says_nothing(folder: Path, tmp_path: Path) -> None:
    result = call("run", folder, "--out", tmp_path / "out", "--workers", 0, "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_a_flag_and_the_config_file_meet(folder: Path, tmp_path: Path) -> None:
    (folder / "bridge.txt").write_text(TEXT + "\nLeave a Reply\n\nShare this:\n", encoding="utf-8")
    config = tmp_path / "onrecord.toml"
    config.write_text('[clean]\nkeep = ["share"]\n')
    call("run", folder, "--out", tmp_path / "one", "--config", config, "--workers", 0)
    assert "Leave a Reply" in (tmp_path / "one" / "tables" / "removed.csv").read_text()
    assert "Share this" not in (tmp_path / "one" / "tables" / "removed.csv").read_text()


def test_tables_and_report_need_no_model(out: Path) -> None:
    for name in ("tables", "report"):
        code = f"import sys; from pipeline.cli import main; main(['{name}', {str(out)!r}], standalone_mode=False)"
        check = f"{code}; sys.exit('spacy' in sys.modules)"
        subprocess.run([sys.executable, "-c", check], check=True)


def test_schema_and_doctor_speak() -> None:
    assert "speaker_role" in call("schema").output
    said = call("doctor").output
    assert "model onrecord-en" in said
    assert "finds Ana Silva" in said


@pytest.mark.parametrize(
    "piped",
    [
        TEXT,
        '{"text": "“It is safe,” said Luis Prado."}',
        "<html><body><p>“It is safe,” said Luis Prado.</p></body></html>",
    ],
)
def test_standard_input_is_an_article(tmp_path: Path, piped: str) -> None:
    command = [sys.executable, "-m", "pipeline.cli", "run", "-", "--out", str(tmp_path / "out"), "--workers", "0"]
    subprocess.run(command, input=piped.encode(), check=True, env=os.environ | {"PYTHONIOENCODING": "utf-8"})
    assert "Luis Prado" in (tmp_path / "out" / "tables" / "people.csv").read_text(encoding="utf-8")
