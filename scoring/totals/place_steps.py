"""How the range of a city's places depends on its own total, the other cities staying as they are.

The range is a step function of the total: a place is gained or lost where one comparison with a critical value turns.
All its steps are found here, from the draws of `ranks.rank_intervals`, so that a total can be looked up later.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from scoring.opinion.raking import Floats
from scoring.totals.places import PlaceStep
from scoring.totals.ranks import CERTAIN, DRAWS, Bools, critical_value, noise_of

TOP = 100.0
"""The greatest total."""


def place_steps(values: Floats, errors: Floats, *, draws: int = DRAWS) -> list[list[PlaceStep]]:
    """Give the steps of each city for its own totals from 0 to 100, of independent totals with normal errors.

    What `rank_intervals` says with another value of a city is what the step says in which the value lies.
    """
    noise = noise_of(errors, draws)
    return [_steps(_Against(values, errors, noise, city)) for city in range(len(values))]


def _steps(against: "_Against") -> list[PlaceStep]:
    steps: list[PlaceStep] = []
    total = 0.0
    while total <= TOP:
        low, high, turn = against.at(total)
        if not steps or steps[-1][1:] != (low, high):
            steps.append(PlaceStep(total, low, high))
        total = turn
    return steps


class _Against:
    """One city's total against those of the others, whose `spread` is the error of each difference."""

    def __init__(self, values: Floats, errors: Floats, noise: Floats, city: int) -> None:
        others = np.delete(np.arange(len(values)), city)
        self.values, spread = values[others], np.hypot(errors[city], errors[others])
        self.uncertain = spread > CERTAIN
        self.far, self.spread = self.values[self.uncertain], spread[self.uncertain]
        self.simulated = (noise[city] - noise[others[self.uncertain]]) / self.spread[:, None]
        self.ties = [turn for value in self.values.tolist() for turn in (value, float(np.nextafter(value, np.inf)))]
        self.criticals: dict[bytes, tuple[float, list[float]]] = {}

    def at(self, total: float) -> tuple[int, int, float]:
        """Give the first and the last place at a total, and the next greater total at which anything may change."""
        is_clear, turns = self._clear(total)
        is_above = self.values > total
        low = 1 + int((is_clear & is_above).sum())
        high = len(self.values) + 1 - int((is_clear & ~is_above).sum())
        return low, high, min((turn for turn in turns if turn > total), default=np.inf)

    def _clear(self, total: float) -> tuple[Bools, list[float]]:
        """Repeat `ranks._clear_differences` at a total, and list the totals at which a comparison turns out otherwise.

        Where every comparison on the way has the same outcome, so has the whole.
        """
        turns = list(self.ties)
        is_clear: Bools = ~self.uncertain & (total - self.values != 0)
        if not len(self.far):
            return is_clear, turns
        ratio = (total - self.far) / self.spread
        above = below = np.zeros(len(ratio), dtype=bool)
        while True:
            critical, own_turns = self._critical(above, below)
            turns += own_turns
            now_above, now_below = above | (ratio > critical), below | (ratio < -critical)
            if (now_above == above).all() and (now_below == below).all():
                break
            above, below = now_above, now_below
        is_clear[self.uncertain] = above | below
        return is_clear, turns

    def _critical(self, above: Bools, below: Bools) -> tuple[float, list[float]]:
        left = above.tobytes() + below.tobytes()
        if left not in self.criticals:
            critical = critical_value(self.simulated, above, below)
            self.criticals[left] = critical, list(_turns(self.far, self.spread, critical))
        return self.criticals[left]


def _turns(values: Floats, spread: Floats, critical: float) -> Iterator[float]:
    """Give the least totals at which a difference is above a critical value, and no longer below its negative."""
    if not np.isfinite(critical):
        return
    for value, error in zip(values.tolist(), spread.tolist(), strict=True):
        yield _least(value + critical * error, partial(_is_above, value, error, critical))
        yield _least(value - critical * error, partial(_is_not_below, value, error, critical))


def _is_above(value: float, error: float, critical: float, total: float) -> bool:
    return (total - value) / error > critical


def _is_not_below(value: float, error: float, critical: float, total: float) -> bool:
    return (total - value) / error >= -critical


def _least(near: float, holds: Callable[[float], bool]) -> float:
    """Find the least number at which something holds that holds from there on; it is near a number."""
    total = near
    while holds(total):
        total = float(np.nextafter(total, -np.inf))
    while not holds(total):
        total = float(np.nextafter(total, np.inf))
    return total
