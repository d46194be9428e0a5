"""Write the README's generated parts between their markers, or with --check say which are out of date.

A part begins with `<!-- generated: NAME -->` and ends with `<!-- end -->`; what lists things is made from the code.
"""

import json
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from click.testing import CliRunner

from pipeline import load, run
from pipeline.clean import REASONS
from pipeline.cli import main
from pipeline.errors import CODES
from pipeline.settings import Settings
from pipeline.tables import TABLES
from pipeline.text.words import word_list

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PART = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def columns() -> str:
    """The tables and their columns."""
    out = []
    for table in TABLES.values():
        out += [f"**{table.name}**", "", "| column | type | what it holds |", "|---|---|---|"]
        for column in table.columns:
            words = f": {', '.join(column.words)}" if column.words else ""
            out.append(f"| {column.name} | {column.type}{words} | {column.description} |")
        out.append("")
    return "\n".join(out)


def commands() -> str:
    """The help of `onrecord run`, and a line for each other command."""
    shown = CliRunner().invoke(main, ["run", "--help"], prog_name="onrecord", terminal_width=100).output
    others = [
        f"* `onrecord {name}`: {command.get_short_help_str(200)}" for name, command in sorted(main.commands.items())
    ]
    return "\n".join(["```", shown.strip(), "```", "", *others])


def settings() -> str:
    """Every setting with its default, as a TOML file."""
    lines = ["```toml"]
    defaults = Settings()
    for stage in fields(Settings):
        lines.append(f"[{stage.name}]")
        lines += [
            f"{f.name} = {_toml(getattr(getattr(defaults, stage.name), f.name))}"
            for f in fields(getattr(defaults, stage.name))
        ]
    return "\n".join([*lines, "```"])


def _toml(value: object) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def reasons() -> str:
    """Why cleaning removes a span."""
    return "\n".join(
        ["| reason | what it is |", "|---|---|", *(f"| {name} | {text} |" for name, text in sorted(REASONS.items()))]
    )


def evidence() -> str:
    """What tells a quote and its speaker, and how often it is right."""
    rows = word_list("quotes", "reasons")
    return "\n".join(
        [
            "| reason | right | what it is |",
            "|---|---|---|",
            *(f"| {name} | {share} | {text} |" for name, share, text in rows),
        ]
    )


def errors() -> str:
    """Every code; those without an exit status are rows in `problems`."""
    rows = [
        f"| {name} | {code.status or 'a row in problems'} | {_plain(code.sentence)} | {_plain(code.advice)} |"
        for name, code in CODES.items()
    ]
    return "\n".join(["| code | exit status | what happened | what to do |", "|---|---|---|---|", *rows])


def _plain(text: str) -> str:
    """A sentence with its facts as words in capitals."""
    return re.sub(r"\{(\w+)[^}]*\}", lambda m: m[1].upper(), text).replace("|", "\\|")


def accuracy() -> str:
    """The measured figures, from the gate, beside those of others on the same articles."""
    gate = json.loads((ROOT / "tests" / "gate.json").read_text(encoding="utf-8"))
    rivals = json.loads((ROOT / "tests" / "rivals.json").read_text(encoding="utf-8"))
    out = []
    for entry in gate:
        others = rivals.get(entry["gold"], rivals.get(entry["task"], {}))
        out += [f"**{entry['task']}**, on {entry['gold']}", ""]
        out += [_row("figure", "onrecord", *others), _row(*["---"] * (2 + len(others)))]
        out += [
            _row(figure.replace("_", " "), f"{floor:.3f}", *(_shown(other.get(figure)) for other in others.values()))
            for figure, floor in entry["floors"].items()
        ]
        out.append("")
    return "\n".join(out)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.3f}"


def example() -> str:
    """One row of quotes.csv, turned on its side; of a confidence, whose last digit differs by processor, the first."""
    with tempfile.TemporaryDirectory() as out:
        run(ROOT / "data" / "raw" / "water-treaty.txt", out=out, run={"workers": 0})
        quotes = load(out, "quotes")
    row = quotes[quotes.speaker_role != ""].iloc[0].to_dict()
    row["confidence"] = f"{row['confidence']:.1f}…"
    return "\n".join(["| column | value |", "|---|---|", *(f"| {name} | {value} |" for name, value in row.items())])


PARTS: dict[str, Callable[[], str]] = {
    f.__name__: f for f in (example, columns, commands, settings, reasons, evidence, errors, accuracy)
}


def written(text: str) -> str:
    """The README with its generated parts made new."""
    return PART.sub(lambda m: m[1] + PARTS[m[2]]().strip() + "\n" + m[3], text)


if __name__ == "__main__":
    before = README.read_text(encoding="utf-8")
    after = written(before)
    if "--check" in sys.argv and before != after:
        sys.exit("README.md is out of date: run `make docs`")
    README.write_text(after, encoding="utf-8")
