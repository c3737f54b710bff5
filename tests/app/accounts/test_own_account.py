from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pyotp
import pytest
from sqlalchemy import select

from app.accounts import invitations, own_account, resets, services
from app.accounts.errors import AccountError, FactorError, FactorFault, LinkError, StaffError, StaffFault
from app.accounts.models import LoginSession, Passkey, RecoveryCode, Staff, Totp
from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.clock import FrozenClock
from app.database import Database
from tests.app.accounts.conftest import KEYS, Invite
from tests.app.accounts.test_grants import open_session
from tests.app.accounts.test_passkeys import register
from tests.builders.authenticator import Authenticator

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def link_for(database: Database, clock: FrozenClock, staff: int) -> str:
    with database.writing() as session:
        return invitations.make(session, staff, clock.now())


def join(database: Database, actor: Actor, token: str) -> list[str]:
    confirmed = (SECRET, pyotp.TOTP(SECRET).at(actor.at))
    with database.writing() as session:
        return own_account.join_with_totp(session, actor, token, confirmed, KEYS)


def together(work: Callable[[], object], many: int) -> list[object]:
    """Do the same at once in many threads; gives the results and the errors of accounts."""
    start, found = Barrier(many), []

    def one() -> None:
        start.wait()
        try:
            found.append(work())
        except AccountError as error:
            found.append(error)

    threads = [Thread(target=one) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_a_link_is_taken_up_once_with_a_confirmed_factor(
    database: Database, clock: FrozenClock, invite: Invite
) -> None:
    staff = invite("owner", Role.AUDITOR)
    token, actor = link_for(database, clock, staff), Actor(staff, clock.now())
    with pytest.raises(FactorError), database.writing() as session:
        own_account.join_with_totp(session, actor, token, (SECRET, "000000"), KEYS)
    assert len(join(database, actor, token)) == 10
    with pytest.raises(LinkError):
        join(database, actor, token)


def test_a_link_opens_nothing_before_there_is_a_password(
    database: Database, clock: FrozenClock, invite: Invite
) -> None:
    staff = invite("owner", Role.AUDITOR, password=None)
    with pytest.raises(LinkError):
        join(database, Actor(staff, clock.now()), link_for(database, clock, staff))


def test_a_link_is_good_for_three_days_for_its_person_and_until_a_newer_one(
    database: Database, clock: FrozenClock, invite: Invite
) -> None:
    staff, other = invite("owner", Role.AUDITOR), invite("other", Role.AUDITOR)
    late = Actor(staff, clock.now() + timedelta(hours=72))
    token = link_for(database, clock, staff)
    for actor in (late, Actor(other, clock.now())):
        with pytest.raises(LinkError):
            join(database, actor, token)
    newer = link_for(database, clock, staff)
    with pytest.raises(LinkError):
        join(database, Actor(staff, clock.now()), token)
    assert join(database, Actor(staff, clock.now()), newer)


def test_of_two_requests_with_one_link_one_is_let_in(database: Database, clock: FrozenClock, invite: Invite) -> None:
    staff = invite("owner", Role.AUDITOR)
    token = link_for(database, clock, staff)
    found = together(lambda: join(database, Actor(staff, clock.now()), token), 4)
    assert sorted(type(each).__name__ for each in found) == ["LinkError"] * 3 + ["list"]


def test_the_last_factor_stays_and_of_two_removed_at_once_one_does(
    database: Database, clock: FrozenClock, invite: Invite
) -> None:
    staff = invite("owner", Role.AUDITOR)
    devices = [Authenticator(), Authenticator()]
    for device in devices:
        register(database, clock, staff, device)
    with database.reading() as session:
        waiting = list(session.scalars(select(Passkey.credential_id)))

    def remove() -> None:
        with database.writing() as session:
            own_account.remove_passkey(session, Actor(staff, clock.now()), waiting.pop())

    found = together(remove, 2)
    assert sorted(map(str, found)) == ["None", FactorFault.LAST_FACTOR]


def test_a_new_password_or_factor_ends_all_other_sessions(
    database: Database, clock: FrozenClock, invite: Invite
) -> None:
    staff, other = invite("owner", Role.AUDITOR), invite("other", Role.AUDITOR)
    actor = Actor(staff, clock.now())
    changes: tuple[Callable[..., object], ...] = (
        lambda session: own_account.set_password(session, actor, "hash", but="kept"),
        lambda session: own_account.keep_totp(
            session, actor, (SECRET, pyotp.TOTP(SECRET).at(actor.at)), KEYS, but="kept"
        ),
    )
    for change in changes:
        open_session(database, clock, staff)
        with database.writing() as session:
            session.merge(
                LoginSession(
                    mark="kept", public_id="kept", staff=staff, created_at=clock.now(), seen_at=clock.now(), label=""
                )
            )
        if not session_marks(database, other):
            open_session(database, clock, other)
        with database.writing() as session:
            change(session)
        assert session_marks(database, staff) == ["kept"]
        assert len(session_marks(database, other)) == 1


def session_marks(database: Database, staff: int) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(LoginSession.mark).where(LoginSession.staff == staff)))


def test_a_reset_needs_a_second_person_and_ends_everything(
    database: Database, clock: FrozenClock, invite: Invite
) -> None:
    admin, auditor, lost = invite("admin", Role.ADMIN), invite("auditor", Role.AUDITOR), invite("lost", Role.AUDITOR)
    register(database, clock, lost, Authenticator())
    join(database, Actor(lost, clock.now()), link_for(database, clock, lost))
    open_session(database, clock, lost)
    with database.writing() as session:
        reset = resets.open_reset(session, Actor(admin, clock.now()), lost)
    assert session_marks(database, lost)
    for actor, fault in ((admin, StaffFault.SAME_PERSON), (lost, StaffFault.ONESELF), (None, StaffFault.UNKNOWN)):
        with pytest.raises(StaffError, match=fault), database.writing() as session:
            resets.confirm_reset(session, Actor(actor, clock.now()), reset)
    with database.writing() as session:
        whose, token = resets.confirm_reset(session, Actor(auditor, clock.now()), reset)
    assert whose == lost
    with database.reading() as session:
        assert invitations.find(session, token, clock.now()).id == lost
        assert session.get_one(Staff, lost).password_hash is None
        kept = [
            session.scalars(select(table).where(table.staff == lost)).all()
            for table in (Passkey, Totp, RecoveryCode, LoginSession)
        ]
        assert kept == [[], [], [], []]
        events = [(row.event, row.actor) for row in session.scalars(select(JournalRow).order_by(JournalRow.seq))]
    assert events[-2:] == [("reset.opened", admin), ("reset.confirmed", auditor)]


def test_a_reset_is_confirmed_once_within_three_days_unless_cancelled(
    database: Database, clock: FrozenClock, invite: Invite
) -> None:
    admin, auditor, lost = invite("admin", Role.ADMIN), invite("auditor", Role.AUDITOR), invite("lost", Role.AUDITOR)

    def opened() -> int:
        with database.writing() as session:
            return resets.open_reset(session, Actor(admin, clock.now()), lost)

    def confirmed(reset: int, later: timedelta = timedelta(0)) -> bool:
        with database.writing() as session:
            try:
                return bool(resets.confirm_reset(session, Actor(auditor, clock.now() + later), reset))
            except StaffError:
                return False

    assert not confirmed(opened(), timedelta(hours=72))
    first, second = opened(), opened()
    assert (confirmed(first), confirmed(second), confirmed(second)) == (False, True, False)
    third = opened()
    with database.writing() as session:
        resets.cancel_reset(session, Actor(admin, clock.now()), third)
    assert not confirmed(third)
    fourth = opened()
    assert sorted(map(bool, together(lambda: confirmed(fourth), 3))) == [False, False, True]


def test_nobody_opens_their_own_reset(database: Database, clock: FrozenClock, invite: Invite) -> None:
    admin = invite("admin", Role.ADMIN)
    for actor, fault in ((admin, StaffFault.ONESELF), (None, StaffFault.UNKNOWN)):
        with pytest.raises(StaffError, match=fault), database.writing() as session:
            resets.open_reset(session, Actor(actor, clock.now()), admin)


def test_a_closed_account_takes_up_no_link(database: Database, clock: FrozenClock, invite: Invite) -> None:
    staff = invite("owner", Role.AUDITOR)
    token = link_for(database, clock, staff)
    with database.writing() as session:
        services.deactivate(session, Actor(None, clock.now()), staff)
    with pytest.raises(LinkError):
        join(database, Actor(staff, clock.now()), token)
