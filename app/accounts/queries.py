"""Who a member of staff is, and what they may do on a day."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant, Staff
from app.accounts.permissions import Grant, Person, Role

PERSON = (Staff.id, Staff.email, Staff.name, Staff.language, Staff.keys_on)
GRANT = (RoleGrant.role, RoleGrant.city, RoleGrant.areas)


def get_person(session: Session, staff_id: int, day: date) -> Person | None:
    """Read an active person and the grants that hold on a day, in one statement; None where there is none."""
    statement = (
        select(*PERSON, *GRANT)
        .outerjoin(RoleGrant, and_(RoleGrant.staff == Staff.id, holding(day)))
        .where(Staff.id == staff_id, Staff.active)
        .order_by(RoleGrant.id)
    )
    return person_of(session.execute(statement).all())


def get_persons(session: Session, staff_ids: Iterable[int], day: date) -> list[Person]:
    """Read active persons and the grants that hold on a day, in one statement and in the order of their names."""
    statement = (
        select(*PERSON, *GRANT)
        .outerjoin(RoleGrant, and_(RoleGrant.staff == Staff.id, holding(day)))
        .where(Staff.id.in_(list(staff_ids)), Staff.active)
        .order_by(Staff.name, Staff.id, RoleGrant.id)
    )
    each = groupby(session.execute(statement).all(), key=lambda row: row.id)
    return [person for _id, rows in each if (person := person_of(rows))]


def find_staff(session: Session, email: str) -> int | None:
    """Find an active person by e-mail; None where there is none."""
    known = (Staff.email == email.strip().lower(), Staff.active)
    return session.execute(select(Staff.id).where(*known)).scalar_one_or_none()


def holding(day: date) -> ColumnElement[bool]:
    """Say which grants hold on a day."""
    return and_(
        RoleGrant.revoked.is_(False),
        RoleGrant.from_day <= day,
        or_(RoleGrant.until_day.is_(None), RoleGrant.until_day >= day),
    )


def person_of(rows: Iterable[Any]) -> Person | None:
    """Make a person of rows that have the columns PERSON and GRANT, a row for each grant; None of no rows."""
    lines = list(rows)
    if not lines:
        return None
    first = lines[0]
    grants = tuple(Grant(Role(row.role), row.city, tuple(row.areas.split())) for row in lines if row.role)
    return Person(first.id, first.email, first.name, first.language, first.keys_on, grants)
