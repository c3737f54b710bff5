"""Thirteen persons of the demo: administrations of three cities, and the ministry. All of them are invented."""

import secrets
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import passwords, services
from app.accounts.grants import GrantOrder
from app.accounts.models import Staff
from app.accounts.permissions import Role
from app.accounts.services import Invitee
from app.audit.journal import Actor


class DemoPerson(NamedTuple):
    """A person of the demo: a word by which seeding names them, and what their account holds."""

    key: str
    name: str
    language: str
    roles: tuple[tuple[Role, str | None], ...]

    @property
    def email(self) -> str:
        """Give the address of the account, which no mail reaches."""
        return f"{self.key}@demo.example"


PERSONS = (
    DemoPerson("analyst-aktau", "Айгерім Сапарова", "kk", ((Role.ANALYST, "aktau"),)),
    DemoPerson("lead-aktau", "Нұрлан Жұмабаев", "kk", ((Role.LEAD, "aktau"),)),
    DemoPerson("lead-karaganda", "Ирина Ковалёва", "ru", ((Role.ANALYST, "karaganda"), (Role.LEAD, "karaganda"))),
    DemoPerson("analyst-shymkent", "Бекзат Оразов", "kk", ((Role.ANALYST, "shymkent"), (Role.MODERATOR, "shymkent"))),
    DemoPerson("moderator-aktau", "Салтанат Ережепова", "kk", ((Role.MODERATOR, "aktau"),)),
    DemoPerson("moderator-karaganda", "Олег Тен", "ru", ((Role.MODERATOR, "karaganda"),)),
    DemoPerson("reviewer-1", "Гүлнар Әбенова", "kk", ((Role.REVIEWER, None),)),
    DemoPerson("reviewer-2", "Сергей Лим", "ru", ((Role.REVIEWER, None),)),
    DemoPerson("reviewer-3", "Мадина Тоқтарова", "kk", ((Role.REVIEWER, None),)),
    DemoPerson("publisher", "Дәурен Қасымов", "kk", ((Role.PUBLISHER, None),)),
    # Whoever asks for a publication neither approves nor publishes it: what a publisher asks for needs another one.
    DemoPerson("publisher-2", "Анна Югай", "ru", ((Role.PUBLISHER, None),)),
    DemoPerson("auditor", "Елена Пак", "ru", ((Role.AUDITOR, None),)),
    DemoPerson("admin", "Ерлан Смағұлов", "kk", ((Role.ADMIN, None),)),
)


def seed_persons(session: Session, actor: Actor) -> dict[str, int]:
    """Make those of them who are not there yet; gives the ids of all by their words."""
    there = dict(session.execute(select(Staff.email, Staff.id)).all())
    # Nobody knows it: these persons are pressed, but count as people who have come in.
    password_hash = passwords.hashed(secrets.token_urlsafe(32))
    made = {person.key: _make(session, actor, person) for person in PERSONS if person.email not in there}
    session.execute(update(Staff).where(Staff.id.in_(made.values())).values(password_hash=password_hash))
    return {person.key: there.get(person.email) or made[person.key] for person in PERSONS}


def _make(session: Session, actor: Actor, person: DemoPerson) -> int:
    orders = tuple(GrantOrder(role=role, city=city) for role, city in person.roles)
    invitee = Invitee(email=person.email, name=person.name, language=person.language, orders=orders)
    staff, _token = services.invite(session, actor, invitee)
    return staff


def demo_ids(session: Session) -> dict[str, int]:
    """Find the persons of the demo that are there and not closed out: their words and ids."""
    by_email = {person.email: person.key for person in PERSONS}
    rows = session.execute(select(Staff.email, Staff.id).where(Staff.email.in_(by_email), Staff.active))
    return {by_email[email]: staff for email, staff in rows}
