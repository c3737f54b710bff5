"""The linter finds the mistakes of real ratings, the published composite's among them."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scoring.frames import check
from scoring.output import linter
from scoring.output.findings import SEVERITIES, InputFinding, make_finding
from scoring.output.linter import lint_directions, lint_margins, lint_values
from scoring.run import rate
from tests.builders.ratings import frame, indicator_rows, make_inputs
from tests.scoring.conftest import GOLDEN
from tests.scoring.test_run import STANDARD

SOURCE = Path(linter.__file__).read_text()

PLACES = [f"p{number:02}" for number in range(12)]


def values(**indicators: tuple[str, list[float], list[float]]) -> pd.DataFrame:
    rows = [
        (city, name, direction, raw, score, "")
        for name, (direction, raws, scores) in indicators.items()
        for city, raw, score in zip(PLACES, raws, scores, strict=False)
    ]
    return pd.DataFrame(rows, columns=["place", "indicator", "direction", "raw", "score", "flag"])


def codes(findings: list[InputFinding]) -> set[tuple[str, str]]:
    return {(finding.code, finding.subject) for finding in findings}


RISING = [float(value) for value in (1, 2, 4, 3, 6, 5, 8, 9, 7, 10, 12, 11)]


def published_composite() -> pd.DataFrame:
    names = {"region": "place", "declared_direction": "direction", "raw_value": "raw", "scaled_score": "score"}
    return pd.read_csv(GOLDEN / "kz_region_composite.csv").rename(columns=names)


def test_the_published_composite_scores_crime_and_household_spending_against_their_direction() -> None:
    result = codes(list(lint_directions(published_composite())))
    assert {("scored_against_direction", "crime_rate"), ("scored_against_direction", "household_spending")} <= result


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
        [(str(city), "vehicles", "+", raw, raw, "") for city, raw in enumerate(vehicles)],
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
    noisy = [value + 5 * (-1) ** city for city, value in enumerate(RISING)]
    assert not list(lint_values(values(a=("+", RISING, RISING), b=("+", noisy, noisy))))


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


def rated(*, broken: str = "") -> list[InputFinding]:
    """Lint one city of round scores, where `broken` is an area without applicable indicators."""
    rows = frame("indicators", indicator_rows(STANDARD, "here", Fraction(60)))
    areas = {indicator.code: indicator.area for indicator in STANDARD.indicators}
    rows["status"] = rows["status"].mask(rows["indicator"].map(areas) == broken, "not_applicable")
    result = rate(make_inputs(indicators=rows), STANDARD).findings
    return [InputFinding(*row) for row in result.itertuples(index=False)]


def margins(*others: tuple[object, ...]) -> list[InputFinding]:
    return list(lint_margins(check("margins", frame("margins", [MARGIN, *others], "universe", "as_of"))))


CLIPPED = values(x=("+", RISING, RISING)).assign(flag="above_100")
HERE = ("resident", "here")
SAME = ("city administration", "2023-01-01")

TRIGGERS: dict[str, Callable[[], Iterable[InputFinding]]] = {
    "scored_against_direction": lambda: lint_directions(values(x=("-", RISING, RISING))),
    "constant": lambda: lint_values(values(x=("+", [3.0] * 12, [3.0] * 12))),
    "outlier": lambda: lint_values(values(x=("+", [*RISING[:11], 500.0], RISING))),
    "out_of_range": lambda: lint_values(CLIPPED),
    "duplicated": lambda: lint_values(values(a=("+", RISING, RISING), b=("+", RISING, RISING))),
    "inverted_duplicate": lambda: lint_values(values(a=("+", RISING, RISING), b=("-", [-v for v in RISING], RISING))),
    "area_without_indicators": lambda: rated(broken="hlt"),
    "band_edge_matters": rated,
    "margins_of_different_universes": lambda: margins((*HERE, "sex", "m", 50, "city proper", SAME[1])),
    "margins_of_different_dates": lambda: margins((*HERE, "sex", "m", 50, SAME[0], "2026-02-01")),
    "margins_disagree": lambda: margins((*HERE, "lang", "kk", 60, *SAME)),
}
"""For every check, inputs that it must find fault with."""


def test_every_check_has_inputs_that_trigger_it() -> None:
    assert TRIGGERS.keys() == SEVERITIES.keys()
    assert {code for code in SEVERITIES if f'"{code}"' not in SOURCE} == set()


@pytest.mark.parametrize("code", TRIGGERS)
def test_a_check_finds_what_it_is_for_with_its_severity(code: str) -> None:
    result = {finding.code: finding for finding in TRIGGERS[code]()}
    assert code in result
    assert (result[code].severity, bool(result[code].subject), bool(result[code].detail)) == (
        SEVERITIES[code],
        True,
        True,
    )


def test_a_finding_of_no_known_check_cannot_be_made() -> None:
    with pytest.raises(KeyError):
        make_finding("a new check", "x", "y")
    assert "Finding(" not in SOURCE


def test_the_composite_is_the_published_one() -> None:
    published = published_composite()
    assert (published["place"].nunique(), published["indicator"].nunique()) == (19, 16)
    assert np.isfinite(published["score"]).all()
