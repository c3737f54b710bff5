"""Staff, what they were granted, their factors and their sessions."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, UtcDateTime

CITY_ROLES = ("analyst", "moderator", "lead")
COUNTRY_ROLES = ("reviewer", "publisher", "auditor", "admin")


def _among(column: str, names: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(map(repr, names))})"


class Staff(Base):
    """A member of staff; never deleted, for the journal names them."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint(_among("language", ("kk", "ru", "en")), name="language"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """In small letters."""
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(2))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """Argon2; empty until the invitation was taken up."""
    handle: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    """64 random bytes by which passkeys know the account."""
    active: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    active_since: Mapped[date] = mapped_column(Date)
    """The day it was opened, or opened again."""
    last_seen_on: Mapped[date | None] = mapped_column(Date)
    keys_on: Mapped[bool] = mapped_column(Boolean)
    """Whether single keys act in lists."""
    digest_on: Mapped[bool] = mapped_column(Boolean)
    """Whether the morning's mail is wanted."""


class SignInDelay(Base):
    """Wrong tries at one e-mail address, whether or not anybody has it; goes a day after the last."""

    __tablename__ = "sign_in_delay"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures"),)

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The address under the installation's key: people also type other things into that field."""
    failures: Mapped[int] = mapped_column(Integer)
    wait_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """No password and no code is looked at before this moment; a passkey is."""
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RoleGrant(Base):
    """A role of a person, in a city or in the country; revoking sets its last day, and a new grant opens it again."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(_among("role", CITY_ROLES + COUNTRY_ROLES), name="role"),
        CheckConstraint(f"({_among('role', CITY_ROLES)}) = (city IS NOT NULL)", name="city"),
        CheckConstraint("granted_by <> staff", name="not_by_oneself"),
        CheckConstraint("from_day <= until_day", name="days"),
        UniqueConstraint("staff", "role", "city"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[str] = mapped_column(String(16))
    city: Mapped[str | None] = mapped_column(ForeignKey("city.code"))
    areas: Mapped[str] = mapped_column(String(200))
    """Codes with spaces between: what lists show first, never a wall; empty for all."""
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Empty for what was granted on the command line."""
    from_day: Mapped[date] = mapped_column(Date)
    until_day: Mapped[date | None] = mapped_column(Date)
    """The last day it holds."""
    revoked: Mapped[bool] = mapped_column(Boolean)
    """Taken back: it holds no longer, from the moment on."""


class Passkey(Base):
    """A public key of a person's device."""

    __tablename__ = "passkey"

    credential_id: Mapped[str] = mapped_column(String(1400), primary_key=True)
    """In base64url."""
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    """A count that stays 0 is usual for keys that are copied between devices."""
    device_type: Mapped[str] = mapped_column(String(16))
    backed_up: Mapped[bool] = mapped_column(Boolean)
    name: Mapped[str] = mapped_column(String(80))
    added_on: Mapped[date] = mapped_column(Date)
    used_on: Mapped[date | None] = mapped_column(Date)


class PasskeyChallenge(Base):
    """A challenge that was used; kept until it would have grown too old, so that it is used once."""

    __tablename__ = "passkey_challenge"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    """sha256 of the challenge."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Totp(Base):
    """The secret of a person's code app, sealed; a time step is accepted once."""

    __tablename__ = "totp"

    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(String(400))
    last_step: Mapped[int] = mapped_column(BigInteger)
    added_on: Mapped[date] = mapped_column(Date)
    used_on: Mapped[date | None] = mapped_column(Date)


class RecoveryCode(Base):
    """One of ten codes for the day on which a device is lost."""

    __tablename__ = "recovery_code"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    """sha256 of the code."""
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    used_on: Mapped[date | None] = mapped_column(Date)


class Invitation(Base):
    """A link by which a person sets a password and a second factor, once."""

    __tablename__ = "invitation"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    """sha256 of the token in the link."""
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LoginSession(Base):
    """A browser that is signed in; the cookie holds what `mark` is the sha256 of."""

    __tablename__ = "login_session"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    """Names the session in a list, and opens nothing."""
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stepped_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    label: Mapped[str] = mapped_column(String(80))
    """Browser and system, in words."""


class FactorReset(Base):
    """A person who lost every factor is let in anew by two others."""

    __tablename__ = "factor_reset"
    __table_args__ = (
        CheckConstraint("opened_by <> confirmed_by", name="two_persons"),
        CheckConstraint("opened_by <> staff", name="not_by_oneself"),
        CheckConstraint("confirmed_by <> staff", name="not_confirmed_by_oneself"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    opened_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled: Mapped[bool] = mapped_column(Boolean)
