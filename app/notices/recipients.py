"""Who is told: the holders of roles, in a city or in the country."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant, Staff
from app.accounts.permissions import Role
from app.accounts.queries import holding

ENTERING = (Role.ANALYST, Role.LEAD)
"""Who enters and sends a city's values."""


def names_of_holders(session: Session, role: Role, day: date, cities: Collection[str]) -> list[str]:
    """Name the active persons who hold a role on a day in one of some cities."""
    held = holding(day), RoleGrant.role == role, RoleGrant.city.in_(sorted(cities)), Staff.active
    statement = select(Staff.name).join(RoleGrant, RoleGrant.staff == Staff.id).where(*held).distinct()
    return sorted(session.scalars(statement))


def list_holders(session: Session, roles: Collection[Role], day: date, *, city: str | None = None) -> list[int]:
    """List the active persons who hold one of some roles on a day; in one city, where it is given."""
    held = holding(day), RoleGrant.role.in_(list(roles)), Staff.active
    statement = select(RoleGrant.staff).join(Staff, Staff.id == RoleGrant.staff).where(*held)
    if city is not None:
        statement = statement.where(RoleGrant.city == city)
    return sorted(set(session.scalars(statement)))
