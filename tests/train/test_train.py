"""The training program: what it learns is not asked here, but that it makes a model that reads a text, and the same one
from the same gold and seed, stopped in between or not.
"""

import hashlib
import json
import random
import re
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner, Result
from tokenizers import Tokenizer

pytest.importorskip("torch", reason="needs the train extra")
pytest.importorskip("transformers", reason="needs the train extra")
pytest.importorskip("onnx", reason="needs the train extra")

import torch

from pipeline.annotate.encoder import Config, Encoder, Heard
from pipeline.annotate.told import CONTENT, SOURCE, found, likely
from pipeline.text.marks import marked
from pipeline.text.pieces import Pieces, pieces_of, tokenizer_of, windows
from pipeline.train import learn as learning
from pipeline.train.__main__ import main
from pipeline.train.augment import edited
from pipeline.train.examples import KINDS, Batch, Labels, batch, examples
from pipeline.train.gold import Story, Told, kept_back
from pipeline.train.learn import Material, Recipe, learn
from pipeline.train.model import Lesson, Network
from pipeline.train.tune import STEPS, tuned

CLASSES = {"person": "Person", "organisation": "Organization", "place": "Location", "group": "NORP"}
LABELS = Labels(tags=[".", "NN", "NNP"], deps=["ROOT", "dep"])


@pytest.fixture(scope="module")
def gold(told: list[Story], named: list[Story], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two gold folders, of the keys that the real ones have, and the parses of their texts."""
    folder = tmp_path_factory.mktemp("gold")
    told = [replace(story, key=f"{story.key}-{copy}") for story in told for copy in range(9)]
    named = [replace(story, key=f"{story.key}-{copy}") for story in named for copy in range(3)]
    for task, stories, row in (("attribution", told, attributed), ("entities", named, labelled)):
        (folder / task).mkdir()
        lines = "".join(json.dumps({"id": story.key, "text": story.text, **row(story)}) + "\n" for story in stories)
        for split in ("train", "dev"):
            (folder / task / f"{split}.jsonl").write_text(lines, encoding="utf-8")
    parses = {story.key: story.grammar for story in told + named}
    (folder / "grammar.json").write_bytes(msgspec.json.encode(parses))
    return folder


def attributed(story: Story) -> dict[str, Any]:
    return {"quotes": [asdict(one) | {"type": "mixed"} for one in story.told or ()]}


def labelled(story: Story) -> dict[str, Any]:
    return {"region": "north", "entities": [(start, end, CLASSES[kind]) for start, end, kind in story.names or ()]}


def run(gold: Path, base: Path, folder: Path, *more: str) -> Result:
    """The command, in a folder where the parses lie already."""
    (folder / "work").mkdir(exist_ok=True)
    (folder / "work" / "grammar.json").write_bytes((gold / "grammar.json").read_bytes())
    where = {"gold": gold, "base": base, "work": folder / "work", "out": folder / "small"}
    options = [f"--{name}={path}" for name, path in where.items()]
    return CliRunner().invoke(
        main, [*options, "--layers=2", "--epochs=8", "--teacher-layers=2", "--teacher-epochs=2", "--threads=1", *more]
    )


@pytest.fixture(scope="module")
def trained(gold: Path, base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    assert run(gold, base, folder).exit_code == 0
    return folder


def stop_after(monkeypatch: pytest.MonkeyPatch, n_steps: int) -> None:
    steps, step = iter(range(n_steps)), learning._step

    def interrupted(*arguments: Any) -> Any:
        if next(steps, None) is None:
            raise KeyboardInterrupt
        return step(*arguments)

    monkeypatch.setattr(learning, "_step", interrupted)


def test_the_command_makes_a_model_that_reads_a_text(trained: Path) -> None:
    for folder in (trained / "small", trained / "work" / "float"):
        encoder = Encoder(folder)
        reading = encoder.read("“Rain again,” said Ines Duarte.\n" * 40)
        assert len(windows(reading.pieces)) > 1
        assert reading.names.shape == (len(reading.pieces), 1 + 2 * len(KINDS))
        assert np.allclose(reading.names.sum(1), 1, atol=1e-4)
        assert (encoder.config.tags, encoder.config.deps) == (LABELS.tags, LABELS.deps)
        assert encoder.config.keep in STEPS.round(3)
    assert encoder.config.confidence == Encoder(trained / "small").config.confidence
    sizes = [(trained / name / "encoder.onnx").stat().st_size for name in ("small", "work/float")]
    assert sizes[0] < sizes[1]  # int8


def test_the_card_tells_of_the_model_and_the_sums_are_of_its_files(trained: Path) -> None:
    card = (trained / "small" / "README.md").read_text("utf-8")
    assert card.startswith("# small 2\n")
    assert all(f"| {field.name} | " in card for field in fields(Recipe))
    assert "| epochs | 8 |" in card
    assert re.search(r"\| who said what, F1 \| [01]\.\d{4} \| [01]\.\d{3} to [01]\.\d{3} \|", card)
    assert "| names, north, F1 |" in card
    assert "25 articles, and 2 kept back" in card
    assert str(trained) not in card
    sums = dict(line.split("  ")[::-1] for line in (trained / "small" / "SHA256SUMS").read_text("utf-8").splitlines())
    files = {file.name: file for file in (trained / "small").iterdir() if file.name != "SHA256SUMS"}
    assert sums == {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()}
    assert all(sums[name] in card for name in ("encoder.onnx", "linker.onnx", "tokenizer.json", "config.json"))


def test_a_run_that_was_stopped_goes_on_to_the_same_files(
    gold: Path, base: Path, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        stop_after(patch, 10)
        assert run(gold, base, tmp_path).exit_code != 0
    assert (tmp_path / "work" / "state.pt").exists()
    assert not (tmp_path / "small").exists()
    assert run(gold, base, tmp_path).exit_code == 0
    for file in (trained / "small").iterdir():
        assert (tmp_path / "small" / file.name).read_bytes() == file.read_bytes(), file.name


def test_checkpoints_of_another_recipe_are_refused(gold: Path, base: Path, trained: Path) -> None:
    before = (trained / "small" / "encoder.onnx").read_bytes()
    refused = run(gold, base, trained, "--seed", "2")
    assert refused.exit_code == 2
    assert "another recipe" in refused.output
    assert (trained / "small" / "encoder.onnx").read_bytes() == before


def test_the_same_seed_gives_the_same_weights_and_another_one_others(
    base: Path, told: list[Story], named: list[Story], tmp_path: Path
) -> None:
    runs = (("a", 1), ("b", 1), ("c", 2))
    one, same, other = (learned(base, told + named, tmp_path / name, seed) for name, seed in runs)
    assert one == same
    assert one != other


def learned(base: Path, stories: Sequence[Story], work: Path, seed: int) -> dict[str, bytes]:
    """The weights of a short run."""
    work.mkdir()
    tokenizer = tokenizer_of(base / "tokenizer.json")
    torch.manual_seed(seed)
    network = Network(base, 2, LABELS)
    recipe = Recipe(layers=2, epochs=2, batch_size=2, seed=seed, threads=1)
    learn(network, Material(list(stories), lambda story: examples(story, tokenizer, LABELS)), recipe, work)
    return {name: value.numpy().tobytes() for name, value in network.state_dict().items()}


def test_where_gold_is_silent_the_teacher_is_followed(base: Path, named: list[Story], tokenizer: Tokenizer) -> None:
    shown = batch([example for story in named for example in examples(story, tokenizer, LABELS)])
    teacher, other = (Network(base, 2, LABELS).eval() for _ in range(2))
    teacher.encoder.heads["cues"].bias.data[1] += 0.5  # it hears cues, which this gold does not mark
    lesson = teacher.lesson(shown)
    assert lesson.at
    assert other.losses(shown)["cues"] == other.losses(shown)["told"] == 0
    slopes = {name: steepest(network, shown, lesson) for name, network in (("same", teacher), ("other", other))}
    assert slopes["same"]["cues"] == pytest.approx(0, abs=1e-5)  # nothing to learn from itself
    assert slopes["other"]["cues"] > 0.01
    assert all(slope["names"] > 0.01 for slope in slopes.values())  # of which gold speaks


def steepest(network: Network, shown: Batch, lesson: Lesson) -> dict[str, float]:
    """How far a head's constants are from the best ones for a lesson."""
    network.zero_grad()
    losses = network.losses(shown, lesson)
    (losses["names"] + losses["cues"]).backward()
    return {name: float(network.encoder.heads[name].bias.grad.abs().max()) for name in ("names", "cues")}


def test_what_is_kept_back_does_not_depend_on_the_order() -> None:
    stories = [Story(key=f"s{n}", text="") for n in range(50)]
    rest, back = kept_back(stories)
    assert len(back) == 3
    assert {story.key for story in rest + back} == {story.key for story in stories}
    assert kept_back(stories[::-1]) == (rest, back)


class Oracle:
    """An encoder that knows the gold and is as often wrong as it says."""

    def __init__(self, stories: list[Story], tokenizer: Tokenizer, *, is_deaf: bool = False) -> None:
        self.stories = {story.text: story for story in stories}
        self.tokenizer, self.is_deaf = tokenizer, is_deaf
        self.config = Config(
            name="", version="", kinds=[], tags=[], deps=[], near=[], root=0.0, confidence=[0.0] * 10, keep=0.0
        )

    def read(self, text: str) -> SimpleNamespace:
        pieces = pieces_of(text, self.tokenizer)
        heard = [] if self.is_deaf else [self._heard(pieces, told, text) for told in self.stories[text].told]
        return SimpleNamespace(pieces=pieces, heard=heard)  # what attributions are read from

    def _heard(self, pieces: Pieces, told: Told, text: str) -> Heard:
        rng = random.Random(f"{text}{told.cue}")
        sure = rng.uniform(0.5, 0.99)
        source = told.source if rng.random() < sure else [(0, text.index(" "))]  # the headline's first word
        link = np.full((len(pieces), 3), (1 - sure) / 2, "f4")
        link[:, 0] = sure
        for spans, kind in ((told.content, CONTENT), (source, SOURCE)):
            for span in spans:
                link[pieces.between(*span)] = (1 - sure) / 2
                link[pieces.between(*span), kind] = sure
        cue = pieces.between(*told.cue[0])
        return Heard(start=cue.start, end=cue.stop, probability=sure, window=0, link=link)


def test_confidence_is_how_often_an_attribution_is_right(told: list[Story], tokenizer: Tokenizer) -> None:
    stories = [edited(story, [(0, 0, f"Day {n}. ")]) for n in range(80) for story in told]
    oracle = Oracle(stories, tokenizer)
    fitted = tuned(oracle, stories)
    rows = fitted.reliability
    assert sum(n for *_, n in rows) == sum(len(story.told) for story in stories)
    assert [sure for sure, *_ in rows] == sorted(sure for sure, *_ in rows)
    assert all(abs(sure - right) < 0.15 for sure, right, n in rows if n >= 30)
    assert fitted.keep in STEPS.round(3)
    oracle.config = msgspec.structs.replace(oracle.config, confidence=fitted.confidence, keep=fitted.keep)
    for story in stories[:6]:
        reading = oracle.read(story.text)
        rated = likely(found(story.text, reading, marked(story.text)), oracle.config)
        by_sureness = sorted(rated, key=lambda pair: pair[0].features[0])
        assert by_sureness == sorted(rated, key=lambda pair: pair[1])
    assert tuned(oracle, stories) == fitted


def test_a_model_that_hears_nothing_is_given_a_confidence_too(told: list[Story], tokenizer: Tokenizer) -> None:
    fitted = tuned(Oracle(told, tokenizer, is_deaf=True), told)
    assert fitted.reliability == []
    assert set(fitted.confidence) == {0.0}
