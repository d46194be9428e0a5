"""Values as the text of a CSV cell.

Takes a value of a row, gives its cell: empty = unknown, true/false, and a leading apostrophe where a spreadsheet would
run the cell as a formula (OWASP ASVS 5.0, 1.2.10).
"""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """A value as text; a list's items are joined by "; "."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "; ".join(str(item) for item in value)
    return str(value)


def spreadsheet_safe(text: str) -> str:
    """The cell with an apostrophe before it where its first character begins a formula."""
    return "'" + text if text.startswith(FORMULA) else text
