"""Headline, byline, dateline and date where the text shows them."""

import pytest

from pipeline.read.dates import iso_date
from pipeline.read.heading import agency, byline, date_line, dateline, heading, title

REST = "The council met for nine hours and agreed on nothing at all."


@pytest.mark.parametrize(
    "place",
    [
        "LOME, Togo (AP)",
        "BUTTE, Mont., Oct. 4 (UPI)",
        "SAO PAULO, March 3, 2021",
        "ULAN-UDE",
        "ST. JOHN’S, Newfoundland",
        "Vilnius (BNS)",
        "WASHINGTON, D.C.",
        "PORT-AU-PRINCE, Haiti (Reuters)",
    ],
)
@pytest.mark.parametrize("dash", [" – ", " — ", " - ", " -- ", " ― "])
def test_a_dateline_is_what_stands_before_the_dash(place: str, dash: str) -> None:
    assert dateline(f"{place}{dash}{REST}") == place


@pytest.mark.parametrize(
    "line",
    [
        f"BREAKING – {REST}",
        f"UPDATE 2 - {REST}",
        f"COVID-19 – {REST}",
        f"The Minister — {REST}",
        f"Apple, Inc. — {REST}",
        f"LIVE - {REST}",
        "LOME – 3:15 pm",
        "“NO – never,” said the man from the ministry.",
        "– – – – – – –",
        REST,
    ],
)
def test_what_is_no_dateline(line: str) -> None:
    assert dateline(line) == ""


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Tove Lindqvist", "Tove Lindqvist"),
        ("BY TOVE LINDQVIST and ARNE DAHL", "TOVE LINDQVIST and ARNE DAHL"),
        ("By Tove Lindqvist, Arne Dahl and Jan van der Meer", "Tove Lindqvist, Arne Dahl and Jan van der Meer"),
        ("By: Tove Lindqvist", "Tove Lindqvist"),
        ("Written by Tove Lindqvist", "Tove Lindqvist"),
        ("TOVE LINDQVIST | Nordwire", "TOVE LINDQVIST | Nordwire"),
        ("By the time it ended, nobody was left.", ""),
        ("By nightfall the bridge was gone", ""),
        ("By 2030 Nobody Will Remember", ""),
        ("Home | News", ""),
    ],
)
def test_bylines(line: str, names: str) -> None:
    assert byline(line) == names


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Published: 3 May 2021", "2021-05-03"),
        ("May 3, 2021", "2021-05-03"),
        ("Monday, May 3, 2021 at 4:05 p.m.", "2021-05-03"),
        ("Updated 11:11 PM EST Nov 19, 2019", "2019-11-19"),
        ("2021-05-03 10:00", "2021-05-03"),
        ("The bridge fell on 3 May 2021", ""),
        ("Published by the ministry on 3 May 2021", ""),
        ("May 2021", ""),
    ],
)
def test_date_lines(line: str, day: str) -> None:
    assert date_line(line) == day


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        (f"Mayor closes bridge\n\n{REST}", "Mayor closes bridge"),
        (f"Mayor closes bridge.\n\n{REST}", "Mayor closes bridge."),
        (f"A Bridge Is Closed.\n\n{REST}", "A Bridge Is Closed."),
        (f"‘Never again’: mayor closes bridge\n\n{REST}", "‘Never again’: mayor closes bridge"),
        (f"Mayor closes bridge;\nTown is cut in two.\n\n{REST}", "Mayor closes bridge; Town is cut in two."),
        (f"Mayor closes bridge\n{REST}", "Mayor closes bridge"),
        (f"LOME, Togo (AP) – {REST}\n\n{REST}", ""),
        (f"The bridge was closed on Monday.\n\n{REST}", ""),
        (f"“It is closed,” said the mayor.\n\n{REST}", ""),
        (f"By Tove Lindqvist\n\n{REST}", ""),
        (f"3 May 2021\n\n{REST}", ""),
        ("Mayor closes bridge", ""),
        (f"{REST} {REST} {REST}\n\n{REST}", ""),
        ("", ""),
    ],
)
def test_titles(text: str, headline: str) -> None:
    assert title(text) == headline


def test_a_heading_is_read_from_the_first_lines_only() -> None:
    text = f"Mayor closes bridge\n\nBy Tove Lindqvist\n\nLOME, Togo, March 3, 2021 (AP) – {REST}\n\n{REST}"
    assert heading(text) == {
        "title": "Mayor closes bridge",
        "byline": "Tove Lindqvist",
        "dateline": "LOME, Togo, March 3, 2021 (AP)",
        "published": "2021-03-03",
    }
    assert heading(f"{REST}\n" * 9 + "By Tove Lindqvist")["byline"] == ""


@pytest.mark.parametrize(
    ("stated", "iso"),
    [
        ("2021-05-03", "2021-05-03"),
        ("20210503", "2021-05-03"),
        ("2021-05-03T10:20:30Z", "2021-05-03T10:20:30+00:00"),
        ("2021-05-03 10:20:30", "2021-05-03T10:20:30"),
        ("Mon, 03 May 2021 10:20:30 GMT", "2021-05-03T10:20:30+00:00"),
        ("3rd of May 2021", "2021-05-03"),
        ("Sept. 9, 2021", "2021-09-09"),
        ("2021/5/3", "2021-05-03"),
        ("25/12/2021", "2021-12-25"),
        ("12/25/2021", "2021-12-25"),
        ("04.04.2021", "2021-04-04"),
        ("03/05/2021", ""),
        ("31 June 2021", ""),
        ("May 2021", ""),
        ("0001-01-01T00:00:00Z", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_a_date_is_iso_or_empty(stated: str, iso: str) -> None:
    assert iso_date(stated) == iso


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("BERGEN, Norway (AP) -- The ferry sank at its mooring on Sunday, the harbour office said.", "AP"),
        ("Ferry sinks\n\n(Reuters) - The ferry sank at its mooring on Sunday, the harbour office said.", "Reuters"),
        ("BERGEN, March 1 (Xinhua) -- The ferry sank at its mooring on Sunday.", "Xinhua"),
        ("Ferry sinks\nBy KARI MOEN, Associated Press\nThe ferry sank at its mooring on Sunday.", "AP"),
        ("Ferry sinks\nKARI MOEN | Agence France-Presse\nThe ferry sank at its mooring on Sunday.", "AFP"),
        ("The ferry sank on Sunday, the harbour office told Reuters - and then it fell silent for a day.", ""),
        ("The AP reported that the ferry sank at its mooring on Sunday.", ""),
        ("BERGEN, Pa. (WKYT) -- The ferry sank at its mooring on Sunday.", ""),
        ("", ""),
    ],
)
def test_the_agency_is_named_by_a_dateline_or_an_author_line(text: str, name: str) -> None:
    assert agency(text, heading(text)["byline"]) == name
    assert agency("", "Kari Moen for The Associated Press") == "AP"
