"""Cells, the schema, and the way back into pandas."""

from pathlib import Path

import pytest

from pipeline.errors import OnrecordError
from pipeline.tables import TABLES, cell, load, package, spreadsheet_safe


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), ("", ""), (True, "true"), (False, "false"), (0, "0"), (0.5, "0.5"), (("a", "b"), "a; b"), ([], "")],
)
def test_cell(value: object, text: str) -> None:
    assert cell(value) == text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "－1"])
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert spreadsheet_safe(text) == "'" + text


@pytest.mark.parametrize("text", ["", "plain", "a=b", "“=”", " =1"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert spreadsheet_safe(text) == text


def test_every_pointer_points_to_a_key() -> None:
    for table in TABLES.values():
        for column in table.columns:
            if column.points_to:
                other, name = column.points_to
                assert name in TABLES[other].key


def test_every_table_is_in_the_package_with_its_columns() -> None:
    resources = package()["resources"]
    assert [r["path"] for r in resources] == [f"{name}.csv" for name in TABLES]
    for resource, table in zip(resources, TABLES.values(), strict=True):
        assert [field["name"] for field in resource["schema"]["fields"]] == table.names


def test_load_reads_hostile_values_as_they_stand(tmp_path: Path) -> None:
    names = TABLES["people"].names
    (tmp_path / "tables").mkdir()
    values = ["p1e4567", "None", "NA", "null", "nan", "TRUE", "3", "00012", "", "7"]
    (tmp_path / "tables" / "people.csv").write_text(f"{','.join(names)}\n{','.join(values)}\n")
    row = load(tmp_path, "people").iloc[0]
    assert [row[name] for name in names[:6]] == values[:6]
    assert (row.n_mentions, row.n_articles, row.n_quoted_words) == (3, 12, 7)
    assert row.isna().n_quotes


def test_load_of_no_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match="onrecord run"):
        load(tmp_path, "people")
