"""Public opinion: a weighted mean on 0-100 with its standard error, from counts alone (SCORING §2.1 and §3)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.weights import Margin, Weights, prepare, rake

Floats = NDArray[np.float64]

DIMENSIONS = ("sex", "district")
"""Dimensions that are raked where the city has published margins for them, in this order."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One area as one audience of one city sees it; `mean` and `se` are on 0-100, None when nothing can be said.

    `n` counts the people who answered, `effective_n` is Kish's, `reason` says why `mean` may not be published.
    """

    mean: float | None
    se: float | None
    n: int
    effective_n: float
    reason: str


@dataclass(frozen=True, slots=True)
class AudienceOpinion:
    """What one audience of one city thinks of every area, and how it was weighted."""

    n: int
    weights: Weights
    areas: dict[str, Estimate]


def audience_opinion(
    cells: pd.DataFrame, key: pd.DataFrame, margins: pd.DataFrame, scales: dict[str, int], minimum_n: int
) -> AudienceOpinion:
    """Weight one audience of one city to its margins and estimate every area of `scales`."""
    everyone = cells[cells["area"] == ""].set_index("cell")["n"].sort_index()
    n = everyone.to_numpy(dtype=np.float64)
    weights = _weights(everyone.index.tolist(), n, key, margins)
    areas = {}
    for area, scale in scales.items():
        rows = cells[cells["area"] == area].set_index("cell").reindex(everyone.index, fill_value=0)
        counts, sums, squares = (rows[name].to_numpy(dtype=np.float64) for name in ("n", "total", "total_sq"))
        areas[area] = _estimate(weights, n, (counts, sums, squares), scale, minimum_n)
    return AudienceOpinion(int(n.sum()), weights, areas)


def linearised_se(weights: Weights, n: Floats, answered: tuple[Floats, Floats, Floats], mean: float) -> float:
    """Give the standard error of a raked mean by linearisation, on the scale of y (SCORING §3, base weights of 1).

    `answered` holds per cell how many answered, Σy and Σy². Equal to R survey's `calibrate(calfun="raking")` with
    `svymean`: the residuals of u = a(y-m)/N on the margins, weighted by the raked weights.
    """
    counts, sums, squares = answered
    g, size = weights.g, float(n.sum())
    estimated = float((g * counts).sum())
    u_sum = (sums - mean * counts) / estimated
    u_square = (squares - 2 * mean * sums + mean**2 * counts) / estimated**2
    fitted = _fitted(weights, n, u_sum)
    first = float((g * (u_sum - fitted * n)).sum())
    second = float((g**2 * (u_square - 2 * fitted * u_sum + fitted**2 * n)).sum())
    return float(np.sqrt(max(0.0, size / (size - 1) * (second - first**2 / size))))


def _weights(cells: list[str], n: Floats, key: pd.DataFrame, margins: pd.DataFrame) -> Weights:
    prepared: list[Margin] = []
    notes: list[str] = []
    for dimension in DIMENSIONS:
        counts = margins[margins["dimension"] == dimension]
        people = dict(zip(counts["category"].tolist(), counts["people"].tolist(), strict=True))
        if not people:
            continue
        named = key[key["dimension"] == dimension].set_index("cell")["category"]
        margin, said = prepare(dimension, [str(named.get(cell, "-")) for cell in cells], n, people)
        notes.extend(said)
        if margin is not None:
            prepared.append(margin)
    return rake(n, tuple(prepared), tuple(notes))


def _estimate(
    weights: Weights, n: Floats, answered: tuple[Floats, Floats, Floats], scale: int, minimum_n: int
) -> Estimate:
    counts, sums, _squares = answered
    heads = int(counts.sum())
    effective = weights.effective_n(counts)
    if heads < 2:
        return Estimate(None, None, heads, effective, "nobody_answered" if heads == 0 else "one_answer")
    mean = float((weights.g * sums).sum() / (weights.g * counts).sum())
    se = linearised_se(weights, n, answered, mean)
    reason = "not_converged" if weights.status == "not_converged" else ""
    if effective < minimum_n:
        reason = "too_few"
    return Estimate((mean / scale - 1) * 25, se / scale * 25, heads, effective, reason)


def _fitted(weights: Weights, n: Floats, u_sum: Floats) -> Floats:
    """Fit U per respondent on the dummies of the margins, weighted by base weights; the fitted value of each cell."""
    if not weights.margins:
        columns = [np.ones_like(n)]
    else:
        columns = [
            (margin.codes == category).astype(np.float64)
            for margin in weights.margins
            for category in range(len(margin.shares))
        ]
    design = np.column_stack(columns)
    root = np.sqrt(n)
    target = np.divide(u_sum, root, out=np.zeros_like(n), where=n > 0)
    coefficients = np.linalg.lstsq(design * root[:, None], target, rcond=None)[0]
    fitted: Floats = design @ coefficients
    return fitted
