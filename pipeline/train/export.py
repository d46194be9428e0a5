"""The network as files: ONNX, int8.

Takes a trained `Network`, writes encoder.onnx, linker.onnx, tokenizer.json and config.json into a folder. Weights of
embeddings and matrix products are int8; activations are scaled as they come (dynamic quantization).
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from pipeline.annotate.encoder import OUTPUTS, Config
from pipeline.train.examples import KINDS, Labels

if TYPE_CHECKING:
    from pipeline.train.model import Encoder, Network


class _Flat(nn.Module):
    """The encoder with its outputs in order, for one window without padding."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, ids: Tensor, marks: Tensor) -> tuple[Tensor, ...]:
        out = self.encoder(ids, marks)
        return tuple(out[name] for name in OUTPUTS)


class _Part(NamedTuple):
    """A module and how ONNX calls what goes in and what comes out."""

    module: nn.Module
    arguments: tuple[Tensor, ...]  # an example of what goes in
    inputs: list[str]
    outputs: list[str]
    sizes: dict[str, dict[int, str]]  # the dimensions that differ from text to text


def export(network: Network, labels: Labels, tokenizer: Path, folder: Path, *, int8: bool = True) -> None:
    """Write the model folder; its confidence is fitted later (see tune)."""
    folder.mkdir(parents=True, exist_ok=True)
    network.eval()
    _write(_encoder(network), folder / "encoder.onnx", int8=int8)
    _write(_linker(network), folder / "linker.onnx", int8=int8)
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    config = Config(
        name=folder.name,
        version="1",
        kinds=list(KINDS),
        tags=labels.tags,
        deps=labels.deps,
        near=[round(value, 5) for value in network.near.tolist()],
        root=round(network.root.item(), 5),
        confidence=[0.0] * 10,  # the constant, and one for each of annotate.told's features
        keep=0.0,
    )
    write_config(config, folder)


def write_config(config: Config, folder: Path) -> None:
    """config.json, a line a field."""
    (folder / "config.json").write_bytes(msgspec.json.format(msgspec.json.encode(config), indent=1) + b"\n")


def _encoder(network: Network) -> _Part:
    ids = torch.ones((1, 9), dtype=torch.long)
    sizes = {name: {0: "batch", 1: "pieces"} for name in ("ids", "marks", *OUTPUTS)}
    return _Part(_Flat(network.encoder), (ids, ids), ["ids", "marks"], list(OUTPUTS), sizes)


def _linker(network: Network) -> _Part:
    width = network.encoder.bert.config.hidden_size
    arguments = (torch.zeros((9, width)), torch.zeros((2, width)), torch.zeros((2, 9), dtype=torch.long))
    pairs = {0: "cues", 1: "pieces"}
    sizes = {"hidden": {0: "pieces"}, "cue": {0: "cues"}, "far": pairs, "link": pairs}
    return _Part(network.linker, arguments, ["hidden", "cue", "far"], ["link"], sizes)


def _write(part: _Part, file: Path, *, int8: bool) -> None:
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = Path(name) / "whole.onnx"
        torch.onnx.export(
            part.module,
            part.arguments,
            whole,
            input_names=part.inputs,
            output_names=part.outputs,
            dynamic_axes=part.sizes,
            opset_version=17,
            dynamo=False,
        )
        if int8:
            kinds = ["MatMul", "Gather"]
            # 7 bits: with 8, processors without VNNI overflow and read a name in seven hundred otherwise
            options = {"weight_type": QuantType.QInt8, "per_channel": True, "reduce_range": True}
            quantize_dynamic(whole, file, op_types_to_quantize=kinds, **options)
        else:
            shutil.copyfile(whole, file)
