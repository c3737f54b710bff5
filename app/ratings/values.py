"""The values that count in a run, as rows, and whether a stored run still says them: without pandas, for pages."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from sqlalchemy.orm import Session

from app.indicators.queries import IndicatorRow, current_values
from app.ratings.models import EXAMINATION, OFFICIAL, Run
from app.ratings.stored import rows_of

EXAMINATION_COLUMNS = ("city", "indicator", "not_accepted", "unreviewed", "late")
REVISION_COLUMNS = ("city", "indicator", "revision")
_BASIS: dict[str, Literal["accepted", "latest"]] = {OFFICIAL: "accepted", "trial": "latest"}
"""By the kind of a run: official ones take what was accepted, trials the latest of everything."""


class RunValues(NamedTuple):
    """The values of a run as rows of scoring's table, and what is told of them beside their numbers.

    `examination` has a row for each value that somebody must be told of: one that was given and not accepted (it is
    missing in the first table), one in force that nobody examined, one that came late. `revisions` has a row for each
    value that counts: city, indicator and the number of its revision, from 1.
    """

    indicators: tuple[tuple[str, str, str, int, int], ...]
    examination: tuple[tuple[str, str, int, int, int], ...]
    revisions: tuple[tuple[str, str, int], ...]


def read_values(session: Session, period: str, kind: str) -> RunValues:
    """Read the values that count in a run of a kind, as of this transaction."""
    rows = current_values(session, period, _BASIS[kind])
    return RunValues(
        tuple(map(_rated, rows)),
        tuple(sorted(_told(row) for row in rows if _is_told(row))),
        tuple((row.city, row.indicator, row.revision) for row in rows if row.revision),
    )


def values_changed(session: Session, run: Run, tables: Mapping[str, bytes]) -> bool:
    """Tell whether a value of a run, or how it was examined, has changed: what a page can ask at every view.

    `tables` are the run's tables by their names; runs of an earlier release tell nothing of an examination.
    """
    now = read_values(session, run.period, run.kind)
    given = {"indicators": now.indicators, EXAMINATION: now.examination}
    return any(_written(given[kind]) != {tuple(row.values()) for row in rows_of(tables[kind])} for kind in tables)


def _rated(row: IndicatorRow) -> tuple[str, str, str, int, int]:
    # A fraction of a value that was not reported is never read; 0/1 only fills the columns.
    return row.city, row.indicator, str(row.status), row.numerator or 0, row.denominator or 1


def _told(row: IndicatorRow) -> tuple[str, str, int, int, int]:
    return row.city, row.indicator, int(row.not_accepted), int(row.unreviewed), int(row.late)


def _is_told(row: IndicatorRow) -> bool:
    return row.not_accepted or row.unreviewed or row.late


def _written(rows: tuple[tuple[object, ...], ...]) -> set[tuple[str, ...]]:
    return {tuple(map(str, row)) for row in rows}
