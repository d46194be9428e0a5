"""Settings come from a file and flags; what is not known is named with its nearest neighbour."""

from pathlib import Path

import pytest

from pipeline.errors import CODES, OnrecordError
from pipeline.settings import Settings, load


def test_flags_win_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "onrecord.toml"
    file.write_text('[annotate]\nmodel = "en_core_web_trf"\nbatch_size = 4\n[clean]\nkeep = ["share"]\n')
    settings = load(file, {"annotate": {"model": "other"}})
    assert (settings.annotate.model, settings.annotate.batch_size) == ("other", 4)
    assert settings.clean.keep == ("share",)


def test_without_anything_settings_are_the_defaults() -> None:
    assert load() == Settings()


@pytest.mark.parametrize(
    ("toml", "code", "named"),
    [
        ("[anotate]\nmodel = 'x'", "unknown-setting", "'annotate'"),
        ("[annotate]\nmodle = 'x'", "unknown-setting", "'model'"),
        ("[annotate]\nbatch_size = 'many'", "bad-setting", "batch_size"),
        ("annotate = 3", "bad-setting", "not a table"),
        ("[annotate", "bad-setting", "onrecord.toml"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, toml: str, code: str, named: str) -> None:
    file = tmp_path / "onrecord.toml"
    file.write_text(toml)
    with pytest.raises(OnrecordError) as caught:
        load(file)
    assert caught.value.code == code
    assert caught.value.status == 2
    assert named in str(caught.value)


def test_every_error_says_what_to_do_next() -> None:
    for name, code in CODES.items():
        assert name == name.lower(), name
        assert code.advice, name
        assert code.sentence, name
