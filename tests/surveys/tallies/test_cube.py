"""The counts of a cell are what pandas counts from the answers one by one: areas, pairs of areas, options."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.authoring.yaml_source import load, shipped
from surveys.questionnaire.compiled import Compiled, compile_questionnaire
from surveys.tallies.cube import Cube, from_bytes, to_bytes
from tests.effort import examples

QUESTIONNAIRES = [compile_questionnaire(load(path)) for path in shipped()]


def random_bytes(compiled: Compiled, seed: int, n: int) -> np.ndarray:
    """Draw answers of every kind, a third of them missing, in every byte a question can have."""
    rng = np.random.default_rng(seed)
    given_bytes = np.column_stack([rng.integers(0, width, n) for width in Cube(compiled).widths]).astype(np.uint8)
    return np.where(rng.random(given_bytes.shape) < 0.33, 0, given_bytes).astype(np.uint8)


def values_by_pandas(compiled: Compiled, closed: np.ndarray) -> pd.DataFrame:
    """Give each respondent's value in each area: the mean of its items if half are answered, times the scale."""
    columns = {}
    for area in compiled.areas:
        items = compiled.area_items(area)
        points = pd.DataFrame(
            {i.question: np.frombuffer(i.values, np.uint8)[closed[:, i.position]] for i in items}, dtype=float
        ).replace(0, np.nan)
        enough = points.notna().sum(axis=1) >= max(len(items) / 2, 1)
        columns[area] = (points.mean(axis=1) * compiled.area_scale(area)).round().where(enough)
    return pd.DataFrame(columns)


def groups(closed: np.ndarray, sizes: list[int]) -> Iterator[np.ndarray]:
    ends = np.cumsum(sizes)
    yield from (closed[end - size : end] for end, size in zip(ends, sizes, strict=True))


@pytest.mark.parametrize("compiled", QUESTIONNAIRES, ids=lambda each: each.questionnaire.code)
@settings(max_examples=examples(25), deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(0, 25), min_size=1, max_size=4))
def test_areas_pairs_and_options_are_what_pandas_counts(compiled: Compiled, seed: int, sizes: list[int]) -> None:
    cube, closed = Cube(compiled), random_bytes(compiled, seed, sum(sizes))
    vectors = cube.count(closed, np.array(sizes, dtype=np.int64))
    assert len(vectors) == len(sizes)
    for vector, own in zip(vectors, groups(closed, sizes), strict=True):
        y = values_by_pandas(compiled, own)
        for area, counts in cube.area_counts(vector).items():
            assert counts == (y[area].count(), y[area].sum(), (y[area] ** 2).sum())
        joint, sums, cross = cube.pair_counts(vector)
        answered = y.notna().astype(int)
        assert joint.tolist() == (answered.T @ answered).to_numpy().tolist()
        assert sums.tolist() == (y.fillna(0).T @ answered).to_numpy().tolist()
        assert cross.tolist() == (y.fillna(0).T @ y.fillna(0)).to_numpy().tolist()
        for column, width, given_bytes in zip(compiled.columns, cube.widths, own.T, strict=True):
            by_value = pd.Series(given_bytes).value_counts().reindex(range(width), fill_value=0)
            assert cube.option_counts(vector, column.question).tolist() == by_value.tolist()


@pytest.mark.parametrize("compiled", QUESTIONNAIRES, ids=lambda each: each.questionnaire.code)
def test_what_is_stored_of_two_halves_adds_up_to_the_whole(compiled: Compiled) -> None:
    cube, closed = Cube(compiled), random_bytes(compiled, 5, 60)
    halves = cube.count(closed, np.array([25, 35]))
    (whole,) = cube.count(closed, np.array([60]))
    assert (sum(from_bytes(to_bytes(half)) for half in halves) == whole).all()
