"""The command `onrecord`: arguments and help; each body is one library call.

Messages and progress go to standard error, results to standard output. Exit status: 0 done; 1 done, some articles
failed and --fail-on any; 2 usage or settings; 3 input or output unusable; 4 model missing or wrong; 130 interrupted.
"""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import Any

import click

from pipeline.errors import OnrecordError
from pipeline.stages import NAMES

PATH, FILE = click.Path(path_type=Path), click.Path(path_type=Path, dir_okay=False)
TASKS = ("quotes", "speakers", "entities", "countries", "clean")
FAIL_ON = click.Choice(["none", "any"])
DATA = Path("data/processed")
OUT = click.argument("out", type=PATH, default=DATA)


class Group(click.Group):
    """Commands whose OnrecordErrors become a message with a code, and their exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; the run's state stays whole whatever ends it."""
        try:
            return super().invoke(ctx)
        except OnrecordError as error:
            click.echo(f"onrecord: {error.code}: {error}", err=True)
            ctx.exit(error.status)
        except KeyboardInterrupt:
            click.echo("onrecord: interrupted; run the same command again to go on where it stopped", err=True)
            ctx.exit(130)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="onrecord")
def main() -> None:
    """Who is named, which countries and organisations, and who said what, in a folder of news articles.

    \b
    Example:
      onrecord run articles/ --out results/
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@main.command()
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@click.option("--out", type=PATH, default=DATA, show_default=True, help="Folder for stages, tables and report.")
@click.option("--model", metavar="NAME|PATH", help="spaCy pipeline to take the names from: a package or a folder.")
@click.option("--workers", type=click.IntRange(0), metavar="N", help="Processes; 0: this one. Default: one a core.")
@click.option("--dask", metavar="ADDRESS", help="Work on the Dask cluster whose scheduler is there.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N articles.")
@click.option("--until", type=click.Choice(NAMES), help="Stop after this stage.")
@click.option("--config", type=FILE, metavar="FILE", help="Settings in TOML; flags win over it.")
@click.option("--format", metavar="LIST", help="csv,parquet,sqlite,xlsx: csv is always written.")
@click.option("--keep", multiple=True, metavar="REASON", help="Leave spans of this reason in the text; repeatable.")
@click.option("--raw-csv", is_flag=True, default=None, help="Leave cells as they are that a spreadsheet would run.")
@click.option("--fresh", is_flag=True, help="Make everything again.")
@click.option("--quiet", is_flag=True, help="No progress and no summary.")
@click.option("--fail-on", type=FAIL_ON, default="none", show_default=True, help="Exit with 1 where an article failed.")
@click.pass_context
def run(ctx: click.Context, /, inputs: tuple[str, ...], out: Path, fail_on: str, **options: Any) -> None:
    """Read articles from files, folders and - (standard input); write tables.

    INPUT is data/raw where none is given. What stands from an earlier run into the same folder is kept.

    \b
    Example:
      onrecord run articles/ more.jsonl --out results/ --format csv,xlsx
    """
    from pipeline import engine
    from pipeline.settings import load

    settings = load(options["config"], _overrides(options))
    how = {name: options[name] for name in ("limit", "until", "fresh", "quiet")}
    result = engine.run(engine.Order(inputs=inputs or ("data/raw",), out=out, settings=settings, **how))
    if not options["quiet"]:
        _summary(result)
    ctx.exit(1 if fail_on == "any" and result.n_problems else 0)


def _overrides(options: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The flags as settings; those not given change nothing."""
    formats = None if options["format"] is None else [name for name in re.split(r"[\s,]+", options["format"]) if name]
    given = {
        "clean": {"keep": options["keep"] or None},
        "annotate": {"model": options["model"]},
        "tables": {"format": formats, "raw_csv": options["raw_csv"]},
        "run": {"workers": options["workers"], "dask": options["dask"]},
    }
    return {stage: {k: v for k, v in values.items() if v is not None} for stage, values in given.items()}


def _summary(result: Any) -> None:
    made = "nothing had changed" if not result.n_made else f"{result.n_made} made or made again"
    click.echo(f"{result.n_articles} articles ({made}) in {result.seconds:.1f} s", err=True)
    if result.n_problems:
        click.echo(f"{result.n_problems} problems: see problems.csv", err=True)
    if not result.counts:
        click.echo(f"wrote {result.out}/stages; next: onrecord run without --until", err=True)
        return
    counted = ", ".join(f"{result.counts[name]} {name}" for name in ("people", "organisations", "countries", "quotes"))
    click.echo(f"wrote {counted} to {result.out}/tables; next: onrecord inspect {result.out}", err=True)


@main.command()
@OUT
@click.argument("article", required=False)
def inspect(out: Path, article: str | None) -> None:
    """Show one article of a run: what was removed, named and quoted, and why. Without ARTICLE: list them.

    ARTICLE is an article_id or a part of a source_path.

    \b
    Example:
      onrecord inspect data/processed water-treaty
    """
    from pipeline.engine.inspect import listing, sheet

    for line in listing(out) if article is None else sheet(out, article):
        click.echo(line)


@main.command()
@OUT
def tables(out: Path) -> None:
    """Make the tables and the report again from the stages of a run; no model is loaded.

    \b
    Example:
      onrecord tables data/processed
    """
    from pipeline.engine import remake

    counts = remake(out, "tables")
    click.echo(f"wrote {sum(counts.values())} rows to {out}/tables; next: onrecord inspect {out}", err=True)


@main.command()
@OUT
def report(out: Path) -> None:
    """Make the report again from the tables of a run.

    \b
    Example:
      onrecord report data/processed
    """
    from pipeline.engine import remake

    remake(out, "report")
    click.echo(f"wrote {out}/report.html; next: open it in a browser", err=True)


@main.command()
@click.argument("task", type=click.Choice(TASKS))
@click.argument("gold", type=PATH)
@click.argument("pred", type=PATH, required=False)
@click.option("--model", metavar="NAME|PATH", help="spaCy pipeline whose names to measure.")
@click.option("--config", type=FILE, metavar="FILE", help="Settings in TOML.")
def evaluate(task: str, gold: Path, pred: Path | None, model: str | None, config: Path | None) -> None:
    """Measure against gold data: a run over the GOLD texts, or the predictions in PRED (JSONL, or a run's folder).

    \b
    Example:
      onrecord evaluate quotes gold/attribution/dev.jsonl
    """
    from pipeline.evaluate import evaluate as measured
    from pipeline.settings import load

    settings = load(config, {"annotate": {"model": model}} if model else None)
    click.echo(measured(task, gold, pred, settings).text)


@main.command()
def schema() -> None:
    """Print every table and column, and every setting with its default.

    \b
    Example:
      onrecord schema
    """
    from pipeline.engine.describe import schema_lines

    for line in schema_lines():
        click.echo(line)


@main.command()
@click.option("--model", metavar="NAME|PATH", help="spaCy pipeline to look at instead of our own model.")
def doctor(model: str | None) -> None:
    """Say what is installed and whether the model can be used.

    \b
    Example:
      onrecord doctor
    """
    from pipeline.engine.describe import doctor_lines
    from pipeline.settings import OWN_MODEL

    for line in doctor_lines(model or OWN_MODEL):
        click.echo(line)


if __name__ == "__main__":
    main()
