"""Shares of answers, net promoter scores, and which groups of people may be shown."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.frames import Inputs
from scoring.opinion.measures import measures
from scoring.opinion.small_groups import FEWEST
from scoring.output.rating import Rating
from scoring.output.shares import hidden
from scoring.run import rate
from tests.builders.ratings import count_tables, frame, indicator_rows, make_inputs, respondents
from tests.scoring.test_run import STANDARD

OPTIONS = [
    ("resident", "q_hlt", "1", "hlt", 1, 0),
    ("resident", "q_hlt", "4", "hlt", 4, 0),
    ("resident", "q_hlt", "5", "hlt", 5, 0),
    ("resident", "q_hlt", "hard", "hlt", 0, 1),
    ("resident", "q_use", "yes", "hlt", 0, 0),
    ("resident", "q_use", "no", "hlt", 0, 0),
    ("resident", "q_nps", "5", "", 5, 0),
    ("resident", "q_nps", "8", "", 8, 0),
    ("resident", "q_nps", "10", "", 10, 0),
    ("resident", "q_three", "3", "", 3, 0),  # three points: no top two, no promoters
]


def with_options(people: pd.DataFrame, counts: dict[str, int], **group: Any) -> Inputs:
    """Put one row of option counts per tier beside the cells."""
    tables = count_tables(people, traits=["sex"], areas=["hlt"], **group)
    cells = tables["cells"][["audience", "city", "cell", *group]].drop_duplicates()
    wide = cells.assign(**counts).reset_index(drop=True)
    return make_inputs(
        **tables,
        options=wide,
        option_key=frame("option_key", OPTIONS),
        indicators=frame("indicators", indicator_rows(STANDARD, "here", STANDARD.alpha * 100)),
    )


COUNTS = {"q_hlt:1": 20, "q_hlt:4": 30, "q_hlt:5": 30, "q_hlt:hard": 20, "q_use:yes": 25, "q_use:no": 75}
NPS = {"q_nps:5": 20, "q_nps:8": 30, "q_nps:10": 50}


def women(n: int = 100) -> pd.DataFrame:
    return pd.DataFrame({"sex": ["f"] * n, "hlt": np.resize([1.0, 4.0, 5.0], n)})


def measured(rating: Rating) -> dict[tuple[str, str], tuple[float, float, int]]:
    rows = rating.shares.to_dict("records")
    return {(row["question"], row["measure"]): (row["value"], row["se"], row["n"]) for row in rows}


def test_shares_are_read_off_the_counts_of_options() -> None:
    result = measured(rate(with_options(women(), COUNTS | NPS), STANDARD))
    assert {key: (value, n) for key, (value, _, n) in result.items()} == {
        ("q_hlt", "hard_to_say"): (pytest.approx(20), 100),
        ("q_hlt", "top_two"): (pytest.approx(75), 80),
        ("q_use", "option:yes"): (pytest.approx(25), 100),
        ("q_use", "option:no"): (pytest.approx(75), 100),
        ("q_nps", "nps"): (pytest.approx(30), 100),
    }


def test_the_error_of_a_share_is_that_of_a_proportion() -> None:
    result = measured(rate(with_options(women(), COUNTS | NPS), STANDARD))
    assert result["q_use", "option:yes"][1] == pytest.approx(100 * np.sqrt(0.25 * 0.75 / 99))


def test_a_share_of_fewer_than_ten_answers_is_not_shown() -> None:
    few = {name: count // 20 for name, count in (COUNTS | NPS).items()}
    result = measured(rate(with_options(women(), few), STANDARD))
    assert all(np.isnan(value) and n < FEWEST for value, _, n in result.values())


def test_open_and_verified_shares_are_mixed_like_scores() -> None:
    people = pd.concat([women(100).assign(tier="verified"), women(100).assign(tier="open")], ignore_index=True)
    inputs = with_options(people, COUNTS | NPS, tier="open")
    options = inputs.options.copy()
    options.loc[options["tier"] == "open", ["q_use:yes", "q_use:no"]] = [75, 25]
    result = measured(rate(Inputs(**(inputs.tables() | {"options": options})), STANDARD))
    assert result["q_use", "option:yes"][0] == pytest.approx(0.75 * 25 + 0.25 * 75)
    assert result["q_nps", "nps"][0] == pytest.approx(30)


@pytest.mark.parametrize("silent", ["open", "verified"])
def test_a_share_comes_from_verified_people_alone_where_a_tier_was_not_asked(silent: str) -> None:
    people = pd.concat([women(100).assign(tier="verified"), women(100).assign(tier="open")], ignore_index=True)
    inputs = with_options(people, COUNTS | NPS, tier="open")
    options = inputs.options.copy()
    options.loc[options["tier"] == silent, ["q_use:yes", "q_use:no"]] = 0
    value, se, n = measured(rate(Inputs(**(inputs.tables() | {"options": options})), STANDARD))["q_use", "option:yes"]
    if silent == "open":
        assert (value, se, n) == (pytest.approx(25), pytest.approx(100 * np.sqrt(0.25 * 0.75 / 99)), 100)
    else:
        assert (np.isnan(value), n) == (True, 0)


def test_groups_of_people_are_shown_by_every_trait_of_the_cells() -> None:
    people = respondents(400, areas=["hlt"])
    rating = rate(
        make_inputs(
            **count_tables(people), indicators=frame("indicators", indicator_rows(STANDARD, "here", STANDARD.alpha))
        ),
        STANDARD,
    )
    women_only = people.loc[people["sex"] == "f", "hlt"].dropna()
    row = rating.domains.query("dimension == 'sex' and category == 'f'").iloc[0]
    assert (row["mean"], row["n"]) == (pytest.approx((women_only.mean() - 1) * 25), len(women_only))
    assert set(rating.domains["dimension"]) == {"sex", "age", "lang", "district"}


def test_a_small_group_hides_another_with_it() -> None:
    people = pd.DataFrame({"sex": ["f"] * 50 + ["m"] * 5 + ["-"] * 30, "hlt": [3.0] * 85})
    rating = rate(
        make_inputs(
            **count_tables(people, traits=["sex"]),
            indicators=frame("indicators", indicator_rows(STANDARD, "here", STANDARD.alpha)),
        ),
        STANDARD,
    )
    by_category = rating.domains.set_index("category")
    assert by_category["reason"].to_dict() == {"-": "too_few", "f": "", "m": "too_few"}
    assert by_category.loc[["-", "m"], ["mean", "se", "n"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("n", "out"),
    [
        ([10, 30, 40], [False, False, False]),
        ([9, 30, 40], [True, True, False]),
        ([9, 9, 40], [True, True, False]),
        ([5, 4, 30, 40], [True, True, True, False]),
        ([5, 5, 30, 40], [True, True, False, False]),
        ([10], [False]),
        ([9], [True]),
    ],
)
def test_a_group_is_shown_from_ten_and_no_more_is_hidden_than_must_be(n: list[int], out: list[bool]) -> None:
    assert hidden(n) == out


@pytest.mark.parametrize(("answers", "is_shown"), [(9, False), (10, True)])
def test_a_share_is_shown_from_ten_answers(answers: int, is_shown: bool) -> None:
    result = measured(rate(with_options(women(), {"q_use:yes": answers - 4, "q_use:no": 4}), STANDARD))
    assert bool(np.isfinite(result["q_use", "option:yes"][0])) is is_shown


@pytest.mark.parametrize(
    ("points", "shares"),
    [
        (range(1, 6), {"top_two": [0, 0, 0, 100, 100]}),
        (range(11), {"nps": [-100] * 7 + [0, 0, 100, 100]}),
        (range(4), {}),
    ],
)
def test_every_option_counts_as_the_measure_says(points: range, shares: dict[str, list[float]]) -> None:
    options = frame("option_key", [("resident", "q", str(each), "hlt", each, 0) for each in points])
    assert {result.name: result.values.tolist() for result in measures(options)} == shares


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8))
def test_no_hidden_number_can_be_found_by_subtraction(n: list[int]) -> None:
    out = hidden(n)
    assert all(is_out for each, is_out in zip(n, out, strict=True) if each < FEWEST)
    concealed = [each for each, is_out in zip(n, out, strict=True) if is_out]
    if concealed and len(n) > 1:
        assert len(concealed) > 1
        assert sum(concealed) >= min(FEWEST, sum(n))
