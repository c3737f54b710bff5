"""What differs between two stored runs: what they were made of, and every number and word that would be published."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import NamedTuple

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.publishing.agreements import agreement_at
from app.publishing.choices import sensitivity
from app.ratings.execution import stored_examination, stored_inputs
from app.ratings.models import EXAMINATION, Run, RunFrame
from app.ratings.stored import RunError, table_bytes
from scoring.edition import load_edition
from scoring.output.rating import COLUMNS
from scoring.run import compute

MADE_OF = ("kind", "edition", "edition_digest", "period", "waves", "alpha", "code_digest", "input_digest")
DECIDING = ("edition", "edition_digest", "alpha", "code_digest", "input_digest")
"""What alone can change a result."""

BESIDE, APART = "with_unverified", "without_employees"
"""The tables that only some runs have: by their edition, and where people said that they work in an akimat."""

AGREEMENT = "agreement"
"""The table of one row that says how far two assessors agreed."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "cities": ("city",),
    "areas": ("city", "area"),
    "rules": ("city", "rule"),
    "groups": ("city", "group"),
    "places": ("city",),
    "without_flagged": ("city",),
    BESIDE: ("city",),
    APART: ("city",),
    "estimates": ("audience", "city", "tier", "area"),
    "weights": ("audience", "city", "tier"),
    "shares": ("audience", "city", "question", "measure"),
    "domains": ("audience", "city", "area", "dimension", "category"),
    "findings": tuple(COLUMNS["findings"]),
    "diagnostics": tuple(COLUMNS["diagnostics"]),
    "indices": ("variant", "factor"),
    "ranges": ("variant", "city"),
    "moved": ("variant", "factor", "city"),
    EXAMINATION: ("city", "indicator"),
    AGREEMENT: (),
}
"""What tells the rows of each table apart; every other column is compared.

The three before the last two are computed to publish; the last two tell how values were examined, and how far those who
examined them agreed.

Covariances alone are left out: they are published nowhere, and the errors made of them are compared.
"""

Value = float | str | None


class Change(NamedTuple):
    """One value that differs; None where a run has none. `row` is what tells the row apart beside city and area.

    Of a table whose rows are nothing but their keys, `number` is "row": a whole row that one of the runs lacks.
    """

    city: str
    area: str
    number: str
    before: Value
    after: Value
    table: str = "cities"
    row: tuple[str, ...] = ()


class Comparison(NamedTuple):
    """Everything that differs: field, before and after of what the runs were made of, and the values."""

    made_of: tuple[tuple[str, str, str], ...]
    changes: tuple[Change, ...]

    @property
    def cities(self) -> int:
        """Number of cities of which anything differs."""
        return len({change.city for change in self.changes if change.city})

    @property
    def elsewhere(self) -> int:
        """Number of values that differ and belong to no city."""
        return sum(not change.city for change in self.changes)


Rows = Mapping[tuple[str, ...], Mapping[str, Value]]
"""Rows of a table by their key."""


def compare_runs(session: Session, first: str, second: str) -> Comparison:
    """Compare two stored runs on unrounded values; raises RunError when one of them is not there.

    What the choices of the method do to the places is computed for both, as a publication does, and compared rounded.
    """
    before, after = (_run(session, run_id) for run_id in (first, second))
    made_of = tuple(
        (field, str(getattr(before, field)), str(getattr(after, field)))
        for field in MADE_OF
        if getattr(before, field) != getattr(after, field)
    )
    changes = [change for table in COLUMNS if table in KEYS for change in _changes(session, (first, second), table)]
    if any(field in DECIDING for field, _old, _new in made_of):
        old, new = (_choices(session, run) for run in (before, after))
        changes += [change for table in old for change in _differences(table, old[table], new[table])]
    changes += _examinations(session, (first, second))
    changes += _agreements(session, before, after)
    return Comparison(made_of, tuple(changes))


def _run(session: Session, run_id: str) -> Run:
    run = session.get(Run, run_id)
    if run is None:
        raise RunError(f"no run {run_id}")
    return run


def _changes(session: Session, runs: tuple[str, str], table: str) -> Iterator[Change]:
    before, after = (_stored(session, run_id, table) for run_id in runs)
    return _differences(table, before, after)


def _differences(table: str, before: Rows, after: Rows) -> Iterator[Change]:
    nothing: Mapping[str, Value] = {}
    for key in sorted(before.keys() | after.keys()):
        named = dict(zip(KEYS[table], key, strict=True))
        city, area = named.pop("city", ""), named.pop("area", "")
        old, new = before.get(key, nothing), after.get(key, nothing)
        for number in dict.fromkeys((*old, *new)):
            if old.get(number) != new.get(number):
                yield Change(city, area, number, old.get(number), new.get(number), table, tuple(named.values()))


def _stored(session: Session, run_id: str, table: str) -> Rows:
    try:
        content = table_bytes(session, run_id, "output", table)
    except RunError:
        if table not in {BESIDE, APART}:
            raise
        return {}
    texts = {name: str for name, kind in COLUMNS[table].items() if kind == "str"}
    frame = pd.read_csv(
        io.BytesIO(content),
        dtype=texts,
        keep_default_na=False,
        na_values={name: [""] for name in COLUMNS[table] if name not in texts},
    )
    return _rows(table, _records(frame))


def _records(frame: pd.DataFrame) -> Iterator[Mapping[str, object]]:
    return ({str(name): value for name, value in row.items()} for row in frame.to_dict("records"))


def _examinations(session: Session, runs: tuple[str, str]) -> Iterator[Change]:
    """Compare how values were examined, where both runs tell it: runs of an earlier release do not.

    A value of which a run says nothing has nothing to be told of.
    """
    telling = select(RunFrame.run).where(RunFrame.run.in_(runs), RunFrame.kind == EXAMINATION)
    if set(session.scalars(telling)) == set(runs):
        before, after = (_rows(EXAMINATION, _records(stored_examination(session, run_id))) for run_id in runs)
        plain = {key: dict.fromkeys(row, 0.0) for key, row in (*before.items(), *after.items())}
        yield from _differences(EXAMINATION, {**plain, **before}, {**plain, **after})


def _agreements(session: Session, before: Run, after: Run) -> Iterator[Change]:
    """Compare how far assessors agreed, where it is known of both runs."""
    known = [asdict(found) for run in (before, after) if (found := agreement_at(session, run))]
    if len(known) == 2:
        yield from _differences(AGREEMENT, *(_rows(AGREEMENT, iter([row])) for row in known))


def _choices(session: Session, run: Run) -> dict[str, Rows]:
    alpha = Fraction(run.alpha)
    found = sensitivity(compute(stored_inputs(session, run.id), load_edition(run.edition), alpha), alpha)
    return {
        table: _rows(table, (asdict(row) for row in (getattr(found, table) if found else ())))
        for table in ("indices", "ranges", "moved")
    }


def _rows(table: str, rows: Iterator[Mapping[str, object]]) -> Rows:
    keys = KEYS[table]
    return {
        tuple(str(row[name]) for name in keys): {name: _value(value) for name, value in row.items() if name not in keys}
        or {"row": "there"}
        for row in rows
    }


def _value(value: object) -> Value:
    if isinstance(value, str):
        return value
    return None if pd.isna(value) else float(value)  # type: ignore[arg-type, call-overload]  # a number by its column
