"""Tables: records -> rows, their schema, and the way back into pandas.

Takes an article's records and the run's identities; gives rows as dictionaries, in the order of `columns.tsv`. The
engine writes them.
"""

from pipeline.tables.cells import cell, spreadsheet_safe
from pipeline.tables.load import load
from pipeline.tables.schema import TABLES, package

__all__ = ["TABLES", "cell", "load", "package", "spreadsheet_safe"]
