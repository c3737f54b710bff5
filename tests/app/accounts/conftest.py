"""Members of staff as they are invited, and passwords whose hashes cost nothing."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher

from app.accounts import passwords, services
from app.accounts.grants import GrantOrder
from app.accounts.permissions import Role
from app.accounts.services import Invitee
from app.audit.journal import Actor
from app.clock import FrozenClock
from app.database import Database
from surveys.population.places import store_places

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "жаңбырдан кейінгі дала"
KEYS = ("a-secret-of-the-tests-with-more-than-32-characters",)

Invite = Callable[..., int]


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", CHEAP)


@pytest.fixture
def invite(database: Database, clock: FrozenClock) -> Invite:
    """Invite a person with a role; with a password unless asked otherwise."""

    def invited(name: str, *roles: Role, city: str | None = "aktau", password: str | None = PASSWORD) -> int:
        in_city = {Role.ANALYST, Role.MODERATOR, Role.LEAD}
        orders = tuple(GrantOrder(role=role, city=city if role in in_city else None) for role in roles)
        with database.writing() as session:
            store_places(session)
        with database.writing() as session:
            invitee = Invitee(email=f"{name}@example.kz", name=name.capitalize(), orders=orders)
            staff, _token = services.invite(session, Actor(None, clock.now()), invitee)
            if password:
                person = session.get_one(services.Staff, staff)
                person.password_hash = passwords.hashed(password)
        return staff

    return invited
