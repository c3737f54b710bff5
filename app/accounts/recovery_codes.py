"""Ten codes on paper for the day on which a device is lost: each opens once, and all of them go together."""

import secrets
from datetime import date
from hashlib import sha256

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.accounts.models import RecoveryCode
from app.audit.journal import Actor, Entry, record

HOW_MANY = 10
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: none that is read as another."""
_LENGTH, _GROUP = 16, 4
"""80 bits: nobody guesses one, nor finds it from its hash."""
_READ_AS = str.maketrans("OIL", "011", " -\u2010\u2011\u2012\u2013\u2014\u00a0\t\r\n")


def make(session: Session, actor: Actor, staff: int) -> list[str]:
    """Make ten codes and forget those before; they are in the result and nowhere else."""
    revoke(session, staff)
    codes = ["".join(secrets.choice(_SIGNS) for _ in range(_LENGTH)) for _ in range(HOW_MANY)]
    session.execute(insert(RecoveryCode), [{"mark": _mark(code), "staff": staff, "used_on": None} for code in codes])
    record(session, actor, Entry(event="codes.made", object_kind="staff", object_id=str(staff)))
    return [_grouped(code) for code in codes]


def use(session: Session, staff: int, typed: str, today: date) -> bool:
    """Use a code of a person up; False when it is not one, or was used."""
    code = update(RecoveryCode).where(
        RecoveryCode.mark == _mark(_read(typed)), RecoveryCode.staff == staff, RecoveryCode.used_on.is_(None)
    )
    return session.execute(code.values(used_on=today).returning(RecoveryCode.mark)).first() is not None


def left(session: Session, staff: int) -> int:
    """Count the codes a person has not used."""
    unused = select(func.count()).where(RecoveryCode.staff == staff, RecoveryCode.used_on.is_(None))
    return session.execute(unused).scalar_one()


def revoke(session: Session, staff: int) -> None:
    """Forget all codes of a person."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff == staff))


def looks_like_one(typed: str) -> bool:
    """Tell whether somebody typed a code of this kind, and not six digits of an app."""
    return len(_read(typed)) == _LENGTH


def _read(typed: str) -> str:
    return typed.upper().translate(_READ_AS)


def _grouped(code: str) -> str:
    return "-".join(code[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def _mark(code: str) -> str:
    return sha256(code.encode(errors="replace")).hexdigest()
