"""The linter finds the mistakes of real ratings, the published composite's among them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scoring.frames import check
from scoring.linter import Finding, lint_directions, lint_margins, lint_strata, lint_values
from tests.builders.ratings import frame
from tests.scoring.conftest import GOLDEN

PLACES = [f"p{number:02}" for number in range(12)]


def values(**indicators: tuple[str, list[float], list[float]]) -> pd.DataFrame:
    rows = [
        (place, name, direction, raw, score, "")
        for name, (direction, raws, scores) in indicators.items()
        for place, raw, score in zip(PLACES, raws, scores, strict=False)
    ]
    return pd.DataFrame(rows, columns=["place", "indicator", "direction", "raw", "score", "flag"])


def codes(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(finding.code, finding.subject) for finding in findings}


RISING = [float(value) for value in (1, 2, 4, 3, 6, 5, 8, 9, 7, 10, 12, 11)]


def published_composite() -> pd.DataFrame:
    names = {"region": "place", "declared_direction": "direction", "raw_value": "raw", "scaled_score": "score"}
    return pd.read_csv(GOLDEN / "kz_region_composite.csv").rename(columns=names)


def test_the_published_composite_scores_crime_and_household_spending_against_their_direction() -> None:
    found = codes(list(lint_directions(published_composite())))
    assert {("scored_against_direction", "crime_rate"), ("scored_against_direction", "household_spending")} <= found


def test_the_finding_is_an_error_and_says_what_contradicts() -> None:
    crime = next(f for f in lint_directions(published_composite()) if f.subject == "crime_rate")
    assert crime.severity == "error"
    assert crime.detail.startswith("declared -, rank correlation of value and score +")


def test_scores_that_follow_their_direction_pass() -> None:
    falling = [-value for value in RISING]
    assert not list(lint_directions(values(up=("+", RISING, RISING), down=("-", RISING, falling))))


def test_a_constant_indicator_has_no_direction_to_contradict() -> None:
    assert not list(lint_directions(values(flat=("-", [3.0] * 12, [50.0] * 12))))


@pytest.mark.parametrize(
    ("raws", "code"),
    [
        ([3.0] * 12, "constant"),
        ([*RISING[:11], 500.0], "outlier"),
        ([1000.0 + value for value in RISING[:11]] + [3.0], "outlier"),
    ],
)
def test_what_stands_out_in_one_indicator_is_a_warning(raws: list[float], code: str) -> None:
    (finding,) = lint_values(values(x=("+", raws, raws)))
    assert (finding.severity, finding.code, finding.subject) == ("warning", code, "x")


def test_an_outlier_by_orders_of_magnitude_is_seen_also_below() -> None:
    vehicles = [4.0, 5.4, 141, 300, 350, 367, 400, 439, 498, 520, 566, 746, 989]
    table = pd.DataFrame(
        [(str(place), "vehicles", "+", raw, raw, "") for place, raw in enumerate(vehicles)],
        columns=["place", "indicator", "direction", "raw", "score", "flag"],
    )
    (finding,) = lint_values(table)
    assert finding.detail == "0 4, 1 5.4"


def test_few_values_say_nothing_of_their_spread() -> None:
    assert not list(lint_values(values(x=("+", [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]))))


def test_values_out_of_range_are_named_by_place() -> None:
    table = values(x=("+", RISING, RISING))
    table.loc[3, "flag"] = "above_100"
    assert codes(list(lint_values(table))) == {("out_of_range", "x")}


def test_indicators_that_measure_the_same_are_gathered() -> None:
    twice, thrice = [2 * value for value in RISING], [3 * value + 1 for value in RISING]
    mirrored = [-value for value in RISING]
    table = values(a=("+", RISING, RISING), b=("+", twice, twice), c=("+", thrice, thrice), d=("+", mirrored, mirrored))
    assert codes(list(lint_values(table))) == {("duplicated", "a, b, c"), ("inverted_duplicate", "a, b, c, d")}


def test_indicators_that_only_resemble_each_other_pass() -> None:
    noisy = [value + 5 * (-1) ** place for place, value in enumerate(RISING)]
    assert not list(lint_values(values(a=("+", RISING, RISING), b=("+", noisy, noisy))))


@pytest.mark.parametrize(
    ("whole", "urban", "rural", "plausible"),
    [(53.2, 51.7, 65.4, False), (61.3, 56.1, 70.7, True), (60.0, 60.0, 60.0, True)],
)
def test_published_strata_must_give_their_total(whole: float, urban: float, rural: float, plausible: bool) -> None:
    found = list(lint_strata("living conditions", whole, {"urban": urban, "rural": rural}, share=0.62))
    assert (not found) is plausible
    if found:
        assert found[0].detail == "53.2 from urban and rural needs a share of 89% of the first, known 62%"


MARGIN = ("resident", "here", "sex", "f", 50, "city administration", "2023-01-01")


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (("resident", "here", "sex", "m", 50, "city proper", "2023-01-01"), "margins_of_different_universes"),
        (("resident", "here", "sex", "m", 50, "city administration", "2026-02-01"), "margins_of_different_dates"),
        (("resident", "here", "lang", "kk", 60, "city administration", "2023-01-01"), "margins_disagree"),
    ],
)
def test_margins_that_speak_of_different_people_are_errors(other: tuple[object, ...], code: str) -> None:
    margins = check("margins", frame("margins", [MARGIN, other], "universe", "as_of"))
    assert [(finding.severity, finding.code) for finding in lint_margins(margins)] == [("error", code)]


def test_margins_of_the_same_people_pass() -> None:
    other = ("resident", "here", "lang", "kk", 50, "city administration", "2023-01-01")
    assert not list(lint_margins(check("margins", frame("margins", [MARGIN, other], "universe", "as_of"))))


def test_the_composite_is_the_published_one() -> None:
    published = published_composite()
    assert isinstance(GOLDEN, Path)
    assert (published["place"].nunique(), published["indicator"].nunique()) == (19, 16)
    assert np.isfinite(published["score"]).all()
