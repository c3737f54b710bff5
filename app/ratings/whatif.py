"""A stored run as `scoring.whatif` takes it: read from its tables, without pandas, for pages."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from app.ratings.models import Run
from app.ratings.stored import rows_of
from scoring.edition import load_edition
from scoring.whatif import KnownRun, known_run

TABLES = ("indicators", "voices", "place_steps")
"""Those that must be at hand; runs of an earlier release have the first alone."""


def read_known_run(run: Run, tables: Mapping[str, bytes], city: str | None = None) -> KnownRun:
    """Take a run from its stored tables by name, with the values of one city or of all.

    Raises KeyError where it was kept by an earlier release.
    """
    values = (
        (row["city"], row["indicator"], row["status"], int(row["numerator"]), int(row["denominator"]))
        for row in rows_of(tables["indicators"])
        if city in {None, row["city"]}
    )
    kept = _voices(tables["voices"]), _steps(tables["place_steps"])
    return known_run(load_edition(run.edition), Fraction(run.alpha), values, kept)


def _voices(table: bytes) -> Iterator[tuple[str, str, float | None, bool]]:
    for row in rows_of(table):
        score = float(row["opinion"]) if row["opinion"] else None
        yield row["city"], row["area"], score, row["borrowed"] == "1"


def _steps(table: bytes) -> Iterator[tuple[str, float, int, int]]:
    for row in rows_of(table):
        yield row["city"], float(row["start"]), int(row["low"]), int(row["high"])
