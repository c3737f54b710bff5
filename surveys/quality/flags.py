"""Signs that answers were not given by one person each and with care: caps on what a group may weigh, and flags.

Nothing here removes a response. A cap lowers base weights, and a flag asks a human to look: both can be undone.
An answer is compared as it was ticked, so that "the same column all the way down" is constant however items are scored.
"""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from surveys.models.responses import Flag
from surveys.questionnaire.compiled import AreaItem
from surveys.tallies.cube import points_by_byte

Bytes = NDArray[np.uint8]
Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

GROUP_RESPONSES = 3
"""Responses that a linked group, or all givers of one and the same vector of answers, weigh together at most."""

CONSTANT_PER_MILLE = 12
"""What constant vectors weigh together at most, per thousand of all others: some people do mean one answer.

Of the others, not of all: else every stuffed vector would raise the limit that is to hold it. Why 12: docs/adr/0007.
"""

FEWEST_ALIKE = 8
"""Answers from which being identical is no accident, and from which straight-lining is flagged."""

FEWEST_CONSTANT = 4
"""Answers from which a vector can be constant: one more than an area has questions, within which people do agree."""

RARE = 0.001
"""Probability with which an honest vector lies beyond the Mahalanobis limit."""

_HASH = np.uint64(0x9E3779B97F4A7C15)


def capped_weights(
    closed: Bytes,
    scored: Integers,
    links: Sequence[tuple[str, ...]],
    *,
    full: int = 1000,
    points: Integers | None = None,
) -> Integers:
    """Give the base weight of each response of one city, tier and wave: `full` unless a group it is in was capped.

    `closed` has the packed bytes of a response in each row, `scored` the places of the scored questions, `links` the
    codes of the devices, network hours and invitations each response is linked by. `points` (scored questions × byte
    values) tells "hard to say", which has none, from an answer. Of several caps the lowest holds; weights are rounded
    down, so a group never weighs more than its cap, and one of thousands may weigh nothing. The order of responses
    changes nothing. Tiers are capped apart: what comes in unverified may not touch what is verified.
    """
    ticked = _ticked(closed, scored, points)
    answered = (ticked > 0).sum(axis=1)
    highest = ticked.max(axis=1, initial=0)
    lowest = np.where(ticked > 0, ticked, 255).min(axis=1, initial=255)
    constant = (answered >= FEWEST_CONSTANT) & (lowest == highest)
    sizes = _linked(links)
    alike = np.flatnonzero((answered >= FEWEST_ALIKE) & ~constant)
    sizes[alike] = np.maximum(sizes[alike], _copies(ticked[alike]))
    weights: Integers = np.minimum(full, GROUP_RESPONSES * full // np.maximum(sizes, 1))
    if constant.any():
        allowed = max(GROUP_RESPONSES * full, CONSTANT_PER_MILLE * int((~constant).sum()) * full // 1000)
        weights[constant] = np.minimum(weights[constant], allowed // int(constant.sum()))
    return weights


def vector_flags(closed: Bytes, items: Sequence[AreaItem]) -> Integers:
    """Give the flags of each response that its vector of answers alone can raise, as numbers."""
    positions = np.array([item.position for item in items], dtype=np.int64)
    ticked = _ticked(closed, positions, points_by_byte(items)).astype(np.float64)
    values = np.where(ticked > 0, ticked, np.nan)
    answered = (ticked > 0).sum(axis=1)
    enough = answered >= FEWEST_ALIKE
    long = longstring(values) >= np.maximum(FEWEST_ALIKE, np.ceil(2 * answered / 3))
    flat = irv(values) == 0
    flags = np.where(enough & long, int(Flag.LONGSTRING), 0) | np.where(enough & flat, int(Flag.IRV), 0)
    all_flags: Integers = flags.astype(np.int64)
    all_flags[enough] |= np.where(mahalanobis_flags(values[enough]), int(Flag.MAHALANOBIS), 0)
    return all_flags


def longstring(values: Floats) -> Integers:
    """Give the longest run of equal consecutive answers of each row; what was not answered (NaN) is passed over."""
    longest = np.zeros(len(values), dtype=np.int64)
    run = np.zeros(len(values), dtype=np.int64)
    last = np.full(len(values), np.nan)
    for column in values.T:
        present = ~np.isnan(column)
        run = np.where(present, np.where(column == last, run + 1, 1), run)
        last = np.where(present, column, last)
        longest = np.maximum(longest, run)
    return longest


def irv(values: Floats) -> Floats:
    """Give the intra-individual response variability: the sample deviation of a row's answers, NaN under two."""
    present = ~np.isnan(values)
    n = present.sum(axis=1)
    center = np.where(present, values, 0.0).sum(axis=1) / np.maximum(n, 1)
    squares = np.where(present, values - center[:, None], 0.0) ** 2
    deviations: Floats = np.where(n > 1, np.sqrt(squares.sum(axis=1) / np.maximum(n - 1, 1)), np.nan)
    return deviations


def mahalanobis_flags(values: Floats) -> NDArray[np.bool_]:
    """Tell which rows lie further from the mean than chance allows; an answer that is missing counts as the mean.

    With no more rows than columns nothing is told: the distance would be the sample's own.
    """
    present = ~np.isnan(values)
    rows, columns = values.shape
    if rows <= columns + 1:
        return np.zeros(rows, dtype=bool)
    means = np.where(present, values, 0.0).sum(axis=0) / np.maximum(present.sum(axis=0), 1)
    deviations = np.where(present, values - means, 0.0)
    pair_counts = present.T.astype(np.float64) @ present.astype(np.float64)
    covariance = deviations.T @ deviations / np.maximum(pair_counts - 1, 1)
    eigen, vectors = np.linalg.eigh(covariance)
    has_variance = eigen > max(float(eigen[-1]), 0.0) * 1e-10
    if not has_variance.any():
        return np.zeros(rows, dtype=bool)
    distance = ((deviations @ vectors[:, has_variance]) ** 2 / eigen[has_variance]).sum(axis=1)
    limit = chi_square_quantile(1 - RARE, int(has_variance.sum()))
    beyond: NDArray[np.bool_] = distance > limit
    return beyond


def chi_square_quantile(probability: float, degrees: int) -> float:
    """Invert the chi-square distribution function by halving, which is exact to the last few bits."""
    low, high = 0.0, float(degrees)
    while _lower_gamma(degrees / 2, high / 2) < probability:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        low, high = (middle, high) if _lower_gamma(degrees / 2, middle / 2) < probability else (low, middle)
    return (low + high) / 2


def _lower_gamma(a: float, x: float) -> float:
    """Give the regularised lower incomplete gamma function P(a, x) by its series, whose terms are all positive."""
    if x <= 0:
        return 0.0
    term = total = 1 / a
    step = a
    while term > total * 1e-17:
        step += 1
        term *= x / step
        total += term
    return total * math.exp(a * math.log(x) - x - math.lgamma(a))


def _ticked(closed: Bytes, scored: Integers, points: Integers | None) -> Bytes:
    """Give the bytes of the scored questions, 0 where the byte carries no points."""
    ticked: Bytes = closed[:, scored]
    if points is None:
        return ticked
    return np.where(points[np.arange(len(scored)), ticked] > 0, ticked, 0).astype(np.uint8)


def _linked(links: Sequence[tuple[str, ...]]) -> Integers:
    """Give the size of the largest linked group each response is in."""
    members = Counter(code for codes in links for code in set(codes))
    return np.fromiter((max((members[code] for code in codes), default=1) for codes in links), np.int64, len(links))


def _copies(ticked: Bytes) -> Integers:
    """Give how many rows are the same as each row; a hash first, so that only rows with likely copies are compared."""
    powers = np.cumprod(np.full(ticked.shape[1], _HASH)) | np.uint64(1)
    copies = _multiplicity((ticked.astype(np.uint64) * powers).sum(axis=1, dtype=np.uint64))
    likely = np.flatnonzero(copies > GROUP_RESPONSES)
    if len(likely):
        rows = np.ascontiguousarray(ticked[likely])
        copies[likely] = _multiplicity(rows.view(np.dtype((np.void, rows.shape[1])))[:, 0])
    return copies


def _multiplicity(keys: NDArray[np.generic]) -> Integers:
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    multiplicity: Integers = counts[inverse].astype(np.int64)
    return multiplicity
