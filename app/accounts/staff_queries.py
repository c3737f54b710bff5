"""What an admin and an auditor see of members of staff."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.orm import Session

from app.accounts import invitations, services
from app.accounts.models import FactorReset, Passkey, RoleGrant, Staff, Totp
from app.accounts.queries import holding
from app.accounts.resets import LIFE

STATE = case((Staff.active.is_(False), "closed"), (Staff.password_hash.is_(None), "invited"), else_="open")
"""Whether somebody comes in: closed, invited and not yet in, or open."""


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A role of a person, as it is shown."""

    id: int
    role: str
    city: str | None
    areas: tuple[str, ...]
    from_day: date
    until_day: date | None
    is_held: bool


@dataclass(frozen=True, slots=True)
class ResetLine:
    """A reset that waits for its second person."""

    id: int
    opened_by: int
    opener: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class StaffPage:
    """Everything of the page of one person."""

    id: int
    email: str
    name: str
    state: str
    created_at: datetime
    last_seen_on: date | None
    closes_on: date
    passkeys: int
    has_totp: bool
    is_invited: bool
    grants: list[GrantLine]
    reset: ResetLine | None


def staff_rows(day: date) -> Select[tuple[int, str, str, str, date | None, str | None]]:
    """Select a row for each person: id, name, e-mail, state, last day of use, and the roles held on a day."""
    roles = (
        select(func.aggregate_strings(RoleGrant.role + " " + func.coalesce(RoleGrant.city, ""), ","))
        .where(RoleGrant.staff == Staff.id, holding(day))
        .correlate(Staff)
        .scalar_subquery()
    )
    return select(Staff.id, Staff.name, Staff.email, STATE.label("state"), Staff.last_seen_on, roles.label("roles"))


def has_role(day: date, role: str) -> ColumnElement[bool]:
    """Say who holds a role on a day."""
    return exists().where(RoleGrant.staff == Staff.id, RoleGrant.role == role, holding(day))


def is_of_city(day: date, city: str) -> ColumnElement[bool]:
    """Say who holds a role in a city on a day."""
    return exists().where(RoleGrant.staff == Staff.id, RoleGrant.city == city, holding(day))


def get_staff_page(session: Session, staff: int, now: datetime, today: date) -> StaffPage | None:
    """Read the page of a person; None where there is none."""
    factors = (
        select(func.count()).where(Passkey.staff == Staff.id).correlate(Staff).scalar_subquery(),
        exists().where(Totp.staff == Staff.id).correlate(Staff),
        invitations.waits_for(Staff.id, now).correlate(Staff),
    )
    row = session.execute(select(Staff, STATE, *factors).where(Staff.id == staff)).one_or_none()
    if row is None:
        return None
    person, state, passkeys, has_totp, is_invited = row
    held = select(RoleGrant).where(RoleGrant.staff == staff).order_by(RoleGrant.revoked, RoleGrant.id)
    return StaffPage(
        id=person.id,
        email=person.email,
        name=person.name,
        state=state,
        created_at=person.created_at,
        last_seen_on=person.last_seen_on,
        closes_on=services.closes_on(person),
        passkeys=passkeys,
        has_totp=has_totp,
        is_invited=is_invited,
        grants=[_grant_line(each, today) for each in session.scalars(held)],
        reset=_waiting_reset(session, staff, now),
    )


def _grant_line(row: RoleGrant, today: date) -> GrantLine:
    is_held = not row.revoked and row.from_day <= today and (row.until_day is None or today <= row.until_day)
    areas = tuple(row.areas.split())
    return GrantLine(row.id, row.role, row.city, areas, row.from_day, row.until_day, is_held)


def _waiting_reset(session: Session, staff: int, now: datetime) -> ResetLine | None:
    waiting = (
        select(FactorReset.id, FactorReset.opened_by, Staff.name, FactorReset.opened_at)
        .join(Staff, Staff.id == FactorReset.opened_by)
        .where(FactorReset.staff == staff, FactorReset.confirmed_by.is_(None), FactorReset.cancelled.is_(False))
        .where(FactorReset.opened_at > now - LIFE)
    )
    row = session.execute(waiting).first()
    return ResetLine(*row) if row else None
