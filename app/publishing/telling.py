"""Who of the ministry is told what on the way to a publication, in the transaction of its cause."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.clock import day_of
from app.notices.notices import Message, notify
from app.notices.recipients import list_holders

APPROVING = (Role.REVIEWER, Role.PUBLISHER)
"""Who approves publications, and confirms withdrawals."""


def ask_others(session: Session, actor: Actor, kind: str, about: dict[str, int], address: str, apart: int) -> None:
    """Tell all who may approve but one that something waits for them."""
    others = set(list_holders(session, APPROVING, day_of(actor.at))) - {apart}
    tell(session, actor, others, kind, about, address)


def tell(session: Session, actor: Actor, staff: Iterable[int], kind: str, about: dict[str, int], address: str) -> None:
    """Tell persons what became of something, the same thing once."""
    cause = f"{kind}:{'/'.join(map(str, about.values()))}"
    notify(session, staff, Message(kind, cause=cause, address=address, parameters=about), actor.at)
