"""Measure names: person, organisation, location, nationality or group (norp).

Takes a gold document and its predicted names, gives counts; from the counts of many, figures: the same span and class
(precision, recall, F1), any overlap of the same class, and the distinct names of each document, which is what a table
of people or organisations holds. Annotation schemes differ on the edges of a name, so both sides lose "the", "'s",
white space and quotation marks first.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from pipeline.evaluate.gold import EntitiesGold, EntitiesPred
from pipeline.evaluate.rates import Counts, Figures, prf, prf_of

Name = tuple[int, int, str]

LABELS = {
    "person": "PER PERSON Person",
    "organisation": "ORG ORGANIZATION Organization",
    "location": "FAC FACILITY Facility GPE LOC LOCATION Location",
    "norp": "NORP Norp",
}
CLASSES = tuple(LABELS)
CLASS_OF = {label: kind for kind, labels in LABELS.items() for label in labels.split()}  # other labels do not count
LEADING = " \t\r\n\"'“”‘’.,;:()"
TRAILING = ' \t\r\n"“”‘,;:('
ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
POSSESSIVE = ("'s", "’s", "'", "’")
SPACES = re.compile(r"\s+")


def counts(gold: EntitiesGold, pred: EntitiesPred) -> Counts:
    """What one document adds."""
    n: Counts = Counter()
    want, got = names(gold.text, gold.entities), names(gold.text, pred.entities)
    for kind in CLASSES:
        mine, theirs = [x for x in want if x[2] == kind], [x for x in got if x[2] == kind]
        n.update(_compared(kind, mine, theirs))
        n.update(_strings(kind, gold.text, mine, theirs))
        if gold.region:
            n.update(_compared(f"region_{gold.region}", mine, theirs))
    n.update(_compared("any", want, got))
    n["any_right"] = len({x[:2] for x in want} & {x[:2] for x in got})  # a right span of a wrong class counts too
    return n


def figures(n: Mapping[str, float]) -> Figures:
    """The figures of added counts."""
    n = Counter({**n, **_micro(n)})
    out: Figures = {}
    for kind in ("micro", *CLASSES, "any"):
        out |= prf_of(n, kind)
        out |= prf(f"{kind}_overlap", n[f"{kind}_overlap"], n[f"{kind}_pred"], n[f"{kind}_gold"])
        if kind != "any":
            out[f"{kind}_names_f1"] = prf_of(n, f"{kind}_names")[f"{kind}_names_f1"]
    for region in sorted({key.rpartition("_")[0] for key in n if key.startswith("region_")}):
        out[f"{region}_f1"] = prf_of(n, region)[f"{region}_f1"]
    return out


def names(text: str, entities: Sequence[Name]) -> list[Name]:
    """The names of the four classes without what schemes differ on, in order, each once."""
    bare = {(*trimmed(text, start, end), CLASS_OF[label]) for start, end, label in entities if label in CLASS_OF}
    return sorted(name for name in bare if name[0] < name[1])


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without leading article and marks, trailing possessive and marks."""
    before = None
    while before != (start, end) and start < end:
        before = (start, end)
        start = end - len(text[start:end].lstrip(LEADING))
        end -= next((len(mark) for mark in POSSESSIVE if text[start:end].endswith(mark)), 0)
        end = start + len(text[start:end].rstrip(TRAILING))
        if (article := ARTICLE.match(text, start, end)) and article.end() < end:
            start = article.end()
    return start, end


def n_overlapping(gold: Sequence[Name], pred: Sequence[Name]) -> int:
    """How many names overlap one to one; the pairs that share the most characters first."""
    pairs = [
        (max(g[0], p[0]) - min(g[1], p[1]), abs(g[0] - p[0]) + abs(g[1] - p[1]), i, j)
        for i, g in enumerate(gold)
        for j, p in enumerate(pred)
        if g[0] < p[1] and p[0] < g[1]
    ]
    ours, theirs = set(), set()
    for _, _, i, j in sorted(pairs):
        if i not in ours and j not in theirs:
            ours.add(i)
            theirs.add(j)
    return len(ours)


def _compared(kind: str, gold: Sequence[Name], pred: Sequence[Name]) -> dict[str, int]:
    n = {"gold": len(gold), "pred": len(pred), "right": len({*gold} & {*pred}), "overlap": n_overlapping(gold, pred)}
    return {f"{kind}_{key}": value for key, value in n.items()}


def _strings(kind: str, text: str, gold: Sequence[Name], pred: Sequence[Name]) -> dict[str, int]:
    want, got = ({SPACES.sub(" ", text[x[0] : x[1]]).casefold() for x in side} for side in (gold, pred))
    n = {"gold": len(want), "pred": len(got), "right": len(want & got)}
    return {f"{kind}_names_{key}": value for key, value in n.items()}


def _micro(n: Mapping[str, float]) -> Figures:
    keys = [f"{part}{key}" for part in ("", "names_") for key in ("gold", "pred", "right")] + ["overlap"]
    return {f"micro_{key}": sum(n[f"{kind}_{key}"] for kind in CLASSES) for key in keys}
