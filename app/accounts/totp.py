"""Codes of an app on a telephone (TOTP, RFC 6238): six digits that change every thirty seconds, each good for once."""

import hmac
from datetime import date, datetime

import pyotp
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts import sealing
from app.accounts.errors import FactorError, FactorFault
from app.accounts.models import Totp
from app.accounts.sealing import Keys
from app.audit.journal import Actor, Entry, record
from app.clock import day_of

ISSUER = "Qala pikiri"
"""What an app shows beside the account."""

DIGITS, STEP = 6, 30
_DRIFT = 1
"""Steps by which a telephone's clock may be wrong, either way."""


def new_secret() -> str:
    """Draw a secret of 160 bits, in base32 as apps take it."""
    return pyotp.random_base32()


def address_of(secret: str, email: str) -> str:
    """Give the otpauth:// address that a QR code carries."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER))


def keep(session: Session, actor: Actor, staff: int, confirmed: tuple[str, str], keys: Keys) -> None:
    """Keep a new secret in place of the one before, given a (secret, code) that proves the app has it.

    Raises FactorError. The code is used up by that.
    """
    secret, code = confirmed
    step = max(_steps(secret, code, actor.at), default=None)
    if step is None:
        raise FactorError(FactorFault.WRONG_CODE)
    today = day_of(actor.at)
    session.execute(delete(Totp).where(Totp.staff == staff))
    sealed = sealing.seal(keys, _use(staff), secret)
    session.add(Totp(staff=staff, sealed=sealed, last_step=step, added_on=today, used_on=today))
    record(session, actor, Entry(event="factor.added", object_kind="staff", object_id=str(staff), detail=_KIND))


def use(session: Session, staff: int, code: str, at: datetime, keys: Keys) -> bool:
    """Use a code of a person up; False when it is not right, was used, or is older than one that was used."""
    row = session.get(Totp, staff)
    if row is None:
        return False
    try:
        secret = sealing.unseal(keys, _use(staff), row.sealed)
    except sealing.SealError:  # the installation's key was changed and the one before forgotten: a new factor is needed
        return False
    used = any(_use_step(session, staff, step, day_of(at)) for step in _steps(secret, code, at))
    if used and not sealing.is_current(keys, _use(staff), row.sealed):
        again = sealing.seal(keys, _use(staff), secret)
        session.execute(update(Totp).where(Totp.staff == staff).values(sealed=again))
    return used


def remove(session: Session, actor: Actor, staff: int) -> None:
    """Forget a person's secret; raises FactorError when there is none."""
    if session.execute(delete(Totp).where(Totp.staff == staff).returning(Totp.staff)).first() is None:
        raise FactorError(FactorFault.MISSING)
    record(session, actor, Entry(event="factor.removed", object_kind="staff", object_id=str(staff), detail=_KIND))


def reseal(session: Session, keys: Keys) -> int:
    """Seal what the key before sealed anew; gives how many. Raises SealError for what neither key opens."""
    old = [row for row in session.scalars(select(Totp)) if not sealing.is_current(keys, _use(row.staff), row.sealed)]
    for row in old:
        row.sealed = sealing.seal(keys, _use(row.staff), sealing.unseal(keys, _use(row.staff), row.sealed))
    return len(old)


_KIND = {"kind": "totp"}


def _use(staff: int) -> str:
    return f"totp:{staff}"


def _steps(secret: str, code: str, at: datetime) -> list[int]:
    """Give the time steps, newest first, whose code this is: none for a wrong one, or without a secret."""
    typed = "".join(code.split())
    if not secret or len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return []
    totp = pyotp.TOTP(secret)
    now = totp.timecode(at)
    steps = range(now + _DRIFT, now - _DRIFT - 1, -1)
    return [step for step in steps if hmac.compare_digest(totp.generate_otp(step), typed)]


def _use_step(session: Session, staff: int, step: int, today: date) -> bool:
    """Use a step up in one statement, so that of two requests with one code one finds it used."""
    newer = update(Totp).where(Totp.staff == staff, Totp.last_step < step).values(last_step=step, used_on=today)
    return session.execute(newer.returning(Totp.staff)).first() is not None
