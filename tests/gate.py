"""The gate: measured figures only go up.

    python tests/gate.py            measure each task of tests/gate.json, fail where a figure is below its floor
    python tests/gate.py --update   raise the floors to what is measured now; to lower one is refused

Takes gate.json beside this file and the gold folder ($ONRECORD_GOLD, or ../shared/gold beside the checkout). A row
names a task, its gold file, the SHA-256 of every file or folder that the measure reads, and the floors. Without a gold
folder nothing is measured and the exit status is 0. With --update an empty hash is taken from the gold at hand.
"""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import OnrecordError
from pipeline.evaluate import Report, evaluate
from pipeline.settings import Settings

sys.path.insert(0, str(Path(__file__).parent))
from reading import reading

FLOORS = Path(__file__).with_name("gate.json")
TOLERANCE = 0.002  # another machine's arithmetic may flip four decisions in two thousand
Row = dict[str, Any]
Measure = Callable[[str, Path, Path | None, Settings], Report]


def measured_by(task: str, *arguments: Any) -> Report:
    """What `onrecord evaluate` measures, and what was read by eye."""
    return (reading if task == "reading" else evaluate)(task, *arguments)


def main(arguments: Sequence[str], floors: Path = FLOORS, measure: Measure = measured_by) -> int:
    """Run the gate; the exit status."""
    if list(arguments) not in ([], ["--update"]):
        print(__doc__)
        return 2
    gold = Path(os.environ.get("ONRECORD_GOLD") or Path(__file__).parents[2] / "shared" / "gold")
    if not gold.is_dir():
        print(f"gate skipped: no gold data at {gold}")
        return 0
    rows: list[Row] = json.loads(floors.read_text(encoding="utf-8"))
    try:
        measured = [figures(row, gold, measure, may_fill=bool(arguments)) for row in rows]
    except (OnrecordError, OSError) as error:
        print(f"gate failed: {error}")
        return 1
    verdicts = [shown(row, values) for row, values in zip(rows, measured, strict=True)]  # all are shown
    is_good = all(verdicts)
    if is_good and arguments:
        write(floors, [raised(row, values, gold) for row, values in zip(rows, measured, strict=True)])
    print(("gate raised" if arguments else "gate passed") if is_good else "gate failed: no floor is ever lowered")
    return 0 if is_good else 1


def figures(row: Row, gold: Path, measure: Measure, *, may_fill: bool) -> Mapping[str, float]:
    """The figures of a row that has floors. Raises OnrecordError where gold changed or a figure is not known."""
    for name, sha in row["sha256"].items():
        if sha != digest(gold / name) and (sha or not may_fill):
            raise OnrecordError("bad-gold", path=gold / name, detail="the floors were measured on other data")
    found = measure(row["task"], gold / row["gold"], None, Settings()).figures
    if unknown := row["floors"].keys() - found.keys():
        raise OnrecordError("bad-gold", path=FLOORS.name, detail=f"{row['task']} has no figure {min(unknown)!r}")
    return {name: found[name].value for name in row["floors"]}


def shown(row: Row, values: Mapping[str, float]) -> bool:
    """Print a row's figures beside their floors; whether all of them hold."""
    for name, floor in row["floors"].items():
        verdict = "ok" if holds(values[name], floor) else "BELOW"
        print(f"{row['task']:<10} {row['gold']:<24} {name:<32} {values[name]:.4f}  floor {floor:.4f}  {verdict}")
    return all(holds(values[name], floor) for name, floor in row["floors"].items())


def holds(value: float, floor: float) -> bool:
    """Whether a figure is not below its floor."""
    return value >= floor - TOLERANCE


def raised(row: Row, values: Mapping[str, float], gold: Path) -> Row:
    """The row with its floors at what was measured, rounded down; a floor stays where it is already higher."""
    floors = {name: max(floor, int(values[name] * 10_000) / 10_000) for name, floor in row["floors"].items()}
    return {**row, "sha256": {name: digest(gold / name) for name in row["sha256"]}, "floors": floors}


def digest(path: Path) -> str:
    """SHA-256 of a file, or of the names and contents of a folder's files."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    sha = hashlib.sha256()
    for file in sorted(path.iterdir()):
        sha.update(f"{file.name}\0{digest(file)}\0".encode())
    return sha.hexdigest()


def write(path: Path, rows: Sequence[Row]) -> None:
    """Replace the file by rename when it is whole."""
    whole = path.with_name(f".{path.name}.new")
    with whole.open("w", encoding="utf-8") as file:
        file.write(json.dumps(rows, indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    whole.replace(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
