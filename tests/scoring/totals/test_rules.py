"""METHOD §2 and SCORING §1: the printed rule, its edges, and what it can and cannot give.

SCORING §8, row 1.
"""

from collections.abc import Mapping
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.edition import Edition, load_edition
from scoring.indicators.areas import group_scores
from scoring.totals.rules import RULE_NAMES, area_weights, band, total

STANDARD = load_edition("standard_2019")
PERCENTS = st.integers(0, 97_000).map(lambda parts: Fraction(parts, 970))
EVERY_AREA = st.lists(PERCENTS, min_size=12, max_size=12).map(
    lambda scores: {area.code: score for area, score in zip(STANDARD.areas, scores, strict=True)}
)
PRINTED = {Fraction(percent) for percent in range(20, 101, 4)}


def flat(score: int | Fraction) -> dict[str, Fraction]:
    return {area.code: Fraction(score) for area in STANDARD.areas}


def by_group(**scores: Fraction) -> dict[str, Fraction]:
    return {area.code: scores[area.group] for area in STANDARD.areas}


@pytest.mark.parametrize(
    ("score", "points"),
    [("0", 1), ("20", 1), ("20.01", 2), ("20.5", 2), ("21", 2), ("40", 2), ("60.4999", 4), ("80", 4), ("100", 5)],
)
def test_row_1_a_score_is_in_the_band_whose_upper_bound_it_does_not_exceed(score: str, points: int) -> None:
    assert band(Fraction(score)) == points


@pytest.mark.parametrize("number", range(101))
def test_every_whole_percent_is_in_the_band_where_table_2_prints_it(number: int) -> None:
    printed = next(points for points, top in enumerate((20, 40, 60, 80, 100), start=1) if number <= top)
    assert band(Fraction(number)) == printed


@pytest.mark.parametrize(("score", "points"), [("0", 1), ("19.99", 1), ("20", 2), ("60", 4), ("80", 5), ("100", 5)])
def test_the_other_reading_counts_an_edge_upwards(score: str, points: int) -> None:
    assert band(Fraction(score), "lower_inclusive") == points


def test_a_fraction_a_hair_above_an_edge_is_above_it() -> None:
    assert band(Fraction(60)) == 3
    assert band(Fraction(60) + Fraction(1, 10**30)) == 4


@given(EVERY_AREA)
def test_a_banded_total_is_one_of_the_21_multiples_of_four_from_20(areas: dict[str, Fraction]) -> None:
    assert total("banded", STANDARD, areas) in PRINTED


def test_row_1_all_21_banded_totals_can_be_reached() -> None:
    levels = [Fraction(20 * points) for points in range(1, 6)]
    reached = {
        total("banded", STANDARD, by_group(priority=a, additional=b, ict=c)) for a, b, c in product(levels, repeat=3)
    }
    assert reached == PRINTED


def test_a_city_at_nothing_gets_20_percent_under_bands_and_0_under_the_continuous_rules() -> None:
    assert [total(rule, STANDARD, flat(0)) for rule in ("banded", "banded_area", "linear", "area_mean")] == [
        20,
        20,
        0,
        0,
    ]


def test_a_city_at_everything_gets_100_percent_under_every_rule() -> None:
    assert {total(rule, STANDARD, flat(100)) for rule, _edge in RULE_NAMES.values()} == {100}


@pytest.mark.parametrize("published", [61, 35])
def test_a_published_total_of_2019_cannot_come_from_formula_8_but_can_from_the_continuous_rule(published: int) -> None:
    assert Fraction(published) not in PRINTED
    assert total("linear", STANDARD, flat(published)) == published


@pytest.mark.parametrize("published", [61, 35, 32])
def test_banding_each_area_first_comes_as_near_to_a_published_total_as_rounding_allows(published: int) -> None:
    steps = {
        total("banded_area", STANDARD, dict(by_group_steps(*parts)))
        for parts in product(range(6, 31, 2), range(5, 26, 2), range(1, 6))
    }
    assert min(abs(step - published) for step in steps) <= Fraction(1, 2)


def by_group_steps(priority: int, additional: int, ict: int) -> Mapping[str, Fraction]:
    """Spread points over the areas of each group."""
    sums = {"priority": priority, "additional": additional, "ict": ict}
    scores = {}
    for group, points in sums.items():
        areas = STANDARD.areas_of(group)
        each, rest = divmod(points, len(areas))
        scores |= {area.code: Fraction(20 * (each + (index < rest))) for index, area in enumerate(areas)}
    return scores


def test_ict_weighs_six_times_a_priority_area_and_ten_times_an_additional_one() -> None:
    weights = area_weights("linear", STANDARD)
    assert weights is not None
    assert {code: weights[code] for code in ("ict", "hlt", "eco")} == {
        "ict": Fraction(2, 5),
        "hlt": Fraction(1, 15),
        "eco": Fraction(1, 25),
    }
    assert sum(weights.values()) == 1


@pytest.mark.parametrize("rule", ["banded", "banded_area"])
def test_a_banded_rule_has_no_fixed_weights(rule: str) -> None:
    assert area_weights(rule, STANDARD) is None


@given(EVERY_AREA)
def test_row_1_formula_8_is_the_printed_sum_of_points(areas: dict[str, Fraction]) -> None:
    pa = sum((areas[code] for code in ("hlt", "edu", "scy", "hcs", "its", "ctm")), Fraction(0)) / 6
    add = sum((areas[code] for code in ("soc", "eco", "btd", "bld", "agr")), Fraction(0)) / 5
    assert group_scores(STANDARD, areas) == {"priority": pa, "additional": add, "ict": areas["ict"]}
    assert total("banded", STANDARD, areas) == Fraction(100, 25) * (2 * band(pa) + band(add) + 2 * band(areas["ict"]))
    assert total("linear", STANDARD, areas) == (2 * pa + add + 2 * areas["ict"]) / 5


@given(EVERY_AREA, st.sampled_from([area.code for area in STANDARD.areas]), PERCENTS)
def test_no_total_falls_when_an_area_rises(areas: dict[str, Fraction], area: str, more: Fraction) -> None:
    better = areas | {area: max(areas[area], more)}
    for rule, edge in RULE_NAMES.values():
        assert total(rule, STANDARD, better, edge=edge) >= total(rule, STANDARD, areas, edge=edge)


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="no rule 'median'"):
        total("median", STANDARD, flat(50))


def test_editions_with_one_group_have_equal_weights() -> None:
    edition: Edition = load_edition("order_2025")
    assert set((area_weights("area_mean", edition) or {}).values()) == {Fraction(1, 8)}
