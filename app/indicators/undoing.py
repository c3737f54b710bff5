"""Taking a confirmed import back within ten minutes: what stood before comes again, as revisions of its own."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.audit.models import JournalRow
from app.clock import day_of
from app.indicators.case_models import ImportStage, ValueCase
from app.indicators.cases import case_of, change_state
from app.indicators.errors import IndicatorError
from app.indicators.keys import CaseKey
from app.indicators.models import IndicatorValue
from app.indicators.staging import UNDO, find_stage
from app.indicators.states import Event, State
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


RESTORED = "value.restored"
"""How the journal names that a value is as it was before an import."""

_STEPS = ("value.saved", "value.sent", "value.recalled", "value.returned", "value.reopened", RESTORED)


class CannotUndoError(IndicatorError):
    """It was not confirmed, is undone already, ten minutes have passed, or somebody has changed a value since."""


def undo_import(session: Session, stage: str, actor: Actor) -> int:
    """Put back what stood before an import of one's own, all of it; gives the number of values.

    What was open is open again, what was returned is returned; revisions are never removed. Raises UnknownStageError,
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
    before, returned = _before(session, row), _returned(session, row)
    revisions, steps = [], []
    for value in values:
        key = CaseKey(value.period, value.city, value.indicator)
        earlier = before.get((value.indicator, value.revision - 1))
        said = {name: getattr(earlier, name) for name in _SAID} if earlier else _NOTHING
        stamp = {"revision": value.revision + 1, "imported_on": day_of(actor.at), "entered_by": actor.id}
        revisions.append(key._asdict() | said | stamp)
        event = Event.GIVE_BACK if (str(key), value.revision - 1) in returned else Event.RESTORE
        steps.append((cases[value.indicator], Event.EMPTY if _was_open(earlier) else event, value.revision + 1))
    session.execute(insert(IndicatorValue), revisions)
    for case, event, revision in steps:
        change_state(session, case_of(case), event, actor, bulk=f"undo-{row.imported}", revision=revision)


def _was_open(earlier: IndicatorValue | None) -> bool:
    """Tell whether nothing was ever filled in, or was undone as well; what a file emptied is a draft that says so."""
    if earlier is None:
        return True
    return earlier.imported_by is None and all(getattr(earlier, name) == nothing for name, nothing in _NOTHING.items())


def _returned(session: Session, row: ImportStage) -> set[tuple[str, int]]:
    """Give the cases of the city, with their revisions, that were last given back to it."""
    rows = session.execute(
        select(JournalRow.object_id, JournalRow.event, JournalRow.detail)
        .where(JournalRow.object_kind == "case", JournalRow.city == row.city, JournalRow.event.in_(_STEPS))
        .order_by(JournalRow.seq)
    )
    last = {number: (event, json.loads(detail)) for number, event, detail in rows}
    return {
        (number, detail["revision"])
        for number, (_event, detail) in last.items()
        if detail.get("to") == State.RETURNED and detail.get("revision")
    }


def _is_as_imported(case: ValueCase, value: IndicatorValue) -> bool:
    return case.revision == value.revision and case.state == State.DRAFT


def _cases(session: Session, row: ImportStage) -> dict[str, ValueCase]:
    cases = select(ValueCase).where(ValueCase.period == row.period, ValueCase.city == row.city)
    return {case.indicator: case for case in session.scalars(cases)}


def _before(session: Session, row: ImportStage) -> dict[tuple[str, int], IndicatorValue]:
    values = select(IndicatorValue).where(IndicatorValue.period == row.period, IndicatorValue.city == row.city)
    return {(value.indicator, value.revision): value for value in session.scalars(values)}
