"""From tables to arrays: the counts of each audience, tier and city, cell by cell, ready for weighting."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd

from scoring.frames import Inputs
from scoring.opinion.raking import Floats
from scoring.opinion.variance import Pairs, Sums, own_pairs
from scoring.opinion.weights import NOT_GIVEN, Dimension

EMPLOYER, AKIMAT = "employer", "akimat"
"""Dimension and category of cells of people who work in an akimat; no group of people is shown by it."""

KEYS = ["tier", "city", "cell", "base_weight", "flagged"]
"""Columns that identify a row of one audience."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Sample:
    """The counts of one audience of one tier of one city; every array has a row for each of its cells.

    `sums` are of points from 0 to 100 (the percent of the maximum, SCORING §2.1), not of raw y.
    """

    city: str
    tier: str
    cells: tuple[str, ...]
    n: Floats
    base: Floats
    areas: tuple[str, ...]
    sums: Sums
    pairs: Pairs | None
    options: Floats


class Counts:
    """The counts of one audience, read off the input tables once."""

    def __init__(
        self, inputs: Inputs, audience: str, *, with_flagged: bool = True, with_employees: bool = True
    ) -> None:
        self.inputs = inputs
        self.audience = audience
        counting = (inputs.cells["audience"] == audience) & (inputs.cells["base_weight"] > 0)
        if not with_flagged:
            counting &= inputs.cells["flagged"] == 0
        if not with_employees:
            counting &= ~of_employees(inputs)
        cells = inputs.cells[counting]
        groups = cells.groupby(KEYS, sort=True)
        self._row = groups.ngroup().to_numpy()
        self.cells = cells
        self.index = cells.drop_duplicates(KEYS).sort_values(KEYS)[KEYS].reset_index(drop=True)
        scales = inputs.scales[inputs.scales["audience"] == audience]
        self.scales = dict(zip(scales["area"].tolist(), scales["scale"].tolist(), strict=True))

    @property
    def areas(self) -> tuple[str, ...]:
        """Areas the audience was asked about."""
        return tuple(self.scales)

    def samples(self) -> Iterator[Sample]:
        """Give the sample of each tier and city, in a fixed order."""
        heads = self._spread("", "n")
        for start, stop in self._runs():
            part = slice(start, stop)
            yield Sample(
                city=str(self.index["city"].iloc[start]),
                tier=str(self.index["tier"].iloc[start]),
                cells=tuple(self.index["cell"].iloc[part]),
                n=heads[part],
                base=self.index["base_weight"].to_numpy(dtype=np.float64)[part],
                areas=self.areas,
                sums=Sums(*(values[part] for values in self._points)),
                pairs=self._pairs_of(part),
                options=self._option_counts[part],
            )

    def _runs(self) -> Iterator[tuple[int, int]]:
        """Give where each tier and city begins and ends in the order of the cells."""
        runs = self.index.groupby(["tier", "city"], sort=True).ngroup().to_numpy()
        starts = np.flatnonzero(np.diff(runs, prepend=-1))
        yield from pairwise([*starts.tolist(), len(runs)])

    def dimensions(self, sample: Sample) -> list[Dimension]:
        """Give the dimensions that the sample's city has margins for."""
        margins = self.inputs.margins
        mine = margins[(margins["audience"] == self.audience) & (margins["city"] == sample.city)]
        return [
            Dimension(
                str(name),
                self.categories(sample.cells, str(name)),
                dict(zip(rows["category"].tolist(), rows["people"].tolist(), strict=True)),
            )
            for name, rows in mine.groupby("dimension", sort=True)
        ]

    def categories(self, cells: tuple[str, ...], dimension: str) -> list[str]:
        """Give each cell's category of a dimension; of a joint one ("age:sex") only where every part is known."""
        parts = [self._category.get(part, {}) for part in dimension.split(":")]
        combinations = ([part.get(cell, NOT_GIVEN) for part in parts] for cell in cells)
        return [NOT_GIVEN if NOT_GIVEN in values else ":".join(values) for values in combinations]

    @property
    def traits(self) -> tuple[str, ...]:
        """Dimensions by which groups of people are told apart."""
        return tuple(sorted(set(self._category) - {EMPLOYER}))

    @cached_property
    def _category(self) -> Mapping[str, Mapping[str, str]]:
        key = self.inputs.cell_key[self.inputs.cell_key["audience"] == self.audience]
        return {
            str(name): dict(zip(rows["cell"].tolist(), rows["category"].tolist(), strict=True))
            for name, rows in key.groupby("dimension", sort=True)
        }

    @cached_property
    def _points(self) -> Sums:
        """Give n, Σp and Σp² per cell and area, for p = (y/scale - 1)·25."""
        n, total, square = (np.column_stack([self._spread(a, c) for a in self.areas]) for c in _COLUMNS)
        scale = np.array([self.scales[area] for area in self.areas], dtype=np.float64)
        y, y_square = total / scale, square / scale**2
        return Sums(n, (y - n) * 25, (y_square - 2 * y + n) * 625)

    def _spread(self, area: str, column: str) -> Floats:
        here = (self.cells["area"] == area).to_numpy()
        values = np.zeros(len(self.index))
        values[self._row[here]] = self.cells.loc[here, column]
        return values

    @cached_property
    def _pairs(self) -> Pairs | None:
        """Give the sums of every pair of areas in points; None when the inputs hold none."""
        wide = self._aligned(self.inputs.pairs)
        if wide.empty:
            return None
        j, k = np.triu_indices(len(self.areas))
        names = [(self.areas[first], self.areas[second]) for first, second in zip(j, k, strict=True)]
        scale = np.array([self.scales[area] for area in self.areas], dtype=np.float64)
        joint = _columns(wide, [f"joint:{a}:{b}" for a, b in names])
        left = _columns(wide, [f"left:{a}:{b}" for a, b in names]) / scale[j]
        right = _columns(wide, [f"left:{b}:{a}" for a, b in names]) / scale[k]
        cross = _columns(wide, [f"cross:{a}:{b}" for a, b in names]) / (scale[j] * scale[k])
        points = Pairs(j, k, joint, (left - joint) * 25, (right - joint) * 25, (cross - left - right + joint) * 625)
        own = own_pairs(self._points)
        for values, truth in zip(points[2:], own[2:], strict=True):
            values[:, j == k] = truth
        return points

    def _pairs_of(self, part: slice) -> Pairs | None:
        pairs = self._pairs
        if pairs is None:
            return None
        return Pairs(pairs.j, pairs.k, pairs.joint[part], pairs.left[part], pairs.right[part], pairs.cross[part])

    @cached_property
    def option_columns(self) -> pd.DataFrame:
        """Give the columns of every sample's `options` in order: question, option, area, points, apart."""
        key = self.inputs.option_key
        return key[key["audience"] == self.audience].drop(columns="audience").reset_index(drop=True)

    @cached_property
    def _option_counts(self) -> Floats:
        key = self.option_columns
        names = [f"{q}:{o}" for q, o in zip(key["question"].tolist(), key["option"].tolist(), strict=True)]
        return _columns(self._aligned(self.inputs.options), names)

    def _aligned(self, wide: pd.DataFrame) -> pd.DataFrame:
        """Put a wide table of counts in the order of the cells; a cell it leaves out counts 0."""
        mine = wide[wide["audience"] == self.audience].drop(columns="audience")
        if mine.empty:
            return pd.DataFrame(index=self.index.index)
        return self.index.merge(mine, on=KEYS, how="left").drop(columns=KEYS).fillna(0)


def of_employees(inputs: Inputs) -> "pd.Series[bool]":
    """Mark the rows of `cells` of people who work in an akimat; no row where nobody was asked."""
    key = inputs.cell_key
    theirs = key[(key["dimension"] == EMPLOYER) & (key["category"] == AKIMAT)]
    found = inputs.cells[["audience", "cell"]].merge(theirs, on=["audience", "cell"], how="left")["category"].notna()
    return found.set_axis(inputs.cells.index)


_COLUMNS = ("n", "total", "total_sq")


def _columns(wide: pd.DataFrame, names: list[str]) -> Floats:
    counts: Floats = wide.reindex(columns=names, fill_value=0).to_numpy(dtype=np.float64, copy=True)
    return counts
