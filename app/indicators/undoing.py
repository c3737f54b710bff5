"""Taking a confirmed import back within ten minutes: what stood before comes again, as revisions of its own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from app.indicators.case_models import ImportStage, ValueCase
from app.indicators.errors import IndicatorError
from app.indicators.keys import CaseKey
from app.indicators.models import IndicatorValue
from app.indicators.staging import UNDO, find_stage
from app.indicators.states import State
from app.indicators.vocabulary import Basis, Status, ValueFlag
from surveys.sql import hold_journal

_SAID = ("status", "numerator", "denominator", "flag", "source", "basis", "note")
_NOTHING: dict[str, Any] = {
    "status": Status.MISSING,
    "numerator": None,
    "denominator": None,
    "flag": ValueFlag.NONE,
    "source": "",
    "basis": Basis.NONE,
    "note": "",
}
"""What a value says that was not there before the import."""


class CannotUndoError(IndicatorError):
    """It was not confirmed, is undone already, ten minutes have passed, or somebody has changed a value since."""


def undo_import(session: Session, stage: str, actor: Actor) -> int:
    """Put back what stood before an import of one's own, all of it; gives the number of values.

    A value that was new is then a draft that says "missing": revisions are never removed. Raises UnknownStageError,
    CannotUndoError.
    """
    hold_journal(session)
    row = find_stage(session, stage, actor)
    if row.confirmed_at is None or row.undone or actor.at - row.confirmed_at > UNDO:
        raise CannotUndoError(stage)
    values = session.scalars(select(IndicatorValue).where(IndicatorValue.imported_by == row.imported)).all()
    cases = _cases(session, row)
    if any(not _is_as_imported(cases[value.indicator], value) for value in values):
        raise CannotUndoError(stage)
    _put_back(session, row, values, cases, actor)
    row.undone = True
    session.flush()
    detail: dict[str, str | int | bool | None] = {"import": row.imported, "values": len(values)}
    record(
        session,
        actor,
        Entry(event="import.undone", object_kind="stage", object_id=row.id, city=row.city, detail=detail),
    )
    return len(values)


def _put_back(
    session: Session,
    row: ImportStage,
    values: Sequence[IndicatorValue],
    cases: dict[str, ValueCase],
    actor: Actor,
) -> None:
    before = _before(session, row)
    revisions, drafts = [], []
    for value in values:
        key = CaseKey(value.period, value.city, value.indicator)._asdict()
        earlier = before.get((value.indicator, value.revision - 1))
        said = {name: getattr(earlier, name) for name in _SAID} if earlier else _NOTHING
        stamp = {"revision": value.revision + 1, "imported_on": day_of(actor.at), "entered_by": actor.id}
        revisions.append(key | said | stamp)
        version = cases[value.indicator].version + 1
        drafts.append({**key, "state": State.DRAFT, "revision": value.revision + 1, "version": version})
    session.execute(insert(IndicatorValue), revisions)
    session.execute(update(ValueCase), drafts)


def _is_as_imported(case: ValueCase, value: IndicatorValue) -> bool:
    return case.revision == value.revision and case.state == State.DRAFT


def _cases(session: Session, row: ImportStage) -> dict[str, ValueCase]:
    cases = select(ValueCase).where(ValueCase.period == row.period, ValueCase.city == row.city)
    return {case.indicator: case for case in session.scalars(cases)}


def _before(session: Session, row: ImportStage) -> dict[tuple[str, int], IndicatorValue]:
    values = select(IndicatorValue).where(IndicatorValue.period == row.period, IndicatorValue.city == row.city)
    return {(value.indicator, value.revision): value for value in session.scalars(values)}
