"""The whole rating: what it gives, what it may never do, and that it can be computed again to the byte.

SCORING §8, rows 1, 3 and 24.
"""

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.edition import FOLDER, load_edition, read_edition
from scoring.errors import RatingError
from scoring.frames import FULL_WEIGHT, Inputs
from scoring.output.rating import COLUMNS, Rating
from scoring.run import rate
from scoring.totals.one_city import blended
from scoring.totals.rules import total
from tests.builders.ratings import MARGINS, count_tables, frame, indicator_rows, make_inputs, margin_rows, respondents
from tests.effort import examples

STANDARD = load_edition("standard_2019")
AREAS = [area.code for area in STANDARD.areas]
SCORES = {"north": Fraction(38), "south": Fraction(45), "west": Fraction(40)}
LEVELS = {"north": 3.9, "south": 3.0, "west": 3.4}


def country(n: int = 600, firms: int = 200, *, scores: dict[str, Any] | None = None, pairs: bool = True) -> Inputs:
    """Make three cities with indicators, residents and businesses."""
    scores_of_cities = SCORES if scores is None else scores
    rows = [row for city, score in scores_of_cities.items() for row in indicator_rows(STANDARD, city, score)]
    tables: dict[str, list[pd.DataFrame]] = {"indicators": [frame("indicators", rows)]}
    margins = [row for city in scores_of_cities for row in margin_rows(MARGINS, city=city)]
    tables["margins"] = [frame("margins", margins)]
    for seed, city in enumerate(scores_of_cities):
        parts = [("resident", n), ("business", firms)]
        for audience, size in parts:
            if size:
                people = respondents(size, seed, level=LEVELS.get(city, 3.3))
                for name, table in count_tables(people, city=city, audience=audience, pairs=pairs).items():
                    tables.setdefault(name, []).append(table)
    whole = {name: pd.concat(frames, ignore_index=True).drop_duplicates() for name, frames in tables.items()}
    return make_inputs(**whole)


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return country()


@pytest.fixture(scope="module")
def rating(inputs: Inputs) -> Rating:
    return rate(inputs, STANDARD)


def row(table: pd.DataFrame, **where: str) -> pd.Series:
    chosen = table.loc[np.logical_and.reduce([table[name] == value for name, value in where.items()])]
    assert len(chosen) == 1
    return chosen.iloc[0]


def test_every_table_has_its_columns_types_and_order(rating: Rating) -> None:
    assert set(rating.tables()) == set(COLUMNS) - {"with_unverified", "without_employees"}
    for name, table in rating.tables().items():
        assert table.dtypes.astype(str).to_dict() == COLUMNS[name]
    assert rating.cities["city"].tolist() == ["north", "south", "west"]


def test_a_city_is_blended_area_by_area(rating: Rating) -> None:
    for _, area in rating.areas.iterrows():
        assert area["blended"] == pytest.approx(0.7 * area["indicators"] + 0.3 * area["opinion"])
        assert area["note"] == ""
    north = row(rating.cities, city="north")
    assert north["status"] == "blended"
    assert north["total"] == pytest.approx(0.7 * north["total_without_opinion"] + 0.3 * north["total_opinion_only"])


def test_opinion_moves_places_and_both_places_are_given(rating: Rating) -> None:
    assert rating.cities["place_without_opinion"].tolist() == [3, 1, 2]
    assert rating.cities["place"].tolist() == [1, 2, 3]


def test_a_total_is_within_its_interval_and_a_place_within_its_own(rating: Rating) -> None:
    cities = rating.cities
    assert ((cities["low"] < cities["total"]) & (cities["total"] < cities["high"])).all()
    assert ((cities["place_low"] <= cities["place"]) & (cities["place"] <= cities["place_high"])).all()


def test_the_error_of_a_total_comes_from_the_covariance_of_areas(rating: Rating) -> None:
    weights = {"priority": 0.4 / 6, "additional": 0.2 / 5, "ict": 0.4}
    by_area = {area.code: 0.3 * weights[area.group] for area in STANDARD.areas}
    shares = {area.code: float(area.business_share) for area in STANDARD.areas}
    variance = 0.0
    for _, pair in rating.covariances[rating.covariances["city"] == "north"].iterrows():
        j, k = pair["area"], pair["other"]
        own = (lambda a: shares[a]) if pair["audience"] == "business" else (lambda a: 1 - shares[a])
        variance += (1 if j == k else 2) * by_area[j] * by_area[k] * own(j) * own(k) * pair["covariance"]
    assert row(rating.cities, city="north")["se"] == pytest.approx(variance**0.5)


def test_without_pairs_the_error_of_a_total_is_an_upper_bound(rating: Rating) -> None:
    bound = rate(country(pairs=False), STANDARD).cities
    assert (bound["se"] > rating.cities["se"]).all()
    assert bound["total"].tolist() == rating.cities["total"].tolist()


def test_row_24_the_same_inputs_give_the_same_bytes(inputs: Inputs, rating: Rating) -> None:
    shuffled = {name: table.sample(frac=1, random_state=7) for name, table in inputs.tables().items()}
    again = rate(Inputs(**shuffled), STANDARD)
    assert again.to_bytes() == rating.to_bytes()
    assert again.digest() == rating.digest()


def test_splitting_a_cell_by_base_weight_of_equal_size_changes_nothing(inputs: Inputs, rating: Rating) -> None:
    doubled = inputs.cells.assign(base_weight=FULL_WEIGHT * 2)
    pairs = inputs.pairs.assign(base_weight=FULL_WEIGHT * 2)
    again = rate(Inputs(**(inputs.tables() | {"cells": doubled, "pairs": pairs})), STANDARD)
    assert again.cities["total"].tolist() == pytest.approx(rating.cities["total"].tolist())
    assert again.cities["se"].tolist() == pytest.approx(rating.cities["se"].tolist())


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(st.fractions(5, 95, max_denominator=50), min_size=3, max_size=3))
def test_row_1_at_alpha_0_the_rating_is_the_editions_rule_to_the_last_bit(scores: list[Fraction]) -> None:
    scores_of_cities = dict(zip(SCORES, scores, strict=True))
    with_answers, without = country(60, 0, scores=scores_of_cities, pairs=False), country(0, 0, scores=scores_of_cities)
    for inputs in (with_answers, without):
        rated = rate(inputs, STANDARD, alpha=Fraction(0))
        assert rated.cities["total"].tolist() == [float(score) for score in scores]
        assert rated.cities["total"].tolist() == rated.cities["total_without_opinion"].tolist()
        assert rated.rules["total"].tolist() == rated.rules["total_without_opinion"].tolist()
        assert rated.cities["place"].tolist() == rated.cities["place_without_opinion"].tolist()


HAIR = Fraction(1, 10**17)
"""Far below what a float near 60 can hold."""


@pytest.mark.parametrize("with_answers", [True, False])
def test_row_1_at_alpha_0_a_hair_above_an_edge_counts_though_no_float_holds_it(with_answers: bool) -> None:
    assert float(60 + HAIR) == 60.0
    scores = {"north": Fraction(60), "south": Fraction(60) + HAIR, "west": Fraction(60) - HAIR}
    rated = rate(country(60 if with_answers else 0, 0, scores=scores, pairs=False), STANDARD, alpha=Fraction(0))
    points = {city: set(rows["points"]) for city, rows in rated.groups.groupby("city")}
    assert points == {"north": {3}, "south": {4}, "west": {3}}
    by_rule = rated.rules.set_index(["rule", "city"])
    for rule, expected in (
        ("banded", [60, 80, 60]),
        ("banded_area", [60, 80, 60]),
        ("banded_lower_edge", [80, 80, 60]),
    ):
        for column in ("total", "total_without_opinion"):
            assert by_rule.loc[rule, column].tolist() == expected
    assert rated.cities["place"].tolist() == rated.cities["place_without_opinion"].tolist() == [2, 1, 3]
    assert by_rule.loc["linear", "place"].tolist() == [2, 1, 3]


def test_row_1_alpha_0_of_the_edition_itself_keeps_the_hair_too() -> None:
    content = (FOLDER / "standard_2019.toml").read_text().replace('alpha = "0.30"', 'alpha = "0"')
    scores = {"north": Fraction(60), "south": Fraction(60) + HAIR}
    assert rate(country(0, 0, scores=scores), read_edition(content.encode())).cities["place"].tolist() == [2, 1]


def test_row_3_at_alpha_1_only_the_opinion_counts(inputs: Inputs, rating: Rating) -> None:
    only = rate(inputs, STANDARD, alpha=Fraction(1)).cities
    assert only["total"].tolist() == pytest.approx(rating.cities["total_opinion_only"].tolist())


@settings(max_examples=examples(500))
@given(st.fractions(0, 100, max_denominator=97), st.floats(0, 100), st.floats(0, 100))
def test_row_3_at_alpha_1_an_area_is_its_opinion_whatever_its_indicators(s: Fraction, p: float, other: float) -> None:
    assert blended(s, p, Fraction(1)) == blended(Fraction(other), p, Fraction(1)) == Fraction(p)
    assert blended(s, p, Fraction(0)) == blended(s, None, Fraction(0)) == s


FRACTIONS = st.integers(0, 9700).map(lambda parts: Fraction(parts, 97))
PLACES = st.lists(st.integers(0, 9700), min_size=24, max_size=24).map(
    lambda parts: {a: (Fraction(s, 97), Fraction(p, 97)) for a, s, p in zip(AREAS, parts[:12], parts[12:], strict=True)}
)
"""S and P of every area."""


@settings(max_examples=examples(500))
@given(PLACES, st.fractions(0, 1, max_denominator=20))
def test_row_3_blending_then_aggregating_is_aggregating_then_blending(
    scores: dict[str, tuple[Fraction, Fraction]], alpha: Fraction
) -> None:
    s, p = ({code: pair[side] for code, pair in scores.items()} for side in (0, 1))
    mixed = {code: (1 - alpha) * s[code] + alpha * p[code] for code in AREAS}
    for rule in ("linear", "area_mean"):
        parts_blended = (1 - alpha) * total(rule, STANDARD, s) + alpha * total(rule, STANDARD, p)
        assert total(rule, STANDARD, mixed) == parts_blended


@settings(max_examples=examples(500))
@given(PLACES, st.fractions(0, 1, max_denominator=20), st.sampled_from(AREAS), FRACTIONS, st.integers(0, 1))
def test_row_3_no_total_falls_when_indicators_or_opinion_of_an_area_rise(
    scores: dict[str, tuple[Fraction, Fraction]], alpha: Fraction, area: str, more: Fraction, side: int
) -> None:
    better = dict(scores)
    risen = list(scores[area])
    risen[side] = max(more, risen[side])
    better[area] = (risen[0], risen[1])
    for rule in ("linear", "banded", "banded_area", "area_mean"):
        low, high = (
            total(rule, STANDARD, {code: (1 - alpha) * s + alpha * p for code, (s, p) in pairs.items()})
            for pairs in (scores, better)
        )
        assert low <= high


def test_a_missing_value_is_not_a_no(inputs: Inputs) -> None:
    north = (inputs.indicators["city"] == "north") & (inputs.indicators["indicator"] == "ict_6")
    statuses = {}
    for status, numerator in (("missing", 0), ("reported", 0), ("not_applicable", 0)):
        changed = inputs.indicators.assign(
            status=inputs.indicators["status"].mask(north, status),
            numerator=inputs.indicators["numerator"].mask(north, numerator),
        )
        rated = rate(Inputs(**(inputs.tables() | {"indicators": changed})), STANDARD, alpha=Fraction(0))
        statuses[status] = row(rated.areas, city="north", area="ict")
    assert statuses["missing"]["indicators"] == statuses["reported"]["indicators"]
    assert statuses["missing"]["available_case"] > statuses["reported"]["available_case"]
    assert (statuses["missing"]["reported"], statuses["reported"]["reported"]) == (9, 10)
    assert statuses["not_applicable"]["applicable"] == 9


def test_a_city_without_indicators_in_an_area_is_not_rated_at_all(inputs: Inputs) -> None:
    health = (inputs.indicators["city"] == "north") & inputs.indicators["indicator"].str.startswith("hlt_")
    absent = inputs.indicators.assign(status=inputs.indicators["status"].mask(health, "not_applicable"))
    rated = rate(Inputs(**(inputs.tables() | {"indicators": absent})), STANDARD)
    north = row(rated.cities, city="north")
    assert north["status"] == "incomplete"
    assert north[["total", "place", "total_without_opinion", "se"]].isna().all()
    assert rated.cities["place"].tolist()[1:] == [1, 2]
    assert "area_without_indicators" in rated.findings.loc[rated.findings["severity"] == "error", "code"].tolist()
    assert set(rated.diagnostics.query("reason == 'no_indicators'")["subject"]) == {"hlt"}


def test_a_city_that_lacks_opinion_on_a_priority_area_is_rated_by_indicators_alone(inputs: Inputs) -> None:
    rated = without_answers(inputs, "west", "hlt")
    west = row(rated.cities, city="west")
    assert (west["status"], west["total_without_opinion"]) == ("indicators_only", 40.0)
    assert west[["total", "place"]].isna().all()
    assert row(rated.areas, city="west", area="hlt")["note"] == "filled:nobody_answered"


def test_a_gap_in_an_additional_area_is_filled_and_flagged(inputs: Inputs) -> None:
    rated = without_answers(inputs, "west", "agr")
    assert row(rated.cities, city="west")["status"] == "blended"
    gap = row(rated.areas, city="west", area="agr")
    others = [row(rated.areas, city=city, area="agr")["opinion"] for city in ("north", "south")]
    assert gap["note"] == "filled:nobody_answered"
    assert np.isnan(gap["opinion"])
    assert gap["blended"] == pytest.approx(0.7 * gap["indicators"] + 0.3 * np.mean(others))


def test_two_gaps_are_not_yet_too_many(inputs: Inputs) -> None:
    rated = without_answers(inputs, "west", "agr", "bld")
    assert row(rated.cities, city="west")["status"] == "blended"


def test_three_gaps_are_too_many(inputs: Inputs) -> None:
    rated = without_answers(inputs, "west", "agr", "bld", "eco")
    assert row(rated.cities, city="west")["status"] == "indicators_only"


def without_answers(inputs: Inputs, city: str, *areas: str) -> Rating:
    is_removed = (inputs.cells["city"] == city) & inputs.cells["area"].isin(areas)
    return rate(Inputs(**(inputs.tables() | {"cells": inputs.cells[~is_removed], "pairs": pd.DataFrame()})), STANDARD)


def test_a_country_where_nobody_was_asked_is_rated_by_indicators_only() -> None:
    rated = rate(country(0, 0), STANDARD)
    assert set(rated.cities["status"]) == {"indicators_only"}
    assert rated.cities["place_without_opinion"].tolist() == [3, 1, 2]
    assert rated.areas[["opinion", "blended"]].isna().all(axis=None)
    assert set(rated.areas["note"]) == {"not_asked"}


def test_nothing_is_rated_where_the_edition_has_no_indicators() -> None:
    rated = rate(make_inputs(), load_edition("order_2025"))
    assert rated.cities.empty
    assert {name: list(table.columns) for name, table in rated.tables().items()} == {
        name: list(columns) for name, columns in COLUMNS.items() if name != "without_employees"
    }


@pytest.mark.parametrize("alpha", [Fraction(-1, 10), Fraction(11, 10)])
def test_a_share_outside_0_to_1_is_refused(alpha: Fraction) -> None:
    with pytest.raises(RatingError, match="is not between 0 and 1"):
        rate(make_inputs(), STANDARD, alpha=alpha)


def test_an_area_may_have_its_own_share_of_opinion(inputs: Inputs) -> None:
    content = (FOLDER / "standard_2019.toml").read_text()
    own = read_edition(content.replace('code = "eco"\n', 'code = "eco"\nalpha = "0.5"\n').encode())
    ecology = row(rate(inputs, own).areas, city="north", area="eco")
    assert ecology["blended"] == pytest.approx(0.5 * ecology["indicators"] + 0.5 * ecology["opinion"])


def test_a_banded_headline_gives_points_and_chances_in_place_of_an_error(inputs: Inputs) -> None:
    content = (FOLDER / "standard_2019.toml").read_text()
    printed = read_edition(content.replace('headline = "linear"', 'headline = "banded"').encode())
    rated = rate(inputs, printed)
    assert set(rated.cities["total"]) <= set(range(20, 101, 4))
    assert rated.cities[["se", "low", "place_low"]].isna().all(axis=None)
    chances = rated.groups[[f"p{points}" for points in range(1, 6)]].sum(axis=1)
    assert chances.tolist() == pytest.approx([1.0] * 9)


def test_margins_that_contradict_each_other_leave_a_city_without_opinion(inputs: Inputs) -> None:
    wrong = (inputs.margins["city"] == "west") & (inputs.margins["category"] == "f")
    margins = inputs.margins.assign(people=inputs.margins["people"].mask(wrong, 99_000))
    rated = rate(Inputs(**(inputs.tables() | {"margins": margins})), STANDARD)
    assert row(rated.cities, city="west")["status"] == "indicators_only"
    assert set(rated.areas.query("city == 'west'")["note"]) == {"filled:margins_disagree"}
    assert row(rated.weights, city="west", audience="resident")["status"] == "margins_disagree"
    assert rated.domains.query("city == 'west' and audience == 'resident'")["mean"].isna().all()
    assert "margins_disagree" in rated.findings["code"].tolist()


def test_answers_all_alike_are_said_to_have_no_variation() -> None:
    people = respondents(200).assign(hlt=4.0)
    indicators = frame("indicators", indicator_rows(STANDARD, "here", Fraction(50)))
    rated = rate(make_inputs(**count_tables(people), indicators=indicators), STANDARD)
    assert "resident/hlt" in set(rated.diagnostics.query("reason == 'no_variation'")["subject"])
    health = row(rated.estimates, city="here", area="hlt")
    assert (health["mean"], health["se"]) == (75.0, pytest.approx(0, abs=1e-9))
    assert np.isnan(health["design_effect"])


def test_what_became_of_open_answers_is_said() -> None:
    people = pd.concat(
        [respondents(400, 1).assign(tier="verified"), respondents(400, 2, level=4.7).assign(tier="open")]
    )
    indicators = frame("indicators", indicator_rows(STANDARD, "here", Fraction(50)))
    tables = count_tables(people.reset_index(drop=True), tier="open")
    rated = rate(make_inputs(**tables, indicators=indicators), STANDARD)
    assert set(rated.diagnostics.query("reason == 'open_diverges'")["city"]) == {"here"}
    assert set(rated.estimates["tier"]) == {"mixed", "open", "verified"}


def with_flagged(inputs: Inputs, city: str, n: int, level: float) -> Inputs:
    """Add residents whose answers were flagged for review."""
    more = count_tables(respondents(n, 99, level=level), city=city, tier="open", base_weight=FULL_WEIGHT, flagged=1)
    both = {name: pd.concat([inputs.tables()[name], more[name]], ignore_index=True) for name in ("cells", "pairs")}
    return Inputs(**(inputs.tables() | both))


def test_answers_flagged_for_review_count_and_the_rating_without_them_is_reported_too(
    inputs: Inputs, rating: Rating
) -> None:
    rated = rate(with_flagged(inputs, "north", 400, 1.0), STANDARD)
    beside = rated.without_flagged
    assert beside["total"].tolist() == rating.cities["total"].tolist()
    assert beside["place"].tolist() == rating.cities["place"].tolist()
    assert beside["total_opinion_only"].tolist() == rating.cities["total_opinion_only"].tolist()
    assert beside["flagged"].tolist() == [400, 0, 0]
    assert row(rated.cities, city="north")["total"] < row(beside, city="north")["total"] - 3
    assert row(rated.cities, city="north")["place"] > row(beside, city="north")["place"]


def test_where_nothing_was_flagged_the_rating_without_flagged_answers_is_the_rating(rating: Rating) -> None:
    assert rating.without_flagged["total"].tolist() == rating.cities["total"].tolist()
    assert rating.without_flagged["flagged"].tolist() == [0, 0, 0]


def test_the_tier_is_said_in_words(rating: Rating) -> None:
    rows_open = rating.diagnostics.query("reason == 'open_tier_only'")
    assert set(rows_open["subject"]) == {"resident", "business"}


def test_clipped_values_and_edges_that_matter_are_said(inputs: Inputs) -> None:
    high = inputs.indicators["indicator"] == "ict_6"
    changed = inputs.indicators.assign(numerator=inputs.indicators["numerator"].mask(high, 120 * 10**6))
    changed["denominator"] = changed["denominator"].mask(high, 10**6)
    rated = rate(Inputs(**(inputs.tables() | {"indicators": changed})), STANDARD)
    assert set(rated.diagnostics.query("reason == 'above_100'")["subject"]) == {"ict_6"}
    on_edge = rate(country(0, 0, scores=dict.fromkeys(SCORES, Fraction(40))), STANDARD)
    (detail,) = set(on_edge.diagnostics.query("reason == 'band_edge_matters'")["detail"])
    assert detail == "banded 40, with edges counted upwards 60"
    assert "band_edge_matters" in on_edge.findings["code"].tolist()
