"""The encoder: one pass over a text's word pieces, from which names, grammar and attributions are read.

Takes a text, gives a `Reading`: probabilities and vectors for each piece, and for each cue what every piece is to it.
The weights lie in a folder of models/ as ONNX, int8; the folder's config.json names the classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

import pipeline
from pipeline.errors import OnrecordError
from pipeline.text.pieces import CLS, SEP, Pieces, Window, pieces_of, tokenizer_of, windows

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

FAR = 32  # buckets for the distance from a cue, to each side
EXACT = 12  # distances up to here have a bucket each
CUE = 0.25  # a piece that is less likely than this to begin a cue begins none
OUTSIDE, BEGIN, INSIDE = 0, 1, 2  # classes of `cues`


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """config.json of a model folder."""

    lang: str = "en"
    name: str
    version: str
    license: str = ""
    kinds: list[str]  # names: class 0 is outside, then begin and inside of each kind
    tags: list[str]
    deps: list[str]
    near: list[float]  # how likely a head is at each bucket of distance
    root: float
    confidence: list[float]  # weights of annotate.told.features, the constant first
    keep: float  # attributions below this confidence are dropped


@dataclass(frozen=True)
class Heard:
    """One cue: where it stands, how sure that is, and what each piece of its window is to it."""

    start: int  # first piece of the cue
    end: int
    probability: float
    window: int  # the piece that the first row of `link` is about
    link: NDArray[np.float32]  # (pieces of the window, 3): none, content, source


@dataclass(frozen=True)
class Reading:
    """What the encoder says of the n pieces of one text."""

    text: str
    pieces: Pieces
    names: NDArray[np.float32]  # (n, classes) probabilities
    tags: NDArray[np.int64]  # (n,) best class
    deps: NDArray[np.int64]
    first: NDArray[np.float32]  # (n,) probability that a sentence starts
    dependent: NDArray[np.float32]  # (n, width) a piece's vector as a dependent, and as a head
    governor: NDArray[np.float32]
    heard: list[Heard]


OUTPUTS = ("hidden", "names", "cues", "tags", "deps", "first", "dependent", "governor")


class Encoder:
    """A model folder, loaded. Raises OnrecordError `wrong-model` where a file is missing or broken."""

    def __init__(self, folder: Path) -> None:
        try:
            self.config = msgspec.json.decode((folder / "config.json").read_bytes(), type=Config)
            self.tokenizer = tokenizer_of(folder / "tokenizer.json")
            self._encode, self._link = (_session(folder / f"{name}.onnx") for name in ("encoder", "linker"))
        except (OSError, ValueError) as error:
            raise OnrecordError("wrong-model", name=str(folder), detail=str(error)) from error

    def read(self, text: str) -> Reading:
        """One text, window by window: int8 scales depend on what is computed together, so nothing else is."""
        pieces = pieces_of(text, self.tokenizer)
        heard: list[Heard] = []
        parts: dict[str, list[NDArray[np.float32]]] = {name: [] for name in OUTPUTS[1:]}
        for window in windows(pieces):
            out = self._outputs(pieces, window)
            own = slice(window.own_start - window.start, window.own_end - window.start)
            for name, values in parts.items():
                values.append(out[name][own])
            heard += self._heard(out, window)
        joined = {name: np.concatenate(values) if values else np.zeros((0, 2), "f4") for name, values in parts.items()}
        return Reading(
            text=text,
            pieces=pieces,
            names=softmax(joined["names"]),
            tags=joined["tags"].argmax(-1),
            deps=joined["deps"].argmax(-1),
            first=softmax(joined["first"])[:, 1],
            dependent=joined["dependent"],
            governor=joined["governor"],
            heard=heard,
        )

    def _outputs(self, pieces: Pieces, window: Window) -> dict[str, NDArray[np.float32]]:
        ids = np.concatenate(([CLS], pieces.ids[window.start : window.end], [SEP]))
        marks = np.concatenate(([0], pieces.marks[window.start : window.end], [0]))
        found = self._encode.run(list(OUTPUTS), {"ids": ids[None], "marks": marks[None]})
        return {name: values[0, 1:-1] for name, values in zip(OUTPUTS, found, strict=True)}

    def _heard(self, out: dict[str, NDArray[np.float32]], window: Window) -> list[Heard]:
        """The cues that begin in the window's own pieces."""
        chance = softmax(out["cues"])
        spans = [span for span in cue_spans(chance) if window.own_start <= span[0] + window.start < window.own_end]
        if not spans:
            return []
        hidden = out["hidden"]
        vectors = np.stack([hidden[start:end].mean(0) for start, end in spans])
        firsts = np.array([start for start, _ in spans])
        far = buckets(np.arange(len(hidden))[None] - firsts[:, None])
        (logits,) = self._link.run(None, {"hidden": hidden, "cue": vectors, "far": far})
        at = window.start
        return [
            Heard(start=at + start, end=at + end, probability=float(chance[start, BEGIN]), window=at, link=link)
            for (start, end), link in zip(spans, softmax(logits), strict=True)
        ]


def cue_spans(chance: NDArray[np.float32]) -> list[tuple[int, int]]:
    """The [start, end) pieces of each cue, from (pieces, 3) probabilities."""
    out = []
    for start in np.flatnonzero(chance[:, BEGIN] > CUE).tolist():
        end = start + 1
        while end < len(chance) and chance[end, INSIDE] > max(chance[end, OUTSIDE], chance[end, BEGIN]):
            end += 1
        out.append((start, end))
    return out


def buckets(distance: NDArray[np.int64]) -> NDArray[np.int64]:
    """Distances in pieces -> 0 to 2 FAR: exact up to EXACT, then four to each doubling; as the network learned them."""
    size = np.abs(distance).astype("f4")
    wide = EXACT + np.log2(np.maximum(size / EXACT, 1)) * 4
    near: NDArray[np.int64] = np.minimum(np.where(size < EXACT, size, wide), FAR).astype("i8")
    return FAR + np.sign(distance) * near


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities over the last axis."""
    powers = np.exp(logits - logits.max(-1, keepdims=True)) if logits.size else logits
    return powers / powers.sum(-1, keepdims=True) if logits.size else logits


def _session(file: Path) -> InferenceSession:
    import onnxruntime  # noqa: PLC0415 - only where a text is read
    from onnxruntime.capi import onnxruntime_pybind11_state as state  # noqa: PLC0415

    if not file.is_file():
        raise FileNotFoundError(f"{file.name} is missing")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # the engine's workers are the processes
    try:
        # that fusion takes six times as long as the two steps that it joins
        fast = {"providers": ["CPUExecutionProvider"], "disabled_optimizers": ["SkipLayerNormFusion"]}
        return onnxruntime.InferenceSession(str(file), options, **fast)
    except (state.Fail, state.InvalidArgument, state.InvalidGraph, state.InvalidProtobuf) as error:
        raise ValueError(f"{file.name} is broken") from error


encoder = cache(Encoder)  # the encoder of a folder, loaded once a process


def shipped(name: str) -> Path:
    """The folder of a model that comes with the install: inside the package, or beside it in a checkout.

    Raises OnrecordError `wrong-model` where there is none.
    """
    package = Path(pipeline.__file__).parent
    for folder in (package / "models" / name, package.parent / "models" / name):
        if folder.is_dir():
            return folder
    raise OnrecordError("wrong-model", name=name, detail=f"{folder} is missing: the install is not whole")
