"""Import a file of indicators into a period: all of it, or nothing and every reason why."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.indicators.catalogue import indicators_of
from app.indicators.files import SpreadsheetFile, read_rows
from app.indicators.openings import PeriodPlan, open_period
from app.indicators.queries import get_period
from app.indicators.rows import Reference, read_entries
from app.indicators.services import CheckedFile, Compared, choose_edition, store_values
from app.indicators.vocabulary import OUT_OF_RANGE, Status
from surveys.population.places import load_places


class Target(NamedTuple):
    """The period a file is for, and the edition that rates it (None: the one the period already has)."""

    period: str
    edition: str | None = None


class ImportReport(NamedTuple):
    """What an import did, in rows of the file."""

    period: str
    edition: str
    rows: int
    new: int
    changed: int
    unchanged: int
    withdrawn: int
    """Those of the changed that were reported before and are no longer."""
    reported: int
    missing: int
    not_applicable: int
    flagged: int


def import_file(session: Session, file: SpreadsheetFile, target: Target, actor: Actor) -> ImportReport:
    """Import a file into a period as drafts; raise ImportRefusedError naming every bad row, with nothing stored.

    Values that are the latest already make no new revision. Indicators and cities that the file does not name keep the
    values they have. Nothing of it counts in an official rating before it is sent and accepted.
    """
    edition = choose_edition(session, *target)
    entries = read_entries(read_rows(file), Reference(indicators_of(edition), load_places()))
    if get_period(session, target.period) is None:
        everyone = tuple(city.code for city in load_places().cities)
        open_period(session, PeriodPlan(target.period, edition, everyone), actor)
    stored = store_values(session, target.period, CheckedFile(file.name, file.sha256, entries), actor)
    return _report(target.period, edition, stored.lines)


def _report(period: str, edition: str, compared: Sequence[Compared]) -> ImportReport:
    statuses = Counter(line.entry.measure.status for line in compared)
    new, unchanged = sum(line.is_new for line in compared), sum(line.is_unchanged for line in compared)
    return ImportReport(
        period=period,
        edition=edition,
        rows=len(compared),
        new=new,
        changed=len(compared) - new - unchanged,
        unchanged=unchanged,
        withdrawn=sum(line.is_withdrawn for line in compared),
        reported=statuses[Status.REPORTED],
        missing=statuses[Status.MISSING],
        not_applicable=statuses[Status.NOT_APPLICABLE],
        flagged=sum(line.entry.measure.flag in OUT_OF_RANGE for line in compared),
    )
