"""Measure quotations: content, source and cue.

Takes a gold document and its predicted quotations, gives counts; from the counts of many, figures. A predicted content
stands for the gold one with which it shares at least half of all their words. Its source is right when it shares an
identifying word with gold's and has few words besides: then who said what is right. `speech_alone` looks at the act of
speech only: as much of what is called speech is speech by that source.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from pipeline.evaluate.gold import GoldQuote, QuotesGold, QuotesPred, Spans
from pipeline.evaluate.rates import WORD, Counts, Figures, overlap, prf, prf_of, share, words
from pipeline.text.words import word_list

KINDS = ("direct", "mixed", "indirect")
ACTS = ("speech", "other")
# Words of a source that do not tell whose words are reported.
UNTELLING = re.compile(
    r"(?:an?|and|as|at|by|for|from|her|his|in|its|my|of|on|or|our|s|that|the|their|these|this|those|to|who|with)",
    re.IGNORECASE,
)


def counts(gold: QuotesGold, pred: QuotesPred) -> Counts:
    """What one document adds."""
    said, found = [words(gold.text, q.content) for q in gold.quotes], [words(gold.text, q.content) for q in pred.quotes]
    pairs = paired(said, found)
    n = _tokens(gold, pred)
    for name, right in (("strict", _equal(said, found)), ("soft", len(pairs))):
        n.update(
            {f"content_{name}_right": right, f"content_{name}_pred": len(found), f"content_{name}_gold": len(said)}
        )
    for i, quote in enumerate(gold.quotes):
        source = pred.quotes[pairs[i]].source if i in pairs else None
        right = bool(quote.source) and i in pairs and same_source(gold.text, quote.source, source)
        row = {"gold": True, "found": i in pairs, "sourced": bool(quote.source), "right": right}
        row["sourced_found"] = row["sourced"] and row["found"]
        for name in (quote.type, act(gold.text, quote)):
            n.update({f"{name}_{key}": int(value) for key, value in row.items()})
        if right and pred.quotes[pairs[i]].act == act(gold.text, quote) == "speech":
            n["speech_alone_right"] += 1
    sourceless = {j for i, j in pairs.items() if not gold.quotes[i].source}
    n["speech_alone_pred"] = sum(q.act == "speech" for j, q in enumerate(pred.quotes) if j not in sourceless)
    return n


def figures(n: Mapping[str, float]) -> Figures:
    """The figures of added counts."""
    total = {key: sum(n[f"{kind}_{key}"] for kind in KINDS) for key in ("right", "sourced", "found", "sourced_found")}
    # A quotation found that has no source in gold is neither right nor wrong.
    pred = n["content_soft_pred"] - (total["found"] - total["sourced_found"])
    who = {"who_said_what_right": total["right"], "who_said_what_pred": pred, "who_said_what_gold": total["sourced"]}
    out = prf_of(who, "who_said_what")
    if n["speech_alone_pred"]:  # predictions that tell their acts
        out |= prf("speech_alone", n["speech_alone_right"], n["speech_alone_pred"], n["speech_sourced"])
    for name in ("content_soft", "content_strict", "content_tokens", "source_tokens", "cue_tokens"):
        out |= prf_of(n, name)
    for name in (*KINDS, *ACTS):
        out[f"{name}_found"] = share(n[f"{name}_found"], n[f"{name}_gold"])
        out[f"{name}_speaker_accuracy"] = share(n[f"{name}_right"], n[f"{name}_sourced_found"])
        out[f"{name}_end_to_end"] = share(n[f"{name}_right"], n[f"{name}_sourced"])
    return out | {"speaker_accuracy": share(total["right"], total["sourced_found"])}


def paired(gold: Sequence[frozenset[int]], pred: Sequence[frozenset[int]], least: float = 0.5) -> dict[int, int]:
    """One-to-one pairs, gold index to predicted index, best overlap first, each of at least `least`."""
    holders: dict[int, list[int]] = {}  # by word: only contents that share one are compared
    for j, content in enumerate(pred):
        for word in content:
            holders.setdefault(word, []).append(j)
    touching = {(i, j) for i, content in enumerate(gold) for word in content for j in holders.get(word, ())}
    pairs: dict[int, int] = {}
    taken = set()
    for degree, i, j in sorted((-overlap(gold[i], pred[j]), i, j) for i, j in touching):
        if -degree >= least and i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def same_source(text: str, gold: Spans, pred: Spans | None) -> bool:
    """Whether a predicted source names the gold one without swallowing much else."""
    want, got = words(text, gold), words(text, pred)
    return bool((_telling(text, gold) or want) & got) and len(got - want) <= max(5, len(want))


def act(text: str, quote: GoldQuote) -> str:
    """Speech where the cue holds a word of saying or writing; else other."""
    return "speech" if _speech().search(" ".join(text[start:end] for start, end in quote.cue)) else "other"


def _telling(text: str, spans: Spans) -> frozenset[int]:
    found = (m for start, end in spans for m in WORD.finditer(text, start, end))
    return frozenset(m.start() for m in found if not UNTELLING.fullmatch(m[0]))


def _tokens(gold: QuotesGold, pred: QuotesPred) -> Counts:
    n: Counts = Counter()
    for role in ("content", "source", "cue"):
        want = words(gold.text, [span for q in gold.quotes for span in getattr(q, role)])
        got = words(gold.text, [span for q in pred.quotes for span in getattr(q, role) or ()])
        n.update({f"{role}_tokens_right": len(want & got), f"{role}_tokens_pred": len(got)})
        n[f"{role}_tokens_gold"] = len(want)
    return n


def _equal(gold: Sequence[frozenset[int]], pred: Sequence[frozenset[int]]) -> int:
    return (Counter(filter(None, gold)) & Counter(pred)).total()


@cache
def _speech() -> re.Pattern[str]:
    listed = "|".join(re.escape(word).replace(r"\*", r"\w*") for (word,) in word_list("evaluate", "speech"))
    return re.compile(rf"\b(?:{listed})\b|^\s*:", re.IGNORECASE)
