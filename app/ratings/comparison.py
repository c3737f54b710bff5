"""What differs between two stored runs: what they were made of, and the totals, places and areas that came out."""

import io
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd
from sqlalchemy.orm import Session

from app.ratings.execution import RunError, table_bytes
from app.ratings.models import Run

MADE_OF = ("kind", "edition", "edition_digest", "period", "waves", "alpha", "code_digest", "input_digest")
NUMBERS = {
    "cities": ("total", "place", "total_without_opinion", "place_without_opinion"),
    "areas": ("indicators", "opinion", "blended"),
}
"""Columns that are compared; "areas" has a row for each city and area."""


class Change(NamedTuple):
    """One number that differs; None where a run has none. `area` is empty for a city's own numbers."""

    city: str
    area: str
    number: str
    before: float | None
    after: float | None


class Comparison(NamedTuple):
    """Everything that differs: field, before and after of what the runs were made of, and the numbers."""

    made_of: tuple[tuple[str, str, str], ...]
    changes: tuple[Change, ...]

    @property
    def cities(self) -> int:
        """Number of cities of which anything differs."""
        return len({change.city for change in self.changes})


def compare_runs(session: Session, first: str, second: str) -> Comparison:
    """Compare two stored runs, city by city, on unrounded numbers; raises RunError when one of them is not there."""
    before, after = (_run(session, run_id) for run_id in (first, second))
    return Comparison(
        made_of=tuple(
            (field, str(getattr(before, field)), str(getattr(after, field)))
            for field in MADE_OF
            if getattr(before, field) != getattr(after, field)
        ),
        changes=tuple(change for table in NUMBERS for change in _changes(session, (first, second), table)),
    )


def _run(session: Session, run_id: str) -> Run:
    run = session.get(Run, run_id)
    if run is None:
        raise RunError(f"no run {run_id}")
    return run


def _changes(session: Session, runs: tuple[str, str], table: str) -> Iterator[Change]:
    before, after = (_numbers(session, run_id, table) for run_id in runs)
    for key in sorted(before.keys() | after.keys()):
        for number in NUMBERS[table]:
            old, new = (side.get(key, {}).get(number) for side in (before, after))
            if old != new:
                yield Change(*key, number, old, new)


def _numbers(session: Session, run_id: str, table: str) -> dict[tuple[str, str], dict[str, float | None]]:
    rows = pd.read_csv(io.BytesIO(table_bytes(session, run_id, "output", table))).to_dict("records")
    return {
        (str(row["city"]), str(row.get("area", ""))): {
            name: None if pd.isna(row[name]) else float(row[name]) for name in NUMBERS[table]
        }
        for row in rows
    }
