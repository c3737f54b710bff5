"""Means of weighted samples and their covariances, from sums per stratum alone (SCORING §3); no single answer enters.

Everyone in a stratum has the same weight, so the sums n, Σy, Σy² and, for two items, Σy_j·y_k hold all that the
linearised variance and the delete-one jackknife need. The jackknife needs no histogram of answers: without one
respondent of stratum c a mean is (T - w·y) / (N - w), which is linear in that respondent's y.
"""

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.opinion.raking import Floats, fit
from scoring.opinion.weights import Weights

Integers = NDArray[np.intp]


class Sums(NamedTuple):
    """Per stratum and item (strata × items): how many answered, Σy, Σy²."""

    n: Floats
    total: Floats
    total_sq: Floats


class Pairs(NamedTuple):
    """Per stratum and pair of items j, k (strata × pairs), over those who answered both: n, Σy_j, Σy_k, Σy_j·y_k."""

    j: Integers
    k: Integers
    joint: Floats
    left: Floats
    right: Floats
    cross: Floats

    def around(self, mean: Floats) -> "Pairs":
        """Give the same sums of y less the items' means."""
        first, second = mean[self.j], mean[self.k]
        cross = self.cross - second * self.left - first * self.right + first * second * self.joint
        return self._replace(left=self.left - first * self.joint, right=self.right - second * self.joint, cross=cross)


def own_pairs(sums: Sums) -> Pairs:
    """Pair each item with itself: all that variances need."""
    items = np.arange(sums.n.shape[1])
    return Pairs(items, items, sums.n, sums.total, sums.total, sums.total_sq)


def means(weights: Weights, sums: Sums) -> Floats:
    """Give the weighted mean of each item; NaN where fewer than two people answered."""
    mean = _ratio(weights.w @ sums.total, weights.w @ sums.n)
    return np.where(sums.n.sum(axis=0) >= 2, mean, np.nan)


def as_matrix(pairs: Pairs, values: Floats, items: int) -> Floats:
    """Lay the values of pairs out as a symmetric (items × items) matrix; NaN where a pair was not given."""
    matrix = np.full((items, items), np.nan)
    matrix[pairs.j, pairs.k] = matrix[pairs.k, pairs.j] = values
    return matrix


def linearised(weights: Weights, sums: Sums, pairs: Pairs) -> Floats:
    """Give the linearised covariance of each pair's means.

    Equal to R survey's `calibrate(calfun="raking")` with `svymean`: the residuals of u = a(y - m)/N on the dummies of
    the margins, under the base weights, carry the raked weights.
    """
    mean = np.nan_to_num(means(weights, sums))
    size, d = float(weights.n.sum()), weights.base[:, None]
    if size < 2:
        return np.full(len(pairs.j), np.nan)
    about = pairs.around(mean)
    weighted_n = weights.w @ sums.n
    influence = _ratio(sums.total - mean * sums.n, weighted_n)
    fitted = _projected(weights, d * influence)
    own = _ratio(about.cross, weighted_n[pairs.j] * weighted_n[pairs.k])
    (u_j, u_k), (f_j, f_k) = ((m[:, pairs.j], m[:, pairs.k]) for m in (influence, fitted))
    squares = own - f_j * u_k - f_k * u_j + f_j * f_k * weights.n[:, None]
    first = weights.w @ (influence - fitted * weights.n[:, None])
    return size / (size - 1) * (weights.w**2 @ squares - first[pairs.j] * first[pairs.k] / size)


class Replicates:
    """Delete-one replicates of a sample: each leaves out one head of a stratum and is raked and trimmed again."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights

    @cached_property
    def w(self) -> Floats:
        """Weight per head (replicates × strata); NaN in a replicate that cannot meet the margins."""
        weights = self.weights
        heads = np.maximum(weights.n - np.eye(len(weights.n)), 0.0)
        base = heads * weights.base
        if not weights.margins:
            return np.broadcast_to(weights.base, base.shape)
        raking = fit(base, weights.margins, heads * weights.w, fixed=weights.trimmed)
        per_head = _ratio(raking.totals, heads)
        return np.where(raking.converged[:, None], per_head, np.nan)

    def covariances(self, sums: Sums, pairs: Pairs) -> Floats:
        """Give the jackknife covariance (JK1, around the mean of the replicates) of each pair's means.

        Where a replicate cannot meet the margins, gives the linearised covariance instead.
        """
        weights = self.weights
        if np.isnan(self.w).any():
            return linearised(weights, sums, pairs)
        size, heads = float(weights.n.sum()), weights.n[:, None]
        mean = np.nan_to_num(means(weights, sums))
        about, total = pairs.around(mean), sums.total - mean * sums.n
        head_weight = np.diagonal(self.w)[:, None]
        whole, count = self.w @ total, self.w @ sums.n
        level = _ratio(whole, count - head_weight)
        slope = -_ratio(head_weight, count - head_weight)
        absent = _ratio(whole, count)
        centre = (sums.n * level + slope * total + (heads - sums.n) * absent).sum(axis=0) / size
        squares = _squares(_Change(level - centre, slope, absent - centre), sums, (about, total, heads))
        return (size - 1) / size * squares


class _Change(NamedTuple):
    """How a mean moves without one head of a stratum: level + slope·y for one who answered, absent for another."""

    level: Floats
    slope: Floats
    absent: Floats


def _squares(change: _Change, sums: Sums, about: tuple[Pairs, Floats, Floats]) -> Floats:
    pairs, total, heads = about
    j, k = pairs.j, pairs.k
    (l_j, s_j, a_j), (l_k, s_k, a_k) = ([part[:, items] for part in change] for items in (j, k))
    both = l_j * l_k * pairs.joint + l_j * s_k * pairs.right + s_j * l_k * pairs.left + s_j * s_k * pairs.cross
    only_j = (sums.n[:, j] - pairs.joint) * l_j * a_k + s_j * a_k * (total[:, j] - pairs.left)
    only_k = (sums.n[:, k] - pairs.joint) * a_j * l_k + a_j * s_k * (total[:, k] - pairs.right)
    neither = (heads - sums.n[:, j] - sums.n[:, k] + pairs.joint) * a_j * a_k
    squares: Floats = (both + only_j + only_k + neither).sum(axis=0)
    return squares


def _projected(weights: Weights, sums: Floats) -> Floats:
    """Fit Σd·u per stratum (strata × items) on the margins' dummies by least squares under base weights, per head."""
    columns = [margin.indicator() for margin in weights.margins]
    design = np.hstack(columns) if columns else np.ones((len(weights.n), 1))
    root = np.sqrt(weights.n * weights.base)[:, None]
    coefficients = np.linalg.lstsq(design * root, _ratio(sums, root), rcond=None)[0]
    projection: Floats = design @ coefficients
    return projection


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros(np.broadcast_shapes(above.shape, below.shape)), where=below != 0)
