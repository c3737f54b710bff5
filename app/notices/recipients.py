"""Who is told: the holders of roles, in a city or in the country."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant, Staff
from app.accounts.permissions import Permission, Role, Scope, rights
from app.accounts.queries import holding

ENTERING = (Role.ANALYST, Role.LEAD)
"""Who enters and sends a city's values."""


def holders_named(role: Role, day: date, cities: Collection[str]) -> Select[str]:
    """Select the names of the active persons who hold a role on a day in one of some cities."""
    held = holding(day), RoleGrant.role == role, RoleGrant.city.in_(sorted(cities)), Staff.active
    return select(Staff.name).join(RoleGrant, RoleGrant.staff == Staff.id).where(*held).distinct()


def list_holders(session: Session, roles: Collection[Role], day: date, *, city: str | None = None) -> list[int]:
    """List the active persons who hold one of some roles on a day; in one city, where it is given."""
    held = holding(day), RoleGrant.role.in_(list(roles)), Staff.active
    statement = select(RoleGrant.staff).join(Staff, Staff.id == RoleGrant.staff).where(*held)
    if city is not None:
        statement = statement.where(RoleGrant.city == city)
    return sorted(set(session.scalars(statement)))


def list_permitted(session: Session, permission: Permission, day: date, *, city: str | None = None) -> list[int]:
    """List the active persons who may do something on a day: in one city, or wherever they may."""
    scopes = rights()[permission]
    everywhere = [role for role in Role if scopes[role] is Scope.EVERYWHERE]
    found = list_holders(session, everywhere, day) if everywhere else []
    own = [role for role in Role if scopes[role] is Scope.OWN]
    return sorted({*found, *(list_holders(session, own, day, city=city) if own else ())})
