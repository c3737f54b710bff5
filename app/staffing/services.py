"""What comes of an invitation, a role, a closed account or a reset beyond the account itself: mail, notices, work.

The command line, the console and the jobs call these, and none of them changes an account by another way.
"""

import secrets
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy.orm import Session

from app.accounts import grants, resets, services
from app.accounts.grants import GrantOrder
from app.accounts.permissions import Role
from app.accounts.sealing import Keys, seal
from app.accounts.services import Invitee
from app.audit.journal import Actor
from app.clock import day_of
from app.feedback import assigning
from app.indicators import assignments
from app.notices import outbox
from app.notices.digests import DigestLine
from app.notices.notices import Message, close, notify
from app.notices.outbox import Mail, link_use
from app.notices.recipients import list_holders

ADMINS_END_SOON = timedelta(days=14)
"""How long before the last administrator's role ends people are warned, day after day."""

WELCOME = "/console/welcome/"
"""Where links of invitations lead; the token follows."""


def invite(session: Session, actor: Actor, invitee: Invitee, keys: Keys) -> tuple[int, str]:
    """Make an account and mail its link; gives its id and the token of the link. Raises StaffError."""
    staff, token = services.invite(session, actor, invitee)
    _mail_link(session, actor, staff, ("account.invited", token), keys)
    return staff, token


def invite_again(session: Session, actor: Actor, staff: int, keys: Keys) -> str:
    """Mail a new link to somebody who has not taken up the last one; gives its token. Raises StaffError."""
    token = services.invite_again(session, actor, staff)
    _mail_link(session, actor, staff, ("account.invited", token), keys)
    return token


def grant(session: Session, actor: Actor, staff: int, order: GrantOrder) -> int:
    """Give a role and tell whose it is; gives the grant's id. Raises StaffError."""
    grant_id = grants.grant(session, actor, staff, order)
    _tell_of_role(session, actor, staff, ("role.granted", grant_id, order.role))
    return grant_id


def revoke(session: Session, actor: Actor, grant_id: int) -> int:
    """Take a role back, give its work back to the queue and tell whose it was; gives the number of cases.

    Suggestions of a city are among them, where the person has no other role there. Raises StaffError.
    """
    staff, role = grants.revoke(session, actor, grant_id)
    released = release(session, actor, staff) if role is Role.REVIEWER else _release_suggestions(session, actor, staff)
    _tell_of_role(session, actor, staff, ("role.revoked", grant_id, role))
    return released


def deactivate(session: Session, actor: Actor, staff: int) -> int:
    """Close an account and give its work back to the queue; gives the number of cases. Raises StaffError."""
    services.deactivate(session, actor, staff)
    return release(session, actor, staff)


def close_idle(session: Session, actor: Actor) -> list[int]:
    """Close the accounts that were idle for long and give their work back; gives whose.

    Suggestions go back too that are with people whose role in the city has ended by its last day.
    """
    closed = services.close_idle(session, actor)
    for staff in closed:
        release(session, actor, staff)
    _release_suggestions(session, actor)
    return closed


def open_reset(session: Session, actor: Actor, staff: int) -> int:
    """Ask for a reset and tell those who may confirm it; gives its id. Raises StaffError."""
    reset = resets.open_reset(session, actor, staff)
    others = set(list_holders(session, (Role.ADMIN, Role.AUDITOR), day_of(actor.at))) - {actor.id, staff}
    notify(session, others, Message("reset.asked", f"reset.asked:{reset}", f"/console/staff/{staff}"), actor.at)
    return reset


def confirm_reset(session: Session, actor: Actor, reset: int, keys: Keys) -> tuple[int, str]:
    """Confirm another person's reset and mail the link; gives whom it is for and its token. Raises StaffError."""
    staff, token = resets.confirm_reset(session, actor, reset)
    close(session, f"reset.asked:{reset}", actor.at)
    _mail_link(session, actor, staff, ("factor.reset", token), keys)
    return staff, token


def tell_of_new_factor(session: Session, actor: Actor) -> None:
    """Tell a person that their account can be opened in a new way: if it was not they, they should know."""
    told = [actor.id] if actor.id is not None else []
    notify(session, told, Message("device.new", f"device.new:{actor.at.isoformat()}", "/console/me"), actor.at)


def digest_lines(session: Session, today: date) -> Iterator[DigestLine]:
    """Tell administrators and auditors in the morning's mail that nobody will be an administrator in two weeks."""
    last = grants.admins_end(session, today)
    if last is not None and last - today <= ADMINS_END_SOON:
        days = (last - today).days + 1
        holders = list_holders(session, (Role.ADMIN, Role.AUDITOR), today)
        yield from (DigestLine(staff, "admins.end", days) for staff in holders)


def release(session: Session, actor: Actor, staff: int) -> int:
    """Give what somebody was asked to do, and has not, back to the queue; gives how many values and suggestions."""
    cases = len(assignments.release(session, staff, actor, bulk=secrets.token_hex(8)))
    return cases + _release_suggestions(session, actor, staff)


def _release_suggestions(session: Session, actor: Actor, staff: int | None = None) -> int:
    return assigning.release_of_gone(session, actor, day_of(actor.at), staff, bulk=secrets.token_hex(8))


def _mail_link(session: Session, actor: Actor, staff: int, link: tuple[str, str], keys: Keys) -> None:
    """Let the mail with a link wait; the token stands in it sealed."""
    kind, token = link
    cause = f"{kind}:{sha256(token.encode()).hexdigest()[:16]}"
    outbox.enqueue(session, staff, Mail(kind, cause, WELCOME, sealed=seal(keys, link_use(staff), token)), actor.at)


def _tell_of_role(session: Session, actor: Actor, staff: int, change: tuple[str, int, Role]) -> None:
    kind, grant_id, role = change
    cause = f"{kind}:{grant_id}@{actor.at.isoformat()}"
    notify(session, [staff], Message(kind, cause, "/console/", {"role": role.value}), actor.at)
