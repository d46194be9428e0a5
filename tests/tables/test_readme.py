"""The queries in the README do on a run what the README says of them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pipeline import run

README = Path(__file__).parents[2] / "README.md"
ARTICLES = [
    ("2024-05-06", "Herald", "France and Germany signed a treaty. Germany will pay."),
    ("2024-05-12", "Herald", "Officials in Germany and France met."),
    ("2024-05-13", "Post", "Japan sent a note to France."),
    ("", "Post", "Japan said nothing."),
]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    lines = [json.dumps({"published": day, "outlet": outlet, "text": text}) for day, outlet, text in ARTICLES]
    (folder / "some.jsonl").write_text("\n".join(lines), encoding="utf-8")
    run(folder / "some.jsonl", out=folder / "results")
    return folder / "results"


def queried(heading: str, results: Path) -> dict[str, Any]:
    """The variables of the Python block in a section of the README, over `results`."""
    section = README.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    code = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    assert code
    variables: dict[str, Any] = {}
    exec(code[1].replace('"results"', repr(str(results))), variables)
    return variables


def test_countries_together_by_week_and_by_outlet(results: Path) -> None:
    found = queried("Countries", results)
    assert found["together"].to_dict() == {("DEU", "FRA"): 2, ("FRA", "JPN"): 1}
    by_week = {str(week.start_time.date()): row for week, row in found["by_week"].to_dict("index").items()}
    assert by_week == {"2024-05-06": {"DEU": 2, "FRA": 2, "JPN": 0}, "2024-05-13": {"DEU": 0, "FRA": 1, "JPN": 1}}
    assert found["by_outlet"].to_dict("index") == {
        "Herald": {"DEU": 3, "FRA": 2, "JPN": 0},
        "Post": {"DEU": 0, "FRA": 1, "JPN": 2},
    }
