from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest

from app.accounts import passwords, signing_in
from app.accounts.errors import WaitError
from app.accounts.models import SignInDelay
from app.accounts.permissions import Role
from app.clock import FrozenClock
from app.database import Database
from tests.app.accounts.conftest import KEYS, PASSWORD, Invite

EMAIL, WRONG = "owner@example.kz", "wrong"


def attempt(database: Database, at: datetime, email: str = EMAIL, password: str = WRONG) -> bool:
    """Try a password as the console does; WaitError when it is not looked at."""
    with database.writing() as session:
        tried = signing_in.begin(session, KEYS, email, at)
    right = tried.is_right(password)
    if right:
        with database.writing() as session:
            signing_in.take_off(session, tried)
    return right


def test_a_thousand_wrong_tries_in_an_hour_reach_argon2_forty_times_at_most(
    database: Database, clock: FrozenClock, invite: Invite, monkeypatch: pytest.MonkeyPatch
) -> None:
    invite("owner", Role.AUDITOR)
    calls: list[str] = []
    monkeypatch.setattr(passwords, "is_right", lambda _hash, typed: bool(calls.append(typed)))
    refused = 0
    for second in range(1000):
        try:
            attempt(database, clock.now() + timedelta(seconds=second * 3.6))
        except WaitError:
            refused += 1
    assert len(calls) + refused == 1000
    assert 5 < len(calls) <= 40


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.kz"])
def test_waits_double_from_one_minute_to_fifteen_for_anybody_and_for_nobody(
    database: Database, clock: FrozenClock, invite: Invite, email: str
) -> None:
    invite("owner", Role.AUDITOR)
    now = clock.now()
    for _ in range(5):
        assert not attempt(database, now, email)
    for minutes in (1, 2, 4, 8, 15, 15, 15):
        with pytest.raises(WaitError):
            attempt(database, now + timedelta(minutes=minutes, seconds=-1), email)
        now += timedelta(minutes=minutes)
        assert not attempt(database, now, email)


def test_the_right_password_opens_after_the_wait_and_is_not_counted(
    database: Database, clock: FrozenClock, invite: Invite
) -> None:
    invite("owner", Role.AUDITOR)
    for _ in range(5):
        attempt(database, clock.now())
    with pytest.raises(WaitError):
        attempt(database, clock.now(), password=PASSWORD)
    later = clock.now() + timedelta(minutes=1)
    assert all(attempt(database, later, password=PASSWORD) for _ in range(7))


def test_a_day_without_a_try_begins_the_count_anew(database: Database, clock: FrozenClock) -> None:
    for _ in range(5):
        attempt(database, clock.now())
    later = clock.now() + timedelta(days=1, minutes=20)
    assert [attempt(database, later) for _ in range(4)] == [False] * 4
    with database.writing() as session:
        assert signing_in.forget_old(session, later) == 0
        assert signing_in.forget_old(session, later + timedelta(days=2)) == 1


def test_of_fifty_tries_at_once_five_are_looked_at(database: Database, clock: FrozenClock) -> None:
    looked, start = [], Barrier(10)

    def try_five() -> None:
        start.wait()
        for _ in range(5):
            try:
                with database.writing() as session:
                    signing_in.begin(session, KEYS, EMAIL, clock.now())
                looked.append(1)
            except WaitError:
                pass

    threads = [Thread(target=try_five) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked) == 5


def test_no_address_that_was_typed_is_stored(database: Database, clock: FrozenClock) -> None:
    attempt(database, clock.now(), "my secret password")
    with database.reading() as session:
        (row,) = session.query(SignInDelay)
        assert "secret" not in row.mark
        assert len(row.mark) == 64


def test_a_closed_account_is_nobody(database: Database, clock: FrozenClock, invite: Invite) -> None:
    staff = invite("owner", Role.AUDITOR)
    with database.writing() as session:
        session.get_one(signing_in.Staff, staff).active = False
    assert not attempt(database, clock.now(), password=PASSWORD)
