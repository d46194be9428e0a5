"""The program that makes the list of places, on sources of a few lines."""

import json
from pathlib import Path

from click.testing import CliRunner

from pipeline.train.places import main

CITIES = {
    "1": {"name": "Springfield", "countrycode": "US", "admin1code": "IL", "population": 113394, "alternatenames": []},
    "2": {"name": "Springfield", "countrycode": "US", "admin1code": "IL", "population": 600, "alternatenames": []},
    "3": {"name": "Springfield", "countrycode": "CA", "admin1code": "03", "population": 16142, "alternatenames": []},
    "4": {
        "name": "Kyiv",
        "countrycode": "UA",
        "admin1code": "12",
        "population": 2797553,
        "alternatenames": ["Kiev", "IEV", "Киев", "Kyiv"],
    },
    "5": {"name": "Nowhere", "countrycode": "XX", "admin1code": "", "population": 9000, "alternatenames": []},
}
COUNTRIES = {code: {"population": n} for code, n in (("US", 327_000_000), ("NG", 195_000_000), ("UA", 44_000_000))}
REGIONS = [
    {"code": "NG-BO", "name": "Borno"},
    {"code": "NG-KN", "name": "Kano State"},
    {"code": "US-PR", "name": "Puerto Rico"},
]


def test_the_list_holds_each_place_under_its_names_the_largest_first(tmp_path: Path) -> None:
    everywhere = {code: {"population": 1_000_000} for code in two_letter_codes()} | COUNTRIES
    for name, content in (
        ("cities500", CITIES),
        ("countries", everywhere),
        ("us_counties", [{"name": "Sangamon County", "state": "IL"}]),
        ("iso", {"3166-2": REGIONS}),
    ):
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    options = [f"--geonames={tmp_path}", f"--subdivisions={tmp_path / 'iso.json'}", f"--out={tmp_path / 'places.tsv'}"]
    done = CliRunner().invoke(main, options)
    assert done.exit_code == 0, done.output
    lines = (tmp_path / "places.tsv").read_text(encoding="utf-8").splitlines()
    rows = dict(line.split("\t") for line in lines if not line.startswith("#"))
    assert rows["springfield"] == "USA-IL:110000 CAN-MB:16000"
    assert rows["sangamon county"] == "USA-IL:*100000"
    assert rows["kyiv"] == "UKR:2800000"
    assert rows["kiev"].startswith("UKR:")
    assert rows["borno"] == rows["kano"].replace("kano", "borno")
    assert rows["texas"].startswith("USA-TX:*")
    assert not {"iev", "nowhere", "puerto rico", "Springfield"} & rows.keys()
    assert sorted(rows.keys() - {"name"}) == [key for key in rows if key != "name"]


def two_letter_codes() -> list[str]:
    """The countries of our own list of regions."""
    lines = (Path(__file__).parents[2] / "pipeline" / "train" / "regions.tsv").read_text(encoding="utf-8").splitlines()
    return [line[:2] for line in lines if not line.startswith(("#", "code"))]
