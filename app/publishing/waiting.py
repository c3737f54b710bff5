"""What waits on the way to a publication, for the morning's mail: approvals, approved ratings, withdrawals."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from app.notices.digests import DigestLine
from app.notices.recipients import list_holders
from app.publishing.models import Approval, PublicationRequest, WithdrawalRequest

NEEDED = 2
"""Approvals of two persons before a rating may be published."""


def digest_lines(session: Session, today: date) -> Iterator[DigestLine]:
    """Give the lines of the morning's mail: never about what a person asked for, or has approved already."""
    approvers = list_holders(session, (Role.REVIEWER, Role.PUBLISHER), today)
    publishers = list_holders(session, (Role.PUBLISHER,), today)
    given = _approvers(session)
    for request, asked_by in _open_requests(session):
        done = given.get(request, frozenset())
        ready = len(done) >= NEEDED
        kind, persons = ("publications.ready", publishers) if ready else ("approvals.waiting", approvers)
        free = [staff for staff in persons if staff != asked_by and (ready or staff not in done)]
        yield from (DigestLine(staff, kind, 1) for staff in free)
    for asked_by in session.scalars(select(WithdrawalRequest.asked_by).where(WithdrawalRequest.state == "asked")):
        yield from (DigestLine(staff, "withdrawals.waiting", 1) for staff in approvers if staff != asked_by)


def _open_requests(session: Session) -> list[tuple[int, int | None]]:
    ended = ("stopped", "published")
    statement = select(PublicationRequest.id, PublicationRequest.requested_by)
    rows = session.execute(statement.where(PublicationRequest.state.not_in(ended)).order_by(PublicationRequest.id))
    return [(row.id, row.requested_by) for row in rows]


def _approvers(session: Session) -> dict[int, frozenset[int]]:
    rows = session.execute(select(Approval.request, Approval.staff)).all()
    return {request: frozenset(row.staff for row in rows if row.request == request) for request, _ in rows}
