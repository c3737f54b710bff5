"""Where an initiative stands, moved by steps, each of them an event of its own and a row of the journal.

Whoever changes one waits for the journal first and reads it afterwards, so that the second sees what the first did.
"""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from app.initiatives.errors import StaleInitiativeError, UnknownInitiativeError, WrongStepError
from app.initiatives.models import CityInitiative, InitiativeEvent
from app.initiatives.states import InitiativeState, InitiativeStep, next_state, shown_to_city
from surveys.sql import hold_journal

_EVENTS = {
    InitiativeStep.SAVE: "initiative.saved",
    InitiativeStep.SUBMIT: "initiative.submitted",
    InitiativeStep.RECALL: "initiative.recalled",
    InitiativeStep.SUPPORT: "initiative.supported",
    InitiativeStep.RETURN: "initiative.returned",
    InitiativeStep.REFUSE: "initiative.not_supported",
    InitiativeStep.DIFFER: "initiative.differed",
    InitiativeStep.WITHDRAW: "initiative.withdrawn",
    InitiativeStep.START: "initiative.started",
    InitiativeStep.REPORT: "initiative.reported",
    InitiativeStep.FINISH: "initiative.finished",
    InitiativeStep.STOP: "initiative.stopped",
    InitiativeStep.EVALUATE: "initiative.evaluated",
}


class InitiativeKey(NamedTuple):
    """A city and the number of an initiative of it, as they stand in addresses."""

    city: str
    id: int


class InitiativeStanding(NamedTuple):
    """An initiative as it was read."""

    key: InitiativeKey
    edition: str
    state: InitiativeState
    revision: int
    submitted_on: date | None
    decided_on: date | None
    started_on: date | None
    finished_on: date | None
    version: int


class Told(NamedTuple):
    """What a step says: the day it names, words in two languages, and where it can be seen."""

    day: date | None = None
    kk: str = ""
    ru: str = ""
    address: str = ""


NOTHING_TOLD = Told()


def get_standing(session: Session, key: InitiativeKey, version: int | None = None) -> InitiativeStanding:
    """Read one; raise UnknownInitiativeError, or StaleInitiativeError where somebody changed it since `version`."""
    row = session.get(CityInitiative, key.id, populate_existing=True)
    if row is None or row.city != key.city:
        raise UnknownInitiativeError(key)
    standing = standing_of(row)
    if version not in {None, standing.version}:
        raise StaleInitiativeError(version or 0, standing.version)
    return standing


def standing_of(row: CityInitiative) -> InitiativeStanding:
    """Give what a row says."""
    return InitiativeStanding(
        key=InitiativeKey(row.city, row.id),
        edition=row.edition,
        state=InitiativeState(row.state),
        revision=row.revision,
        submitted_on=row.submitted_on,
        decided_on=row.decided_on,
        started_on=row.started_on,
        finished_on=row.finished_on,
        version=row.version,
    )


def hold(session: Session, key: InitiativeKey, version: int | None = None) -> InitiativeStanding:
    """Read one that is going to be changed: nobody else changes any until this transaction ends."""
    hold_journal(session)
    return get_standing(session, key, version)


def take_step(
    session: Session,
    standing: InitiativeStanding,
    step: InitiativeStep,
    actor: Actor,
    told: Told = NOTHING_TOLD,
    **columns: Any,
) -> InitiativeStanding:
    """Let a step happen, with more columns to set, and record it; raise WrongStepError, StaleInitiativeError."""
    hold_journal(session)
    target = next_state(standing.state, step)
    if target is None:
        raise WrongStepError(standing.state, step)
    values = {"state": target, "version": standing.version + 1, **columns}
    as_read = (CityInitiative.id == standing.key.id, CityInitiative.version == standing.version)
    done = session.execute(update(CityInitiative).where(*as_read).values(values).returning(CityInitiative.version))
    if done.first() is None:
        raise StaleInitiativeError(standing.version, get_standing(session, standing.key).version)
    changed = get_standing(session, standing.key)
    note_step(session, changed, step, actor, told)
    # A city reads its own rows: that two had differed before a decision is not in them.
    detail: dict[str, str | int | bool | None] = {
        "from": shown_to_city(standing.state),
        "to": target,
        "revision": changed.revision,
    }
    entry = Entry(
        event=_EVENTS[step],
        object_kind="initiative",
        object_id=str(standing.key.id),
        city=standing.key.city,
        detail=detail,
    )
    record(session, actor, entry)
    return changed


def note_step(session: Session, standing: InitiativeStanding, step: InitiativeStep, actor: Actor, told: Told) -> None:
    """Add a step to the history of an initiative."""
    row = InitiativeEvent(
        initiative=standing.key.id,
        step=step,
        state=standing.state,
        revision=standing.revision,
        day=told.day or day_of(actor.at),
        body_kk=told.kk,
        body_ru=told.ru,
        address=told.address,
        by=actor.id,
        at=actor.at,
    )
    session.add(row)
    session.flush()


def last_moment(session: Session, initiative: int, steps: tuple[InitiativeStep, ...]) -> InitiativeEvent | None:
    """Give the newest event of some steps."""
    events = select(InitiativeEvent).where(InitiativeEvent.initiative == initiative, InitiativeEvent.step.in_(steps))
    return session.scalars(events.order_by(InitiativeEvent.id.desc()).limit(1)).first()
