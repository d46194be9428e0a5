"""Learning: epochs over shuffled windows, with checkpoints to go on from.

Takes Stories and a `Recipe`, gives the mean of the last checkpoints' weights. Every random choice comes from the
recipe's seed and the epoch, so that a run that was stopped goes on as if it had not been.
"""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import torch
from tqdm import tqdm

from pipeline.train.augment import pools, varied
from pipeline.train.examples import Batch, Example, batch

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LambdaLR

    from pipeline.train.gold import Story
    from pipeline.train.model import Network

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
torch.backends.cuda.matmul.allow_tf32 = True  # matrix products on a GPU: on its tensor cores


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How the network learns: from gold, or half from a teacher of more layers that has learned from gold before.

    On two idle cores that multiply bfloat16 the teacher's 4 epochs take about 40 minutes, the 6 epochs of 4 layers that
    it teaches 55; on others, where bfloat16 would be twelve times slower, float32 takes three times as long as that. An
    NVIDIA H200 takes 43 ms a step with three networks learning beside it.
    """

    layers: int = 4
    epochs: int = 6
    rate: float = 3e-4  # of the encoder, at its highest
    teacher_layers: int = 6  # 0: no teacher
    teacher_epochs: int = 4
    teacher_rate: float = 2e-4
    heads_faster: float = 5.0  # the heads learn at this multiple of the rate
    warm_up: float = 0.06  # share of the steps in which the rate rises
    decay: float = 0.01
    batch_size: int = 8  # windows
    seed: int = 1
    checkpoints: int = 4  # the last ones whose weights are averaged
    every: float = 0.05  # of all steps, from one of these to the next
    threads: int = 2

    def of_teacher(self) -> Recipe:
        """How the teacher learns: from gold alone."""
        own = replace(self, layers=self.teacher_layers, epochs=self.teacher_epochs, rate=self.teacher_rate)
        return replace(own, teacher_layers=0)


class _Run(NamedTuple):
    """What a checkpoint holds."""

    network: Network
    optimizer: Optimizer
    schedule: LambdaLR


class Material(NamedTuple):
    """What there is to learn from."""

    stories: list[Story]
    examples_of: Callable[[Story], list[Example]]  # the windows of one version of a story


def learn(network: Network, material: Material, recipe: Recipe, work: Path, teacher: Network | None = None) -> None:
    """Train `network` in place, on a GPU where there is one; checkpoints and a log lie in `work`.

    A second call goes on from there.
    """
    torch.set_num_threads(recipe.threads)
    network.to(DEVICE)
    n_batches = len(_batches(material, recipe, epoch=0))
    total = n_batches * recipe.epochs
    run = _Run(network, *_optimizer(network, recipe, total))
    step = _resumed(run, work)
    every = max(1, round(total * recipe.every))
    bar = tqdm(total=total, initial=step, unit="step", mininterval=30)
    for epoch in range(step // n_batches, recipe.epochs):
        batches = _batches(material, recipe, epoch)[:n_batches]
        for several in batches[step - epoch * n_batches :]:
            torch.manual_seed(recipe.seed * 1_000_003 + step)
            lost = _step(run, batch(several, DEVICE), teacher)
            step += 1
            bar.update()
            if step % 50 == 0:
                _log(work, step, total, lost)
            if step % every == 0:
                _save(run, step, work, recipe.checkpoints)
        if len(batches) < n_batches:  # another epoch's texts may give a window or two less
            step = (epoch + 1) * n_batches
    if not (work / f"weights-{step:06}.pt").exists():
        _save(run, step, work, recipe.checkpoints)
    network.load_state_dict(mean_of(sorted(work.glob("weights-*.pt"))[-recipe.checkpoints :]))


def mean_of(files: list[Path]) -> dict[str, torch.Tensor]:
    """The mean of several checkpoints' weights."""
    states = [torch.load(file, "cpu", weights_only=True) for file in files]
    return {name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]}


def _batches(material: Material, recipe: Recipe, epoch: int) -> list[list[Example]]:
    """The epoch's windows in batches of like length, shuffled; every story in a version of its own."""
    rng = random.Random(recipe.seed * 1000 + epoch)  # noqa: S311 - a shuffle, no secret
    pool = pools(material.stories)
    found = [e for story in material.stories for e in material.examples_of(varied(story, pool, rng))]
    found.sort(key=lambda e: len(e.ids) // 30 + rng.random())
    several = [found[at : at + recipe.batch_size] for at in range(0, len(found), recipe.batch_size)]
    rng.shuffle(several)
    return several


def _optimizer(network: Network, recipe: Recipe, total: int) -> tuple[Optimizer, LambdaLR]:
    encoder = list(network.encoder.bert.parameters())
    known = {id(parameter) for parameter in encoder}
    heads = [parameter for parameter in network.parameters() if id(parameter) not in known]
    groups = [{"params": encoder, "lr": recipe.rate}, {"params": heads, "lr": recipe.rate * recipe.heads_faster}]
    optimizer = torch.optim.AdamW(groups, weight_decay=recipe.decay, fused=True)

    def rate(step: int) -> float:
        return min(1.0, (step + 1) / (recipe.warm_up * total)) * max(0.02, 1 - step / total)

    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, rate)


def _step(run: _Run, shown: Batch, teacher: Network | None) -> dict[str, Tensor]:
    run.network.train()
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=torch.cpu.get_capabilities().get("avx512_bf16", False)):
        losses = run.network.losses(shown, teacher.lesson(shown) if teacher else None)
    run.optimizer.zero_grad()
    torch.stack(list(losses.values())).sum().backward()
    torch.nn.utils.clip_grad_norm_(run.network.parameters(), 1.0)
    run.optimizer.step()
    run.schedule.step()
    return losses


def _log(work: Path, step: int, total: int, lost: dict[str, Tensor]) -> None:
    row = {"step": step, "of": total, "time": round(time.time()), **{k: round(v.item(), 4) for k, v in lost.items()}}
    with (work / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(row) + "\n")


def _save(run: _Run, step: int, work: Path, keep: int) -> None:
    torch.save(run.network.state_dict(), work / f"weights-{step:06}.pt")
    state = {"optimizer": run.optimizer.state_dict(), "schedule": run.schedule.state_dict(), "step": step}
    torch.save(state, work / "state.part")
    (work / "state.part").replace(work / "state.pt")
    for old in sorted(work.glob("weights-*.pt"))[:-keep]:
        old.unlink()


def _resumed(run: _Run, work: Path) -> int:
    """Load the newest checkpoint where there is one; gives its step."""
    if not (work / "state.pt").exists():
        return 0
    state = torch.load(work / "state.pt", DEVICE, weights_only=True)
    run.network.load_state_dict(torch.load(work / f"weights-{state['step']:06}.pt", DEVICE, weights_only=True))
    run.optimizer.load_state_dict(state["optimizer"])
    run.schedule.load_state_dict(state["schedule"])
    return int(state["step"])
