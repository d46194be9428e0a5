"""Gold of a page, and a network of two narrow layers to learn it with."""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from pipeline.train.gold import NAME_KINDS, Grammar, Story, Told

TOLD = (  # [role and number of the attribution, then the words]
    """Harbour bridge reopens after storm

[content1 “The bridge is safe,”] [cue1 said] [source1 Lena Okafor], the mayor of Harlow. [source2 Okafor] [cue2 added]
that [content2 the toll would not return].

Harlow pays half of it.""",
    """Teachers weigh an offer

[content1 “It is late,”] [source1 Marek Lindqvist] [cue1 told] a crowd in Harlow, [content1 “but it is fair.”]
[cue2 According to] [source2 the union], [content2 two in three would take it].

[source3 Lindqvist] [cue3 called] the talks [content3 “long and cold”].""",
    """Rain fills the reservoirs

[content1 The worst is over], [cue1 says] [source1 the water board]. [source2 Lena Okafor] [cue2 doubts] it:
[content2 “Ask me again in June.”]""",
)
NAMED = (  # [class, then the words]
    """Ferry line sold

[Organization Tern Line] of [Location Harlow] was sold on Monday to [Person Marek Lindqvist], a [NORP Swedish]
shipowner. [Person Lindqvist] lives in [Location Oslo].""",
    """Choir wins in Oslo

The [Organization Harlow Singers], led by [Person Lena Okafor], won a prize at [Facility Fjord Hall] in [Location Oslo].
[Person Ines Duarte] sang alone.""",
)
KNOWN = {
    "Lena Okafor": "PERSON",
    "Marek Lindqvist": "PERSON",
    "Okafor": "PERSON",
    "Lindqvist": "PERSON",
    "Harlow": "GPE",
}
MARK = re.compile(r"\[(\D+?)(\d*) ([^]]*)\]")
TOKEN = re.compile(r"\w+|[^\w\s]")

Part = tuple[str, str, int, int]  # kind, number, start, end


def bare(several: Sequence[str]) -> tuple[str, Sequence[Part]]:
    """Texts below each other without their inline marks, and where these stood."""
    text = ""
    parts: list[Part] = []
    for n, written in enumerate(several):
        last = 0
        for mark in MARK.finditer(written):
            text += written[last : mark.start()]
            parts.append((mark[1], f"{n}.{mark[2]}", len(text), len(text) + len(mark[3])))
            text, last = text + mark[3], mark.end()
        text += written[last:] + "\n"
    return text, parts


def grammar_of(text: str) -> Grammar:
    """A parse of its own kind: each word hangs on the first of its sentence."""
    tokens = list(TOKEN.finditer(text))
    first = [n == 0 or tokens[n - 1][0] == "." for n in range(len(tokens))]
    openers = np.maximum.accumulate([n if is_first else 0 for n, is_first in enumerate(first)])
    names = re.finditer("|".join(KNOWN), text)
    return Grammar(
        starts=[token.start() for token in tokens],
        tags=["NNP" if token[0].istitle() else "NN" if token[0].isalpha() else "." for token in tokens],
        deps=["ROOT" if is_first else "dep" for is_first in first],
        heads=openers.tolist(),
        first=first,
        names=[(*name.span(), KNOWN[name[0]]) for name in names],
    )


def told_story(key: str, *written: str) -> Story:
    text, parts = bare(written)
    by_number: dict[str, dict[str, Any]] = defaultdict(lambda: {"content": [], "source": [], "cue": []})
    for role, number, start, end in parts:
        by_number[number][role].append((start, end))
    return Story(key=key, text=text, told=[Told(**spans) for spans in by_number.values()], grammar=grammar_of(text))


def named_story(key: str, *written: str) -> Story:
    text, parts = bare(written)
    names = [(start, end, NAME_KINDS[kind]) for kind, _, start, end in parts]
    return Story(key=key, text=text, names=names, grammar=grammar_of(text))


@pytest.fixture(scope="session")
def told() -> list[Story]:
    """Articles with attributions."""
    return [told_story(f"t{n}", written) for n, written in enumerate(TOLD)]


@pytest.fixture(scope="session")
def named() -> list[Story]:
    """Articles with names."""
    return [named_story(f"n{n}", written) for n, written in enumerate(NAMED)]


@pytest.fixture(scope="session")
def long_told() -> Story:
    """One with attributions, too long for one window."""
    return told_story("t", *TOLD, *TOLD)


@pytest.fixture(scope="session")
def long_named() -> Story:
    """One with names, too long for one window."""
    return named_story("n", *NAMED, *NAMED, *NAMED)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two narrow layers, and a vocabulary of letters and a few words."""
    import torch
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("base")
    signs = [*"abcdefghijklmnopqrstuvwxyz.,:;'“”‘’«»„\"`"]
    pieces = ["[PAD]", *(f"[unused{n}]" for n in range(99)), "[UNK]", "[CLS]", "[SEP]", "[MASK]", *signs]
    pieces += [*(f"##{sign}" for sign in signs), "the", "said", "don", "bridge", "har", "##low", "of"]
    tokenizer = Tokenizer(models.WordPiece({piece: n for n, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    size = {"hidden_size": 48, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4}
    torch.manual_seed(5)
    config = BertConfig(vocab_size=len(pieces), max_position_embeddings=256, **size)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tokenizer(base: Path) -> Tokenizer:
    return Tokenizer.from_file(str(base / "tokenizer.json"))
