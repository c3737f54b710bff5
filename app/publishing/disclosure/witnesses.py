"""Finds other worlds by hand: from the true one people are moved while every claim still holds.

Two worlds that differ enough prove that a number of people stays open, without any program. Most groups are settled
like this; for the others a program must say that there is no such world.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.publishing.disclosure.worlds import Secret, Worlds
from scoring.opinion.small_groups import FEWEST

Floats = NDArray[np.float64]
_MOVES = 8
_WHOLE = 1e-9


class Matrix(NamedTuple):
    """The claims of a system: expressions as rows of factors, and their bounds."""

    factors: Floats
    low: Floats
    high: Floats


@lru_cache(maxsize=4)
def matrix_of(worlds: Worlds) -> Matrix:
    """Lay the claims of a system out."""
    factors = np.zeros((len(worlds.claims), len(worlds.steps)))
    for row, claim in enumerate(worlds.claims):
        for unknown, factor in claim.terms:
            factors[row, unknown] += factor
    low, high = (np.array([getattr(claim, end) for claim in worlds.claims], dtype=float) for end in ("low", "high"))
    return Matrix(factors, low, high)


def broken_claims(worlds: Worlds) -> list[str]:
    """Name the claims that the truth does not meet: published numbers that do not come from these counts."""
    claims, truth = matrix_of(worlds), np.array(worlds.truth)
    values = claims.factors @ truth
    room = 1e-6 * np.maximum(1.0, np.abs(claims.factors) @ truth)
    broken = (values < claims.low - room) | (values > claims.high + room)
    return [worlds.claims[row].source for row in np.flatnonzero(broken)]


def near_range(worlds: Worlds, secret: Secret) -> tuple[float, float]:
    """Give a smallest and a largest number of people that worlds near the true one give the secret."""
    members = np.array([unknown for unknown, _factor in secret.terms])
    low, high = (_moved(worlds, members, sign) for sign in (-1.0, 1.0))
    return low, high


def _moved(worlds: Worlds, members: NDArray[np.int64], sign: float) -> float:
    """Move people out of a group, or into it, from and to anywhere, as long as the claims allow it."""
    claims, world = matrix_of(worlds), np.array(worlds.truth)
    is_other = np.ones(len(world), dtype=bool)
    is_other[members] = False
    others = np.flatnonzero(is_other)
    # Alone (the last column of `partners`), or against a person of another kind.
    partners = np.hstack([claims.factors[:, others], np.zeros((len(claims.factors), 1))])
    change = sign * (claims.factors[:, members][:, :, None] - partners[:, None, :])
    for _move in range(_MOVES):
        here = float(world[members].sum())
        if (sign < 0 and here <= 0) or (sign > 0 and here >= FEWEST):
            break
        steps = _furthest(claims, claims.factors @ world, change)
        if sign > 0:
            steps = np.minimum(steps, np.append(world[others], np.inf)[None, :])
        else:
            steps = np.minimum(steps, world[members][:, None])
        best = np.unravel_index(int(np.argmax(steps)), steps.shape)
        size = min(float(np.floor(steps[best] + _WHOLE)), float(FEWEST))
        if size < 1:
            break
        world[members[best[0]]] += sign * size
        if best[1] < len(others):
            world[others[best[1]]] -= sign * size
    return float(world[members].sum())


def _furthest(claims: Matrix, values: Floats, change: Floats) -> Floats:
    """Say how many times each change can be made before a claim breaks (claims × members × partners → the latter)."""
    if not len(values):
        return np.full(change.shape[1:], np.inf)
    up, down = (claims.high - values)[:, None, None], (values - claims.low)[:, None, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(change > 0, up / change, np.where(change < 0, -down / change, np.inf))
    furthest: Floats = np.maximum(room.min(axis=0), 0.0)
    return furthest
