"""Report: the tables' first rows as one HTML file that needs no network.

Takes the number of rows by table and the first rows of some; gives the bytes of a page. Every value is escaped, and the
page's policy allows no script and no loading.
"""

from collections.abc import Mapping, Sequence
from importlib.resources import files

SHOWN = {"people": 40, "organisations": 40, "countries": 40, "articles": 200, "quotes": 200, "problems": 100}
COLUMNS = {
    "people": "name roles n_articles n_mentions n_quotes n_quoted_words",
    "organisations": "name acronym country_code n_articles n_mentions n_quotes",
    "countries": "name country_code n_articles n_mentions n_name n_demonym n_capital n_place",
    "quotes": "speaker speaker_text cue text kind act confidence reason",
    "articles": "title outlet published n_words n_removed status source_path",
    "problems": "source_path stage code message",
}
NUMBERS = ("n_", "confidence")


def report(counts: Mapping[str, int], rows: Mapping[str, Sequence[Mapping[str, str]]]) -> bytes:
    """The page: counts first, then a table for each of `rows`, in the order of COLUMNS."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - an unchanged run makes no report

    source = files("pipeline").joinpath("report", "report.html.j2").read_text(encoding="utf-8")
    template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(source)
    sections = [
        {"name": name, "columns": columns.split(), "rows": rows[name], "total": counts[name]}
        for name, columns in COLUMNS.items()
    ]
    return template.render(counts=counts, sections=sections, numbers=NUMBERS).encode()
