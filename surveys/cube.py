"""The counts of a weighting cell as one vector of integers: what is where, and how answers become counts.

A vector holds, for the A areas of a questionnaire version in order, per area: how many answered, Σy and Σy²; per
ordered pair of areas j, k: how many answered both, Σ y_j over them, and Σ y_j·y_k; and how often each byte value of
each closed question occurs. y is the respondent's mean points in the area times the area's scale (lcm of 1…k items),
so everything is a whole number: vectors add in any order, on any machine, to the same integers.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from surveys.compiled import Compiled

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
            area: AreaCounts(int(n[place]), int(total[place]), int(total_sq[place]))
            for place, area in enumerate(self.areas)
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

    def values(self, packed: NDArray[np.uint8]) -> tuple[Integers, Integers]:
        """Give the area values y and the marks of who has one: two (responses × areas) matrices of integers."""
        y = np.zeros((len(packed), len(self.areas)), dtype=np.int64)
        marks = np.zeros_like(y)
        for place, area in enumerate(self.areas):
            items = self.compiled.area_items(area)
            if not items:
                continue
            points = np.stack([item.values[packed[:, item.position]] for item in items], axis=1)
            answered = (points > 0).sum(axis=1)
            counts = 2 * answered >= len(items)
            counts &= answered > 0
            scale = self.compiled.area_scale(area)
            y[:, place] = np.where(counts, points.sum(axis=1) * (scale // np.maximum(answered, 1)), 0)
            marks[:, place] = counts
        return y, marks

    def count(self, packed: NDArray[np.uint8], groups: Integers, size: int) -> tuple[Integers, Integers]:
        """Count responses (rows of bytes) into groups 0…size-1: heads per group, and a (size × vector) matrix."""
        heads = np.bincount(groups, minlength=size).astype(np.int64)
        y, marks = self.values(packed)
        order = np.argsort(groups, kind="stable")
        starts = np.concatenate(([0], np.cumsum(heads)[:-1]))
        vectors = np.zeros((size, self.size), dtype=np.int64)
        filled = heads > 0
        a = len(self.areas)
        per_area = np.concatenate((marks, y, y * y), axis=1)[order]
        vectors[filled, : 3 * a] = np.add.reduceat(per_area, starts[filled], axis=0)
        self._count_pairs(vectors, (y[order], marks[order]), starts, heads)
        self._count_options(vectors, packed, groups)
        return heads, vectors

    def _count_pairs(
        self, vectors: Integers, ordered: tuple[Integers, Integers], starts: Integers, heads: Integers
    ) -> None:
        a = len(self.areas)
        # Products of small whole numbers are exact in doubles, and BLAS multiplies doubles a hundred times faster.
        y, marks = (matrix.astype(np.float64) for matrix in ordered)
        for group in np.flatnonzero(heads):
            rows = slice(starts[group], starts[group] + heads[group])
            joint, left, cross = marks[rows].T @ marks[rows], y[rows].T @ marks[rows], y[rows].T @ y[rows]
            pairs = np.concatenate((joint.ravel(), left.ravel(), cross.ravel()))
            vectors[group, 3 * a : 3 * a + 3 * a * a] = np.rint(pairs).astype(np.int64)

    def _count_options(self, vectors: Integers, packed: NDArray[np.uint8], groups: Integers) -> None:
        a = len(self.areas)
        start = 3 * a + 3 * a * a
        for position, width in enumerate(self.widths):
            flat = np.bincount(groups * width + packed[:, position], minlength=len(vectors) * width)
            vectors[:, start : start + width] = flat.reshape(len(vectors), width)
            start += width


def to_bytes(vector: Integers) -> bytes:
    """Write a vector as it is stored."""
    return vector.astype(DTYPE).tobytes()


def from_bytes(stored: bytes) -> Integers:
    """Read a stored vector."""
    return np.frombuffer(stored, dtype=DTYPE).astype(np.int64)


def _byte_values(multi: bool, options: int) -> int:
    return 1 << options if multi else options + 1
