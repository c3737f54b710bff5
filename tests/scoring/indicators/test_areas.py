"""Formulas (1)-(4), clipping, and the difference between a missing value and a No."""

from fractions import Fraction

import pytest

from scoring.edition import Edition, Indicator, load_edition
from scoring.errors import FrameError
from scoring.indicators.areas import CityIndicators, city_indicators
from scoring.indicators.values import score_value

NAME = ("а", "а", "a")


def indicator(method: str, low: int | None = None, high: int | None = None, per: int = 1) -> Indicator:
    bounds = {"low": None if low is None else Fraction(low), "high": None if high is None else Fraction(high)}
    return Indicator(code="x", area="hlt", method=method, name=NAME, unit=NAME, per=per, **bounds)


@pytest.mark.parametrize(
    ("measured", "value", "score", "flag"),
    [
        (indicator("yes_no"), "1", "100", ""),
        (indicator("yes_no"), "0", "0", ""),
        (indicator("percentage"), "45.5", "45.5", ""),
        (indicator("percentage"), "104", "100", "above_100"),
        (indicator("percentage"), "-3", "0", "below_0"),
        (indicator("ratio"), "1/3", "100/3", ""),
        (indicator("ratio"), "4/3", "100", "above_100"),
        (indicator("measured", 70, 80), "75", "50", ""),
        (indicator("measured", 70, 80), "81", "100", "above_100"),
        (indicator("measured", 200, 0), "50", "75", ""),
        (indicator("measured", 200, 0), "201", "0", "below_0"),
        (indicator("measured", 2000, 0, 100_000), "1/200", "75", ""),
    ],
)
def test_a_value_is_scored_by_its_method_and_clipped(measured: Indicator, value: str, score: str, flag: str) -> None:
    scored = score_value(measured, Fraction(value))
    assert (scored.score, scored.flag, scored.value) == (Fraction(score), flag, Fraction(value))


def health(standard: Edition, *statuses: str) -> CityIndicators:
    """Give a city with the ten health indicators by their statuses: a number is a reported percentage."""
    rows = []
    for each, status in zip(standard.indicators_of("hlt"), statuses, strict=True):
        is_value = status.isdigit()
        value = Fraction(int(status) if is_value else 0)
        if is_value and each.method == "yes_no":
            value /= 100
        rows.append(("here", each.code, "reported" if is_value else status, value.numerator, value.denominator))
    return city_indicators(standard, rows)["here"]


def test_a_value_that_was_not_reported_counts_as_nothing_but_is_no_no(standard: Edition) -> None:
    missing = health(standard, *["100"] * 8, "missing", "missing").areas["hlt"]
    no = health(standard, *["100"] * 8, "0", "0").areas["hlt"]
    assert missing.score == no.score == 80
    assert (missing.available_case, no.available_case) == (100, 80)
    assert (missing.reported, missing.applicable) == (8, 10)
    assert (no.reported, no.applicable) == (10, 10)


def test_a_value_that_is_not_applicable_lowers_the_number_divided_by(standard: Edition) -> None:
    area = health(standard, *["100"] * 5, *["0"] * 3, "not_applicable", "not_applicable").areas["hlt"]
    assert (area.score, area.applicable) == (Fraction(500, 8), 8)


def test_an_indicator_that_no_row_mentions_is_missing_too(standard: Edition) -> None:
    indicators = city_indicators(standard, [("here", "hlt_6", "reported", 50, 1)])["here"]
    assert indicators.areas["hlt"].score == 5
    assert indicators.areas["edu"].score == 0
    assert indicators.areas["edu"].available_case is None


def test_a_city_is_complete_only_with_an_applicable_indicator_in_every_area(standard: Edition) -> None:
    assert health(standard, *["50"] * 10).is_complete is True
    nothing = health(standard, *["not_applicable"] * 10)
    assert nothing.is_complete is False
    assert nothing.areas["hlt"].score is None


def test_scores_are_exact(standard: Edition) -> None:
    third = city_indicators(standard, [("here", "hlt_6", "reported", 100, 3)])["here"]
    assert third.areas["hlt"].score == Fraction(10, 3)


def test_an_indicator_of_another_edition_is_refused() -> None:
    with pytest.raises(FrameError, match="'hlt_1' is not in edition order_2025"):
        city_indicators(load_edition("order_2025"), [("here", "hlt_1", "reported", 1, 1)])
