"""The steps of a city's range of places as they are kept and looked up: no arrays, for pages."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple


class PlaceStep(NamedTuple):
    """From a total on, up to the next step, the first and the last place that a city could hold."""

    start: float
    low: int
    high: int


def places_at(steps: Sequence[PlaceStep], total: float) -> tuple[int, int] | None:
    """Look up the first and the last place that a city could hold with a total; None where no steps are known."""
    found = bisect_right(steps, total, key=lambda step: step.start) - 1
    return (steps[found].low, steps[found].high) if found >= 0 else None
