"""The network: one encoder, and small heads that read it.

Takes a `Batch`, gives the losses; `Heads` and `Linker` are exported as they stand. Names, cues and grammar are read off
each piece; content and source once for each cue, from the pieces' vectors and the cue's. After the experiment in
../shared/experiments, with a grammar head beside it, which makes a parser at run time unnecessary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from pipeline.annotate.encoder import FAR, buckets, cue_spans
from pipeline.text.pieces import LENGTH, N_MARKS
from pipeline.train.examples import KINDS, SILENT, Labels

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.train.examples import Batch

ARC = 64  # width of the vectors that a head and its dependent are matched by
LINK = 256
REACH = LENGTH + 2  # how far apart two pieces of a window can be, with what stands around them
WEIGHTS = {"names": 4.0, "cues": 4.0, "tags": 0.5, "deps": 0.5, "first": 0.5, "heads": 0.5}


class Encoder(nn.Module):
    """The first layers of a BERT, and what is read off each piece.

    A learned vector for each of `Pieces.marks` is added to the word's. Attention is read in one fused step, for which
    nothing of it may be dropped.
    """

    def __init__(self, base: Path, layers: int, labels: Labels) -> None:
        super().__init__()
        options = {"attn_implementation": "sdpa", "attention_probs_dropout_prob": 0.0}
        self.bert = BertModel.from_pretrained(base, add_pooling_layer=False, **options)
        self.bert.encoder.layer = self.bert.encoder.layer[:layers]
        width = self.bert.config.hidden_size
        self.marks = nn.Embedding(N_MARKS, width)
        nn.init.zeros_(self.marks.weight)
        sizes = {"names": 1 + 2 * len(KINDS), "cues": 3, "tags": len(labels.tags), "deps": len(labels.deps), "first": 2}
        self.heads = nn.ModuleDict({name: nn.Linear(width, size) for name, size in sizes.items()})
        self.dependent, self.governor = nn.Linear(width, ARC), nn.Linear(width, ARC)

    def forward(self, ids: Tensor, marks: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        """Vectors and logits of (examples, pieces, size)."""
        return self.said(self.bert(inputs_embeds=self.vectors(ids, marks), attention_mask=mask).last_hidden_state)

    def vectors(self, ids: Tensor, marks: Tensor) -> Tensor:
        """What goes into the layers but for a piece's place."""
        return self.bert.embeddings.word_embeddings(ids) + self.marks(marks)

    def said(self, hidden: Tensor) -> dict[str, Tensor]:
        """What comes out of the layers, and what the heads say of it."""
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


@dataclass(frozen=True)
class Lesson:
    """What a teacher says of a Batch: probabilities."""

    names: Tensor  # (examples, pieces, classes)
    cues: Tensor
    at: list[tuple[int, list[int]]]  # (example, positions) of each cue: those of `Batch.told`, then those it heard
    told: Tensor  # (cues, pieces, 3)


class Network(nn.Module):
    """Encoder and linker, and the loss over both."""

    far: Tensor  # the bucket of each distance from -REACH to REACH

    def __init__(self, base: Path, layers: int, labels: Labels) -> None:
        super().__init__()
        self.encoder = Encoder(base, layers, labels)
        self.linker = Linker(self.encoder.bert.config.hidden_size)
        self.register_buffer("far", torch.from_numpy(buckets(np.arange(-REACH, REACH + 1))), persistent=False)
        self.near = nn.Parameter(torch.zeros(2 * FAR + 1))  # how likely a head is at each distance
        self.root = nn.Parameter(torch.zeros(1))

    def losses(self, batch: Batch, lesson: Lesson | None = None) -> dict[str, Tensor]:
        """The weighted losses by name.

        With a lesson, names, cues and links are learned half from gold and half from the teacher, and from the teacher
        alone where gold is silent.
        """
        out = self.encoder(batch.ids, batch.marks, batch.mask)
        logits = {name: out[name] for name in ("names", "cues", "tags", "deps", "first")}
        logits["heads"] = self._arcs(out["dependent"], out["governor"], batch.sentence)
        lessons = {"names": lesson.names, "cues": lesson.cues} if lesson else {}
        found = {}
        for name, weight in WEIGHTS.items():
            lost, counts = _lost(logits[name], batch.labels[name], lessons.get(name), batch.is_piece)
            found[name] = weight * lost.sum() / counts.sum().clamp(min=1)
        return {**found, "told": self._told(out["hidden"], batch, lesson)}

    def lesson(self, batch: Batch) -> Lesson:
        """What this network, as a teacher, says of a batch; it hears cues where gold has none."""
        with torch.no_grad():
            out = self.encoder(batch.ids, batch.marks, batch.mask)
            cues = out["cues"].float().softmax(-1)
            at = [(row, positions) for row, positions, _ in batch.told]
            chances, sizes = cues.cpu().numpy(), batch.is_piece.sum(1).tolist()
            for row in (batch.labels["cues"] == SILENT).all(1).nonzero().flatten().tolist():
                heard = cue_spans(chances[row, 1 : 1 + sizes[row]])
                at += [(row, list(range(1 + start, 1 + end))) for start, end in heard]
            told = self._links(out["hidden"], at).softmax(-1) if at else cues[:0]
        return Lesson(names=out["names"].float().softmax(-1), cues=cues, at=at, told=told)

    def _arcs(self, dependent: Tensor, governor: Tensor, sentence: Tensor) -> Tensor:
        """Scores of (examples, pieces, pieces): the second is the head of the first; itself for a root."""
        at = torch.arange(dependent.shape[1], device=dependent.device)
        scores = dependent @ governor.transpose(1, 2) / ARC**0.5 + self.near[self.far[at[None] - at[:, None] + REACH]]
        scores = scores + self.root * torch.eye(len(at), device=at.device)
        apart = (sentence[:, :, None] != sentence[:, None]) | (sentence < 0)[:, None]
        return scores.masked_fill(apart, -1e4)

    def _links(self, hidden: Tensor, at: list[tuple[int, list[int]]]) -> Tensor:
        """Logits of (cues, pieces, 3) for the cues at (example, positions)."""
        shares = torch.zeros((len(at), 1, hidden.shape[1]))
        for number, (_, positions) in enumerate(at):
            shares[number, 0, positions] = 1 / len(positions)
        rows, firsts = torch.tensor([(row, positions[0]) for row, positions in at], device=hidden.device).T
        far = self.far[torch.arange(hidden.shape[1], device=hidden.device)[None] - firsts[:, None] + REACH]
        around = hidden[rows]
        return self.linker(around, (shares.to(around) @ around)[:, 0], far).float()

    def _told(self, hidden: Tensor, batch: Batch, lesson: Lesson | None) -> Tensor:
        at = lesson.at if lesson else [(row, positions) for row, positions, _ in batch.told]
        if not at:
            return hidden.sum() * 0.0
        labels = torch.full((len(at), hidden.shape[1]), SILENT)
        for number, (_, _, values) in enumerate(batch.told):
            labels[number] = values
        is_piece = batch.is_piece[[row for row, _ in at]]
        lost, _ = _lost(self._links(hidden, at), labels.to(hidden.device), lesson.told if lesson else None, is_piece)
        return lost.sum() / len(at) / 40


def _lost(logits: Tensor, labels: Tensor, taught: Tensor | None, is_piece: Tensor) -> tuple[Tensor, Tensor]:
    """The cross entropy of each piece, and which count: all with a teacher, else those that gold speaks of."""
    known = labels != SILENT
    flat = functional.cross_entropy(logits.float().flatten(0, 1), labels.flatten(), reduction="none")
    gold = flat.view(labels.shape)
    if taught is None:
        return gold, known
    soft = -(taught * logits.float().log_softmax(-1)).sum(-1)
    return torch.where(known, (gold + soft) / 2, soft) * is_piece, is_piece
