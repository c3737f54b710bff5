"""The counts of a weighting cell as one vector of integers: what is where, and how answers become counts.

A vector holds, for the A areas of a questionnaire version in order, per area: how many answered, Σy and Σy²; per
ordered pair of areas j, k: how many answered both, Σ y_j over them, and Σ y_j·y_k; and how often each byte value of
each closed question occurs. y is the respondent's mean points in the area times the area's scale (lcm of 1…k items),
so everything is a whole number: vectors add in any order, on any machine, to the same integers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from surveys.questionnaire.compiled import AreaItem, Compiled

Integers = NDArray[np.int64]
DTYPE = "<i8"
"""Stored little-endian, whatever the machine."""


class AreaCounts(NamedTuple):
    """Of one area: respondents who count in it, the sum of their values and of their squares."""

    n: int
    total: int
    total_sq: int


@dataclass(frozen=True, eq=False)
class Cube:
    """The layout of a version's count vectors."""

    compiled: Compiled

    @property
    def areas(self) -> tuple[str, ...]:
        """Areas in the order of the vector."""
        return self.compiled.areas

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """Number of byte values of each closed question, the unanswered 0 included."""
        return tuple(_byte_values(column.multi, len(column.weights)) for column in self.compiled.columns)

    @cached_property
    def size(self) -> int:
        """Length of a vector."""
        a = len(self.areas)
        return 3 * a + 3 * a * a + sum(self.widths)

    def area_counts(self, vector: Integers) -> dict[str, AreaCounts]:
        """Read the sums of every area off a vector."""
        a = len(self.areas)
        n, total, total_sq = vector[: 3 * a].reshape(3, a)
        return {
            area: AreaCounts(int(n[index]), int(total[index]), int(total_sq[index]))
            for index, area in enumerate(self.areas)
        }

    def pair_counts(self, vector: Integers) -> Integers:
        """Read the sums of pairs of areas j, k (3 × areas × areas): who answered both, Σ y_j over them, Σ y_j·y_k."""
        a = len(self.areas)
        return vector[3 * a : 3 * a + 3 * a * a].reshape(3, a, a)

    def option_counts(self, vector: Integers, question: str) -> Integers:
        """Read how often each byte value of a closed question occurs."""
        a = len(self.areas)
        start = 3 * a + 3 * a * a
        for column, width in zip(self.compiled.columns, self.widths, strict=True):
            if column.question == question:
                return vector[start : start + width]
            start += width
        raise KeyError(question)

    def values(self, columns: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the area values y and the marks of who has one: two (responses × areas) matrices of whole numbers.

        `columns` holds the bytes by closed question (questions × responses). Doubles, because their products are exact
        below 2⁵³ and BLAS multiplies them a hundred times faster than integers.
        """
        y = np.zeros((columns.shape[1], len(self.areas)))
        marks = np.zeros_like(y)
        for index, area in enumerate(self.areas):
            items = self.compiled.area_items(area)
            if not items:
                continue
            table = points_by_byte(items).astype(np.int16)
            points = [row[columns[item.position]] for row, item in zip(table, items, strict=True)]
            answered = np.sum([scores > 0 for scores in points], axis=0)
            scale = self.compiled.area_scale(area)
            per_point = np.array([0, *(scale // n for n in range(1, len(items) + 1))], dtype=np.int16)
            counts = (2 * answered >= len(items)) & (answered > 0)
            marks[:, index] = counts
            y[:, index] = np.where(counts, np.sum(points, axis=0) * per_point[answered], 0)
        return y, marks

    def count(self, packed: NDArray[np.uint8], sizes: Integers) -> Integers:
        """Count responses (rows of bytes) that lie by groups of `sizes` heads each: a (groups × vector) matrix."""
        columns = np.ascontiguousarray(packed[:, : len(self.widths)].T)
        vectors = np.zeros((len(sizes), self.size), dtype=np.int64)
        self._count_areas(vectors, np.hstack(self.values(columns)), sizes)
        self._count_options(vectors, columns, sizes)
        return vectors

    def _count_areas(self, vectors: Integers, both: NDArray[np.float64], sizes: Integers) -> None:
        """Sum y and marks over each group, and all their products: one product of matrices holds both."""
        a = len(self.areas)
        ends = np.cumsum(sizes)
        for group in np.flatnonzero(sizes):
            rows = both[ends[group] - sizes[group] : ends[group]]
            products = np.rint(rows.T @ rows).astype(np.int64)
            cross, sums, joint = products[:a, :a], products[:a, a:], products[a:, a:]
            own = (joint.diagonal(), sums.diagonal(), cross.diagonal())
            vectors[group, : 3 * a + 3 * a * a] = np.concatenate((*own, joint.ravel(), sums.ravel(), cross.ravel()))

    def _count_options(self, vectors: Integers, columns: NDArray[np.uint8], sizes: Integers) -> None:
        a = len(self.areas)
        start = 3 * a + 3 * a * a
        group = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
        for column, width in zip(columns, self.widths, strict=True):
            flat = np.bincount(group * width + column, minlength=len(sizes) * width)
            vectors[:, start : start + width] = flat.reshape(len(sizes), width)
            start += width


def points_by_byte(items: Sequence[AreaItem]) -> Integers:
    """Give the points of each value of a byte, 0 for none: an (items × 256) matrix."""
    return np.frombuffer(b"".join(item.values for item in items), dtype=np.uint8).reshape(-1, 256).astype(np.int64)


def to_bytes(vector: Integers) -> bytes:
    """Write a vector as it is stored."""
    return vector.astype(DTYPE).tobytes()


def from_bytes(stored: bytes) -> Integers:
    """Read a stored vector."""
    return np.frombuffer(stored, dtype=DTYPE).astype(np.int64)


def _byte_values(multi: bool, options: int) -> int:
    return 1 << options if multi else options + 1
