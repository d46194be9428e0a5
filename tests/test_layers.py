"""The house's walls: rooms meet in records.py, and importing the package loads neither spaCy nor pandas."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import pipeline

HOUSE = Path(pipeline.__file__).parent
ROOMS = ("read", "clean", "annotate", "entities", "quotes", "tables", "report")
SHARED = ("records", "settings", "errors", "text")
MAY = {
    **dict.fromkeys(ROOMS, SHARED),
    "text": ("records", "text"),
    "engine": (*ROOMS, *SHARED, "stages", "engine"),
    "evaluate": (*SHARED, "engine", "evaluate"),
}


def imported(file: Path) -> set[str]:
    """The parts of `pipeline` that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        found |= {name.split(".")[1] for name in names if name.startswith("pipeline.")}
    return found


@pytest.mark.parametrize("room", sorted(MAY))
def test_a_room_imports_nothing_but_itself_and_what_all_share(room: str) -> None:
    for file in (HOUSE / room).rglob("*.py"):
        strangers = imported(file) - {room, *MAY[room]}
        assert not strangers, f"{file.relative_to(HOUSE)} imports {strangers}"


@pytest.mark.parametrize("module", ["pipeline", "pipeline.cli", "pipeline.settings", "pipeline.records"])
def test_importing_is_light(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({{'spacy', 'pandas', 'trafilatura', 'numpy'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_only_annotate_loads_models() -> None:
    loaders = [file for file in HOUSE.rglob("*.py") if "spacy.load(" in file.read_text(encoding="utf-8")]
    assert [file.relative_to(HOUSE).as_posix() for file in loaders] == ["annotate/model.py"]


def test_only_the_engine_writes_and_catches_everything() -> None:
    for file in HOUSE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if file.parent.name != "engine":
            assert "except Exception" not in text, file
            assert not any(word in text for word in ('open("w', ".write_text(", ".write_bytes(")), file


def test_files_functions_and_package_stay_small() -> None:  # the package: 6,000 lines that are not blank
    total = 0
    for file in HOUSE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        total += sum(bool(line.strip()) for line in text.splitlines())
        assert text.count("\n") <= 400, file
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 45, f"{file}: {node.name}"
    assert total <= 6000
