"""What the paper prints of the 2019 standard, and what follows from it (METHOD §2, SCORING §1).

SCORING §8, row 1.
"""

from fractions import Fraction
from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.edition import edition_codes, load_edition
from scoring.errors import EditionError, FrameError
from scoring.frames import CONTRACTS, Inputs
from scoring.output.rating import Rating
from scoring.run import rate
from scoring.totals.rules import area_weights, band, total

EDITION = load_edition("standard_2019")
AREAS = [area.code for area in EDITION.areas]
PRIORITY = {"hlt", "edu", "scy", "hcs", "its", "ctm"}
ADDITIONAL = {"soc", "eco", "btd", "bld", "agr"}
scores = st.fixed_dictionaries({area: st.fractions(0, 100, max_denominator=1000) for area in AREAS})


def areas(priority: Fraction, additional: Fraction, ict: Fraction) -> dict[str, Fraction]:
    groups = dict.fromkeys(PRIORITY, priority) | dict.fromkeys(ADDITIONAL, additional)
    return groups | {"ict": ict}


def inputs(values: dict[str, list[tuple[str, str, int, int]]]) -> Inputs:
    """Make inputs without any answers; city → (indicator, status, numerator, denominator)."""
    rows = [(city, *value) for city, given_values in values.items() for value in given_values]
    empty = {name: pd.DataFrame(columns=list(CONTRACTS[name])) for name in ("cells", "cell_key", "margins", "scales")}
    return Inputs(indicators=pd.DataFrame(rows, columns=list(CONTRACTS["indicators"])), **empty)


def everything(value: int, status: str = "reported") -> list[tuple[str, str, int, int]]:
    """Give every indicator the same value, in percent: 0 or 100."""
    return [(i.code, status, value if i.method == "percentage" else value // 100, 1) for i in EDITION.indicators]


def without_opinion(values: dict[str, list[tuple[str, str, int, int]]]) -> Rating:
    return rate(inputs(values), EDITION, alpha=Fraction(0))


def rule_total(rating: Rating, city: str, rule: str) -> float:
    rows = rating.rules[(rating.rules["city"] == city) & (rating.rules["rule"] == rule)]
    return float(rows["total_without_opinion"].iloc[0])


@pytest.mark.parametrize(
    ("score", "points"),
    [
        ("0", 1),
        ("20", 1),
        ("20.01", 2),
        ("20.5", 2),
        ("21", 2),
        ("40", 2),
        ("60.4999", 4),
        ("60.000000001", 4),
        ("80", 4),
        ("100", 5),
    ],
)
def test_table_2_is_read_on_exact_fractions_with_the_upper_edge_inside(score: str, points: int) -> None:
    assert band(Fraction(score)) == points


@pytest.mark.parametrize(("score", "points"), [("0", 1), ("19.99", 1), ("20", 2), ("80", 5), ("100", 5)])
def test_the_other_edge_puts_round_scores_one_band_higher(score: str, points: int) -> None:
    assert band(Fraction(score), "lower_inclusive") == points


def test_row_1_formula_8_reaches_the_21_multiples_of_four_from_20_to_100_and_nothing_else() -> None:
    middles = [Fraction(20 * points - 10) for points in range(1, 6)]
    reached = {total("banded", EDITION, areas(*chosen)) for chosen in product(middles, repeat=3)}
    assert reached == {Fraction(value) for value in range(20, 101, 4)}


@given(scores)
def test_a_banded_total_is_always_one_of_them(given_scores: dict[str, Fraction]) -> None:
    assert total("banded", EDITION, given_scores) in {Fraction(value) for value in range(20, 101, 4)}


@pytest.mark.parametrize("published", [61, 35, 32])
def test_the_published_totals_can_come_from_the_continuous_rule(published: int) -> None:
    assert total("linear", EDITION, areas(*[Fraction(published)] * 3)) == published


@pytest.mark.parametrize("published", [61, 35])
def test_and_not_from_formula_8(published: int) -> None:
    edges = [Fraction(20 * points) for points in range(1, 6)]
    assert published not in {total("banded", EDITION, areas(*chosen)) for chosen in product(edges, repeat=3)}


def test_weights_are_those_of_the_formulas() -> None:
    weights = area_weights("linear", EDITION)
    assert weights is not None
    assert {weights[area] for area in PRIORITY} == {Fraction(1, 15)}
    assert {weights[area] for area in ADDITIONAL} == {Fraction(1, 25)}
    assert weights["ict"] == Fraction(2, 5)
    assert sum(weights.values()) == 1


def test_a_city_at_zero_everywhere_gets_20_in_bands_and_0_continuously() -> None:
    rating = without_opinion({"zero": everything(0), "full": everything(100)})
    assert rule_total(rating, "zero", "banded") == 20
    assert rule_total(rating, "zero", "linear") == 0
    assert rule_total(rating, "full", "banded") == rule_total(rating, "full", "linear") == 100


def test_a_missing_value_is_not_a_no_in_the_data_though_it_scores_like_one() -> None:
    half = everything(100)[:50] + [(code, "missing", 0, 1) for code, *_rest in everything(100)[50:]]
    rating = without_opinion({"half": half, "no": everything(100)[:50] + everything(0)[50:]})
    rows = rating.areas.set_index(["city", "area"])
    assert rows.loc[("half", "ict"), "reported"] == 0
    assert rows.loc[("no", "ict"), "reported"] == 10
    assert rows.loc[("half", "ict"), "indicators"] == rows.loc[("no", "ict"), "indicators"] == 0
    assert pd.isna(rows.loc[("half", "ict"), "available_case"])
    assert rows.loc[("no", "ict"), "available_case"] == 0


def test_an_indicator_that_does_not_apply_lowers_n() -> None:
    values = [(code, "not_applicable" if code == "ict_1" else status, n, d) for code, status, n, d in everything(100)]
    rating = without_opinion({"city": values})
    row = rating.areas.set_index("area").loc["ict"]
    assert (row["applicable"], row["reported"], row["indicators"]) == (9, 9, 100)


def test_an_area_without_any_applicable_indicator_leaves_the_city_unrated() -> None:
    values = [(code, "not_applicable" if code.startswith("ict") else s, n, d) for code, s, n, d in everything(100)]
    rating = without_opinion({"city": values, "other": everything(100)})
    rows = rating.cities.set_index("city")
    assert rows.loc["city", "status"] == "incomplete"
    assert pd.isna(rows.loc["city", "total"])
    assert rows.loc["other", "place"] == 1


def test_a_value_above_100_is_clipped() -> None:
    values = [(code, status, 250 if n == 100 else n, d) for code, status, n, d in everything(100)]
    assert without_opinion({"city": values}).cities["total"].iloc[0] == 100


def test_equal_cities_share_a_place_and_the_next_is_skipped() -> None:
    rating = without_opinion({"a": everything(100), "b": everything(100), "c": everything(100), "d": everything(0)})
    assert rating.cities.set_index("city")["place"].to_dict() == {"a": 1, "b": 1, "c": 1, "d": 4}


def test_the_same_inputs_give_the_same_bytes_in_any_order() -> None:
    values = {"a": everything(100), "b": everything(0)}
    turned = {city: list(reversed(rows)) for city, rows in reversed(values.items())}
    assert without_opinion(values).digest() == without_opinion(turned).digest()
    assert inputs(values).digest() == inputs(turned).digest()


def test_an_unknown_indicator_and_a_repeated_one_are_refused() -> None:
    with pytest.raises(FrameError):
        without_opinion({"city": [("nothing_1", "reported", 1, 1)]})
    with pytest.raises(FrameError):
        inputs({"city": [("ict_1", "reported", 1, 1), ("ict_1", "reported", 0, 1)]})


@pytest.mark.parametrize(
    ("code", "areas_n", "indicators_n"),
    [("standard_2019", 12, 101), ("order_2025", 8, 0), ("open_figures_2024", 7, 12)],
)
def test_three_editions_come_through_one_engine(code: str, areas_n: int, indicators_n: int) -> None:
    edition = load_edition(code)
    assert (len(edition.areas), len(edition.indicators)) == (areas_n, indicators_n)
    assert code in edition_codes()


def test_an_unknown_edition_is_refused_by_name() -> None:
    with pytest.raises(EditionError, match="order_2025"):
        load_edition("order_2030")
