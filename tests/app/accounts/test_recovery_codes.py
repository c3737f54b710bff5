from threading import Barrier, Thread

import pytest

from app.accounts import recovery_codes
from app.accounts.models import RecoveryCode
from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.clock import FrozenClock
from app.database import Database
from tests.app.accounts.conftest import Invite


@pytest.fixture
def owner(invite: Invite) -> int:
    return invite("owner", Role.AUDITOR)


def make(database: Database, clock: FrozenClock, owner: int) -> list[str]:
    with database.writing() as session:
        return recovery_codes.make(session, Actor(owner, clock.now()), owner)


def use(database: Database, clock: FrozenClock, owner: int, typed: str) -> bool:
    with database.writing() as session:
        return recovery_codes.use(session, owner, typed, clock.today())


def test_ten_codes_open_once_each(database: Database, clock: FrozenClock, owner: int) -> None:
    codes = make(database, clock, owner)
    assert len(set(codes)) == 10
    assert [use(database, clock, owner, each) for each in codes] == [True] * 10
    assert [use(database, clock, owner, each) for each in codes] == [False] * 10


def test_new_codes_and_revoking_end_all_before(database: Database, clock: FrozenClock, owner: int) -> None:
    old = make(database, clock, owner)
    new = make(database, clock, owner)
    assert [use(database, clock, owner, each) for each in old] == [False] * 10
    with database.writing() as session:
        recovery_codes.revoke(session, owner)
    assert [use(database, clock, owner, each) for each in new] == [False] * 10


def test_a_code_is_read_as_people_write_it(database: Database, clock: FrozenClock, owner: int) -> None:
    code = make(database, clock, owner)[0]
    assert use(database, clock, owner, f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} ")


def test_a_code_of_somebody_else_opens_nothing(
    database: Database, clock: FrozenClock, owner: int, invite: Invite
) -> None:
    other = invite("other", Role.AUDITOR)
    assert not use(database, clock, other, make(database, clock, owner)[0])


def test_no_code_can_be_read_in_the_database(database: Database, clock: FrozenClock, owner: int) -> None:
    codes = make(database, clock, owner)
    with database.reading() as session:
        marks = [row.mark for row in session.query(RecoveryCode)]
    assert not any(code.replace("-", "") in mark.upper() for code in codes for mark in marks)


def test_of_two_requests_with_one_code_one_is_let_in(database: Database, clock: FrozenClock, owner: int) -> None:
    taken, start, code = [], Barrier(8), make(database, clock, owner)[0]

    def one() -> None:
        start.wait()
        taken.append(use(database, clock, owner, code))

    threads = [Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 7 + [True]
