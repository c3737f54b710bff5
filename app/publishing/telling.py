"""Who of the ministry is told what on the way to a publication, in the transaction of its cause."""

from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.clock import day_of
from app.notices.notices import Message, close, notify
from app.notices.recipients import list_holders

APPROVING = (Role.REVIEWER, Role.PUBLISHER)
"""Who approves publications, and confirms withdrawals."""


def message(kind: str, address: str, **about: int) -> Message:
    """Make the message about a request or a publication; the same one is told to a person once."""
    return Message(kind, cause=_cause(kind, *about.values()), address=address, parameters=about)


def nothing_waits(session: Session, actor: Actor, kind: str, about: int, *, staff: int | None = None) -> None:
    """Take a notice as read whose cause waits no more: for all who were told, or for one who has done their part."""
    close(session, _cause(kind, about), actor.at, staff=staff)


def _cause(kind: str, *about: int) -> str:
    return f"{kind}:{'/'.join(map(str, about))}"


def tell_others(session: Session, actor: Actor, what: Message, apart: int) -> None:
    """Tell all who may approve but one that something waits for them."""
    notify(session, set(list_holders(session, APPROVING, day_of(actor.at))) - {apart}, what, actor.at)
