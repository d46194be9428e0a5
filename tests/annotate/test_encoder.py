"""The encoder reads any text, says the same of each of its pieces once, and names a folder that it cannot use."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import pipeline
from pipeline.annotate.encoder import EXACT, FAR, Encoder, buckets, cue_spans, shipped, softmax
from pipeline.errors import OnrecordError
from pipeline.settings import OWN_MODEL

STORY = "“The ferry is late,” Ana Diaz said in Lima. Luis Prado, the harbour's owner, told Reuters that he was sorry.\n"


@pytest.mark.parametrize("text", ["", "  \n\n", "\u200b", "=" * 3000])
def test_nothing_is_read_from_a_text_without_words(model: Encoder, text: str) -> None:
    reading = model.read(text)

    assert len(reading.pieces) == len(reading.names) == len(reading.tags) == len(reading.first) == 0
    assert reading.heard == []


@pytest.mark.parametrize("times", [1, 9, 20])
def test_a_reading_has_a_row_for_each_piece(model: Encoder, times: int) -> None:
    reading = model.read(STORY * times)
    n, config = len(reading.pieces), model.config

    assert n >= 20 * times
    assert reading.names.shape == (n, 1 + 2 * len(config.kinds))
    assert reading.dependent.shape == reading.governor.shape == (n, reading.dependent.shape[1])
    assert reading.tags.shape == reading.deps.shape == reading.first.shape == (n,)
    assert reading.tags.max() < len(config.tags)
    assert reading.deps.max() < len(config.deps)
    assert np.allclose(reading.names.sum(1), 1, atol=1e-5)
    assert ((reading.first >= 0) & (reading.first <= 1)).all()


def test_each_cue_is_heard_once_and_stands_in_its_window(model: Encoder) -> None:
    reading = model.read(STORY * 20)
    starts = [heard.start for heard in reading.heard]

    assert len(starts) >= 20
    assert all(a < b for a, b in pairwise(starts))
    for heard in reading.heard:
        assert heard.window <= heard.start < heard.end <= heard.window + len(heard.link) <= len(reading.pieces)
        assert 0 < heard.probability <= 1
        assert np.allclose(heard.link.sum(1), 1, atol=1e-5)


def test_a_cue_ends_where_its_pieces_no_longer_go_on() -> None:
    outside, begin, inside = (0.9, 0.05, 0.05), (0.1, 0.8, 0.1), (0.1, 0.1, 0.8)

    assert cue_spans(np.array([outside, begin, inside, outside, begin, begin, inside], dtype="f4")) == [
        (1, 3),
        (4, 5),
        (5, 7),
    ]
    assert cue_spans(np.array([inside, outside], dtype="f4")) == []


def test_distances_fall_into_buckets_in_order_and_alike_to_both_sides() -> None:
    far = np.arange(-2000, 2001)
    found = buckets(far)

    assert (np.diff(found) >= 0).all()
    assert (found + found[::-1] == 2 * FAR).all()
    assert (found.min(), found.max()) == (0, 2 * FAR)
    near = np.abs(far) < EXACT
    assert (found[near] - FAR == far[near]).all()


def test_probabilities_of_great_numbers_and_of_none() -> None:
    assert np.allclose(softmax(np.array([[1000.0, 1000.0], [-1000.0, 0.0]], dtype="f4")), [[0.5, 0.5], [0, 1]])
    assert softmax(np.zeros((0, 3), "f4")).shape == (0, 3)


def copied(folder: Path) -> Path:
    """The shipped model's files in another folder."""
    folder.mkdir()
    for file in shipped(OWN_MODEL).iterdir():
        (folder / file.name).symlink_to(file)
    return folder


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "encoder.onnx", "linker.onnx"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"version https://git-lfs.github.com/spec/v1\n"])
def test_a_model_with_a_missing_or_broken_file_is_refused(tmp_path: Path, name: str, content: bytes | None) -> None:
    folder = copied(tmp_path / "model")
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)

    with pytest.raises(OnrecordError) as caught:
        Encoder(folder)

    assert caught.value.code == "wrong-model"
    assert str(folder) in str(caught.value)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match="nowhere") as caught:
        Encoder(tmp_path / "nowhere")
    assert caught.value.code == "wrong-model"


def test_the_model_is_found_from_any_folder(tmp_path: Path) -> None:
    code = (
        "from pipeline.annotate import annotate; from pipeline.settings import AnnotateSettings;"
        "[print(*doc) for doc in annotate(['Ana Diaz spoke.'], AnnotateSettings())]"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["Ana", "Diaz", "spoke", "."]


def test_a_model_inside_the_package_comes_before_one_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "__file__", str(tmp_path / "pipeline" / "__init__.py"))
    inside, beside = tmp_path / "pipeline" / "models" / "mine", tmp_path / "models" / "mine"
    beside.mkdir(parents=True)
    assert shipped("mine") == beside
    inside.mkdir(parents=True)
    assert shipped("mine") == inside


def test_an_install_without_the_model_says_where_it_should_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "__file__", str(tmp_path / "pipeline" / "__init__.py"))
    with pytest.raises(OnrecordError, match=str(tmp_path / "models" / "mine")) as caught:
        shipped("mine")
    assert caught.value.code == "wrong-model"
