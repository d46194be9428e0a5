"""Measure countries: the set that an article names or has places in, and each toponym's country.

Takes a gold document and its predicted toponyms and countries (ISO 3166-1 alpha-2), gives counts; from the counts of
many, figures. Gold toponyms without a country (continents, seas) and what is predicted on them count neither way. `any`
is every country that some place lies in, `named` the countries mentioned as countries; `named_lenient` also forgives a
country that is in gold through a place inside it, for gold that leaves adjectives out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from pipeline.evaluate.gold import CountriesGold, CountriesPred
from pipeline.evaluate.rates import Counts, Figures, harmonic, prf, prf_of, share

Place = tuple[int, int, str | None]


def counts(gold: CountriesGold, pred: CountriesPred) -> Mapping[str, float]:
    """What one document adds."""
    located = [t[:3] for t in gold.toponyms if t[2]]
    unlocated = [t[:3] for t in gold.toponyms if not t[2]]
    coded = [t for t in pred.toponyms if t[2]]
    kept = [t for t in coded if _touched(t, located) or not _touched(t, unlocated)]
    excused = {t[2] for t in coded} - {t[2] for t in kept}
    return _sets(gold, pred, excused) | _toponyms(gold, pred.toponyms, kept) | _precise(located, kept)


def figures(n: Mapping[str, float]) -> Figures:
    """The figures of added counts."""
    out = prf_of(n, "any") | {"any_macro_f1": share(n["macro"], n["docs"]), "any_exact": share(n["exact"], n["docs"])}
    out |= prf_of(n, "named")
    out |= prf("named_lenient", n["named_right"], n["named_lenient_pred"], n["named_gold"])
    precision, recall = share(n["kept_right"], n["kept"]), share(n["right"], n["toponyms"])
    out["toponyms_found"] = share(n["found"], n["toponyms"])
    out["toponyms_accuracy_where_found"] = share(n["right"], n["found"])
    out |= {
        f"toponyms_right_{kind}": share(n[f"right_{kind}"], n[f"toponyms_{kind}"]) for kind in ("country", "inside")
    }
    return out | {
        "toponyms_precision": precision,
        "toponyms_recall": recall,
        # of the two rates as printed, so that the last digit is the one that the definition gives
        "toponyms_f1": harmonic(round(precision, 4), round(recall, 4)),
    }


def _sets(gold: CountriesGold, pred: CountriesPred, excused: set[str | None]) -> Figures:
    """The document's countries; what was predicted only on toponyms without a country is no fault."""
    want, named = gold.countries, gold.countries_named
    said = pred.countries if pred.countries is not None else {t[2] for t in pred.toponyms if t[2]}
    said = said - (excused - want)
    said_named = (said if pred.countries_named is None else pred.countries_named) - (excused - want)
    return {
        "docs": 1,
        "exact": int(said == want),
        "macro": share(2 * len(said & want), len(said) + len(want)) if said or want else 1,
        "any_right": len(said & want),
        "any_pred": len(said),
        "any_gold": len(want),
        "named_right": len(said_named & named),
        "named_pred": len(said_named),
        "named_lenient_pred": len(said_named - (want - named)),
        "named_gold": len(named),
    }


def _toponyms(gold: CountriesGold, places: Iterable[Place], kept: list[Place]) -> Counts:
    n: Counts = Counter()
    for start, end, code, kind, _ in gold.toponyms:
        if code:
            here = (start, end, code)
            right = int(code in {t[2] for t in _touched(here, kept)})
            n.update({"toponyms": 1, f"toponyms_{kind}": 1, "right": right, f"right_{kind}": right})
            n["found"] += bool(_touched(here, places))
    return n


def _precise(located: list[Place], kept: list[Place]) -> Figures:
    return {"kept": len(kept), "kept_right": sum(t[2] in {g[2] for g in _touched(t, located)} for t in kept)}


def _touched(place: Place, places: Iterable[Place]) -> list[Place]:
    return [other for other in places if place[0] < other[1] and other[0] < place[1]]
