"""The network: one encoder, and small heads that read it.

Takes a `Batch`, gives the losses; `Heads` and `Linker` are exported as they stand. Names, cues and grammar are read off
each piece; content and source once for each cue, from the pieces' vectors and the cue's. After the experiment in
../shared/experiments, with a grammar head beside it, which makes a parser at run time unnecessary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from pipeline.annotate.encoder import FAR, buckets
from pipeline.text.pieces import N_MARKS
from pipeline.train.examples import KINDS, SILENT, Labels

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.train.examples import Batch

ARC = 64  # width of the vectors that a head and its dependent are matched by
LINK = 256
WEIGHTS = {"names": 4.0, "cues": 4.0, "tags": 0.5, "deps": 0.5, "first": 0.5, "heads": 0.5}


class Encoder(nn.Module):
    """The first layers of a BERT, and what is read off each piece.

    A learned vector for each of `Pieces.marks` is added to the word's.
    """

    def __init__(self, base: Path, layers: int, labels: Labels) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(base, add_pooling_layer=False, attn_implementation="sdpa")
        self.bert.encoder.layer = self.bert.encoder.layer[:layers]
        width = self.bert.config.hidden_size
        self.marks = nn.Embedding(N_MARKS, width)
        nn.init.zeros_(self.marks.weight)
        sizes = {"names": 1 + 2 * len(KINDS), "cues": 3, "tags": len(labels.tags), "deps": len(labels.deps), "first": 2}
        self.heads = nn.ModuleDict({name: nn.Linear(width, size) for name, size in sizes.items()})
        self.dependent, self.governor = nn.Linear(width, ARC), nn.Linear(width, ARC)

    def forward(self, ids: Tensor, marks: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        """Vectors and logits of (examples, pieces, size)."""
        vectors = self.bert.embeddings.word_embeddings(ids) + self.marks(marks)
        hidden = self.bert(inputs_embeds=vectors, attention_mask=mask).last_hidden_state
        out = {name: head(hidden) for name, head in self.heads.items()}
        return {"hidden": hidden, **out, "dependent": self.dependent(hidden), "governor": self.governor(hidden)}


class Linker(nn.Module):
    """For each cue, what each piece is to it: none, content or source."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.piece, self.cue = nn.Linear(width, LINK), nn.Linear(width, LINK)
        self.far = nn.Embedding(2 * FAR + 1, LINK)
        self.piece_times, self.cue_times = nn.Linear(width, LINK // 2), nn.Linear(width, LINK // 2)
        self.joint, self.out = nn.Linear(LINK + LINK // 2, LINK // 2), nn.Linear(LINK // 2, 3)
        self.drop = nn.Dropout(0.1)

    def forward(self, hidden: Tensor, cue: Tensor, far: Tensor) -> Tensor:
        """Logits of (cues, pieces, 3).

        `hidden` are vectors of (pieces, width) or (cues, pieces, width), `cue` of (cues, width), `far` buckets.
        """
        hidden = hidden if hidden.dim() == 3 else hidden[None]
        both = functional.gelu(self.piece(hidden) + self.cue(cue)[:, None] + self.far(far))
        times = self.piece_times(hidden) * self.cue_times(cue)[:, None]
        return self.out(functional.gelu(self.joint(self.drop(torch.cat([both, times], -1)))))


class Network(nn.Module):
    """Encoder and linker, and the loss over both."""

    def __init__(self, base: Path, layers: int, labels: Labels) -> None:
        super().__init__()
        self.encoder = Encoder(base, layers, labels)
        self.linker = Linker(self.encoder.bert.config.hidden_size)
        self.near = nn.Parameter(torch.zeros(2 * FAR + 1))  # how likely a head is at each distance
        self.root = nn.Parameter(torch.zeros(1))

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """The weighted losses by name."""
        out = self.encoder(batch.ids, batch.marks, batch.mask)
        logits = {name: out[name] for name in ("names", "cues", "tags", "deps", "first")}
        logits["heads"] = self._arcs(out["dependent"], out["governor"], batch.sentence)
        found = {name: WEIGHTS[name] * _cross_entropy(logits[name], batch.labels[name]) for name in WEIGHTS}
        return {**found, "told": self._told(out["hidden"], batch)}

    def _arcs(self, dependent: Tensor, governor: Tensor, sentence: Tensor) -> Tensor:
        """Scores of (examples, pieces, pieces): the second is the head of the first; itself for a root."""
        at = torch.arange(dependent.shape[1])
        scores = dependent @ governor.transpose(1, 2) / ARC**0.5 + self.near[_buckets(at[None] - at[:, None])]
        scores = scores + self.root * torch.eye(len(at))
        apart = (sentence[:, :, None] != sentence[:, None]) | (sentence < 0)[:, None]
        return scores.masked_fill(apart, -1e4)

    def _told(self, hidden: Tensor, batch: Batch) -> Tensor:
        if not batch.told:
            return hidden.sum() * 0.0
        rows = torch.tensor([row for row, _, _ in batch.told])
        cues = torch.stack([hidden[row, at].mean(0) for row, at, _ in batch.told])
        firsts = torch.tensor([at[0] for _, at, _ in batch.told])
        labels = torch.stack([values for _, _, values in batch.told])
        far = _buckets(torch.arange(hidden.shape[1])[None] - firsts[:, None])
        logits = self.linker(hidden[rows], cues, far).float()
        lost = functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none", ignore_index=SILENT)
        return lost.view(labels.shape).sum(-1).mean() / 40


def _buckets(distance: Tensor) -> Tensor:
    """As the encoder has them when it runs."""
    return torch.from_numpy(buckets(distance.numpy()))


def _cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    if not (labels != SILENT).any():
        return logits.sum() * 0.0
    return functional.cross_entropy(logits.float().flatten(0, 1), labels.flatten(), ignore_index=SILENT)
