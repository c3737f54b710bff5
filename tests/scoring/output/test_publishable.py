"""Which shares and which groups of people may be published."""

import numpy as np
import pandas as pd
import pytest

from scoring.frames import Inputs
from scoring.output.publishable import withheld
from scoring.run import compute, rate
from tests.builders.ratings import count_tables, frame, indicator_rows, make_inputs
from tests.scoring.output.test_shares import measured, with_options, women
from tests.scoring.test_run import STANDARD


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"q_use:yes": 10, "q_use:no": 10}, {"option:yes", "option:no"}),
        ({"q_use:yes": 9, "q_use:no": 91}, set()),
        ({"q_use:yes": 0, "q_use:no": 100}, set()),
        ({"q_hlt:1": 10, "q_hlt:4": 5, "q_hlt:5": 5, "q_hlt:hard": 10}, {"hard_to_say", "top_two"}),
        ({"q_hlt:1": 9, "q_hlt:4": 30, "q_hlt:5": 30, "q_hlt:hard": 10}, {"hard_to_say"}),
        ({"q_hlt:1": 20, "q_hlt:4": 20, "q_hlt:5": 30, "q_hlt:hard": 9}, {"top_two"}),
        ({"q_nps:5": 10, "q_nps:8": 0, "q_nps:10": 10}, {"nps"}),
        ({"q_nps:5": 3, "q_nps:8": 6, "q_nps:10": 60}, set()),
        ({"q_nps:5": 60, "q_nps:8": 6, "q_nps:10": 3}, set()),
    ],
)
def test_a_share_is_shown_where_ten_people_count_in_it_and_ten_do_not(counts: dict[str, int], shown: set[str]) -> None:
    inputs = with_options(women(), counts)
    rated = {
        measure
        for (_question, measure), numbers in measured(rate(inputs, STANDARD)).items()
        if numbers[0] == numbers[0]
    }
    few = {measure for *_key, measure in withheld(compute(inputs, STANDARD)).shares}
    assert rated - few == shown


def test_of_options_that_add_up_to_all_another_is_hidden_with_a_small_one() -> None:
    key = [("resident", "q", option, "hlt", 0, 0) for option in "abcd"]
    people = with_options(women(120), {"q:a": 5, "q:b": 20, "q:c": 40, "q:d": 55})
    inputs = Inputs(**(people.tables() | {"option_key": frame("option_key", key)}))
    few = withheld(compute(inputs, STANDARD)).shares
    assert few == {("resident", "here", "q", "option:a"), ("resident", "here", "q", "option:b")}


def test_a_group_of_ten_who_weigh_as_fewer_is_hidden() -> None:
    """One enterprise that weighs a thousand times as much as eleven others is one enterprise."""
    people = pd.DataFrame({"sex": ["f"] * 12 + ["m"] * 80 + ["x"] * 80, "hlt": np.resize([2.0, 3.0, 5.0], 172)})
    people["base_weight"] = [1000, *[1] * 11, *[1000] * 160]
    result = compute(
        make_inputs(
            **count_tables(people, traits=["sex"], areas=["hlt"], base_weight=1000),
            indicators=frame("indicators", indicator_rows(STANDARD, "here", STANDARD.alpha)),
        ),
        STANDARD,
    )
    assert {category for *_key, category in withheld(result).groups} == {"f", "m"}


def test_a_group_of_one_mind_is_hidden() -> None:
    people = pd.DataFrame({"sex": ["f"] * 20 + ["m"] * 80 + ["x"] * 80, "hlt": [5.0] * 20 + [2.0, 3.0] * 80})
    result = compute(
        make_inputs(
            **count_tables(people, traits=["sex"], areas=["hlt"]),
            indicators=frame("indicators", indicator_rows(STANDARD, "here", STANDARD.alpha)),
        ),
        STANDARD,
    )
    assert {category for *_key, category in withheld(result).groups} == {"f", "m"}
