"""Roles are given and taken back here, by rules between persons.

Nobody changes their own. An admin holds no other role, and one admin at least stays whose role has no last day. What is
taken back holds no longer from the moment on, and the sessions of whose it was end.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
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
    elif order.role is Role.ADMIN and order.until_day is not None and is_last_admin(session, staff, day_of(actor.at)):
        raise StaffError(StaffFault.LAST_ADMIN)
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
    if row.role == Role.ADMIN and is_last_admin(session, row.staff, today):
        raise StaffError(StaffFault.LAST_ADMIN)
    # The day is kept: who had a role in a city judges nothing of it for a year.
    row.revoked, row.until_day = True, today
    end_sessions(session, row.staff)
    session.flush()
    _record(session, actor, "grant.revoked", row)
    return row.staff, Role(row.role)


def admins_end(session: Session, today: date) -> date | None:
    """Tell the last day on which anybody is an admin; None where somebody stays one, or nobody is one today."""
    days = session.scalars(_admins(select(RoleGrant.until_day), today)).all()
    lasting = [day for day in days if day is not None]
    return max(lasting) if lasting and len(lasting) == len(days) else None


def is_last_admin(session: Session, staff: int, today: date) -> bool:
    """Tell whether without this admin nobody would be one: today, or some day when the others' roles have run out."""
    own = [row.until_day for row in _holding(session, staff, today) if row.role == Role.ADMIN]
    others = session.scalars(_admins(select(RoleGrant.until_day), today).where(Staff.id != staff)).all()
    return bool(own) and (not others or (None in own and None not in others))


def _admins(what: Select[Any], today: date) -> Select[Any]:
    """Read of the roles of those admins who can sign in."""
    return (
        what.select_from(RoleGrant)
        .join(Staff, RoleGrant.staff == Staff.id)
        .where(RoleGrant.role == Role.ADMIN.value, holding(today))
        .where(Staff.active, Staff.password_hash.is_not(None))
    )


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
