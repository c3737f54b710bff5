"""Limits on time, memory and growth of the counts and the rating, and what a table of results says of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

MOST_ANSWERS = 1_000_000
"""The list of requirements speaks of databases of up to so many answers; of larger ones it asks nothing."""

GROWTH = (100_000, MOST_ANSWERS)
"""The two sizes whose times from ready counts are compared."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One step's quickest run: wall and own processor seconds, the child's peak in MB, what the step said."""

    seconds: float
    cpu: float
    peak: float
    figures: dict[str, float]


Results = dict[tuple[str, int, str], Measured]
"""Database, number of answers, step → what was measured."""


class Limit(NamedTuple):
    """A limit beside what was measured."""

    words: str
    value: float
    most: float

    @property
    def holds(self) -> bool:
        """Whether the limit is kept; a value that is no number keeps none."""
        return self.value <= self.most

    def line(self) -> str:
        """Write the verdict."""
        return f"{'OK    ' if self.holds else 'MISSED'} {self.words}: {self.value:.3g} (at most {self.most:g})"


def limits(results: Results) -> Iterator[Limit]:
    """Give every limit that applies to a database and a size in the results."""
    for name, rows in dict.fromkeys((name, rows) for name, rows, _step in results):
        if rows <= MOST_ANSWERS:
            yield from _of_size(results, name, rows)
    for name in dict.fromkeys(name for name, _rows, _step in results):
        if all((name, rows, "ready") in results for rows in GROWTH):
            small, large = (results[name, rows, "ready"].seconds for rows in GROWTH)
            yield Limit(f"row 14: {GROWTH[1]:,} to {GROWTH[0]:,} answers from ready counts, {name}", large / small, 1.5)


def _of_size(results: Results, name: str, rows: int) -> Iterator[Limit]:
    where = f"{name}, {rows:,} answers"
    yield Limit(f"row 12: one city, {where}, s", results[name, rows, "city"].seconds, 0.1)
    if name == "PostgreSQL":
        whole = results[name, rows, "whole"]
        yield Limit(f"row 13: rebuild and rating, {where}, s", whole.seconds, 10)
        yield Limit(f"row 13: the same, peak, {where}, MB", whole.peak, 500)
    yield Limit(
        f"row 13: from ready counts without rank simulation, {where}, s", results[name, rows, "ready"].seconds, 2
    )
    yield Limit(
        f"svy and we differ in one city's mean, {where}", results[name, rows, "svy"].figures["difference"], 1e-8
    )


def verdict(results: Results) -> bool:
    """Print every limit that applies; gives whether there is one and all hold."""
    applicable = list(limits(results))
    for limit in applicable:
        print(limit.line())
    if not applicable:
        sizes = ", ".join(f"{rows:,}" for rows in sorted({rows for _name, rows, _step in results})) or "nothing"
        print(f"MISSED no limit applies to {sizes}: nothing was checked")
    return bool(applicable) and all(limit.holds for limit in applicable)
