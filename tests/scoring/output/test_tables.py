"""What is reported with a total: chances of bands, leaders, clipped ranges, and the errors of groups."""

from collections.abc import Mapping
from fractions import Fraction
from statistics import NormalDist

import pytest

from scoring.output.rating import Rating
from scoring.output.tables import band_chances
from scoring.run import rate
from tests.builders.ratings import frame, indicator_rows, make_inputs
from tests.scoring.test_open_tier import AREAS, STANDARD, unweighted

PEOPLE = {1: 150, 5: 150}
"""Points → residents of every city below: the mean is 50, the standard error 50/√299."""

SE = 50 / 299**0.5


def rated(scores: Mapping[str, int], people: Mapping[int, int] | None = None) -> Rating:
    """Rate cities of one score in every area whose residents answer every area alike."""
    answers = PEOPLE if people is None else people
    n, total, total_sq = (sum(count * points**power for points, count in answers.items()) for power in (0, 1, 2))
    sums = [("", n, 0, 0), *((area, n, total, total_sq) for area in AREAS)]
    tables = unweighted([("resident", city, "sex=f", *row, "open", 1000, 0) for city in scores for row in sums])
    values = [row for city, score in scores.items() for row in indicator_rows(STANDARD, city, Fraction(score))]
    return rate(make_inputs(**tables, indicators=frame("indicators", values)), STANDARD)


def test_the_chance_of_a_band_is_that_of_the_true_score_lying_in_it() -> None:
    chances = band_chances(59.5, 1.0)
    assert chances == pytest.approx((0, 0, 0.6915, 0.3085, 0), abs=5e-5)  # SCORING §2: 31 % for band 4
    normal = NormalDist(30, 15)
    edges = [0, *(normal.cdf(edge) for edge in (20, 40, 60, 80)), 1]
    assert band_chances(30.0, 15.0) == pytest.approx([edges[number + 1] - edges[number] for number in range(5)])


@pytest.mark.parametrize(("score", "expected"), [(60.0, (0, 0, 1, 0, 0)), (60.01, (0, 0, 0, 1, 0))])
def test_a_score_without_error_is_in_its_band_for_certain(score: float, expected: tuple[int, ...]) -> None:
    assert band_chances(score, 0.0) == expected


def test_nothing_is_said_of_the_band_of_an_unknown_score() -> None:
    assert band_chances(None, None) == band_chances(50.0, None) == (None,) * 5


def test_only_cities_that_may_be_among_the_first_three_are_said_to_be() -> None:
    rating = rated({"a": 90, "b": 80, "c": 70, "d": 60, "e": 50})
    assert rating.cities["place_low"].tolist() == rating.cities["place_high"].tolist() == [1, 2, 3, 4, 5]
    assert rating.places["could_be_top_3"].tolist() == [1, 1, 1, 0, 0]


def test_cities_without_a_clear_difference_may_all_be_among_the_first_three() -> None:
    rating = rated(dict.fromkeys("abcde", 50))
    assert rating.places["could_be_top_3"].tolist() == [1] * 5
    assert (rating.places["tied_group"].tolist(), rating.cities["place_high"].tolist()) == ([1] * 5, [5] * 5)


def test_the_range_of_a_total_ends_at_0_and_100() -> None:
    low = rated({"a": 0}, {1: 298, 5: 2}).cities.iloc[0]
    high = rated({"a": 100}, {1: 2, 5: 298}).cities.iloc[0]
    assert (low["low"], high["high"]) == (0.0, 100.0)
    assert 0 < low["total"] < low["high"]
    assert high["low"] < high["total"] < 100


def test_without_pairs_the_errors_of_a_group_and_of_a_total_are_those_of_one_area() -> None:
    """All areas have the same error and count as fully dependent, so a mean of areas has that of one of them."""
    rating = rated({"a": 40})
    alpha = 0.3
    assert rating.groups["se"].tolist() == pytest.approx([alpha * SE] * 3)
    assert rating.cities["se"].iloc[0] == pytest.approx(alpha * SE)
