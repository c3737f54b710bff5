"""What a city's people think: publication rules, tiers, residents and businesses, and gaps."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.edition import Edition, load_edition
from scoring.opinion.estimates import AudienceView, View, audience_views, blendable, mixed_view, published
from scoring.opinion.samples import Counts
from scoring.totals.blend import enough_firms, filled, joined, regrouped
from scoring.totals.one_city import FILLED, blended
from tests.builders.ratings import MARGINS, count_tables, frame, make_inputs, margin_rows, respondents
from tests.effort import examples

STANDARD = load_edition("standard_2019")
AREAS = tuple(area.code for area in STANDARD.areas)


def audience_view(people: pd.DataFrame, margins: Any = MARGINS, **options: Any) -> AudienceView:
    tables = count_tables(people, **options)
    inputs = make_inputs(**tables, margins=frame("margins", margin_rows(margins)))
    return audience_views(Counts(inputs, "resident"), STANDARD)["here"]


def view(mean: float, se: float, n: float = 400, *, areas: tuple[str, ...] = AREAS, reason: str = "") -> View:
    size = len(areas)
    return View(
        areas=areas,
        mean=np.full(size, mean),
        covariance=np.eye(size) * se**2,
        linearised_se=np.full(size, se),
        n=np.full(size, int(n)),
        effective_n=np.full(size, float(n)),
        reasons=(reason,) * size,
    )


def test_a_score_is_the_percent_of_the_maximum() -> None:
    people = pd.DataFrame({"sex": ["f", "m"], "hlt": [1.0, 5.0], "edu": [3.0, 4.0]})
    result = audience_view(people, {}, traits=["sex"]).view
    assert dict(zip(result.areas, result.mean, strict=True)) == {"hlt": 50.0, "edu": 62.5}
    assert dict(zip(result.areas, result.se, strict=True)) == pytest.approx({"hlt": 50.0, "edu": 12.5})


def test_a_scaled_area_value_gives_the_same_score_as_a_plain_one() -> None:
    people = respondents(200, areas=["hlt"])
    plain = count_tables(people)
    cells = plain["cells"].assign(total=plain["cells"]["total"] * 6, total_sq=plain["cells"]["total_sq"] * 36)
    scaled = plain | {"cells": cells, "scales": frame("scales", [("resident", "hlt", 6)]), "pairs": pd.DataFrame()}
    one, six = (audience_views(Counts(make_inputs(**t), "resident"), STANDARD)["here"].view for t in (plain, scaled))
    assert one.mean == pytest.approx(six.mean)
    assert one.se == pytest.approx(six.se)


def test_weights_move_a_score_towards_the_population() -> None:
    people = pd.DataFrame({"sex": ["f"] * 80 + ["m"] * 20, "hlt": [5.0] * 80 + [1.0] * 20})
    result = audience_view(people, {"sex": {"f": 50, "m": 50}}, traits=["sex"])
    assert result.view.mean[0] == pytest.approx(50)


def test_hard_to_say_by_more_than_half_leaves_an_area_unrated() -> None:
    people = pd.DataFrame({"sex": ["f"] * 200, "hlt": [4.0] * 90 + [np.nan] * 110, "edu": [4.0] * 200})
    tables = count_tables(people, traits=["sex"])
    wide = pd.DataFrame(
        [("resident", "here", "sex=f", 110, 90, 0, 200)],
        columns=["audience", "city", "cell", "q_hlt:hard", "q_hlt:4", "q_edu:hard", "q_edu:4"],
    )
    key = [("resident", f"q_{a}", o, a, p, d) for a in ("hlt", "edu") for o, p, d in (("hard", 0, 1), ("4", 4, 0))]
    inputs = make_inputs(**tables, options=wide, option_key=frame("option_key", key))
    result = audience_views(Counts(inputs, "resident"), STANDARD)["here"].view
    assert dict(zip(result.areas, result.reasons, strict=True)) == {"hlt": "hard_to_say", "edu": ""}


@pytest.mark.parametrize(
    ("n", "se", "shown", "blend"),
    [
        (400, 2.0, "", ""),
        (80, 3.0, "", "too_few_to_blend"),
        (59, 2.0, "too_few", "too_few"),
        (400, 4.0, "", "too_wide_to_blend"),
        (400, 6.0, "too_wide", "too_wide"),
    ],
)
def test_few_or_imprecise_answers_are_not_shown_or_not_blended(n: int, se: float, shown: str, blend: str) -> None:
    result = published(view(50, se, n), STANDARD)
    assert set(result.reasons) == {shown}
    assert set(blendable(result, STANDARD).reasons) == {blend}


def test_an_earlier_reason_stays() -> None:
    assert set(published(view(50, 9, 5, reason="nobody_answered"), STANDARD).reasons) == {"nobody_answered"}


def tiers(verified: pd.DataFrame, voluntary: pd.DataFrame) -> AudienceView:
    people = pd.concat([verified.assign(tier="verified"), voluntary.assign(tier="open")], ignore_index=True)
    return audience_view(people, {}, tier="open")


def test_open_answers_have_a_quarter_beside_verified_ones() -> None:
    result = tiers(respondents(600, 1), respondents(900, 2))
    verified, voluntary = (next(t.view for t in result.tiers if t.sample.tier == name) for name in ("verified", "open"))
    assert set(result.tier_notes) == {"mixed"}
    assert result.view.mean == pytest.approx(0.75 * verified.mean + 0.25 * voluntary.mean)
    assert result.view.se == pytest.approx(np.hypot(0.75 * verified.se, 0.25 * voluntary.se))
    assert (result.view.n == verified.n + voluntary.n).all()
    assert result.n == 1500


def test_few_open_answers_drop_out() -> None:
    result = tiers(respondents(600, 1), respondents(40, 2))
    assert set(result.tier_notes) == {"open_too_few"}
    assert result.view.n.sum() == next(t.view.n.sum() for t in result.tiers if t.sample.tier == "verified")


def test_open_answers_that_contradict_verified_ones_drop_out() -> None:
    result = tiers(respondents(600, 1), respondents(900, 2, level=4.6))
    assert set(result.tier_notes) == {"open_diverges"}
    assert result.view.mean == pytest.approx(next(t.view.mean for t in result.tiers if t.sample.tier == "verified"))


def test_one_tier_alone_speaks_and_is_named() -> None:
    assert set(audience_view(respondents(100), {}).tier_notes) == {"open_only"}
    assert set(audience_view(respondents(100).assign(tier="verified"), {}, tier="open").tier_notes) == {"verified_only"}


SCORES = st.lists(st.floats(0, 100), min_size=12, max_size=12)


@settings(max_examples=examples(500))
@given(SCORES, SCORES, SCORES)
def test_no_set_of_open_answers_moves_a_mean_by_more_than_its_share(
    true: list[float], first: list[float], second: list[float]
) -> None:
    verified = replace(view(0, 2), mean=np.array(true))
    share = np.full(12, float(STANDARD.open_share))
    one, two = (mixed_view(verified, replace(view(0, 2), mean=np.array(p)), share).mean for p in (first, second))
    none = mixed_view(verified, view(0, 2), np.zeros(12)).mean
    limit = 100 * float(STANDARD.open_share) + 1e-9
    assert max(np.abs(one - two).max(), np.abs(one - none).max()) <= limit


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.tuples(st.sampled_from("fm"), st.integers(1, 5), st.integers(1, 400)), min_size=1, max_size=6))
def test_whatever_is_stuffed_into_the_open_tier_moves_the_opinion_by_a_quarter_at_most(
    stuffed: list[tuple[str, int, int]],
) -> None:
    topics = ["hlt", "edu"]
    honest, voluntary = respondents(400, 1, areas=topics), respondents(150, 2, areas=topics)
    injected = [
        honest.loc[[0] * n].assign(sex=sex, **dict.fromkeys(topics, float(points))) for sex, points, n in stuffed
    ]
    clean = tiers(honest, voluntary).view.mean
    moved = tiers(honest, pd.concat([voluntary, *injected], ignore_index=True)).view.mean
    assert np.abs(moved - clean).max() <= 100 * float(STANDARD.open_share) + 1e-9


def test_residents_and_businesses_are_joined_by_fixed_weights_and_never_by_size() -> None:
    for firms_n in (60, 6000):
        firms = view(80, 4, firms_n)
        both = joined(view(40, 2), firms, STANDARD, enough_firms(firms, STANDARD))
        by_area = dict(zip(both.areas, both.mean, strict=True))
        assert by_area["hlt"] == pytest.approx(50)
        assert by_area["btd"] == pytest.approx(60)
        assert both.se[both.areas.index("hlt")] == pytest.approx(np.hypot(0.75 * 2, 0.25 * 4))


@pytest.mark.parametrize("firms", [view(80, 4, 59), view(80, 4, 600, reason="nobody_answered")])
def test_residents_speak_alone_where_too_few_enterprises_answered(firms: View) -> None:
    assert joined(view(40, 2), firms, STANDARD, enough_firms(firms, STANDARD)).mean.tolist() == [40] * 12


def test_areas_of_the_questionnaire_feed_the_areas_of_another_edition() -> None:
    edition: Edition = load_edition("order_2025")
    topics = replace(view(50, 2), mean=np.arange(12.0))
    result = regrouped(topics, edition.areas)
    by_area = dict(zip(AREAS, range(12), strict=True))
    expected = [np.mean([by_area[code] for code in area.opinion_areas]) for area in edition.areas]
    assert result.mean.tolist() == pytest.approx(expected)
    assert result.se[result.areas.index("social")] == pytest.approx(2 / np.sqrt(3))


def test_an_area_that_the_questionnaire_covers_in_part_was_not_asked() -> None:
    part = tuple(area for area in AREAS if area != "soc")
    result = regrouped(view(50, 2, areas=part), load_edition("order_2025").areas)
    social = result.areas.index("social")
    assert (result.reasons[social], np.isnan(result.mean[social]), result.usable[social]) == ("not_asked", True, False)
    assert result.usable.sum() == 7


def test_an_area_without_questions_has_no_answers() -> None:
    result = regrouped(view(50, 2, areas=("hlt",)), STANDARD.areas)
    ecology = result.areas.index("eco")
    assert (result.n[ecology], result.effective_n[ecology], result.reasons[ecology]) == (0, 0.0, "not_asked")


def test_an_area_fed_by_several_has_the_answers_of_the_one_with_fewest() -> None:
    edition = load_edition("order_2025")
    sizes = np.arange(400.0, 412.0)
    sizes[AREAS.index("edu")] = 70.0
    result = regrouped(replace(view(50, 2), n=sizes.astype(int) + 5, effective_n=sizes), edition.areas)
    social = result.areas.index("social")
    assert (result.n[social], result.effective_n[social]) == (75, 70.0)
    assert blendable(result, edition).reasons[social] == "too_few_to_blend"


def test_an_effective_size_of_joined_means_is_that_of_their_shares() -> None:
    """Equal sizes joined by 3/4 and 1/4: 1 / (9/16/n + 1/16/n) = 1.6·n; a part without a share does not count."""
    firms = view(80, 4, 100)
    both = joined(view(40, 2, 100), firms, STANDARD, enough_firms(firms, STANDARD))
    assert dict(zip(both.areas, both.effective_n, strict=True)) == pytest.approx(
        {area: 200.0 if area == "btd" else 160.0 for area in AREAS}
    )
    few = view(80, 4, 59)
    alone = joined(view(40, 2, 100), few, STANDARD, enough_firms(few, STANDARD))
    assert (alone.effective_n.tolist(), alone.n.tolist()) == ([100.0] * 12, [100] * 12)
    quarter = mixed_view(view(40, 2, 100), view(50, 2, 100), np.full(12, 0.25))
    assert quarter.effective_n == pytest.approx([160.0] * 12)


def test_the_design_effect_of_a_plain_sample_is_that_of_the_formula() -> None:
    people = pd.DataFrame({"sex": ["f"] * 40, "hlt": [1.0, 5.0] * 20})
    tables = count_tables(people, traits=["sex"])
    (tier,) = audience_views(Counts(make_inputs(**tables), "resident"), STANDARD)["here"].tiers
    assert tier.design_effect.tolist() == pytest.approx([1.0])


def test_a_gap_is_filled_by_the_mean_of_the_other_cities_with_their_spread_as_its_error() -> None:
    gap = view(5, 1, reason="too_few")
    whole = filled({"a": view(40, 1), "b": view(60, 1), "c": gap}, ("a", "b", "c"), STANDARD)
    assert whole["c"].mean.tolist() == [50] * 12
    assert whole["c"].se == pytest.approx(np.sqrt([200 - 1] * 12))
    assert set(whole["c"].reasons) == {f"{FILLED}too_few"}
    assert whole["a"].mean.tolist() == [40] * 12


def test_a_filled_area_goes_with_no_other_area() -> None:
    joint = replace(view(40, 1), covariance=np.ones((12, 12)))
    gap = replace(joint, reasons=("too_few", *[""] * 11))
    covariance = filled({"a": joint, "b": replace(joint, mean=np.full(12, 60.0)), "c": gap}, ("a", "b", "c"), STANDARD)[
        "c"
    ].covariance
    assert covariance[0, 1:].tolist() == covariance[1:, 0].tolist() == [0.0] * 11
    assert (covariance[1:, 1:] == 1).all()


def test_nothing_is_borrowed_from_a_single_city_and_nothing_given_to_one_that_was_not_asked() -> None:
    whole = filled({"a": view(40, 1), "c": view(5, 1, reason="too_few")}, ("a", "c", "d"), STANDARD)
    assert np.isnan(whole["c"].mean).all()
    assert set(whole["c"].reasons) == {"too_few"}
    assert set(whole["d"].reasons) == {"not_asked"}


def test_blending_without_an_opinion_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="cannot be blended"):
        blended(STANDARD.alpha, None, STANDARD.alpha)
