"""The network as files: ONNX, int8.

Takes a trained `Network`, writes encoder.onnx, linker.onnx, tokenizer.json and config.json into a folder. Weights of
embeddings and matrix products are int8; activations are scaled as they come (dynamic quantization).
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
from copy import deepcopy
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import msgspec
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from pipeline.annotate.encoder import OUTPUTS, Config
from pipeline.text.pieces import LENGTH, SEP
from pipeline.train.examples import KINDS, Labels
from pipeline.train.model import Encoder, Network


class _Flat(nn.Module):
    """The encoder with its outputs in order, for one window without padding: attention needs no mask there."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, ids: Tensor, marks: Tensor) -> tuple[Tensor, ...]:
        bert = self.encoder.bert
        hidden = bert.embeddings(inputs_embeds=self.encoder.vectors(ids, marks))
        for layer in bert.encoder.layer:
            own = layer.attention.self
            split = (1, -1, own.num_attention_heads, own.attention_head_size)
            query, key, value = (of(hidden).view(split).transpose(1, 2) for of in (own.query, own.key, own.value))
            near = (query / own.attention_head_size**0.5 @ key.transpose(2, 3)).softmax(-1)
            hidden = layer.attention.output((near @ value).transpose(1, 2).reshape(1, -1, own.all_head_size), hidden)
            hidden = layer.output(layer.intermediate(hidden), hidden)
        out = self.encoder.said(hidden)
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
    network = deepcopy(network).eval()
    embeddings = network.encoder.bert.embeddings
    embeddings.word_embeddings.weight.data = embeddings.word_embeddings.weight[_vocabulary(tokenizer, folder)]
    embeddings.position_embeddings.weight.data = embeddings.position_embeddings.weight[: LENGTH + 2]
    _write(_encoder(network), folder / "encoder.onnx", int8=int8)
    _write(_linker(network), folder / "linker.onnx", int8=int8)
    config = Config(
        name=folder.name,
        version="2",
        kinds=list(KINDS),
        tags=labels.tags,
        deps=labels.deps,
        near=[round(value, 5) for value in network.near.tolist()],
        root=round(network.root.item(), 5),
        confidence=[0.0] * 10,  # the constant, and one for each of annotate.told's features
        keep=0.0,
    )
    write_config(config, folder)


def _vocabulary(tokenizer: Path, folder: Path) -> list[int]:
    """Write tokenizer.json without the pieces that stand for nothing; gives the old numbers of those kept."""
    tree = msgspec.json.decode(tokenizer.read_bytes())
    order = sorted(tree["model"]["vocab"].items(), key=itemgetter(1))
    kept = [(piece, at) for piece, at in order if at <= SEP or not piece.startswith("[unused")]
    tree["model"]["vocab"] = {piece: at for at, (piece, _) in enumerate(kept)}
    (folder / "tokenizer.json").write_bytes(msgspec.json.encode(tree))
    return [at for _, at in kept]


def write_config(config: Config, folder: Path) -> None:
    """config.json, a line a field."""
    (folder / "config.json").write_bytes(msgspec.json.format(msgspec.json.encode(config), indent=1) + b"\n")


def _encoder(network: Network) -> _Part:
    ids = torch.ones((1, 9), dtype=torch.long)
    sizes = {name: {1: "pieces"} for name in ("ids", "marks", *OUTPUTS)}
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
