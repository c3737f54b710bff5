"""The one change to indicators: a checked file becomes new revisions of the values that differ."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.indicators.errors import Code, refused
from app.indicators.models import IndicatorImport, IndicatorValue, Period
from app.indicators.periods import span_of
from app.indicators.queries import IndicatorRow, current_values, get_period
from app.indicators.rows import ReportedValue
from app.indicators.vocabulary import Basis, Status
from surveys.models import CityRecord
from surveys.population.places import store_places

CORRECTION_DAYS = 10
"""Working days in which a city mends what came back, where nobody chose another number."""


class CheckedFile(NamedTuple):
    """A file that passed every check: its name, its sha256 and what it says."""

    name: str
    sha256: str
    entries: Sequence[ReportedValue]


class Compared(NamedTuple):
    """An entry of a file and the value in force before it, if there is one."""

    entry: ReportedValue
    before: IndicatorRow | None

    @property
    def is_new(self) -> bool:
        """Tell whether nothing was imported for this indicator of this city before."""
        return self.before is None

    @property
    def is_unchanged(self) -> bool:
        """Tell whether the entry says to the letter what is already in force."""
        entry, before = self.entry, self.before
        return before is not None and before.measure == entry.measure and before.source == entry.source

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether a reported value is taken back."""
        was_reported = self.before is not None and self.before.status is Status.REPORTED
        return was_reported and self.entry.measure.status is not Status.REPORTED


def choose_edition(session: Session, period: str, edition: str | None) -> str:
    """Settle by which edition a period is rated: once chosen, it stays; raise ImportRefusedError."""
    stored_period = get_period(session, period)
    chosen = stored_period.edition if stored_period else edition
    if span_of(period) is None or chosen is None:
        raise refused(Code.UNKNOWN_PERIOD, period)
    if edition not in {None, chosen}:
        raise refused(Code.OTHER_EDITION, str(edition), chosen)
    return chosen


def compare_values(session: Session, period: str, entries: Sequence[ReportedValue]) -> list[Compared]:
    """Set the entries of a file beside the values in force."""
    current = {(row.city, row.indicator): row for row in current_values(session, period)}
    return [Compared(entry, current.get((entry.city, entry.indicator))) for entry in entries]


def open_period(session: Session, code: str, edition: str) -> None:
    """Make a period to be rated by an edition unless it is there."""
    span = span_of(code)
    if span and get_period(session, code) is None:
        days = {"starts": span.starts, "ends": span.ends, "correction_days": CORRECTION_DAYS}
        session.add(Period(code=code, edition=edition, state="open", **days))
        session.flush()


def store_values(session: Session, period: str, file: CheckedFile, *, today: date) -> list[Compared]:
    """Store what a file changes as new revisions, and that it was imported; say what became of each entry."""
    _know_cities(session, file.entries)
    compared = compare_values(session, period, file.entries)
    record = IndicatorImport(
        period=period, file_name=file.name, sha256=file.sha256, rows=len(file.entries), imported_on=today
    )
    session.add(record)
    session.flush()
    stamp = {"period": period, "imported_by": record.id, "imported_on": today}
    rows = [_columns(line) | stamp for line in compared if not line.is_unchanged]
    if rows:
        session.execute(insert(IndicatorValue), rows)
    return compared


def _columns(line: Compared) -> dict[str, object]:
    entry, revision = line.entry, line.before.revision + 1 if line.before else 1
    return {
        "city": entry.city,
        "indicator": entry.indicator,
        "revision": revision,
        "source": entry.source,
        "basis": Basis.NONE,
        "note": "",
        **entry.measure._asdict(),
    }


def _know_cities(session: Session, entries: Sequence[ReportedValue]) -> None:
    """Load the places of this release when the database does not hold a city yet: the first import may come first."""
    if {entry.city for entry in entries} - set(session.scalars(select(CityRecord.code))):
        store_places(session)
