"""The closed forms compared with what they compute: leaving out one respondent at a time, and raking again."""

from dataclasses import replace

import numpy as np
import pytest

from scoring.opinion.variance import Pairs, Replicates, Sums, as_matrix, linearised, means, own_pairs
from scoring.opinion.weights import Dimension, Weights, weigh


def sample(seed: int = 5, n: int = 80) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    rng = np.random.default_rng(seed)
    traits = [rng.choice(list("xy"), n, p=[0.6, 0.4]), rng.choice(list("pqr"), n, p=[0.5, 0.3, 0.2])]
    y = rng.integers(1, 6, (n, 3)).astype(float) * 10 + rng.normal(0, 1, (n, 1))
    y[rng.random((n, 3)) < 0.2] = np.nan
    base = rng.choice([1.0, 0.5, 0.25], n)
    return y, base, traits


def weighted(base: np.ndarray, traits: list[np.ndarray]) -> Weights:
    people = ({"x": 50, "y": 50}, {"p": 40, "q": 30, "r": 30})
    dimensions = [
        Dimension(name, trait.tolist(), counts) for name, trait, counts in zip("ab", traits, people, strict=True)
    ]
    return weigh(np.ones(len(base)), base, dimensions)


def counts_of(weights: Weights, y: np.ndarray) -> tuple[Sums, Pairs]:
    a, y = ~np.isnan(y), np.nan_to_num(y)
    j, k = np.triu_indices(y.shape[1])
    pairs = ((a[:, j] & a[:, k]) * 1.0, y[:, j] * a[:, k], y[:, k] * a[:, j], y[:, j] * y[:, k])
    sums = Sums(weights.gather(a * 1.0), weights.gather(y), weights.gather(y**2))
    return sums, Pairs(j, k, *map(weights.gather, pairs))


def test_the_jackknife_is_what_leaving_out_each_respondent_gives() -> None:
    y, base, traits = sample()
    weights = weighted(base, traits)
    sums, pairs = counts_of(weights, y)
    ours = as_matrix(pairs, Replicates(weights).covariances(sums, pairs), 3)
    theta = []
    for out in range(len(y)):
        keep = np.arange(len(y)) != out
        one = weighted(base[keep], [trait[keep] for trait in traits])
        theta.append(means(one, counts_of(one, y[keep])[0]))
    spread = np.array(theta) - np.mean(theta, axis=0)
    assert ours == pytest.approx((len(y) - 1) / len(y) * spread.T @ spread, rel=1e-9)


def test_the_jackknife_without_margins_is_that_of_a_plain_mean() -> None:
    y = np.arange(1.0, 21.0)[:, None]
    weights = weigh(np.ones(20), np.ones(20), [])
    sums, pairs = counts_of(weights, y)
    assert Replicates(weights).covariances(sums, pairs)[0] == pytest.approx(y.var(ddof=1) / 20)
    assert linearised(weights, sums, pairs)[0] == pytest.approx(y.var(ddof=1) / 20)


def test_counting_people_who_are_raked_alike_together_changes_no_error() -> None:
    y, _, traits = sample()
    base = np.ones(len(y))
    one_stratum_each, gathered = weighted(base, traits), weighted(base, traits)
    sums, pairs = counts_of(one_stratum_each, y)
    split = Weights(
        stratum=np.arange(len(y)),
        n=np.ones(len(y)),
        base=base,
        w=one_stratum_each.w[one_stratum_each.stratum],
        margins=tuple(replace(m, codes=m.codes[one_stratum_each.stratum]) for m in one_stratum_each.margins),
        status="raked",
        notes=(),
        trimmed=np.zeros(len(y), dtype=bool),
    )
    single, single_pairs = counts_of(split, y)
    assert linearised(split, single, single_pairs) == pytest.approx(linearised(gathered, sums, pairs))
    ours = Replicates(gathered).covariances(sums, pairs)
    assert Replicates(split).covariances(single, single_pairs) == pytest.approx(ours)


def test_the_linearised_error_under_unequal_base_weights_is_the_textbook_one() -> None:
    y, base, traits = sample()
    y = np.where(np.isnan(y), 30.0, y)[:, :1]
    weights = weighted(base, traits)
    sums, pairs = counts_of(weights, y)
    w, d = weights.w[weights.stratum], weights.base[weights.stratum]
    mean = (w * y[:, 0]).sum() / w.sum()
    u = (y[:, 0] - mean) / w.sum()
    design = np.column_stack([*(traits[0] == c for c in "xy"), *(traits[1] == c for c in "pqr")]).astype(float)
    root = np.sqrt(d)
    fitted = design @ np.linalg.lstsq(design * root[:, None], u * root, rcond=None)[0]
    z = w * (u - fitted)
    n = len(y)
    assert linearised(weights, sums, pairs)[0] == pytest.approx(n / (n - 1) * ((z - z.mean()) ** 2).sum())


def test_where_a_replicate_cannot_meet_the_margins_the_linearised_error_is_used() -> None:
    y = np.array([[1.0], [2.0], [4.0], [5.0]])
    traits = [np.array(list("xxyy")), np.array(list("pqpq"))]
    dimensions = [
        Dimension(name, trait.tolist(), people)
        for name, trait, people in zip("ab", traits, ({"x": 50, "y": 50}, {"p": 60, "q": 40}), strict=True)
    ]
    weights = weigh(np.ones(4), np.ones(4), dimensions, smallest=1)
    sums, pairs = counts_of(weights, y)
    replicates = Replicates(weights)
    assert np.isnan(replicates.w).any()
    assert replicates.covariances(sums, pairs) == pytest.approx(linearised(weights, sums, pairs))


def test_a_pair_that_was_not_counted_has_no_covariance() -> None:
    y, base, traits = sample()
    weights = weighted(base, traits)
    sums, _ = counts_of(weights, y)
    matrix = as_matrix(own_pairs(sums), linearised(weights, sums, own_pairs(sums)), 3)
    assert np.isnan(matrix[np.triu_indices(3, 1)]).all()
    assert not np.isnan(np.diag(matrix)).any()
