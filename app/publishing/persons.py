"""Who may take a step, read anew in the step's own transaction: a right that was taken back holds no longer."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person
from app.accounts.queries import get_person, get_persons
from app.audit.journal import Actor
from app.clock import day_of
from app.publishing.errors import Barrier, BarrierError
from app.publishing.models import MOST_REASON
from surveys.languages import Text3
from surveys.sql import hold_journal


def step_begins(session: Session, actor: Actor, permission: Permission, staff: int | None = None) -> Person:
    """Let one step at a time be taken, and give who takes it; raises BarrierError unless they have the permission.

    Behind the lock of the journal everything that was recorded before is seen, and what is not yet has to wait: no
    right is lost and no value accepted between what is read here and what is written. The command line names `staff`.
    """
    hold_journal(session)
    person = get_person(session, (actor.id or 0) if staff is None else staff, day_of(actor.at))
    if person is None or not person.may(permission):
        raise BarrierError(Barrier.NO_RIGHT)
    return person


def holders_among(session: Session, staff: Iterable[int], permission: Permission, day: date) -> Collection[int]:
    """Give those who have a permission on a day."""
    return {person.id for person in get_persons(session, staff, day) if person.may(permission)}


def checked_reason(reason: Text3) -> Text3:
    """Give a reason without what stands around it; raises BarrierError unless it is said in all three languages."""
    texts = Text3(*(text.strip() for text in reason))
    if not all(0 < len(text) <= MOST_REASON for text in texts):
        raise BarrierError(Barrier.REASON)
    return texts


def checked_note(text: str, *, needed: bool) -> str:
    """Give a note for colleagues without what stands around it; raises BarrierError when it is too long or missing."""
    note = text.strip()
    if len(note) > MOST_REASON or (needed and not note):
        raise BarrierError(Barrier.REASON)
    return note
