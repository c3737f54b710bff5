"""What becomes of a publication afterwards: two persons withdraw it, and another one takes its place."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission
from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from app.notices.notices import notify
from app.publishing.errors import Barrier, BarrierError
from app.publishing.models import Publication, WithdrawalRequest
from app.publishing.persons import checked_reason, step_begins
from app.publishing.requests import is_standing
from app.publishing.telling import message, nothing_waits, tell_others
from surveys.languages import Text3

ASKED = "asked"
ADDRESS = "/console/publications/withdrawals/{}"
"""Page of a publication's withdrawal in the console."""


def ask_withdrawal(session: Session, number: int, reason: Text3, actor: Actor, staff: int | None = None) -> int:
    """Ask to withdraw a publication, for a reason that stands on it for ever; raises BarrierError.

    Gives the number of the request; nothing happens before another person confirms. The command line names `staff`.
    """
    person = step_begins(session, actor, Permission.WITHDRAW, staff)
    texts = checked_reason(reason)
    if not is_standing(session, number):
        raise BarrierError(Barrier.NOT_STANDING, str(number))
    if withdrawal_asked(session, number) is not None:
        raise BarrierError(Barrier.ASKED_BEFORE)
    asked = WithdrawalRequest(
        publication=number,
        state=ASKED,
        asked_by=person.id,
        asked_at=actor.at,
        reason_kk=texts.kk,
        reason_ru=texts.ru,
        reason_en=texts.en,
    )
    session.add(asked)
    session.flush()
    tell_others(session, actor, message("withdrawal.asked", ADDRESS.format(number), number=number), person.id)
    _record(session, actor, "publication.withdrawal_asked", number, by=person.id)
    return asked.id


def confirm_withdrawal(session: Session, number: int, asked: int, actor: Actor) -> None:
    """Withdraw a publication as another person asked, as all its pages and files then say; raises BarrierError.

    `asked` is the request that was looked at: another one has another reason.
    """
    person = step_begins(session, actor, Permission.CONFIRM_WITHDRAWAL)
    request = _open_withdrawal(session, number, asked)
    if person.id == request.asked_by:
        raise BarrierError(Barrier.OWN_WITHDRAWAL)
    reason = Text3(request.reason_kk, request.reason_ru, request.reason_en)
    request.state, request.confirmed_by, request.confirmed_at = "confirmed", person.id, actor.at
    _withdraw(session, number, reason, today=day_of(actor.at))
    nothing_waits(session, actor, "withdrawal.asked", number)
    withdrawn = message("publication.withdrawn", ADDRESS.format(number), number=number)
    notify(session, {request.asked_by}, withdrawn, actor.at)
    _record(session, actor, "publication.withdrawn", number, by=person.id)


def cancel_withdrawal(session: Session, number: int, asked: int, actor: Actor) -> None:
    """Let a publication stand that somebody asked to withdraw; who asked may do so too. Raises BarrierError."""
    person = step_begins(session, actor, Permission.CONFIRM_WITHDRAWAL)
    request = _open_withdrawal(session, number, asked)
    request.state, request.confirmed_by = "cancelled", person.id if person.id != request.asked_by else None
    session.flush()
    nothing_waits(session, actor, "withdrawal.asked", number)
    _record(session, actor, "publication.withdrawal_cancelled", number, by=person.id)


def withdrawal_asked(session: Session, number: int) -> WithdrawalRequest | None:
    """Find what waits to be confirmed; None when nothing does."""
    waiting = (WithdrawalRequest.publication == number, WithdrawalRequest.state == ASKED)
    return session.execute(select(WithdrawalRequest).where(*waiting)).scalar_one_or_none()


def name_successor(session: Session, number: int, successor: int, actor: Actor) -> None:
    """Say which publication takes the place of a withdrawn one; raises PublicationError unless that one stands."""
    if actor.id is not None:
        step_begins(session, actor, Permission.WITHDRAW)
    publication = session.get(Publication, number, populate_existing=True)
    if publication is None or publication.state != "withdrawn":
        raise BarrierError(Barrier.NOT_WITHDRAWN, str(number))
    if not is_standing(session, successor):
        raise BarrierError(Barrier.NOT_STANDING, str(successor))
    publication.successor = successor
    session.flush()
    _record(session, actor, "publication.succeeded", number, by=actor.id, successor=successor)


def _open_withdrawal(session: Session, number: int, asked: int) -> WithdrawalRequest:
    request = withdrawal_asked(session, number)
    if request is None or request.id != asked or not is_standing(session, number):
        raise BarrierError(Barrier.CHANGED_MEANWHILE)
    return request


def _withdraw(session: Session, number: int, reason: Text3, *, today: date) -> None:
    publication = session.get_one(Publication, number)
    publication.state, publication.withdrawn_on = "withdrawn", today
    publication.reason_kk, publication.reason_ru, publication.reason_en = reason
    session.flush()


def _record(session: Session, actor: Actor, event: str, number: int, **detail: int | None) -> None:
    record(session, actor, Entry(event=event, object_kind="publication", object_id=str(number), detail=detail))
