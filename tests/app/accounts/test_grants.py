from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update

from app.accounts import grants, services
from app.accounts.errors import StaffError, StaffFault
from app.accounts.grants import GrantOrder
from app.accounts.models import LoginSession, RoleGrant
from app.accounts.permissions import Role
from app.accounts.queries import holding
from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.clock import FrozenClock
from app.database import Database
from tests.app.accounts.conftest import Invite

AUDITOR = GrantOrder(role=Role.AUDITOR)


def fault_of(database: Database, actor: Actor, staff: int, order: GrantOrder) -> StaffFault | None:
    with database.writing() as session:
        try:
            grants.grant(session, actor, staff, order)
        except StaffError as error:
            return error.fault
    return None


def grant_of(database: Database, staff: int) -> int:
    with database.reading() as session:
        return session.scalars(select(RoleGrant.id).where(RoleGrant.staff == staff)).one()


def revoke(database: Database, actor: Actor, grant: int) -> StaffFault | None:
    with database.writing() as session:
        try:
            grants.revoke(session, actor, grant)
        except StaffError as error:
            return error.fault
    return None


def open_session(database: Database, clock: FrozenClock, staff: int) -> None:
    with database.writing() as session:
        row = LoginSession(
            mark=f"{staff:064}",
            public_id=f"{staff:016}",
            staff=staff,
            created_at=clock.now(),
            seen_at=clock.now(),
            stepped_up_at=None,
            label="",
        )
        session.add(row)


def test_nobody_changes_their_own_roles(database: Database, clock: FrozenClock, invite: Invite) -> None:
    admin, other = invite("admin", Role.ADMIN), invite("second", Role.ADMIN)
    assert fault_of(database, Actor(admin, clock.now()), admin, AUDITOR) is StaffFault.ONESELF
    assert revoke(database, Actor(admin, clock.now()), grant_of(database, admin)) is StaffFault.ONESELF
    assert revoke(database, Actor(admin, clock.now()), grant_of(database, other)) is None


def test_an_admin_holds_no_other_role(database: Database, clock: FrozenClock, invite: Invite) -> None:
    admin, other, auditor = invite("admin", Role.ADMIN), invite("second", Role.ADMIN), invite("auditor", Role.AUDITOR)
    actor = Actor(admin, clock.now())
    assert fault_of(database, actor, other, AUDITOR) is StaffFault.ADMIN_ALONE
    assert fault_of(database, actor, auditor, GrantOrder(role=Role.ADMIN)) is StaffFault.ADMIN_ALONE
    assert revoke(database, actor, grant_of(database, auditor)) is None
    assert fault_of(database, actor, auditor, GrantOrder(role=Role.ADMIN)) is None


def test_the_last_admin_who_can_sign_in_stays(database: Database, clock: FrozenClock, invite: Invite) -> None:
    admin = invite("admin", Role.ADMIN)
    invite("invited", Role.ADMIN, password=None)
    auditor = invite("auditor", Role.AUDITOR)
    assert revoke(database, Actor(auditor, clock.now()), grant_of(database, admin)) is StaffFault.LAST_ADMIN
    with pytest.raises(StaffError, match=StaffFault.LAST_ADMIN), database.writing() as session:
        services.deactivate(session, Actor(None, clock.now()), admin)


def test_the_last_admin_for_good_gets_no_last_day_and_is_not_taken_away(
    database: Database, clock: FrozenClock, invite: Invite
) -> None:
    """Where the others' roles run out, nobody would be left who can give the role again."""
    until = clock.today() + timedelta(days=200)
    lasting, leaving = invite("lasting", Role.ADMIN), invite("leaving", Role.ADMIN)
    actor = Actor(leaving, clock.now())
    ending = GrantOrder(role=Role.ADMIN, until_day=until)
    assert fault_of(database, Actor(lasting, clock.now()), leaving, ending) is None
    with database.reading() as session:
        assert grants.admins_end(session, clock.today()) is None
    assert fault_of(database, actor, lasting, ending) is StaffFault.LAST_ADMIN
    assert revoke(database, actor, grant_of(database, lasting)) is StaffFault.LAST_ADMIN
    with pytest.raises(StaffError, match=StaffFault.LAST_ADMIN), database.writing() as session:
        services.deactivate(session, actor, lasting)
    third = invite("third", Role.ADMIN)
    assert fault_of(database, Actor(third, clock.now()), lasting, ending) is None
    assert revoke(database, Actor(third, clock.now()), grant_of(database, lasting)) is None


def test_the_last_day_of_all_admins_is_told(database: Database, clock: FrozenClock, invite: Invite) -> None:
    """A database of the release before may hold admins who all end."""
    days = [clock.today() + timedelta(days=number) for number in (3, 9)]
    for day in days:
        staff = invite(f"until-{day}", Role.ADMIN)
        with database.writing() as session:
            session.execute(update(RoleGrant).where(RoleGrant.staff == staff).values(until_day=day))
    with database.reading() as session:
        told = [grants.admins_end(session, day) for day in (clock.today(), *days, days[-1] + timedelta(days=1))]
    assert told == [days[1], days[1], days[1], None]


@pytest.mark.postgres
def test_two_admins_who_remove_one_another_do_not_both_go(
    database: Database, clock: FrozenClock, invite: Invite
) -> None:
    one, two = invite("one", Role.ADMIN), invite("two", Role.ADMIN)
    start, faults = Barrier(2), []

    def remove(actor: int, other: int) -> None:
        start.wait()
        faults.append(revoke(database, Actor(actor, clock.now()), grant_of(database, other)))

    threads = [Thread(target=remove, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, faults)) == ["None", "last_admin"]


def test_taking_a_role_back_ends_the_sessions_of_whose_it_was(
    database: Database, clock: FrozenClock, invite: Invite
) -> None:
    """FMS 4051: staff rights stayed after somebody was taken off."""
    admin, auditor = invite("admin", Role.ADMIN), invite("auditor", Role.AUDITOR)
    for staff in (admin, auditor):
        open_session(database, clock, staff)
    grant = grant_of(database, auditor)
    assert revoke(database, Actor(admin, clock.now()), grant) is None
    with database.reading() as session:
        assert session.scalars(select(LoginSession.staff)).all() == [admin]
        assert (
            session.scalars(select(RoleGrant.id).where(RoleGrant.staff == auditor, holding(clock.today()))).all() == []
        )
    assert revoke(database, Actor(admin, clock.now()), grant) is StaffFault.ALREADY


def test_a_role_ends_with_its_last_day_and_is_given_anew(
    database: Database, clock: FrozenClock, invite: Invite
) -> None:
    admin, person = invite("admin", Role.ADMIN), invite("person")
    actor, today = Actor(admin, clock.now()), clock.today()
    order = GrantOrder(role=Role.ANALYST, city="aktau", areas=("hlt", "edu"), until_day=today)

    def holds(day: date) -> bool:
        with database.reading() as session:
            held = select(RoleGrant.id).where(RoleGrant.staff == person, holding(day))
            return session.scalars(held).first() is not None

    assert fault_of(database, actor, person, order) is None
    assert (holds(today), holds(today + timedelta(days=1))) == (True, False)
    later = GrantOrder(role=Role.ANALYST, city="aktau", until_day=today + timedelta(days=9))
    assert fault_of(database, actor, person, later) is None
    assert holds(today + timedelta(days=1))


@pytest.mark.parametrize(
    ("order", "fault"),
    [
        (GrantOrder(role=Role.ANALYST), StaffFault.CITY),
        (GrantOrder(role=Role.AUDITOR, city="aktau"), StaffFault.CITY),
        (GrantOrder(role=Role.LEAD, city="atlantis"), StaffFault.CITY),
        (GrantOrder(role=Role.AUDITOR, until_day=date(2020, 1, 1)), StaffFault.DAYS),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(
    database: Database, clock: FrozenClock, invite: Invite, order: GrantOrder, fault: StaffFault
) -> None:
    admin, person = invite("admin", Role.ADMIN), invite("person")
    assert fault_of(database, Actor(admin, clock.now()), person, order) is fault


def test_every_change_is_in_the_journal_with_its_role_and_nothing_of_the_person(
    database: Database, clock: FrozenClock, invite: Invite
) -> None:
    admin, person = invite("admin", Role.ADMIN), invite("person")
    actor = Actor(admin, clock.now())
    fault_of(database, actor, person, GrantOrder(role=Role.LEAD, city="aktau"))
    revoke(database, actor, grant_of(database, person))
    with database.reading() as session:
        rows = session.scalars(select(JournalRow).order_by(JournalRow.seq)).all()
    assert [(row.event, row.actor, row.object_id, row.city) for row in rows[-2:]] == [
        ("grant.given", admin, str(person), "aktau"),
        ("grant.revoked", admin, str(person), "aktau"),
    ]
    assert not any("person" in row.detail or "example" in row.detail for row in rows)
