"""The simulated rows of SCORING §8: what each one draws, what it measures, and the limits it is held to."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from scoring.opinion.estimates import AudienceView
from surveys.quality.networks import Origin
from tests.scoring.simulation import (
    Change,
    Coverage,
    attackers,
    change,
    coverage,
    homes,
    honest,
    kept,
    opinion,
    origins,
    patient,
    rotating,
    split,
)

RUNS = 120
STRAIGHT = {5: 0.03, 1: 0.01, 3: 0.02}
"""Honest people who answered everything alike: 3 % all "5", 1 % all "1", 2 % all "3"."""

TIERS = {"verified": 750, "open": 250}
"""The honest people of rows 16 and 17: 75 % verified and 25 % open, as SCORING §6.1 measured the attacks."""

LIMITS = {60: (0.91, 0.97), 120: (0.93, 0.98), 300: (0.93, 0.98), 1000: (0.93, 0.97)}
RATIO = (0.93, 1.15)


class Measured(NamedTuple):
    """One figure and the range it must lie in."""

    name: str
    value: float
    low: float
    high: float
    decimals: int

    @property
    def holds(self) -> bool:
        """Whether the figure lies in its range."""
        return self.low <= self.value <= self.high

    def cells(self) -> str:
        """Give the figure and its limit as cells of a table."""
        above = f"≥ {self.low:g}" if self.low else "none set"
        within = f"{self.low:g} to {self.high:g}" if self.low else f"≤ {self.high:g}"
        return f"{self.name} | {self.value:.{self.decimals}f} | {within if self.high < np.inf else above}"


class Scenario(NamedTuple):
    """One simulation of a row of the list."""

    row: int
    what: str
    measure: Callable[[], tuple[Measured, ...]]


@cache
def measured(scenario: Scenario) -> tuple[Measured, ...]:
    """Run a scenario once."""
    return scenario.measure()


def lines(scenario: Scenario) -> list[str]:
    """Write what came out as rows of a table."""
    return [f"| {scenario.row} | {scenario.what} | {figure.cells()} |" for figure in measured(scenario)]


def _covered(effect: str, n: int) -> tuple[Measured, ...]:
    figures: Coverage = coverage(effect, n)
    return (
        Measured("coverage", figures.coverage, *LIMITS[n], 3),
        Measured("mean SE / true SD", figures.ratio, *RATIO, 3),
    )


def _changed(figures: Change, limits: tuple[float, float, float]) -> tuple[Measured, ...]:
    return tuple(
        Measured(name, value, 0.0, limit, 2)
        for name, value, limit in zip(FIGURES, figures, (*limits, np.inf), strict=True)
    )


FIGURES = ("ΔP", "ΔP of one area", "ΔR at α = 0.25", "ΔP of one area, either way")
Pairs = Iterator[tuple[AudienceView, AudienceView]]


def _runs(row: int, one: Callable[[np.random.Generator], tuple[AudienceView, AudienceView]]) -> Change:
    return change(one(np.random.default_rng((row, run))) for run in range(RUNS))


def _stuffed(profile: str, flat: Mapping[int, float]) -> tuple[Measured, ...]:
    def one(rng: np.random.Generator) -> tuple[AudienceView, AudienceView]:
        people = honest(rng, 1000, flat=flat)
        return opinion(people), opinion(people.plus(attackers(rng, 200, profile, answers="5")))

    return _changed(_runs(15, one), (1.5, 3.0, 0.4))


def _noisy(row: int, profile: str, n: int, sources: int) -> tuple[Measured, ...]:
    def one(rng: np.random.Generator) -> tuple[AudienceView, AudienceView]:
        people = split(rng, TIERS)
        attack = attackers(rng, n, profile, answers="4/5", sources=sources)
        return opinion(people), opinion(people.plus(attack))

    return _changed(_runs(row, one), {16: (0.6, 1.3, 0.15), 17: (1.4, 2.8, 0.35)}[row])


HEADLINE, BESIDE = TIERS, {"open": 1000}
"""Who is honest where a city is in the headline, and where its open answers make the total beside it."""


def _one_network(row: int, profile: str, sizes: Mapping[str, int], places: list[Origin]) -> tuple[Measured, ...]:
    def one(rng: np.random.Generator) -> tuple[AudienceView, AudienceView]:
        people = split(rng, sizes)
        people = people.sent_from(homes(rng, len(people.origins)))
        attack = attackers(rng, len(places), profile, answers="4/5").sent_from(places)
        return opinion(people), opinion(people.plus(attack))

    return _changed(_runs(row, one), (np.inf, np.inf, 0.1 if "verified" in sizes else 0.5))


def _silenced(device: str, days: int, hours: tuple[int, int], city: int, least: float) -> tuple[Measured, ...]:
    runs = [kept(np.random.default_rng((27, n)), device=device, days=days, hours=hours, city=city) for n in range(RUNS)]
    least_kept = min(each.share for each in runs)
    return (
        Measured(
            "share of their weight that the 20 keep, mean", float(np.mean([k.share for k in runs])), least, np.inf, 2
        ),
        Measured("the same, worst of all runs", least_kept, 0.0, np.inf, 2),
    )


def _letters() -> tuple[Measured, ...]:
    people = split(np.random.default_rng(28), {"verified": 30})
    behind_one = people.sent_from(origins((0, 12, "shared", "", f"phone {k}") for k in range(30)))
    (tier,) = opinion(behind_one).tiers
    return (Measured("weight of the 30, in answers", float(tier.sample.n @ tier.sample.base) / 1000, 30.0, 30.0, 0),)


def _harm() -> tuple[Measured, ...]:
    def one(rng: np.random.Generator) -> tuple[AudienceView, AudienceView]:
        people = honest(rng, 1000, flat=STRAIGHT)
        return opinion(people, capped=False), opinion(people)

    return (_changed(_runs(19, one), (0.25, np.inf, np.inf))[0],)


JUNK = (
    ("of one device, in their hours", "one", 4, (9, 17), 100, 0.8),
    ("of one device, in their hours", "one", 4, (9, 17), 1000, 0.8),
    ("without the mark of a device, day and night", "", 4, (0, 24), 1000, 0.8),
    ("with a fresh mark each, on the days after theirs", "fresh {}", -7, (0, 24), 100, 0.8),
    ("with a fresh mark each, on the days after theirs", "fresh {}", -7, (0, 24), 1000, 0.8),
    ("with a fresh mark each, after their hours of each day", "fresh {}", 4, (17, 24), 1000, 0.8),
    ("with a fresh mark each, in their hours", "fresh {}", 4, (9, 17), 1000, 0.0),
)
"""Junk from the network of 20 people: what it is, its mark, days, hours, open answers of the city, what they keep."""


def _network_scenarios() -> Iterator[Scenario]:
    attacks = ((25, "504 noisy answers of one address, 3 an hour for a week", patient()),)
    attacks += ((26, "200 noisy answers over 67 IPv6 /48 of one /32", rotating()),)
    where = (
        ("750 verified and 250 open ones", HEADLINE),
        ("1,000 open ones, in the total beside the headline", BESIDE),
    )
    for row, how, places in attacks:
        for beside, sizes in where:
            for profile in ("mimics", "rarest"):
                what = f"{how}, beside {beside}, {profile}"
                yield Scenario(row, what, lambda a=(row, profile, sizes, places): _one_network(*a))  # type: ignore[misc]
    for how, device, days, hours, city, least in JUNK:
        what = f"480 junk answers {how}, from the network of 20 people, beside {city:,} open ones"
        yield Scenario(27, what, lambda a=(device, days, hours, city, least): _silenced(*a))  # type: ignore[misc]
    yield Scenario(28, "30 holders of letters behind one /24 in one hour", _letters)


def _scenarios() -> Iterator[Scenario]:
    for effect in ("weak", "strong"):
        for n in LIMITS:
            what = f"the published 95 % range, {effect} effect of demography, n = {n}"
            yield Scenario(11, what, lambda effect=effect, n=n: _covered(effect, n))  # type: ignore[misc]
    for how, flat in (("none", {}), ("6 %", STRAIGHT)):
        for profile in ("mimics", "rarest"):
            what = f'200 times "5" throughout beside 1,000 honest people, {how} of whom answer all alike, {profile}'
            yield Scenario(15, what, lambda profile=profile, flat=flat: _stuffed(profile, flat))  # type: ignore[misc]
    for row, n, sources, how in ((16, 100, 5, "from 5 devices"), (17, 50, 0, "unlinked")):
        for profile in ("mimics", "rarest"):
            what = f"{n} noisy answers {how} beside 750 verified and 250 open ones, {profile}"
            yield Scenario(row, what, lambda a=(row, profile, n, sources): _noisy(*a))  # type: ignore[misc]
    yield from _network_scenarios()
    yield Scenario(19, "what the caps do to 1,000 honest people of whom 6 % answer all alike", _harm)


SCENARIOS = tuple(_scenarios())
