"""Roles are given and taken back here, by rules between persons.

Nobody changes their own. An admin holds no other role, and one admin at least stays. What is taken back holds no longer
from the moment on, and the sessions of whose it was end.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.errors import StaffError, StaffFault
from app.accounts.models import RoleGrant, Staff
from app.accounts.permissions import CITY_ROLES, Role
from app.accounts.queries import holding
from app.accounts.sessions import end_sessions
from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from surveys.models.places import CityRecord
from surveys.sql import hold_writers


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantOrder:
    """A role that somebody is to have: in a city or in the country, for areas first, up to a day."""

    role: Role
    city: str | None = None
    areas: tuple[str, ...] = ()
    until_day: date | None = None


def grant(session: Session, actor: Actor, staff: int, order: GrantOrder) -> int:
    """Give a role, or give it anew with another end; gives the grant's id. Raises StaffError."""
    _hold(session, actor, staff)
    _check(session, order, day_of(actor.at))
    held = {row.role for row in _holding(session, staff, day_of(actor.at))}
    if (Role.ADMIN in held or order.role is Role.ADMIN) and held - {order.role}:
        raise StaffError(StaffFault.ADMIN_ALONE)
    row = session.scalars(
        select(RoleGrant).where(
            RoleGrant.staff == staff,
            RoleGrant.role == order.role.value,
            RoleGrant.city.is_not_distinct_from(order.city),
        )
    ).one_or_none()
    if row is None:
        row = RoleGrant(staff=staff, role=order.role.value, city=order.city)
        session.add(row)
    row.areas = " ".join(order.areas)
    row.granted_by, row.from_day, row.until_day, row.revoked = actor.id, day_of(actor.at), order.until_day, False
    session.flush()
    _record(session, actor, "grant.given", row)
    return row.id


def revoke(session: Session, actor: Actor, grant_id: int) -> tuple[int, Role]:
    """Take a role back and end the person's sessions; gives whose it was, and which. Raises StaffError."""
    found = session.get(RoleGrant, grant_id)
    if found is None:
        raise StaffError(StaffFault.UNKNOWN)
    _hold(session, actor, found.staff)
    row = session.get_one(RoleGrant, grant_id, populate_existing=True)
    today = day_of(actor.at)
    if not _is_held(row, today):
        raise StaffError(StaffFault.ALREADY)
    if row.role == Role.ADMIN and other_admins(session, row.staff, today) == 0:
        raise StaffError(StaffFault.LAST_ADMIN)
    # The day is kept: who had a role in a city judges nothing of it for a year.
    row.revoked, row.until_day = True, today
    end_sessions(session, row.staff)
    session.flush()
    _record(session, actor, "grant.revoked", row)
    return row.staff, Role(row.role)


def is_admin(session: Session, staff: int, today: date) -> bool:
    """Tell whether somebody is an admin today."""
    return any(row.role == Role.ADMIN for row in _holding(session, staff, today))


def other_admins(session: Session, staff: int, today: date) -> int:
    """Count the admins who can sign in, but for one person."""
    others = (
        select(func.count(Staff.id.distinct()))
        .join(RoleGrant, RoleGrant.staff == Staff.id)
        .where(RoleGrant.role == Role.ADMIN.value, holding(today))
        .where(Staff.id != staff, Staff.active, Staff.password_hash.is_not(None))
    )
    return session.execute(others).scalar_one()


def hold_grants(session: Session) -> None:
    """Let one transaction at a time change who may do what, from here to its end: two admins remove one another."""
    hold_writers(session, "role_grant")


def _hold(session: Session, actor: Actor, staff: int) -> None:
    hold_grants(session)
    if session.get(Staff, staff) is None:
        raise StaffError(StaffFault.UNKNOWN)
    if actor.id == staff:
        raise StaffError(StaffFault.ONESELF)


def _check(session: Session, order: GrantOrder, today: date) -> None:
    if (order.role in CITY_ROLES) != (order.city is not None):
        raise StaffError(StaffFault.CITY)
    if order.city is not None and session.get(CityRecord, order.city) is None:
        raise StaffError(StaffFault.CITY)
    if order.until_day is not None and order.until_day < today:
        raise StaffError(StaffFault.DAYS)


def _holding(session: Session, staff: int, today: date) -> list[RoleGrant]:
    return list(session.scalars(select(RoleGrant).where(RoleGrant.staff == staff, holding(today))))


def _is_held(row: RoleGrant, today: date) -> bool:
    return not row.revoked and (row.until_day is None or row.until_day >= today)


def _record(session: Session, actor: Actor, event: str, row: RoleGrant) -> None:
    detail = {"role": row.role, "until": row.until_day.isoformat() if row.until_day else None, "grant": row.id}
    record(
        session,
        actor,
        Entry(event=event, object_kind="staff", object_id=str(row.staff), city=row.city, detail=detail),
    )
