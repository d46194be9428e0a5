"""Which country a place lies in: Paris, Texas or Paris, France.

Takes an article's toponyms in order, gives each its country with the reason and what else it could have been. Larger
places are likelier; the countries and states that the article speaks of otherwise make theirs likelier still; "Paris,
Texas" settles it for the whole article. After the context-bound hypotheses of Kamalloo and Rafiei (A Coherent
Unsupervised Model for Toponym Resolution, WWW 2018), with states as the unit where states bear names.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import sqrt

from pipeline.entities.gazetteer import Candidate, candidates, is_street, place_key
from pipeline.records import MentionForm

SIZE = 0.7  # a place's chance grows with this power of its people
COUNTRY, REGION = 30_000_000, 2_000_000  # people, as many are counted for a country or region by name
NAMED, MOST = 3.0, 7.0  # how much likelier: the article names the country; and nothing but it
NEAR, SAME_STATE = 10.0, 40.0  # the article names another place in the country; one in the same state
KNOWN = 3_000  # people: a smaller place says less of the others
ROUNDS = 3
SMALL = 20_000  # people: the only place of a name is believed without other evidence from here on
ENOUGH = 0.9  # names of places in a state, by their chances: so many make a country's name a town's there
STATES = frozenset({"USA", "CAN", "AUS", "GBR"})  # countries whose states places.tsv keeps apart
SHOWN = 5  # candidates that are kept beside the chosen one


@dataclass(frozen=True, kw_only=True)
class Toponym:
    """A place or country in an article."""

    start: int
    end: int
    text: str
    code: str = ""  # the country that it is, or that the list of countries says it lies in
    is_country: bool = False  # surely the country itself
    is_shared: bool = False  # a country, or a state of the same name
    is_part: bool = False  # of a body's name
    is_government: bool = False  # a capital that stands for it
    form: MentionForm = "name"  # how the country is named, where it is one

    @property
    def can_be_place(self) -> bool:
        """Whether a place can bear the name: no demonym or abbreviation."""
        return self.form in {"name", "capital"}


@dataclass(frozen=True, kw_only=True)
class Located:
    """The country of a toponym."""

    code: str = ""  # ISO 3166-1 alpha-3; empty where the place is not known
    is_country: bool = False  # it is the country itself
    reason: str = ""  # country, behind-it, only-one, same-state, near-others, country-named, largest; empty: not known
    is_small: bool = False  # a place of few people: "Justice" of Justice Department is not meant
    candidates: tuple[str, ...] = ()  # all that it could be, the likeliest first: "FRA", "USA-TX"


@dataclass(eq=False)
class _Sense:
    """What one name means throughout the article."""

    among: tuple[Candidate, ...]
    is_settled: bool = False  # by what stands behind it
    is_evidence: bool = True  # the list knows it, so it says something of the others
    chances: list[float] = field(default_factory=list)  # of each candidate

    @property
    def best(self) -> int:
        return max(range(len(self.among)), key=self.chances.__getitem__)

    @property
    def weight(self) -> float:
        """How much it says of the other names."""
        people = self.among[self.best].people
        return max(self.chances) * min(1.0, sqrt(people / KNOWN)) if self.is_evidence else 0.0


@dataclass(frozen=True)
class _Spoken:
    """What the article speaks of: countries by name, and for each country and state the chances of places in it."""

    named: Mapping[str, Counter[str]]  # code -> the names that it is called by
    gains: Mapping[str, float]  # code -> how much likelier that makes places in it
    near: dict[str, float]
    states: dict[tuple[str, str], float]

    def likelier(self, one: Candidate, own: Candidate, weight: float) -> dict[str, float]:
        """How much likelier each kind of evidence makes a candidate; `own` is what the name itself adds to it."""
        near = self.near[one.code] - weight * (one.code == own.code)
        state = self.states[one.code, one.state] - weight * ((one.code, one.state) == (own.code, own.state))
        return {
            "same-state": SAME_STATE * min(1.0, state) if one.state else 0.0,
            "near-others": NEAR * min(1.0, near),
            "country-named": self.gains.get(one.code, 0.0),
        }


def located(text: str, toponyms: Sequence[Toponym]) -> list[Located]:
    """The country of each toponym, in order."""
    settled = _settled(text, toponyms)
    keyed = [(_key(one, at, settled), one) for at, one in enumerate(toponyms)]
    senses = {key: _Sense(_among(one)) for key, one in keyed if not one.is_country} | settled
    senses = {key: sense for key, sense in senses.items() if sense.among}
    named: dict[str, Counter[str]] = defaultdict(Counter)
    for key, one in keyed:
        if (one.is_country and key not in settled) or one.is_government:
            named[one.code][key] += 1
    spoken = _spoken(senses, named)
    senses |= {
        key: _Sense((town,), is_settled=True, chances=[1.0])
        for key, one in keyed
        if one.is_country and one.can_be_place and key not in settled and (town := _town(one, spoken))
    }
    alone = {key for key, one in keyed if not one.is_part}
    found = [(key, one, _located(one, senses.get(key), spoken)) for key, one in keyed]
    return [Located() if one.is_part and key not in alone and at.is_small else at for key, one, at in found]


def _key(one: Toponym, at: int, settled: Mapping[str, _Sense]) -> str:
    """What a toponym shares its sense by: its name, or its place in the article where something stands behind it."""
    name = place_key(one.text)
    own = f"{name} {at}"
    return own if own in settled else name if one.can_be_place else f"{name} {one.form}"


def _town(one: Toponym, spoken: _Spoken) -> Candidate | None:
    """The town that bears a country's name, where the article speaks of its state and of no country but the state's."""
    if any(code != one.code and code not in STATES for code in spoken.named) or spoken.near[one.code]:
        return None
    if set(spoken.named[one.code]) != {place_key(one.text)}:
        return None
    found = (c for c in candidates(one.text) if c.state and spoken.states[c.code, c.state] >= ENOUGH)
    return max(found, key=lambda c: spoken.states[c.code, c.state], default=None)


def _among(one: Toponym) -> tuple[Candidate, ...]:
    """What a toponym could be: the places of its name, and what the list of countries says."""
    found = candidates(one.text)
    if one.is_shared:
        return (Candidate(code=one.code, state="", people=COUNTRY, is_country=True), *found)
    if one.code:
        listed = [replace(other, people=max(other.people, REGION)) for other in found if other.code == one.code]
        own = listed or [Candidate(code=one.code, state="", people=REGION, is_region=True)]
        return (*own[:1], *(other for other in found if other.code != one.code))
    return found


def _settled(text: str, toponyms: Sequence[Toponym]) -> dict[str, _Sense]:
    """Names with what they lie in behind them, "Paris, Texas": by name for the article, by place where they differ."""
    senses: dict[str, _Sense] = {}
    for at, (one, behind) in enumerate(pairwise(toponyms)):
        if text[one.end : behind.start] != ", " or not one.can_be_place:
            continue
        name = place_key(one.text)
        sense = _inside(one, behind)
        if sense and name != place_key(behind.text):
            senses[name if senses.get(name, sense).among == sense.among else f"{name} {at}"] = sense
    return senses


def _inside(one: Toponym, behind: Toponym) -> _Sense | None:
    """The places of a name that lie in what stands behind it; what stands there, where the name is not known."""
    among = candidates(one.text)
    regions = () if behind.is_country else tuple(r for r in _among(behind) if r.is_region or r.is_country)
    if inside := tuple(c for c in among if _is_in(c, behind, regions)):
        return _Sense(inside, is_settled=True)
    if among or one.code or is_street(one.text):
        return None
    country = (Candidate(code=behind.code, state="", people=COUNTRY),) if behind.is_country else ()
    return _Sense(country or regions, is_settled=True, is_evidence=False) if country or regions else None


def _is_in(one: Candidate, behind: Toponym, regions: Iterable[Candidate]) -> bool:
    if behind.is_country:
        return one.code == behind.code
    return any(one.code == r.code and (one.state == r.state or not r.state) for r in regions)


def _spoken(senses: Mapping[str, _Sense], named: Mapping[str, Counter[str]]) -> _Spoken:
    """Weigh the candidates of each name in rounds: by size, then by what the other names seem to be."""
    total = sum(names.total() for names in named.values())
    gains = {code: NAMED + MOST * names.total() / total for code, names in named.items()}
    for sense in senses.values():
        sense.chances = _shares([one.people**SIZE for one in sense.among])
    for _ in range(ROUNDS):
        spoken = _Spoken(named, gains, defaultdict(float), defaultdict(float))
        for sense in senses.values():
            best, weight = sense.among[sense.best], sense.weight
            spoken.near[best.code] += weight
            spoken.states[best.code, best.state] += weight
        for sense in senses.values():
            best, weight = sense.among[sense.best], sense.weight
            times = (1 + sum(spoken.likelier(one, best, weight).values()) for one in sense.among)
            sense.chances = _shares([one.people**SIZE * n for one, n in zip(sense.among, times, strict=True)])
    return spoken


def _shares(weights: list[float]) -> list[float]:
    total = sum(weights)
    return [weight / total for weight in weights]


def _located(one: Toponym, sense: _Sense | None, spoken: _Spoken) -> Located:
    if one.is_country and not (sense and sense.is_settled):
        return Located(code=one.code, is_country=True, reason="country")
    if sense is None:
        return Located()
    order = sorted(range(len(sense.among)), key=lambda at: (-sense.chances[at], at))
    best, shown = sense.among[order[0]], (sense.among[at] for at in order[:SHOWN])
    could_be = tuple(c.code + (c.state and f"-{c.state}") for c in shown)
    reason = _reason(sense, best, spoken)
    if not reason:
        return Located(candidates=could_be)
    return Located(
        code=best.code,
        is_country=best.is_country or (one.is_government and best.code == one.code),
        reason=reason,
        is_small=best.people < SMALL,
        candidates=could_be,
    )


def _reason(sense: _Sense, best: Candidate, spoken: _Spoken) -> str:
    """Why this place is believed; empty where it is small and nothing else in the article speaks for it."""
    if sense.is_settled:
        return "behind-it"
    gains = spoken.likelier(best, best, sense.weight)
    reason = max(gains, key=lambda name: gains[name])
    if gains[reason] < 1 and best.people < SMALL and not best.is_country:
        return ""
    if all(other.code == best.code for other in sense.among):
        return "only-one"
    return reason if gains[reason] >= 1 else "largest"
