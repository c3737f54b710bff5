"""What comes of changes of accounts in other rooms: mail, notices, work."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.grants import GrantOrder
from app.accounts.models import RoleGrant, Staff
from app.accounts.permissions import Role
from app.accounts.sealing import unseal
from app.accounts.services import Invitee
from app.audit.journal import Actor
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.indicators.assignments import distribute, waiting_of
from app.notices.models import Notice, OutgoingMail
from app.staffing import services as staffing
from surveys.population.places import store_places
from tests.builders.examination import KEY, make_person, open_for
from tests.builders.staff import grant_role, make_staff

ORDER = GrantOrder(role=Role.ANALYST, city="aktau")


@pytest.fixture
def admin(database: Database) -> int:
    with database.writing() as session:
        store_places(session)
        return make_staff(session, Role.ADMIN).id


def test_an_invitation_is_mailed_with_its_token_sealed(
    database: Database, clock: FrozenClock, settings: Settings, admin: int
) -> None:
    actor = Actor(admin, clock.now())
    with database.writing() as session:
        invitee = Invitee(email="a@example.kz", name="A", orders=(ORDER,))
        staff, token = staffing.invite(session, actor, invitee, settings.secret_keys)
    with database.writing() as session:
        again = staffing.invite_again(session, actor, staff, settings.secret_keys)
        mails = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert [(mail.staff, mail.kind, mail.address) for mail in mails] == [
        (staff, "account.invited", "/console/welcome/")
    ] * 2
    assert [unseal(settings.secret_keys, f"mail:{staff}", mail.sealed) for mail in mails] == [token, again]
    assert not any(token in str(vars(mail)) for mail in mails)


def test_whoever_gets_or_loses_a_role_is_told_each_time(database: Database, clock: FrozenClock, admin: int) -> None:
    with database.writing() as session:
        person = make_staff(session, None)
    for hour in range(2):
        actor = Actor(admin, clock.now() + timedelta(hours=hour))
        with database.writing() as session:
            granted = staffing.grant(session, actor, person.id, ORDER)
        with database.writing() as session:
            staffing.revoke(session, actor, granted)
    with database.reading() as session:
        kinds = session.scalars(select(Notice.kind).where(Notice.staff == person.id).order_by(Notice.id)).all()
    assert kinds == ["role.granted", "role.revoked"] * 2


def test_a_reset_is_told_to_those_who_may_confirm_it_and_mailed_to_whom_it_is_for(
    database: Database, clock: FrozenClock, settings: Settings, admin: int
) -> None:
    with database.writing() as session:
        auditor, second = make_staff(session, Role.AUDITOR), make_staff(session, Role.ADMIN)
        lost, stranger = make_staff(session, Role.AUDITOR), make_staff(session, Role.REVIEWER)
        reset = staffing.open_reset(session, Actor(admin, clock.now()), lost.id)
    with database.writing() as session:
        told = session.scalars(select(Notice.staff).where(Notice.kind == "reset.asked")).all()
        assert set(told) == {auditor.id, second.id}
        assert stranger.id not in told
        _staff, token = staffing.confirm_reset(session, Actor(auditor.id, clock.now()), reset, settings.secret_keys)
        mail = session.scalars(select(OutgoingMail).where(OutgoingMail.kind == "factor.reset")).one()
    assert (mail.staff, unseal(settings.secret_keys, f"mail:{lost.id}", mail.sealed)) == (lost.id, token)


def test_closing_an_account_ends_its_roles_for_notices_too(database: Database, clock: FrozenClock, admin: int) -> None:
    with database.writing() as session:
        person = make_staff(session, Role.REVIEWER)
        assert staffing.deactivate(session, Actor(admin, clock.now()), person.id) == 0
        grant_role(session, person.id, Role.AUDITOR)
        assert session.scalars(select(RoleGrant).where(RoleGrant.staff == person.id)).all()


@pytest.mark.parametrize("how", ["role", "account", "idle"])
def test_what_a_person_was_asked_to_assess_goes_back_to_the_queue(
    database: Database, admin: int, how: str, clock: FrozenClock
) -> None:
    with database.writing() as session:
        open_for(session, "aktau")
        chief, person = make_person(session, "Chief", "publisher"), make_person(session, "Assessor", "reviewer")
        session.get_one(Staff, admin).password_hash = "a hash"
        distribute(session, [KEY], [person], Actor(chief, clock.now()), again=False, bulk="b")
        assert waiting_of(session, person) == [KEY]
    later = clock.now() + timedelta(days=90)
    with database.writing() as session:
        if how == "role":
            grant = session.scalars(select(RoleGrant.id).where(RoleGrant.staff == person)).one()
            assert staffing.revoke(session, Actor(admin, clock.now()), grant) == 1
        elif how == "account":
            assert staffing.deactivate(session, Actor(admin, clock.now()), person) == 1
        else:
            assert person in staffing.close_idle(session, Actor(None, later))
    with database.reading() as session:
        assert waiting_of(session, person) == []
