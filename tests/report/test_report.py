"""The report shows what the tables hold, and runs nothing of it."""

from html.parser import HTMLParser

from pipeline.report import COLUMNS, SHOWN, report
from pipeline.tables import TABLES

HOSTILE = '<script>alert("x")</script>{{ 7 * 7 }}\'"<img src=x onerror=alert(1)>'


class Tags(HTMLParser):
    """The tags and attributes of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def page(value: str, n: int = 1) -> Tags:
    rows = {name: [dict.fromkeys(TABLES[name].names, value)] * n for name in SHOWN}
    parsed = Tags()
    parsed.feed(report(dict.fromkeys(TABLES, n), rows).decode())
    return parsed


def test_values_are_text_and_never_markup() -> None:
    shown = page(HOSTILE)
    assert HOSTILE in shown.text
    assert not {"script", "img", "iframe", "object"} & shown.tags
    assert not {name for name in shown.attributes if name.startswith("on") or name == "src"}


def test_the_policy_allows_no_script_and_no_loading() -> None:
    html = report(dict.fromkeys(TABLES, 0), {name: [] for name in SHOWN}).decode()
    assert "default-src 'none'" in html
    assert "http" not in html.replace("http-equiv", "")


def test_a_run_without_rows_has_a_report() -> None:
    shown = page("", 0)
    assert shown.text.count("none") >= len(COLUMNS)


def test_columns_are_columns_of_the_tables() -> None:
    for name, columns in COLUMNS.items():
        assert set(columns.split()) <= set(TABLES[name].names)
