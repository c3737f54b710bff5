"""Reported and felt: an area is named only where chance leaves no doubt of its side (DESK §20 row 25)."""

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from app.web.rating.gap import (
    FIFTY,
    MEAN,
    Z95,
    GapArea,
    GapLines,
    gap_picture,
    lines_of,
    quadrant,
    which_lines,
)
from app.web.rating.gap_marks import HIGH, SIZE, WIDE, ScoreAxis

SCORES = st.floats(0, 100)
AREAS = st.builds(GapArea, st.text(max_size=3), SCORES, SCORES, st.floats(0, 20))


@given(AREAS, st.builds(GapLines, SCORES, SCORES))
def test_no_quadrant_is_named_where_the_interval_touches_the_line(area: GapArea, lines: GapLines) -> None:
    (dot,) = gap_picture([area], lines, MEAN).dots
    margin = Z95 * float(area.se or 0)
    touches = abs(dot.opinion - lines.opinion) <= margin
    if touches or dot.indicators == lines.indicators:
        assert dot.quadrant == ""
    else:
        is_done, is_felt = dot.indicators > lines.indicators, dot.opinion > lines.opinion
        assert (
            dot.quadrant
            == {
                (True, True): "both",
                (True, False): "reported",
                (False, True): "felt",
                (False, False): "neither",
            }[is_done, is_felt]
        )


@given(SCORES, st.floats(0, 20), st.floats(0, 20))
def test_an_interval_that_crosses_has_no_name_whatever_the_indicators(opinion: float, down: float, up: float) -> None:
    for indicators in (0.0, 100.0):
        assert quadrant(indicators, (opinion - down, opinion + up), GapLines(50, opinion)) == ""


def test_an_interval_that_ends_on_the_line_is_on_neither_side() -> None:
    assert quadrant(80, (50.0, 60.0), GapLines(50, 50)) == ""
    assert quadrant(80, (50.1, 60.0), GapLines(50, 50)) == "both"
    assert quadrant(80, (40.0, 50.0), GapLines(50, 50)) == ""
    assert quadrant(20, (40.0, 49.9), GapLines(50, 50)) == "neither"


def test_lines_stand_at_the_means_of_all_areas_of_all_cities_or_at_50() -> None:
    every = [GapArea("a", 80, 60, 1), GapArea("b", 20, None, None), GapArea("c", None, 40, 1)]
    assert lines_of(every, MEAN) == GapLines(50.0, 50.0)
    assert lines_of(every[:1], MEAN) == GapLines(80.0, 60.0)
    assert lines_of(every[:1], FIFTY) == GapLines(50, 50)
    assert [which_lines(word) for word in ("50", "mean", "", "99")] == [FIFTY, MEAN, MEAN, MEAN]


def test_dots_and_bars_lie_where_their_numbers_do() -> None:
    areas = [GapArea("Health", 80, 70, 1), GapArea("Roads", 80, 50, 1), GapArea("Schools", 90, None, None)]
    picture = gap_picture(areas, GapLines(50, 50), FIFTY)
    health, roads = picture.dots
    assert (health.quadrant, roads.quadrant, picture.without) == ("both", "", ("Schools",))
    assert (picture.across, picture.up) == (ScoreAxis(40, 90), ScoreAxis(40, 80))
    assert (picture.line_x, picture.line_y) == (80, 300)
    mark, other = picture.marks
    assert (mark.x, mark.y, other.y) == (320, 100, 300)
    assert mark.top < mark.y < mark.bottom


@given(st.lists(AREAS, min_size=1, max_size=12), st.builds(GapLines, SCORES, SCORES))
def test_dots_and_numbers_stand_within_the_frame(areas: list[GapArea], lines: GapLines) -> None:
    for mark in gap_picture(areas, lines, MEAN).marks:
        assert all(0 <= each <= SIZE for each in (mark.x, mark.y, mark.top, mark.bottom, mark.label_x, mark.label_y))


def test_numbers_of_dots_that_crowd_stand_apart() -> None:
    areas = [GapArea(str(number), 80 + number / 10, 70 + number / 5, 1) for number in range(6)]
    marks = gap_picture(areas, GapLines(50, 50), FIFTY).marks
    for one, other in combinations(marks, 2):
        assert abs(one.label_x - other.label_x) >= WIDE or abs(one.label_y - other.label_y) >= HIGH
    for one, dot in product(marks, marks):
        assert max(abs(one.label_x - dot.x), abs(one.label_y - dot.y)) > 10
