"""What each member of staff changes about their own account: password, factors, codes."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import invitations, passkeys, recovery_codes, totp
from app.accounts.errors import FactorError, FactorFault, LinkError, StaffError, StaffFault
from app.accounts.models import Staff, Totp
from app.accounts.passkeys import RelyingParty
from app.accounts.sealing import Keys
from app.accounts.sessions import end_sessions
from app.audit.journal import Actor, Entry, record


def set_password(session: Session, actor: Actor, password_hash: str, *, but: str = "") -> None:
    """Keep a new password; all sessions but the one with the mark `but` end."""
    person = _oneself(session, actor)
    person.password_hash = password_hash
    end_sessions(session, person.id, but=but)
    _record(session, actor, "password.changed", person.id)


def set_first_password(session: Session, actor: Actor, password_hash: str) -> None:
    """Keep the password of somebody who has none; of two requests that set one, the first counts."""
    none_yet = update(Staff).where(Staff.id == actor.id, Staff.password_hash.is_(None))
    set_now = session.execute(none_yet.values(password_hash=password_hash).returning(Staff.id)).first()
    if set_now is not None:
        _record(session, actor, "password.changed", set_now.id)


def keep_rehashed(session: Session, staff: int, old_hash: str, password_hash: str) -> None:
    """Keep the same password under today's costs, unless it was changed meanwhile."""
    same = update(Staff).where(Staff.id == staff, Staff.password_hash == old_hash)
    session.execute(same.values(password_hash=password_hash))


def join_with_totp(session: Session, actor: Actor, token: str, confirmed: tuple[str, str], keys: Keys) -> list[str]:
    """Take up a link by a code app, given (secret, code); gives ten recovery codes.

    Raises LinkError, FactorError.
    """
    staff = _take_up(session, actor, token)
    keep_totp(session, actor, confirmed, keys)
    return _joined(session, actor, staff)


def join_with_passkey(
    session: Session, actor: Actor, token: str, site: RelyingParty, answered: tuple[str, str]
) -> list[str]:
    """Take up a link by a passkey, given (answer, name); gives ten recovery codes. Raises LinkError, FactorError."""
    staff = _take_up(session, actor, token)
    add_passkey(session, actor, site, answered)
    return _joined(session, actor, staff)


def keep_totp(session: Session, actor: Actor, confirmed: tuple[str, str], keys: Keys, *, but: str = "") -> None:
    """Keep a new code app, given (secret, code); other sessions end. Raises FactorError."""
    staff = _oneself(session, actor).id
    totp.keep(session, actor, staff, confirmed, keys)
    end_sessions(session, staff, but=but)


def add_passkey(
    session: Session, actor: Actor, site: RelyingParty, answered: tuple[str, str], *, but: str = ""
) -> None:
    """Keep a new passkey, given (answer, name); other sessions end. Raises FactorError."""
    staff = _oneself(session, actor).id
    passkeys.add(session, actor, staff, site, answered)
    end_sessions(session, staff, but=but)


def remove_totp(session: Session, actor: Actor, *, but: str = "") -> None:
    """Forget one's code app, unless it is the last factor; other sessions end. Raises FactorError."""
    staff = _not_last(session, actor)
    totp.remove(session, actor, staff)
    end_sessions(session, staff, but=but)


def remove_passkey(session: Session, actor: Actor, credential_id: str, *, but: str = "") -> None:
    """Forget a passkey, unless it is the last factor; other sessions end. Raises FactorError."""
    staff = _not_last(session, actor)
    passkeys.remove(session, actor, staff, credential_id)
    end_sessions(session, staff, but=but)


def count_factors(session: Session, staff: int) -> int:
    """Count the second factors of a person."""
    return passkeys.count(session, staff) + (session.get(Totp, staff) is not None)


def _take_up(session: Session, actor: Actor, token: str) -> int:
    """Use a link up before a factor is added, so that of two requests with it one adds nothing."""
    staff = invitations.use(session, token, actor.at)
    if staff != actor.id or session.get_one(Staff, staff).password_hash is None:
        raise LinkError
    return staff


def _joined(session: Session, actor: Actor, staff: int) -> list[str]:
    codes = recovery_codes.make(session, actor, staff)
    _record(session, actor, "staff.joined", staff)
    return codes


def _not_last(session: Session, actor: Actor) -> int:
    # Held until the end: of two requests that remove a factor each, the second finds the last one.
    held = select(Staff.id).where(Staff.id == actor.id).with_for_update()
    staff = session.scalars(held).one()
    if count_factors(session, staff) <= 1:
        raise FactorError(FactorFault.LAST_FACTOR)
    return staff


def _oneself(session: Session, actor: Actor) -> Staff:
    """Give the person who acts: nobody does any of this for somebody else."""
    person = session.get(Staff, actor.id) if actor.id is not None else None
    if person is None:
        raise StaffError(StaffFault.UNKNOWN)
    return person


def _record(session: Session, actor: Actor, event: str, staff: int) -> None:
    record(session, actor, Entry(event=event, object_kind="staff", object_id=str(staff)))
