"""Reported and felt: each area of a city as a dot, with the 95 % range of its opinion, against two lines.

An area is named only where its whole range lies on one side of the line of opinion and its indicators lie beside
theirs; elsewhere it cannot be told. Portal and console draw the same picture (shared/gap.html).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import NormalDist, fmean
from typing import NamedTuple

from app.publishing.bundle import Bundle
from app.web.language import _, _l, listed, pick
from app.web.rating.gap_marks import SIZE, GapMark, ScoreAxis, axis_of, marks_of

Z95 = NormalDist().inv_cdf(0.975)
FIFTY, MEAN = "50", "mean"
"""Where the lines stand: at 50, or at the mean of all areas of all cities."""

QUADRANTS = {
    "both": _l("done and felt"),
    "reported": _l("done, not felt"),
    "felt": _l("felt, not reported"),
    "neither": _l("neither done nor felt"),
}
CANNOT_BE_TOLD = _l("cannot be told")


class GapArea(NamedTuple):
    """An area of a city: what its indicators and its people say, 0 to 100, and the error of the second."""

    name: str
    indicators: float | None
    opinion: float | None
    se: float | None


class GapLines(NamedTuple):
    """Where the two lines stand."""

    indicators: float
    opinion: float


class GapDot(NamedTuple):
    """An area in the picture and in its table."""

    number: int
    name: str
    indicators: float
    opinion: float
    low: float
    high: float
    quadrant: str
    """A key of QUADRANTS; empty where it cannot be told."""

    @property
    def words(self) -> str:
        """Name the quadrant, or say that it cannot be told."""
        return str(QUADRANTS.get(self.quadrant, CANNOT_BE_TOLD))


@dataclass(frozen=True, slots=True)
class GapPicture:
    """The picture, its table and its sentence."""

    lines: GapLines
    at: str
    """MEAN or FIFTY."""
    dots: tuple[GapDot, ...]
    without: tuple[str, ...]
    """Areas of which indicators or people say nothing."""

    @property
    def across(self) -> ScoreAxis:
        """Give the axis of indicators."""
        return axis_of([self.lines.indicators, *(dot.indicators for dot in self.dots)])

    @property
    def up(self) -> ScoreAxis:
        """Give the axis of opinion."""
        return axis_of([self.lines.opinion, *(end for dot in self.dots for end in (dot.low, dot.high))])

    @property
    def line_x(self) -> int:
        """Place the line of indicators."""
        return self.across.place(self.lines.indicators)

    @property
    def line_y(self) -> int:
        """Place the line of opinion."""
        return SIZE - self.up.place(self.lines.opinion)

    @property
    def marks(self) -> tuple[GapMark, ...]:
        """Place the dots, their bars and their numbers."""
        dots = [(dot.number, *dot[2:6], bool(dot.quadrant)) for dot in self.dots]
        return tuple(marks_of(dots, self.across, self.up))

    @property
    def sentence(self) -> str:
        """Say in words what the picture shows."""
        parts = []
        for key, words in (*QUADRANTS.items(), ("", CANNOT_BE_TOLD)):
            names = [dot.name for dot in self.dots if dot.quadrant == key]
            if names:
                parts.append(_("%(what)s: %(areas)s", what=words, areas=listed(names)))
        return "; ".join(parts)


def gap_picture(areas: Sequence[GapArea], lines: GapLines, at: str) -> GapPicture:
    """Draw a city's areas."""
    known = [each for each in areas if None not in each[1:]]
    return GapPicture(
        lines,
        at,
        tuple(_dot(number, each, lines) for number, each in enumerate(known, 1)),
        tuple(each.name for each in areas if each not in known),
    )


def quadrant(indicators: float, opinion: tuple[float, float], lines: GapLines) -> str:
    """Name where an area lies by its indicators and the two ends of its opinion's range; "" where it cannot be told.

    A range that touches the line has no side, nor have indicators that lie on theirs.
    """
    low, high = opinion
    is_felt, is_unfelt = low > lines.opinion, high < lines.opinion
    is_done, is_undone = indicators > lines.indicators, indicators < lines.indicators
    sides = {
        "both": is_done and is_felt,
        "reported": is_done and is_unfelt,
        "felt": is_undone and is_felt,
        "neither": is_undone and is_unfelt,
    }
    return next((name for name, holds in sides.items() if holds), "")


def lines_of(all_areas: Sequence[GapArea], at: str) -> GapLines:
    """Put the lines at 50, or at the means of all areas of all cities."""
    if at == FIFTY:
        return GapLines(50, 50)
    means = [_mean([each[column] for each in all_areas]) for column in (1, 2)]
    return GapLines(*means)


def which_lines(asked: str) -> str:
    """Read from an address where the lines are to stand."""
    return FIFTY if asked == FIFTY else MEAN


def gap_of_bundle(bundle: Bundle, city: str, at: str) -> GapPicture | None:
    """Draw a city of a publication; None where there is nothing to draw."""
    names = {area.code: pick(area.name) for area in bundle.areas}
    rows = [(row.city, row.area, row.indicators, row.opinion, row.opinion_se) for row in bundle.area_results]
    every = [(of, GapArea(names[area], *numbers)) for of, area, *numbers in rows]
    order = {name: number for number, name in enumerate(names.values())}
    own = sorted((each for of, each in every if of == city), key=lambda each: order[each.name])
    picture = gap_picture(own, lines_of([each for _of, each in every], at), at)
    return picture if picture.dots else None


def _dot(number: int, area: GapArea, lines: GapLines) -> GapDot:
    indicators, opinion, se = (float(each or 0) for each in area[1:])
    low, high = opinion - Z95 * se, opinion + Z95 * se
    return GapDot(
        number, area.name, indicators, opinion, max(0, low), min(100, high), quadrant(indicators, (low, high), lines)
    )


def _mean(values: Sequence[float | str | None]) -> float:
    numbers = [each for each in values if isinstance(each, int | float)]
    return float(Decimal(repr(fmean(numbers))).quantize(Decimal("0.1"), ROUND_HALF_UP)) if numbers else 50.0
