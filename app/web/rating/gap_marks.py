"""Where the picture of reported and felt puts its dots, bars and numbers, in units of the picture.

Scores lie close together as a rule, so each axis shows the tens that they need and no more; numbers stand beside the
dots where nothing else is, farther away and with a thin line where dots crowd.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import ceil, floor
from typing import NamedTuple

SIZE = 400
"""Units of the picture, across and down."""
ROOM = 20
"""Points that an axis shows at least."""
DISTANCES = (15, 27, 39, 51, 63)
TURNS = ((1, 0), (-1, 0), (0.7, -0.7), (-0.7, -0.7), (0.7, 0.7), (-0.7, 0.7), (0, -1), (0, 1))
"""How far from its dot a number may stand, and on which sides, the best first."""
WIDE, HIGH, EDGE = 18, 16, 4
"""What a number takes, and how near to the frame it comes."""


class ScoreAxis(NamedTuple):
    """The scores between which an axis runs, in whole tens."""

    low: int
    high: int

    def place(self, score: float) -> int:
        """Place a score along the axis; what lies beyond stands at its end."""
        inside = min(max(score, self.low), self.high)
        return round((inside - self.low) / (self.high - self.low) * SIZE)


class GapMark(NamedTuple):
    """A dot of the picture with its bar and its number."""

    number: int
    x: int
    y: int
    top: int
    bottom: int
    is_told: bool
    label_x: int
    label_y: int
    is_far: bool
    """Whether a thin line joins the number and its dot."""


Scored = tuple[int, float, float, float, float, bool]
"""A dot's number, indicators, opinion with the ends of its range, and whether it can be told."""


class Box(NamedTuple):
    """A part of the picture that is taken."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Tell whether two parts lie over one another."""
        is_beside = self.left >= other.right or other.left >= self.right
        return not is_beside and self.top < other.bottom and other.top < self.bottom


def axis_of(scores: Iterable[float]) -> ScoreAxis:
    """Make an axis on which all scores lie, with some room beside them, within 0 to 100."""
    known = list(scores)
    low, high = floor((min(known) - 3) / 10) * 10, ceil((max(known) + 3) / 10) * 10
    while high - low < ROOM:
        low, high = low - 10, high + 10
    return ScoreAxis(max(0, low), min(100, high))


def marks_of(dots: Sequence[Scored], across: ScoreAxis, up: ScoreAxis) -> Iterator[GapMark]:
    """Place dots and find room for their numbers."""
    bare = [_bare(dot, across, up) for dot in dots]
    taken = [Box(mark.x - 6, mark.y - 6, mark.x + 6, mark.y + 6) for mark in bare]
    taken += [Box(mark.x - 3, mark.top, mark.x + 3, mark.bottom) for mark in bare]
    for mark in bare:
        x, y, distance = _room(mark.x, mark.y, taken)
        taken.append(_box(x, y))
        yield mark._replace(label_x=x, label_y=y, is_far=distance > DISTANCES[0])


def _bare(dot: Scored, across: ScoreAxis, up: ScoreAxis) -> GapMark:
    number, indicators, opinion, low, high, is_told = dot
    x, y = across.place(indicators), SIZE - up.place(opinion)
    top, bottom = SIZE - up.place(high), SIZE - up.place(low)
    return GapMark(number, x, y, top, bottom, is_told, x, y, is_far=False)


def _room(x: int, y: int, taken: Sequence[Box]) -> tuple[int, int, int]:
    """Find where a number stands free, the nearest first; where nothing is free, what lies over the fewest things."""
    found = []
    for distance, (right, down) in product(DISTANCES, TURNS):
        at = (round(x + distance * right), round(y + distance * down), distance)
        if EDGE + WIDE / 2 <= at[0] <= SIZE - EDGE - WIDE / 2 and EDGE + HIGH / 2 <= at[1] <= SIZE - EDGE - HIGH / 2:
            found.append((sum(_box(*at[:2]).meets(each) for each in taken), distance, at))
    return min(found, key=lambda each: each[:2])[2] if found else (x, y, 0)


def _box(x: float, y: float) -> Box:
    return Box(x - WIDE / 2, y - HIGH / 2, x + WIDE / 2, y + HIGH / 2)
