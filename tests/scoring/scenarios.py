"""The simulated rows of SCORING §8: what each one draws, what it measures, and the limits it is held to."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from scoring.opinion.estimates import AudienceView
from tests.scoring.simulation import Change, Coverage, attackers, change, coverage, honest, opinion, split

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
        limit = f"{self.low:g} to {self.high:g}" if self.low else f"≤ {self.high:g}"
        return f"{self.name} | {self.value:.{self.decimals}f} | {limit if self.high < np.inf else 'none set'}"


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


def _harm() -> tuple[Measured, ...]:
    def one(rng: np.random.Generator) -> tuple[AudienceView, AudienceView]:
        people = honest(rng, 1000, flat=STRAIGHT)
        return opinion(people, capped=False), opinion(people)

    return (_changed(_runs(19, one), (0.25, np.inf, np.inf))[0],)


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
    yield Scenario(19, "what the caps do to 1,000 honest people of whom 6 % answer all alike", _harm)


SCENARIOS = tuple(_scenarios())
