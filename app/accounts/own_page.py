"""What a person sees of their own account: factors, recovery codes, sessions, and what they chose."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import sessions
from app.accounts.models import LoginSession, Passkey, RecoveryCode, Staff, Totp


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    """A passkey in the list of one's own."""

    id: str
    name: str
    is_copied: bool
    """Whether it is kept by an account of the device's maker, and thereby on other devices too."""
    added_on: date
    used_on: date | None


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A browser that is signed in."""

    id: str
    label: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """Everything of the page."""

    email: str
    has_password: bool
    digest_on: bool
    passkeys: list[PasskeyLine]
    totp_since: date | None
    totp_used_on: date | None
    codes_left: int
    sessions: list[SessionLine]

    @property
    def factors(self) -> int:
        """Count the second factors."""
        return len(self.passkeys) + (self.totp_since is not None)


def get_own_account(session: Session, staff: int, current: str, at: datetime) -> OwnAccount:
    """Read a person's own account; `current` is the public id of the session that asks."""
    codes_left = select(func.count()).where(RecoveryCode.staff == Staff.id, RecoveryCode.used_on.is_(None))
    whole = select(Staff, Totp, codes_left.correlate(Staff).scalar_subquery()).outerjoin(Totp, Totp.staff == Staff.id)
    person, totp, left = session.execute(whole.where(Staff.id == staff)).one()
    keys = session.scalars(select(Passkey).where(Passkey.staff == staff).order_by(Passkey.added_on, Passkey.name))
    living = (
        select(LoginSession)
        .where(LoginSession.staff == staff, LoginSession.seen_at > at - sessions.IDLE)
        .where(LoginSession.created_at > at - sessions.LONGEST)
        .order_by(LoginSession.seen_at.desc())
    )
    return OwnAccount(
        email=person.email,
        has_password=person.password_hash is not None,
        digest_on=person.digest_on,
        passkeys=[PasskeyLine(k.credential_id, k.name, k.backed_up, k.added_on, k.used_on) for k in keys],
        totp_since=totp.added_on if totp else None,
        totp_used_on=totp.used_on if totp else None,
        codes_left=left,
        sessions=[
            SessionLine(row.public_id, row.label, row.created_at, row.seen_at, row.public_id == current)
            for row in session.scalars(living)
        ],
    )
