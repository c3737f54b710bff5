"""Two others approve exactly these bytes: of a run's output and of its edition."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission
from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from app.publishing.errors import Barrier, BarrierError
from app.publishing.models import Approval, PublicationRequest
from app.publishing.persons import checked_note, holders_among, step_begins
from app.publishing.requests import digests_approved, open_request
from app.publishing.telling import nothing_waits
from app.ratings.models import Run

NEEDED = 2


class Seen(NamedTuple):
    """The digests that stood on the page on which somebody pressed the button."""

    output_digest: str
    edition_digest: str


def approve(session: Session, request_id: int, seen: Seen, note: str, actor: Actor) -> None:
    """Approve what was seen; raises BarrierError for whoever asked, the second time, and for other bytes.

    Nobody can approve what the attack on the preview has not looked at yet.
    """
    person = step_begins(session, actor, Permission.APPROVE)
    request = open_request(session, request_id)
    if person.id == request.requested_by:
        raise BarrierError(Barrier.OWN_REQUEST)
    if request.few_people is None:
        raise BarrierError(Barrier.NOT_CHECKED)
    if session.get(Approval, (request_id, person.id)) is not None:
        raise BarrierError(Barrier.TWICE)
    digests = digests_approved(session.get_one(Run, request.run))
    if seen._asdict() != digests:
        raise BarrierError(Barrier.OTHER_BYTES)
    session.add(
        Approval(
            request=request.id,
            staff=person.id,
            requested_by=request.requested_by,
            note=checked_note(note, needed=False),
            at=actor.at,
            **digests,
        )
    )
    session.flush()
    is_enough = len(approvals_in_force(session, request, day_of(actor.at))) >= NEEDED
    nothing_waits(session, actor, "approval.asked", request.id, staff=None if is_enough else person.id)
    detail = {"run": request.run, **digests}
    entry = Entry(
        event="publication.approved", object_kind="publication_request", object_id=str(request.id), detail=detail
    )
    record(session, actor, entry)


def approvals_in_force(session: Session, request: PublicationRequest, day: date) -> tuple[Approval, ...]:
    """List the approvals that count: of these very bytes, by people who may still approve."""
    digests = digests_approved(session.get_one(Run, request.run))
    statement = select(Approval).where(Approval.request == request.id).order_by(Approval.at, Approval.staff)
    given = [
        each
        for each in session.scalars(statement)
        if (each.output_digest, each.edition_digest) == tuple(digests.values())
    ]
    holders = holders_among(session, (each.staff for each in given), Permission.APPROVE, day)
    return tuple(each for each in given if each.staff in holders and each.staff != request.requested_by)
