"""Dates in prose and in metadata, as ISO 8601.

Takes a short text; gives a date ("2021-05-03"), a date and time where the text is itself ISO 8601 or RFC 2822, or an
empty text where the day cannot be told: 03/05/2021 is in March or in May, and stays empty.
"""

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
PROSE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -]{{1,2}}(?:of )?{_MONTH}\.?,?[ -]{{1,2}}(?P<year>[12]\d{{3}})\b",
        rf"\b{_MONTH}\.? {{1,2}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {{1,2}}(?P<year>[12]\d{{3}})\b",
        r"(?<![\d/.-])(?P<year>[12]\d{3})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?![\d/.-])",
    )
)
NUMBERS = re.compile(r"(?<![\d/.-])(?P<a>\d{1,2})[/.](?P<b>\d{1,2})[/.](?P<year>[12]\d{3})(?![\d/.-])")


def iso_date(text: str) -> str:
    """The date that a metadata value states."""
    text = " ".join(text[:100].split())
    return _iso(text) or _mail(text) or _number(text) or prose_date(text)[0]


def prose_date(text: str) -> tuple[str, str]:
    """The first date written out in a text ("May 3, 2021", "2021-05-03"), and the text without it."""
    for pattern in PROSE:
        if match := pattern.search(text):
            return _day(match["year"], match["month"], match["day"]), text[: match.start()] + text[match.end() :]
    return "", text


def _iso(text: str) -> str:
    if not re.match(r"[12]\d{3}-?\d\d-?\d\d", text):
        return ""
    try:
        when = datetime.fromisoformat(text)  # a zone that is not stated is not made up
    except ValueError:
        return ""
    return when.date().isoformat() if re.fullmatch(r"[\d-]+", text) else when.isoformat()


def _mail(text: str) -> str:
    try:
        return parsedate_to_datetime(text).isoformat() if ":" in text else ""
    except (ValueError, TypeError, IndexError):
        return ""


def _number(text: str) -> str:
    """A date in numbers where only one reading is a date: 25/12/2021, 12/25/2021, 4/4/2021."""
    if not (match := NUMBERS.search(text)):
        return ""
    readings = {_day(match["year"], match["a"], match["b"]), _day(match["year"], match["b"], match["a"])} - {""}
    return readings.pop() if len(readings) == 1 else ""


def _day(year: str, month: str, day: str) -> str:
    number = int(month) if month.isdecimal() else MONTHS.index(month[:3].lower()) + 1
    try:
        return date(int(year), number, int(day)).isoformat()
    except ValueError:
        return ""
