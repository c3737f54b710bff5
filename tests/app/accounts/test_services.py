from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import services
from app.accounts.errors import StaffError, StaffFault
from app.accounts.models import Staff
from app.accounts.permissions import Role
from app.accounts.services import Invitee
from app.audit.journal import Actor
from app.clock import FrozenClock
from app.database import Database
from tests.app.accounts.conftest import Invite

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("invitee", "fault"),
    [
        (Invitee(email="no address", name="A"), StaffFault.EMAIL),
        (Invitee(email="a@b", name="A"), StaffFault.EMAIL),
        (Invitee(email="a@b.kz\nBcc: x@y.kz", name="A"), StaffFault.EMAIL),
        (Invitee(email="a@b.kz", name="  "), StaffFault.NAME),
        (Invitee(email="OWNER@example.kz ", name="A"), StaffFault.EMAIL_TAKEN),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(
    database: Database, clock: FrozenClock, invite: Invite, invitee: Invitee, fault: StaffFault
) -> None:
    invite("owner", Role.AUDITOR)
    with pytest.raises(StaffError, match=fault), database.writing() as session:
        services.invite(session, Actor(None, clock.now()), invitee)


def test_who_did_not_come_in_for_ninety_days_is_closed_out(
    database: Database, clock: FrozenClock, invite: Invite
) -> None:
    admin, idle = invite("admin", Role.ADMIN), invite("idle", Role.AUDITOR)
    with database.writing() as session:
        assert services.close_idle(session, Actor(None, clock.now() + 89 * DAY)) == []
    with database.writing() as session:
        assert services.close_idle(session, Actor(None, clock.now() + 90 * DAY)) == [idle]
    with database.reading() as session:
        assert session.scalars(select(Staff.id).where(Staff.active)).all() == [admin]


def test_coming_in_counts_the_ninety_days_anew(database: Database, clock: FrozenClock, invite: Invite) -> None:
    idle = invite("idle", Role.AUDITOR)
    with database.writing() as session:
        session.get_one(Staff, idle).last_seen_on = clock.today() + 10 * DAY
    with database.writing() as session:
        assert services.close_idle(session, Actor(None, clock.now() + 99 * DAY)) == []


def test_who_is_opened_again_has_ninety_days(database: Database, clock: FrozenClock, invite: Invite) -> None:
    admin, idle = invite("admin", Role.ADMIN), invite("idle", Role.AUDITOR)
    later = clock.now() + 200 * DAY
    with database.writing() as session:
        services.close_idle(session, Actor(None, later))
        services.reactivate(session, Actor(admin, later), idle)
        assert services.close_idle(session, Actor(None, later + 89 * DAY)) == []


@pytest.mark.parametrize(("day", "warning"), [(75, None), (76, 14), (86, 14), (87, 3), (89, 3), (90, None)])
def test_a_person_is_told_fourteen_and_three_days_before(
    database: Database, clock: FrozenClock, invite: Invite, day: int, warning: int | None
) -> None:
    idle = invite("idle", Role.AUDITOR)
    with database.reading() as session:
        told = services.soon_closed(session, clock.today() + day * DAY)
    closes = clock.today() + 90 * DAY
    assert told == ([(idle, closes, warning)] if warning else [])


def test_nobody_closes_or_opens_their_own_account(database: Database, clock: FrozenClock, invite: Invite) -> None:
    admin = invite("admin", Role.ADMIN)
    invite("second", Role.ADMIN)
    with pytest.raises(StaffError, match=StaffFault.ONESELF), database.writing() as session:
        services.deactivate(session, Actor(admin, clock.now()), admin)
    with pytest.raises(StaffError, match=StaffFault.ONESELF), database.writing() as session:
        services.reactivate(session, Actor(admin, clock.now()), admin)
