import pytest

from scoring.rounding import half_up


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [(2.25, 1, 2.3), (2.35, 1, 2.4), (-2.25, 1, -2.3), (60.5, 0, 61.0), (61.04, 1, 61.0), (0.005, 2, 0.01)],
)
def test_halves_go_away_from_zero_as_on_paper(value: float, digits: int, rounded: float) -> None:
    assert half_up(value, digits) == rounded


@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_a_missing_number_stays_missing(nothing: float | None) -> None:
    assert half_up(nothing, 1) is None
