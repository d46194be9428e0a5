"""Tables: records -> rows, their schema, and the way back into pandas.

Takes an article's records and the run's identities; gives rows as dictionaries, in the order of `columns.tsv`. The
engine writes them.
"""

from pipeline.tables.cells import cell, spreadsheet_safe
from pipeline.tables.corrections import Corrections
from pipeline.tables.load import load
from pipeline.tables.rows import Totals, article_rows, problem_row
from pipeline.tables.schema import TABLES, Column, Table, package

__all__ = [
    "TABLES",
    "Column",
    "Corrections",
    "Table",
    "Totals",
    "article_rows",
    "cell",
    "load",
    "package",
    "problem_row",
    "spreadsheet_safe",
]
