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
TRAIN = HOUSE / "train"  # a program of its own beside the run: it may import every room, and writes its own files
MAY = {
    **dict.fromkeys(ROOMS, SHARED),
    "text": ("records", "text"),
    "engine": (*ROOMS, *SHARED, "stages", "engine"),
    "evaluate": (*SHARED, "engine", "evaluate"),
    "train": (*ROOMS, *SHARED, "engine", "evaluate"),
}


def of_the_run() -> list[Path]:
    """The files of everything but the training program."""
    return [file for file in HOUSE.rglob("*.py") if TRAIN not in file.parents]


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


def test_nothing_imports_the_training_program() -> None:
    assert [file for file in of_the_run() if "train" in imported(file)] == []


@pytest.mark.parametrize("module", ["pipeline", "pipeline.cli", "pipeline.settings", "pipeline.records"])
def test_importing_is_light(module: str) -> None:
    heavy = {"spacy", "pandas", "trafilatura", "numpy", "onnxruntime", "tokenizers", "torch"}
    code = f"import sys, {module}; print(*sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_only_annotate_loads_models() -> None:
    for call, loader in (("spacy.load(", "annotate/model.py"), ("InferenceSession(", "annotate/encoder.py")):
        loaders = [file for file in of_the_run() if call in file.read_text(encoding="utf-8")]
        assert [file.relative_to(HOUSE).as_posix() for file in loaders] == [loader]


def test_only_the_engine_writes_and_catches_everything() -> None:
    for file in of_the_run():
        text = file.read_text(encoding="utf-8")
        if file.parent.name != "engine":
            assert "except Exception" not in text, file
            assert not any(word in text for word in ('open("w', ".write_text(", ".write_bytes(")), file


def test_files_and_functions_stay_small() -> None:
    for file in HOUSE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert text.count("\n") <= 400, file
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 45, f"{file}: {node.name}"


def test_the_run_and_the_programs_beside_it_stay_small() -> None:
    """At most 5,780 lines of code for all that a run needs, 650 for what measures and 1,050 for what trains.

    Blank lines, comments and docstrings do not count: explaining costs nothing.
    """
    measures, trains = list((HOUSE / "evaluate").rglob("*.py")), list(TRAIN.rglob("*.py"))
    runs = sorted({*of_the_run()} - {*measures})
    for files, most in ((runs, 5780), (measures, 650), (trains, 1050)):
        assert 0 < sum(n_code_lines(file.read_text(encoding="utf-8")) for file in files) <= most


def n_code_lines(text: str) -> int:
    """The lines of a module that hold code."""
    nodes = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.ClassDef | ast.Module)]
    docs = [node.body[0] for node in nodes if ast.get_docstring(node) is not None]
    passed = {line for doc in docs for line in range(doc.lineno, (doc.end_lineno or 0) + 1)}
    lines = enumerate(text.splitlines(), 1)
    return sum(bool(line.strip()) and line.strip()[0] != "#" and at not in passed for at, line in lines)
