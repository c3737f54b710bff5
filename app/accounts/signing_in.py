"""Passwords and codes are tried here, and who is wrong five times waits: one minute, then two, up to fifteen.

A try is counted before it is looked at and taken off again when it was right, so that a thousand at once are no more
than a thousand in turn. An address that nobody has is treated like any other. A passkey never waits, and the count
ends a day after the last try: nobody can be locked out for good.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts import passwords
from app.accounts.errors import WaitError
from app.accounts.models import SignInDelay, Staff
from app.accounts.sealing import Keys
from app.audit.journal import Actor, Entry, record
from surveys.sql import insert_unless_there

FREE = 5
"""Wrong tries before the first wait."""

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SignInTry:
    """A try that was counted: at which address, and whose it is, if anybody's who may sign in."""

    mark: str
    staff: int | None
    password_hash: str | None

    def is_right(self, password: str) -> bool:
        """Look at the password, which takes as long for nobody as for somebody; no transaction may be open."""
        return passwords.is_right(self.password_hash, password)


def begin(session: Session, keys: Keys, email: str, at: datetime, *, inside: bool = False) -> SignInTry:
    """Count a try at an address; raises WaitError when none is looked at just now.

    `inside` is for whoever is signed in: strangers who guess at the door let nobody wait who is in already.
    """
    mark = _mark(keys, email, inside=inside)
    count = _held(session, mark, at)
    if count.wait_until is not None and at < count.wait_until:
        raise WaitError
    if at - count.last_at > FORGOTTEN_AFTER:
        count.failures = 0
    count.failures += 1
    count.last_at = at
    count.wait_until = at + _wait(count.failures) if count.failures >= FREE else None
    staff = session.scalars(select(Staff).where(Staff.email == fold(email), Staff.active)).one_or_none()
    if staff is not None and count.failures == FREE:
        record(session, Actor(None, at), Entry(event="staff.delayed", object_kind="staff", object_id=str(staff.id)))
    return SignInTry(mark, staff.id, staff.password_hash) if staff else SignInTry(mark, None, None)


def take_off(session: Session, tried: SignInTry) -> None:
    """Take a right try off the count again; those before it stay until the sign-in is complete."""
    one_less = update(SignInDelay).where(SignInDelay.mark == tried.mark, SignInDelay.failures > 0)
    session.execute(one_less.values(failures=SignInDelay.failures - 1, wait_until=None))


def forget(session: Session, keys: Keys, email: str, *, inside: bool = False) -> None:
    """Begin to count anew: whose address it is has signed in, or has confirmed inside who they are."""
    session.execute(delete(SignInDelay).where(SignInDelay.mark == _mark(keys, email, inside=inside)))


def forget_old(session: Session, at: datetime) -> int:
    """Forget the counts of a day ago; gives how many."""
    old = delete(SignInDelay).where(SignInDelay.last_at < at - FORGOTTEN_AFTER)
    return len(session.execute(old.returning(SignInDelay.mark)).all())


def fold(email: str) -> str:
    """Write an e-mail address as it is stored and looked up."""
    return email.strip().lower()


def _held(session: Session, mark: str, at: datetime) -> SignInDelay:
    """Give the count of an address, which others have to wait for until this transaction ends."""
    values = {"mark": mark, "failures": 0, "wait_until": None, "last_at": at}
    session.execute(insert_unless_there(SignInDelay, tuple(values), None, session.get_bind().dialect.name), values)
    held = select(SignInDelay).where(SignInDelay.mark == mark).with_for_update()
    return session.scalars(held, execution_options={"populate_existing": True}).one()


def _wait(failures: int) -> timedelta:
    return min(FIRST_WAIT * (1 << min(failures - FREE, 10)), LONGEST_WAIT)


def _mark(keys: Keys, email: str, *, inside: bool) -> str:
    purpose = b"step-up\x1f" if inside else b"sign-in\x1f"
    return hmac.digest(keys[0].encode(), purpose + fold(email).encode(errors="replace"), "sha256").hex()
