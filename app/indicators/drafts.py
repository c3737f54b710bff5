"""A value typed by hand: checked as the import checks it, and a new revision only where something differs."""

from typing import NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.clock import day_of
from app.indicators.cases import Case, change_state, hold_case, refuse_stale
from app.indicators.catalogue import indicators_of
from app.indicators.errors import Code, Faults, ImportRefusedError, WrongStateError, refused
from app.indicators.keys import CaseKey
from app.indicators.measures import MeasureCells, Measurement, measure
from app.indicators.models import IndicatorValue
from app.indicators.queries import get_period, get_revision
from app.indicators.sheet import text_cell
from app.indicators.states import EDITABLE, Event, State
from app.indicators.vocabulary import LONGEST_NOTE, LONGEST_SOURCE, Basis
from scoring.edition import Indicator


class TypedValue(NamedTuple):
    """What somebody typed for a case: the cells of a row of a file, and what a file has no column for."""

    value: str = ""
    numerator: str = ""
    denominator: str = ""
    status: str = ""
    source: str = ""
    basis: str = ""
    note: str = ""


class CheckedValue(NamedTuple):
    """A typed value that passed every check."""

    measure: Measurement
    source: str
    basis: Basis
    note: str


class Saved(NamedTuple):
    """The case as it is now, and whether anything was written."""

    case: Case
    changed: bool


def check_value(typed: TypedValue, indicator: Indicator) -> CheckedValue:
    """Read what was typed; raise ImportRefusedError naming every fault and the field it stands in."""
    faults = Faults()
    cells = {name: faults.of(_text, name, text) or "" for name, text in typed._asdict().items()}
    read = MeasureCells(0, *(cells[name] for name in ("value", "numerator", "denominator", "status")))
    measured = faults.of(measure, read, indicator)
    basis = faults.of(_basis, cells["basis"])
    for name, longest in (("source", LONGEST_SOURCE), ("note", LONGEST_NOTE)):
        faults.of(_short, name, cells[name], longest)
    if faults.reasons or measured is None or basis is None:
        raise ImportRefusedError(faults.reasons)
    return CheckedValue(measured, cells["source"], basis, cells["note"])


def save_value(session: Session, key: CaseKey, typed: TypedValue, version: int, actor: Actor) -> Saved:
    """Store what was typed for a case as its draft; what is already stored to the letter changes nothing.

    Raises ImportRefusedError (a fault of a field), StaleCaseError, WrongStateError, UnknownCaseError.
    """
    case = hold_case(session, key)
    period = get_period(session, key.period)
    if period is None or period.state == "planned":
        raise refused(Code.NOT_YET_OPEN, key.period)
    if case.state not in EDITABLE:
        raise WrongStateError(key, case.state, Event.SAVE)
    refuse_stale(case, version)  # of what is under examination the version would tell that two assessors differ
    checked = check_value(typed, indicators_of(period.edition)[key.indicator])
    if not _differs(session, case, checked):
        # A returned value is to be sent again as it is, with other evidence: that is a step, though no new value.
        stepped = case.state is State.RETURNED
        return Saved(change_state(session, case, Event.SAVE, actor) if stepped else case, changed=stepped)
    revision = (case.revision or 0) + 1
    row = {
        **key._asdict(),
        **checked.measure._asdict(),
        "revision": revision,
        "source": checked.source,
        "basis": checked.basis,
        "note": checked.note,
        "imported_on": day_of(actor.at),
        "entered_by": actor.id,
    }
    session.execute(insert(IndicatorValue), [row])
    return Saved(change_state(session, case, Event.SAVE, actor, revision=revision), changed=True)


def _differs(session: Session, case: Case, checked: CheckedValue) -> bool:
    if case.revision is None:
        return True
    stored = get_revision(session, case.key, case.revision)
    return CheckedValue(stored.measure, stored.source, stored.basis, stored.note) != checked


def _text(name: str, text: str) -> str:
    """Tidy a text as a cell of a file is."""
    cell = text_cell(text)
    if cell.defect:
        raise refused(cell.defect, cell.text, column=name)
    return cell.text


def _basis(text: str) -> Basis:
    if text not in set(Basis):
        raise refused(Code.UNKNOWN_BASIS, text, column="basis")
    return Basis(text)


def _short(name: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise refused(Code.TOO_LONG, text, str(longest), column=name)
