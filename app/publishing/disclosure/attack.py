"""Solves for the smallest and the largest value that a secret can have in any world (linear and integer programs).

Auditing published tables by programming: Fischetti and Salazar, "Solving the cell suppression problem on tabular data
with linear constraints", Management Science 47 (2001); Hundepool et al., "Handbook on Statistical Disclosure Control"
(2010), section 4.5. The solver is HiGHS, by way of scipy. Only a process that publishes imports this module.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import block_diag, coo_array, csr_array, vstack

from app.publishing.disclosure.witnesses import broken_claims, near_range
from app.publishing.disclosure.worlds import Claim, Finding, Secret, Worlds
from scoring.opinion.small_groups import FEWEST

Floats = NDArray[np.float64]
_Claims = tuple[csr_array, Floats, Floats]
"""A matrix of claims × unknowns, and the bounds of each claim."""

HEADS = 5
"""People by which an outsider must be unsure of a number of people."""

POINTS = 5.0
"""Points by which an outsider must be unsure of a group's mean."""

CANDIDATES = 3
"""Possible means, of those that answers can give, that must remain."""

_WHOLE = 1e-6
_MOST = 1e7
"""People in the largest group: a program needs a bound where nothing was published."""

_CHUNK = 64
"""Systems solved as one program: they share no unknown, so the best of their sum is the best of each."""


class _Range(NamedTuple):
    """The bounds of a secret, and whether they are known to be reached by whole numbers."""

    low: float
    high: float
    is_exact: bool


def attack(systems: Iterable[Worlds]) -> list[Finding]:
    """Give every secret that the claims determine, or narrow to less than HEADS people or POINTS points.

    Raises ArithmeticError where a claim is not true of the counts: then something else was published than was read.
    """
    suspects = [suspect for worlds in systems if (suspect := _suspect(worlds)) is not None]
    findings: list[Finding] = []
    for start in range(0, len(suspects), _CHUNK):
        chunk = suspects[start : start + _CHUNK]
        for worlds, ranges in zip(chunk, _ranges(chunk), strict=True):
            assessed = (_assess(worlds, secret, each) for secret, each in zip(worlds.secrets, ranges, strict=True))
            findings += filter(None, assessed)
    return findings


def _suspect(worlds: Worlds) -> Worlds | None:
    """Give a system with the secrets that no world near the true one leaves open; None where there are none."""
    if not worlds.secrets:
        return None
    broken = broken_claims(worlds)
    if broken:
        raise ArithmeticError(f"published numbers contradict the counts they come from: {'; '.join(broken)}")
    secrets = worlds.secrets
    if worlds.kind == "heads":
        ranges = ((secret, _Range(*near_range(worlds, secret), is_exact=True)) for secret in secrets)
        secrets = tuple(secret for secret, found in ranges if not _is_open(worlds, secret, found))
    return replace(worlds, secrets=secrets) if secrets else None


def _assess(worlds: Worlds, secret: Secret, bounds: _Range) -> Finding | None:
    if _is_open(worlds, secret, bounds):
        if bounds.is_exact or not _needs_integers(worlds, secret):
            return None
        lattice = _Lattice.of(worlds, secret)
        bounds = lattice.range()
        # Besides the two ends, a third mean must be possible.
        apart = secret.step / 2
        is_head = worlds.kind == "heads"
        if _is_open(worlds, secret, bounds) and (
            is_head or lattice.has_between(bounds.low + apart, bounds.high - apart)
        ):
            return None
    what = "number of people" if worlds.kind == "heads" else "mean"
    return Finding(secret.name, secret.people, what, bounds.low, bounds.high, _sources(worlds, secret))


def _is_open(worlds: Worlds, secret: Secret, bounds: _Range) -> bool:
    """Tell whether the bounds leave an outsider unsure."""
    if worlds.kind == "heads":
        low, high = np.ceil(bounds.low - _WHOLE), np.floor(bounds.high + _WHOLE)
        # Nobody or ten and more must be possible: else a group of one to nine is proven to exist.
        return bool((low <= 0 or high >= FEWEST) and high - low >= HEADS)
    candidates = np.floor(bounds.high / secret.step + _WHOLE) - np.ceil(bounds.low / secret.step - _WHOLE) + 1
    return bool(bounds.high - bounds.low >= POINTS - _WHOLE and candidates >= CANDIDATES)


def _needs_integers(worlds: Worlds, secret: Secret) -> bool:
    """Tell whether whole numbers could say more than the bounds: not where some other unknown makes up any step.

    A claim wide enough for one step of another unknown in it holds for every possible value of the secret.
    """
    if worlds.kind == "heads":
        return True
    own = {unknown for unknown, _factor in secret.terms}
    if not all(worlds.steps[unknown] for unknown in own):
        return False
    for claim in worlds.claims:
        factors = dict(claim.terms)
        if not own & factors.keys():
            continue
        others = [abs(factor) * worlds.steps[each] for each, factor in factors.items() if each not in own]
        if not others or min(others) > claim.high - claim.low:
            return True
    return False


def _ranges(chunk: Sequence[Worlds]) -> list[list[_Range]]:
    """Solve the linear programs of all secrets of some systems, one secret of each system at a time."""
    claims, starts = _stacked(chunk)
    top = np.concatenate([np.full(len(worlds.steps), worlds.top) for worlds in chunk])
    ranges: list[list[_Range]] = [[] for _each in chunk]
    for turn in range(max(len(worlds.secrets) for worlds in chunk)):
        objective = np.zeros(len(top))
        for worlds, start in zip(chunk, starts, strict=True):
            if turn < len(worlds.secrets):
                objective[start : start + len(worlds.steps)] = _objective(worlds, worlds.secrets[turn])
        ends = [_solved(sign * objective, claims, Bounds(0, top)).x for sign in (1, -1)]
        for index, (worlds, start) in enumerate(zip(chunk, starts, strict=True)):
            if turn < len(worlds.secrets):
                part = slice(start, start + len(worlds.steps))
                ranges[index].append(_range(worlds, objective[part], [end[part] for end in ends]))
    return ranges


def _range(worlds: Worlds, objective: Floats, ends: Sequence[Floats]) -> _Range:
    low, high = (float(objective @ end) for end in ends)
    # In a lattice of means the ends may be reached and what lies between them not.
    is_exact = worlds.kind == "heads" and all(bool(np.all(np.abs(end - np.rint(end)) < _WHOLE)) for end in ends)
    return _Range(low, high, is_exact)


def _stacked(chunk: Sequence[Worlds]) -> tuple[_Claims, list[int]]:
    """Put the claims of several systems under one another; gives where the unknowns of each begin."""
    matrices = [_matrix(worlds) for worlds in chunk]
    every = [claim for worlds in chunk for claim in worlds.claims]
    starts = np.cumsum([0, *(len(worlds.steps) for worlds in chunk)])[:-1].tolist()
    low, high = (np.array([getattr(claim, end) for claim in every]) for end in ("low", "high"))
    return (csr_array(block_diag(matrices, format="csr")), low, high), starts


def _matrix(worlds: Worlds) -> coo_array:
    rows, columns, factors = [], [], []
    for row, claim in enumerate(worlds.claims):
        for unknown, factor in claim.terms:
            rows.append(row)
            columns.append(unknown)
            factors.append(factor)
    shape = (len(worlds.claims), len(worlds.steps))
    return coo_array((np.array(factors, dtype=float), (rows, columns)), shape=shape)


def _solved(objective: Floats, claims: _Claims, bounds: Bounds, whole: Floats | None = None) -> OptimizeResult:
    matrix, low, high = claims
    constraints = [LinearConstraint(matrix, low, high)] if matrix.shape[0] else []
    capped = Bounds(bounds.lb, np.minimum(bounds.ub, _MOST))
    result = milp(objective, integrality=whole, bounds=capped, constraints=constraints)
    if result.x is None:
        raise ArithmeticError(f"published numbers contradict the counts they come from: {result.message}")
    return result


class _Lattice(NamedTuple):
    """A system in which every unknown is counted in its steps."""

    claims: _Claims
    bounds: Bounds
    objective: Floats
    whole: Floats

    @classmethod
    def of(cls, worlds: Worlds, secret: Secret) -> "_Lattice":
        steps = np.array([step or 1.0 for step in worlds.steps])
        low, high = (np.array([getattr(claim, end) for claim in worlds.claims]) for end in ("low", "high"))
        matrix = csr_array(_matrix(worlds) * steps[None, :])
        whole = np.array([float(step > 0) for step in worlds.steps])
        return cls((matrix, low, high), Bounds(0, worlds.top / steps), _objective(worlds, secret) * steps, whole)

    def range(self) -> _Range:
        low, high = (
            sign * float(_solved(sign * self.objective, self.claims, self.bounds, self.whole).fun) for sign in (1, -1)
        )
        return _Range(low, high, is_exact=True)

    def has_between(self, low: float, high: float) -> bool:
        """Tell whether a value between two bounds is possible."""
        matrix, lows, highs = self.claims
        claims = csr_array(vstack([matrix, self.objective[None, :]])), np.append(lows, low), np.append(highs, high)
        try:
            _solved(np.zeros(len(self.objective)), claims, self.bounds, self.whole)
        except ArithmeticError:
            return False
        return True


def _objective(worlds: Worlds, secret: Secret) -> Floats:
    objective = np.zeros(len(worlds.steps))
    for unknown, factor in secret.terms:
        objective[unknown] += factor
    return objective


def _sources(worlds: Worlds, secret: Secret) -> tuple[str, ...]:
    """Name the published numbers without which the secret would be open; all that touch it where no one of them is."""
    touching = {unknown for unknown, _factor in secret.terms}
    while more := {u for claim in worlds.claims if touching & _of(claim) for u in _of(claim)} - touching:
        touching |= more
    near = [claim for claim in worlds.claims if touching & _of(claim)]
    needed = [claim for claim in near if _opens_without(worlds, secret, claim)]
    return tuple(dict.fromkeys(claim.source for claim in needed or near))


def _opens_without(worlds: Worlds, secret: Secret, claim: Claim) -> bool:
    claims = tuple(each for each in worlds.claims if each.source != claim.source)
    rest = replace(worlds, claims=claims, secrets=(secret,))
    ((bounds,),) = _ranges([rest])
    return _is_open(rest, secret, bounds)


def _of(claim: Claim) -> set[int]:
    return {unknown for unknown, _factor in claim.terms}
