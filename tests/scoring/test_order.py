"""SCORING §8, row 24: the same inputs give the same bytes, in whatever order their rows and columns come."""

from dataclasses import fields
from functools import cache

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.edition import load_edition
from scoring.frames import Inputs
from scoring.run import rate
from tests.builders.ratings import STANDARD
from tests.effort import by_effort
from tests.scoring.test_run import country


@cache
def sample() -> tuple[Inputs, bytes]:
    """Give inputs of a few cities and their rating."""
    inputs = country(120, 60)
    return inputs, rate(inputs, load_edition(STANDARD)).to_bytes()


def shuffled(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Give a table with its rows and its columns in an order drawn from a seed."""
    mixed = table.sample(frac=1, random_state=seed)
    return mixed[table.columns.to_series().sample(frac=1, random_state=seed).tolist()]


@settings(max_examples=by_effort(3, 40), deadline=None)
@given(st.lists(st.integers(0, 2**31), min_size=len(fields(Inputs)), max_size=len(fields(Inputs))))
def test_row_24_no_order_of_rows_and_columns_changes_a_byte(seeds: list[int]) -> None:
    inputs, expected = sample()
    mixed = Inputs(
        **{name: shuffled(table, seed) for (name, table), seed in zip(inputs.tables().items(), seeds, strict=True)}
    )
    assert mixed.digest() == inputs.digest()
    assert rate(mixed, load_edition(STANDARD)).to_bytes() == expected
