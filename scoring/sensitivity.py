"""How much each choice of the method moves the places: variance-based indices after Sobol (SCORING §7).

The only module that needs scipy; nothing else of scoring imports it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc, sobol_indices, uniform

from scoring.edition import Edition
from scoring.opinion.raking import Floats
from scoring.output.tables import Result
from scoring.totals.cities import CityScores
from scoring.totals.rules import POINTS

RUNS = 1024
"""Base sample of the indices, a power of two; the model runs RUNS·(factors + 2) times."""

SEED = 20_260_101
MOST_ALPHA = 0.5
RATIO = (1.0, 3.0)
"""Range of K2/K1, the coefficients of the heaviest and the lightest groups."""

SHIFT = 3.0
"""Points by which tier, mode or "hard to say" could shift a city's opinion, either way."""

MOST_MOVED = 3
FACTORS = ("alpha", "missing", "banding", "coefficients", "sampling", "shift")
"""Each factor runs from 0 to 1. alpha: 0 to MOST_ALPHA. missing: counted as 0, or left out. banding: off or on.

coefficients: K2/K1 over RATIO. sampling: which of many draws of the opinion. shift: -SHIFT to SHIFT in a direction of
each city's own.
"""

VARIANTS = {"all": FACTORS, "continuous": tuple(factor for factor in FACTORS if factor != "banding")}
"""Factors varied in each study; where banding is not among them nothing is banded, for it would hide the others."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Sensitivity:
    """What the choices do to the places of the blended cities.

    Every table but the last holds each variant. `indices`: factor, first and total index of the mean absolute change of
    place. `cities`: median and 5-95 % range of each city's place over all runs. `moved`: the cities that one choice
    moves most, by the mean absolute difference between a run and the same run with that choice as in the headline.
    `alternatives`: places under the headline, at α = 0, and with unreported values left out.
    """

    indices: pd.DataFrame
    cities: pd.DataFrame
    moved: pd.DataFrame
    alternatives: pd.DataFrame


class Indices(NamedTuple):
    """First-order and total indices, one per factor."""

    first: Floats
    total: Floats


def sensitivity(result: Result, *, runs: int = RUNS) -> Sensitivity:
    """Vary every choice at once and one by one; without two blended cities the indices are empty.

    `result` is computed by `scoring.run.compute`; the headline's share of opinion is that of its edition.
    The headline is taken as continuous, or as banded by groups: "banded_area" is not among the choices studied.
    """
    model = _Model(result)
    studies = [_Study(model, variant, runs) for variant in VARIANTS] if len(model.cities) > 1 else []
    return Sensitivity(
        indices=_table(("variant", "factor", "first", "total"), (row for study in studies for row in study.indices())),
        cities=_table(("variant", "city", "median", "low", "high"), (row for s in studies for row in s.ranges())),
        moved=_table(("variant", "factor", "city", "mean_change"), (row for s in studies for row in s.moved())),
        alternatives=model.alternatives(),
    )


def _table(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns))


def sobol(function: Callable[[Floats], Floats], factors: int, runs: int) -> Indices:
    """Give the indices of a function of (factors × runs) values uniform on 0-1."""
    indices = sobol_indices(
        func=lambda x: function(x)[None, :], n=runs, dists=[uniform()] * factors, rng=np.random.default_rng(SEED)
    )
    return Indices(np.ravel(indices.first_order), np.ravel(indices.total_order))


class _Model:
    """Places of the blended cities as a function of the factors, all runs at once."""

    def __init__(self, result: Result) -> None:
        self.edition = result.edition
        blended = [city for city in result.cities if city.status == "blended"]
        self.cities = [city.city for city in blended]
        self.headline = dict.fromkeys(FACTORS, 0.0) | {
            "alpha": float(result.edition.alpha) / MOST_ALPHA,
            "banding": float(result.edition.headline == "banded"),
            "coefficients": _ratio_factor(result.edition),
            "shift": 0.5,
        }
        self.zero, self.available = (_matrix(blended, result.edition, kind) for kind in ("plain", "available_or_zero"))
        self.opinion = _matrix(blended, result.edition, "opinion")
        generator = np.random.default_rng(SEED)
        self.noise = _noise(blended, generator, len(result.edition.areas))
        self.direction = generator.uniform(-1, 1, len(blended))
        self.groups = _group_matrix(result.edition)

    def ranks(self, x: Mapping[str, Floats]) -> NDArray[np.int64]:
        """Give the ranks (cities × runs)."""
        totals = self._totals(x)
        ranks = np.ones(totals.shape, dtype=np.int64)
        for other in totals:
            ranks += other[None, :] > totals
        return ranks

    def alternatives(self) -> pd.DataFrame:
        """Give the places under the headline and under the two fixed alternatives."""
        head = self.at_headline(1)
        columns = {
            "place": self.ranks(head),
            "place_alpha_0": self.ranks(head | {"alpha": np.zeros(1)}),
            "place_available_case": self.ranks(head | {"missing": np.ones(1)}),
        }
        return pd.DataFrame({"city": self.cities} | {name: ranks[:, 0] for name, ranks in columns.items()})

    def at_headline(self, runs: int) -> dict[str, Floats]:
        """Give every factor as the headline has it, `runs` times."""
        return {name: np.full(runs, value) for name, value in self.headline.items()} | {"sampling": np.full(runs, -1.0)}

    def _totals(self, x: Mapping[str, Floats]) -> Floats:
        """Compute totals (cities × runs); a negative "sampling" means the estimates themselves."""
        alpha = MOST_ALPHA * x["alpha"]
        draw = np.minimum((x["sampling"] * RUNS).astype(np.int64), RUNS - 1)
        noise = np.where(draw >= 0, 1.0, 0.0) * self.noise[:, :, draw]
        shift = self.direction[:, None] * (2 * x["shift"] - 1) * SHIFT
        opinion = np.clip(self.opinion[:, :, None] + noise + shift[:, None, :], 0, 100)
        own = np.where(x["missing"] >= 0.5, self.available[:, :, None], self.zero[:, :, None])
        groups = np.einsum("ga,car->cgr", self.groups, (1 - alpha) * own + alpha * opinion)
        points = np.clip(np.ceil(groups / 20), 1, POINTS) * 20
        scores = np.where(x["banding"] >= 0.5, points, groups)
        coefficients = self._coefficients(x["coefficients"])
        totals: Floats = (scores * coefficients).sum(axis=1) / coefficients.sum(axis=0)
        return totals

    def _coefficients(self, x: Floats) -> Floats:
        ratio = RATIO[0] + (RATIO[1] - RATIO[0]) * x
        lightest = min(group.coefficient for group in self.edition.groups)
        heavy = np.array([group.coefficient > lightest for group in self.edition.groups])
        return np.where(heavy[:, None], ratio, 1.0)


class _Study:
    """One variant: its own factors varied, the others as in the headline, and without banding where it is no factor."""

    def __init__(self, model: _Model, variant: str, runs: int) -> None:
        self.model, self.variant, self.runs, self.names = model, variant, runs, VARIANTS[variant]
        self.base = model.ranks(self._head(1))
        points = qmc.Sobol(len(self.names), rng=np.random.default_rng(SEED)).random(runs).T
        self.sample = self._head(runs) | dict(zip(self.names, points, strict=True))
        self.ranks = model.ranks(self.sample)

    def indices(self) -> Iterator[tuple[object, ...]]:
        """Give the indices of each factor."""
        indices = sobol(self._mean_change, len(self.names), self.runs)
        yield from zip([self.variant] * len(self.names), self.names, indices.first, indices.total, strict=True)

    def ranges(self) -> Iterator[tuple[object, ...]]:
        """Give the median and the 5-95 % range of each city's place with all factors varied."""
        low, median, high = np.quantile(self.ranks, [0.05, 0.5, 0.95], axis=1)
        cities = self.model.cities
        yield from zip([self.variant] * len(cities), cities, median, low, high, strict=True)

    def moved(self) -> Iterator[tuple[object, ...]]:
        """Give, for each factor, the cities whose places it changes most on average."""
        head, cities = self._head(self.runs), self.model.cities
        for factor in self.names:
            unmoved = self.model.ranks(self.sample | {factor: head[factor]})
            change = np.abs(self.ranks - unmoved).mean(axis=1)
            order = sorted(range(len(cities)), key=lambda city: (-change[city], cities[city]))
            for city in order[:MOST_MOVED]:
                if change[city] > 0:
                    yield self.variant, factor, cities[city], float(change[city])

    def _mean_change(self, x: Floats) -> Floats:
        """Give the mean absolute change of place in each run."""
        values = self._head(x.shape[1]) | dict(zip(self.names, x, strict=True))
        change: Floats = np.abs(self.model.ranks(values) - self.base).mean(axis=0)
        return change

    def _head(self, runs: int) -> dict[str, Floats]:
        head = self.model.at_headline(runs)
        return head if "banding" in self.names else head | {"banding": np.zeros(runs)}


def _ratio_factor(edition: Edition) -> float:
    coefficients = [group.coefficient for group in edition.groups]
    return (max(coefficients) / min(coefficients) - RATIO[0]) / (RATIO[1] - RATIO[0])


def _group_matrix(edition: Edition) -> Floats:
    """Give the share of each area (columns) in each group's mean (rows)."""
    return np.array(
        [
            [(area.group == group.code) / len(edition.areas_of(group.code)) for area in edition.areas]
            for group in edition.groups
        ]
    )


def _matrix(cities: list[CityScores], edition: Edition, kind: str) -> Floats:
    rows = []
    for city in cities:
        areas: Mapping[str, Fraction | None] = (
            {
                code: a.score if a.available_case is None else a.available_case
                for code, a in city.indicators.areas.items()
            }
            if kind == "available_or_zero"
            else getattr(city, kind)
        )
        rows.append([float(areas[area.code] or 0) for area in edition.areas])
    return np.array(rows, dtype=np.float64).reshape(-1, len(edition.areas))


def _noise(cities: list[CityScores], generator: np.random.Generator, areas: int) -> Floats:
    """Draw errors of the opinion (cities × areas × RUNS) with each city's covariance; unknown covariances are 0."""
    draws = []
    for city in cities:
        covariance = np.nan_to_num(city.opinions.blended.covariance)
        values, vectors = np.linalg.eigh(covariance)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        draws.append(root @ generator.standard_normal((areas, RUNS)))
    return np.array(draws).reshape(len(cities), areas, RUNS)
