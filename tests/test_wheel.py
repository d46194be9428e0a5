"""The built wheel, installed in an empty environment, works in any folder."""

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_wheel_works_in_an_empty_environment_and_any_folder(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    venv.create(tmp_path / "env", with_pip=True)
    binary = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    wheel = next(tmp_path.glob("onrecord-*.whl"))
    subprocess.run([binary / "python", "-m", "pip", "install", "--quiet", wheel], check=True, capture_output=True)
    work = tmp_path / "somewhere"
    (work / "articles").mkdir(parents=True)
    (work / "articles" / "one.txt").write_text("“It works,” Ana Diaz said in Lima.\n", encoding="utf-8")
    page = "<html><body><article><p>“It works too,” Luis Prado said in Quito.</p></article></body></html>"
    (work / "articles" / "two.html").write_text(page, encoding="utf-8")
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [binary / "onrecord", "run", "articles/"], cwd=work, env=clean, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    quotes = (work / "data" / "processed" / "tables" / "quotes.csv").read_text(encoding="utf-8")
    assert "Ana Diaz" in quotes
    assert "Luis Prado" in quotes
    empty = tmp_path / "empty"
    empty.mkdir()
    missing = subprocess.run([binary / "onrecord", "run"], cwd=empty, env=clean, capture_output=True, text=True)
    assert missing.returncode == 3
    assert "data/raw" in missing.stderr
