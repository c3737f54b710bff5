"""Members of staff, made in one line."""

import secrets
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant, Staff
from app.accounts.permissions import CITY_ROLES, Person, Role
from app.accounts.queries import get_person
from app.clock import KAZAKHSTAN
from surveys.models import CityRecord
from surveys.population.places import store_places

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
"""The moment at which the clock of the tests stands still."""

TODAY = NOW.astimezone(KAZAKHSTAN).date()
CITY = "aktau"
"""The city of those whose city no test names."""


def make_staff(
    session: Session,
    role: Role | str | None,
    city: str | None = None,
    *,
    name: str = "",
    language: str = "en",
    keys_on: bool = True,
    **grant: Any,
) -> Person:
    """Store a person with one role, or with none, and give them as a request would read them.

    A role of a city is granted in `city`, else in CITY; `grant` goes to `grant_role`.
    """
    word = secrets.token_hex(4)
    staff = Staff(
        email=f"{role or 'nobody'}-{word}@example.kz",
        name=name or f"{str(role or 'nobody').capitalize()} {word}",
        language=language,
        password_hash=None,
        handle=secrets.token_bytes(64),
        active=True,
        created_at=NOW,
        active_since=TODAY,
        last_seen_on=None,
        keys_on=keys_on,
        digest_on=True,
    )
    session.add(staff)
    session.flush()
    if role is not None:
        grant_role(session, staff.id, role, city, **grant)
    person = get_person(session, staff.id, TODAY)
    assert person is not None
    return person


def grant_role(
    session: Session,
    staff: int,
    role: Role | str,
    city: str | None = None,
    *,
    areas: str = "",
    granted_by: int | None = None,
    from_day: date | None = None,
    until_day: date | None = None,
) -> RoleGrant:
    """Grant a role to somebody who is there already; without `until_day` it holds for good."""
    where = (city or CITY) if Role(role) in CITY_ROLES else None
    if where is not None:
        make_city(session, where)
    grant = RoleGrant(
        staff=staff,
        role=str(role),
        city=where,
        areas=areas,
        granted_by=granted_by,
        from_day=from_day or TODAY,
        until_day=until_day,
        revoked=False,
    )
    session.add(grant)
    session.flush()
    return grant


def make_city(session: Session, code: str) -> None:
    """Store the country's places where a city's row is missing."""
    if session.get(CityRecord, code) is None:
        store_places(session)
        session.flush()
