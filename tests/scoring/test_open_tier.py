"""SCORING §8, row 18: whatever is put into the open tier moves an opinion by 100·λ points at most, and R by 100·α·λ."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scoring.edition import load_edition
from scoring.errors import FrameError
from scoring.opinion.estimates import AudienceView, audience_views
from scoring.opinion.samples import Counts
from scoring.output.rating import Rating
from scoring.run import rate
from tests.builders.ratings import MARGINS, count_tables, frame, indicator_rows, make_inputs, margin_rows, respondents
from tests.effort import examples

STANDARD = load_edition("standard_2019")
AREAS = [area.code for area in STANDARD.areas]
TRAITS = ["sex", "age", "lang", "district"]
CITIES = ("north", "south", "west")
LAMBDA = 0.25
"""SCORING §6.2 written out: a limit read off the edition would move with a mistake in it."""
SHARE = 100 * LAMBDA
ROUNDING = 1e-9

SIZES = {
    "far from every limit": {"verified": (400, 500, 450), "open": (300, 100, 0), "firms": (150, 150, 150, 100)},
    "just above and below the limits": {"verified": (150, 170, 500), "open": (70, 55, 90), "firms": (75, 50, 70, 70)},
    "no enterprise verified": {"verified": (400, 500, 450), "open": (100, 0, 100), "firms": (0, 0, 0, 200)},
}
"""Verified and open residents per city; verified enterprises per city, and open ones in each.

Enterprises just below their limit think the opposite of residents, so that it matters whether they count.
"""


def people_of(situation: str) -> pd.DataFrame:
    sizes = SIZES[situation]
    parts = []
    for index, city in enumerate(CITIES):
        groups = [("resident", tier, sizes[tier][index]) for tier in ("verified", "open")]
        groups += [("business", "verified", sizes["firms"][index]), ("business", "open", sizes["firms"][3])]
        for number, (audience, tier, n) in enumerate(groups):
            level = (3.9, 2.6, 3.3)[index]
            if audience == "business" and situation.startswith("just"):
                level = 0.5
            people = respondents(n, 10 * index + number, level=level, areas=AREAS)
            parts.append(people.assign(city=city, audience=audience, tier=tier, base_weight=1000))
    return pd.concat(parts, ignore_index=True)


def tables_of(people: pd.DataFrame) -> dict[str, pd.DataFrame]:
    result: dict[str, list[pd.DataFrame]] = {}
    for (city, audience), part in people.groupby(["city", "audience"]):
        options: dict[str, Any] = {"tier": "open", "base_weight": 1000}
        tables = count_tables(
            part.drop(columns=["city", "audience"]), city=city, audience=audience, areas=AREAS, pairs=False, **options
        )
        for name, table in tables.items():
            result.setdefault(name, []).append(table)
    return {name: pd.concat(parts, ignore_index=True).drop_duplicates() for name, parts in result.items()}


def rated(tables: dict[str, pd.DataFrame]) -> Rating:
    scores = zip(CITIES, (38, 45, 40), strict=True)
    indicators = [row for city, score in scores for row in indicator_rows(STANDARD, city, Fraction(score))]
    margins = [
        row for city in CITIES for a in ("resident", "business") for row in margin_rows(MARGINS, city=city, audience=a)
    ]
    return rate(
        make_inputs(**tables, indicators=frame("indicators", indicators), margins=frame("margins", margins)), STANDARD
    )


@cache
def before(situation: str) -> tuple[dict[str, pd.DataFrame], Rating]:
    tables = tables_of(people_of(situation))
    return tables, rated(tables)


STUFFED = st.lists(
    st.fixed_dictionaries(
        {
            "city": st.sampled_from(CITIES),
            "audience": st.sampled_from(["resident", "business"]),
            "sex": st.sampled_from(["f", "m", "-"]),
            "age": st.sampled_from(["18-29", "60+"]),
            "lang": st.sampled_from(["kk", "en"]),
            "district": st.sampled_from(["d1", "d3"]),
            "base_weight": st.sampled_from([1, 60, 1000]),
            "points": st.lists(st.sampled_from([np.nan, 1.0, 5.0]), min_size=1, max_size=4),
            "n": st.integers(1, 400),
        }
    ),
    min_size=1,
    max_size=6,
)
"""Groups of answers put into the open tier: who they say they are, what they answer area by area, and how many."""


def stuffed_with(tables: dict[str, pd.DataFrame], groups: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Count the groups and add them to what was counted before."""
    parts = []
    for group in groups:
        traits = {name: value for name, value in group.items() if name not in {"points", "n"}}
        answers = dict(zip(AREAS, np.resize(group["points"], len(AREAS)), strict=True))
        parts.append(pd.DataFrame([traits | answers | {"tier": "open"}]).loc[[0] * group["n"]])
    more = tables_of(pd.concat(parts, ignore_index=True))
    both = {name: pd.concat([tables[name], more[name]], ignore_index=True) for name in tables}
    sums = ["n", "total", "total_sq"]
    keys = [column for column in both["cells"].columns if column not in sums]
    return {name: table.drop_duplicates() for name, table in both.items()} | {
        "cells": both["cells"].groupby(keys, as_index=False)[sums].sum()
    }


@pytest.mark.parametrize("situation", SIZES)
@settings(max_examples=examples(25), deadline=None)
@given(groups=STUFFED)
def test_row_18_nothing_in_the_open_tier_moves_an_opinion_beyond_its_share(
    situation: str, groups: list[dict[str, Any]]
) -> None:
    tables, clean = before(situation)
    hold_the_bound(clean, rated(stuffed_with(tables, groups)))


def hold_the_bound(clean: Rating, moved: Rating) -> None:
    assert moved.cities["status"].tolist() == clean.cities["status"].tolist()
    assert moved.areas["note"].tolist() == clean.areas["note"].tolist()
    for column, limit in (("total_opinion_only", SHARE), ("total", SHARE * float(STANDARD.alpha))):
        change = np.abs(moved.cities[column] - clean.cities[column])
        assert change.isna().tolist() == clean.cities[column].isna().tolist()
        assert change.max() <= limit + ROUNDING
    for column in ("opinion", "residents"):
        change = np.abs(moved.areas[column] - clean.areas[column])
        assert change.isna().tolist() == clean.areas[column].isna().tolist()
        assert not change.max() > SHARE + ROUNDING


FLOOD = {"sex": "f", "age": "18-29", "lang": "kk", "district": "d1", "base_weight": 1000}


def flood(city: str, audience: str, n: int, points: list[float]) -> dict[str, Any]:
    return FLOOD | {"city": city, "audience": audience, "n": n, "points": points}


KINDS = [
    {"sex": sex, "lang": lang, "district": district}
    for sex, lang, district in (("f", "kk", "d1"), ("m", "ru", "d2"), ("f", "ru", "d3"), ("m", "kk", "d3"))
]


@pytest.mark.parametrize(
    ("situation", "groups"),
    [
        ("just above and below the limits", [flood("south", "resident", 400, [5.0])]),
        ("just above and below the limits", [flood("north", "resident", 60, [1.0, 5.0])]),
        (
            "just above and below the limits",
            [flood("west", "business", 300, [1.0]), flood("south", "business", 9, [5])],
        ),
        ("just above and below the limits", [flood("west", "business", 40, [1.0]) | more for more in KINDS]),
        ("far from every limit", [flood("west", "resident", 61, [5.0])]),
        ("far from every limit", [flood("north", "resident", 3000, [1.0])]),
        ("no enterprise verified", [flood("north", "business", 2000, [1.0])]),
    ],
    ids=[
        "few open answers become enough",
        "a split of extremes",
        "enterprises of two cities are flooded",
        "enterprises just below their limit are joined by many of one mind",
        "a tier appears",
        "a tier diverges and drops out",
        "enterprises nobody verified",
    ],
)
def test_row_18_the_bound_holds_where_a_tier_drops_out_or_comes_back(
    situation: str, groups: list[dict[str, Any]]
) -> None:
    tables, clean = before(situation)
    hold_the_bound(clean, rated(stuffed_with(tables, groups)))


def test_row_18_the_situations_reach_what_they_are_named_for() -> None:
    notes = {situation: before(situation)[1].diagnostics["reason"].tolist() for situation in SIZES}
    assert "open_too_few" in notes["just above and below the limits"]
    statuses = {situation: before(situation)[1].cities["status"].tolist() for situation in SIZES}
    assert statuses["far from every limit"] == ["blended"] * 3
    moved = rated(stuffed_with(before("far from every limit")[0], [flood("north", "resident", 3000, [1.0])]))
    assert "open_diverges" in moved.diagnostics.query("city == 'north'")["reason"].tolist()


def test_row_18_open_answers_do_move_an_opinion_within_the_bound() -> None:
    tables, clean = before("far from every limit")
    moved = rated(stuffed_with(tables, [flood("north", "resident", 30, [1.0])]))
    assert not np.allclose(moved.cities["total"], clean.cities["total"], atol=0.01)


def test_row_18_a_diagnostic_names_enterprises_left_out_because_nobody_was_verified() -> None:
    _, rating = before("no enterprise verified")
    remarks = rating.diagnostics.query("reason == 'open_beside_verified'")
    assert (remarks["city"].tolist(), set(remarks["subject"])) == (list(CITIES), {"business"})
    assert rating.areas["opinion"].tolist() == rating.areas["residents"].tolist()
    assert rating.areas["businesses"].notna().all()


def test_inputs_keep_answers_that_weigh_nothing_out_of_every_number() -> None:
    tables, clean = before("far from every limit")
    groups = [flood("north", "resident", 4000, [1.0]) | {"base_weight": 0}]
    assert rated(stuffed_with(tables, groups)).to_bytes() == clean.to_bytes()


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(FrameError, match="base_weight is negative"):
        make_inputs(
            **tables_of(
                respondents(9, areas=AREAS).assign(
                    **FLOOD | {"city": "north", "audience": "resident", "tier": "open", "base_weight": -1}
                )
            )
        )


Cells = list[tuple[object, ...]]


def cells(tier: str, people: Mapping[int, int], base_weight: int = 1000) -> Cells:
    """Count residents of one cell who answer every area alike: points 1-5 → how many."""
    n, total, total_sq = (sum(count * points**power for points, count in people.items()) for power in (0, 1, 2))
    sums = [("", n, 0, 0), *((area, n, total, total_sq) for area in AREAS)]
    return [("resident", "here", "sex=f", *row, tier, base_weight, 0) for row in sums if n]


def unweighted(rows: Cells) -> dict[str, pd.DataFrame]:
    return {
        "cells": frame("cells", rows, "tier", "base_weight", "flagged"),
        "cell_key": frame("cell_key", [("resident", "sex=f", "sex", "f")]),
        "scales": frame("scales", [("resident", area, 1) for area in AREAS]),
    }


def opinion(rows: Cells) -> AudienceView:
    return audience_views(Counts(make_inputs(**unweighted(rows)), "resident"), STANDARD)["here"]


HALVES = cells("verified", {1: 1000, 5: 1000})


def just_within(more: int = 0) -> Cells:
    """Give 3,000 open answers whose mean lies just under 3 standard errors above that of HALVES."""
    return cells("open", {1: 1500 - 129 - more, 5: 1500 + 129 + more})


def test_row_18_an_open_tier_just_under_3_errors_moves_an_opinion_by_a_quarter_of_the_difference() -> None:
    result = opinion(HALVES + just_within())
    verified, voluntary = (next(t.view for t in result.tiers if t.sample.tier == name) for name in ("verified", "open"))
    difference, error = voluntary.mean - verified.mean, np.hypot(verified.se, voluntary.se)
    assert set(result.tier_notes) == {"mixed"}
    assert (2.98 * error < difference).all()
    assert (difference < 3 * error).all()
    moved = result.view.mean - opinion(HALVES).view.mean
    assert moved == pytest.approx(LAMBDA * difference)
    assert (moved < LAMBDA * 3 * error).all()


def test_row_18_an_open_tier_just_over_3_errors_moves_nothing() -> None:
    result = opinion(HALVES + just_within(more=1))
    assert set(result.tier_notes) == {"open_diverges"}
    assert result.view.mean.tolist() == opinion(HALVES).view.mean.tolist()


def test_row_18_an_open_tier_just_under_3_errors_moves_a_total_by_alpha_of_that() -> None:
    indicators = frame("indicators", indicator_rows(STANDARD, "here", Fraction(40)))
    clean, moved = (
        rate(make_inputs(**unweighted(rows), indicators=indicators), STANDARD).cities.iloc[0]
        for rows in (HALVES, HALVES + just_within())
    )
    difference = 100 * 129 / 3000
    assert moved["total_opinion_only"] - clean["total_opinion_only"] == pytest.approx(LAMBDA * difference)
    assert moved["total"] - clean["total"] == pytest.approx(0.3 * LAMBDA * difference)


OPEN = st.lists(
    st.tuples(
        st.dictionaries(st.integers(1, 5), st.integers(0, 2000), max_size=2), st.sampled_from([1, 60, 300, 1000])
    ),
    max_size=3,
    unique_by=lambda group: group[1],
)
"""Open answers in groups, each with the one base weight of its group."""


def two_people(first: int, weight: int, open_groups: list[tuple[dict[int, int], int]]) -> Cells:
    """Give two verified people of opposite minds, whose error lets any open tier stand beside them, and open answers.

    The one who says `first` has full weight, the other `weight`.
    """
    verified = cells("verified", {first: 1}) + cells("verified", {6 - first: 1}, weight)
    return verified + [row for people, base_weight in open_groups for row in cells("open", people, base_weight)]


@settings(max_examples=40)
@given(st.sampled_from([1, 5]), st.integers(1, 999), OPEN, OPEN)
@example(1, 999, [({1: 60}, 1000)], [({5: 60}, 1000)])
@example(1, 1, [], [({5: 5000}, 1000)])
@example(5, 1, [], [({1: 60}, 1)])
def test_row_18_any_number_of_open_answers_moves_an_opinion_by_100_lambda_at_most(
    first: int, weight: int, before_: list[tuple[dict[int, int], int]], after: list[tuple[dict[int, int], int]]
) -> None:
    one, other = (opinion(two_people(first, weight, groups)).view.mean for groups in (before_, after))
    assert np.abs(one - other).max() <= SHARE + ROUNDING


@pytest.mark.parametrize(("n", "base_weight"), [(60, 1000), (60, 1), (5000, 1000)])
def test_row_18_open_answers_of_one_mind_reach_the_bound(n: int, base_weight: int) -> None:
    low, high = (opinion(two_people(1, 999, [({points: n}, base_weight)])).view.mean for points in (1, 5))
    assert high - low == pytest.approx(SHARE)
    alone, beside = (opinion(two_people(1, 1, groups)).view.mean for groups in ([], [({5: n}, base_weight)]))
    assert beside - alone == pytest.approx(SHARE, abs=0.03)
