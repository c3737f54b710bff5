"""Where dots, lines and bars go in the portal's pictures: pure arithmetic, drawn by portal/charts.html as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.publishing.results import CityResult

WIDTH = 1000
"""Units across the drawing; its height and the browser's width do not matter to it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One row of the ranking: the dot, its interval and the total without opinion, in units of WIDTH."""

    dot: int
    left: int
    right: int
    without: int | None


@dataclass(frozen=True, slots=True)
class Axis:
    """The stretch of scores that is drawn, and its round ticks."""

    low: float
    high: float
    ticks: tuple[tuple[int, int], ...]

    def x(self, score: float) -> int:
        """Place a score."""
        return round((score - self.low) / (self.high - self.low) * WIDTH)

    def mark(self, row: CityResult) -> Mark | None:
        """Place a city; None when it has no total."""
        if row.total is None:
            return None
        without = None if row.total_without_opinion is None else self.x(row.total_without_opinion)
        low, high = (row.total if bound is None else bound for bound in (row.low, row.high))
        return Mark(self.x(row.total), self.x(low), self.x(high), without)


def axis(rows: Sequence[CityResult]) -> Axis:
    """Choose an axis with round ends around everything that is drawn."""
    values = [
        value
        for row in rows
        for value in (row.low, row.high, row.total, row.total_without_opinion)
        if value is not None
    ]
    low = int(min(values, default=0) // 10) * 10
    high = min(100, int(max(values, default=100) // 10) * 10 + 10)
    step = 10 if high - low > 20 else 5
    ticks = tuple((score, round((score - low) / (high - low) * WIDTH)) for score in range(low, high + 1, step))
    return Axis(low, high, ticks)


def bar_length(share: float) -> int:
    """Give the length of a bar in units of WIDTH; a share below 0 or above 1 is drawn as that bound."""
    return round(min(1.0, max(0.0, share)) * WIDTH)
