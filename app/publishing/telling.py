"""Who of the ministry is told what on the way to a publication, in the transaction of its cause."""

from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.clock import day_of
from app.notices.notices import Message, notify
from app.notices.recipients import list_holders

APPROVING = (Role.REVIEWER, Role.PUBLISHER)
"""Who approves publications, and confirms withdrawals."""


def message(kind: str, address: str, **about: int) -> Message:
    """Make the message about a request or a publication; the same one is told to a person once."""
    return Message(kind, cause=f"{kind}:{'/'.join(map(str, about.values()))}", address=address, parameters=about)


def tell_others(session: Session, actor: Actor, what: Message, apart: int) -> None:
    """Tell all who may approve but one that something waits for them."""
    notify(session, set(list_holders(session, APPROVING, day_of(actor.at))) - {apart}, what, actor.at)
