from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pyotp
import pytest

from app.accounts import totp
from app.accounts.errors import FactorError
from app.accounts.models import Totp
from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.clock import FrozenClock
from app.database import Database
from tests.app.accounts.conftest import KEYS, Invite

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The secret of RFC 6238's test vectors."""

MINUTE = timedelta(minutes=1)


def code(at: datetime, steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(at, counter_offset=steps)


@pytest.fixture
def owner(database: Database, clock: FrozenClock, invite: Invite) -> int:
    staff = invite("owner", Role.AUDITOR)
    with database.writing() as session:
        before = clock.now() - 10 * MINUTE
        totp.keep(session, Actor(staff, before), staff, (SECRET, code(before)), KEYS)
    return staff


def use(database: Database, owner: int, typed: str, at: datetime, keys: Sequence[str] = KEYS) -> bool:
    with database.writing() as session:
        return totp.use(session, owner, typed, at, keys)


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B: the last six digits of 94287082 at second 59, of 07081804 at 1111111109."""
    assert [pyotp.TOTP(SECRET).at(second) for second in (59, 1111111109)] == ["287082", "081804"]


def test_a_code_is_good_for_once(database: Database, clock: FrozenClock, owner: int) -> None:
    typed = code(clock.now())
    assert use(database, owner, f"{typed[:3]} {typed[3:]}", clock.now())
    assert not use(database, owner, typed, clock.now())


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephone_may_be_one_step_wrong_and_not_two(
    database: Database, clock: FrozenClock, owner: int, steps: int, taken: bool
) -> None:
    assert use(database, owner, code(clock.now(), steps), clock.now()) is taken


def test_a_step_older_than_one_that_was_used_is_refused(database: Database, clock: FrozenClock, owner: int) -> None:
    assert use(database, owner, code(clock.now(), 1), clock.now())
    assert not use(database, owner, code(clock.now(), 0), clock.now())
    assert not use(database, owner, code(clock.now(), -1), clock.now())


def test_a_secret_is_not_kept_before_a_right_code(database: Database, clock: FrozenClock, owner: int) -> None:
    other = totp.new_secret()
    with pytest.raises(FactorError), database.writing() as session:
        totp.keep(session, Actor(owner, clock.now()), owner, (other, "000000"), KEYS)
    assert use(database, owner, code(clock.now()), clock.now())


def test_the_code_that_confirmed_a_secret_signs_nobody_in(database: Database, clock: FrozenClock, owner: int) -> None:
    before = clock.now() - 10 * MINUTE
    assert not use(database, owner, code(before), before)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "абвгде", "١٢٣٤٥٦", "000000 or 1=1"])
def test_what_is_no_code_is_refused(database: Database, clock: FrozenClock, owner: int, typed: str) -> None:
    assert not use(database, owner, typed, clock.now())


def test_of_two_requests_with_one_code_one_is_let_in(database: Database, clock: FrozenClock, owner: int) -> None:
    taken, start, typed = [], Barrier(8), code(clock.now())

    def one() -> None:
        start.wait()
        taken.append(use(database, owner, typed, clock.now()))

    threads = [Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 7 + [True]


def test_the_secret_is_sealed_in_the_database(database: Database, owner: int) -> None:
    with database.reading() as session:
        assert SECRET not in session.get_one(Totp, owner).sealed


def test_a_new_key_opens_what_the_one_before_sealed_and_seals_it_anew(
    database: Database, clock: FrozenClock, owner: int
) -> None:
    new = "another-secret-of-the-tests-with-more-than-32-characters"
    assert use(database, owner, code(clock.now()), clock.now(), (new, *KEYS))
    assert use(database, owner, code(clock.now() + MINUTE), clock.now() + MINUTE, (new,))


def test_all_secrets_are_sealed_anew_at_once(database: Database, clock: FrozenClock, owner: int) -> None:
    new = "another-secret-of-the-tests-with-more-than-32-characters"
    with database.writing() as session:
        assert totp.reseal(session, (new, *KEYS)) == 1
    with database.writing() as session:
        assert totp.reseal(session, (new, *KEYS)) == 0
    assert use(database, owner, code(clock.now()), clock.now(), (new,))


def test_a_secret_whose_key_is_gone_opens_nothing_and_breaks_nothing(
    database: Database, clock: FrozenClock, owner: int
) -> None:
    assert not use(
        database, owner, code(clock.now()), clock.now(), ("a key that has sealed nothing, and is long enough",)
    )
