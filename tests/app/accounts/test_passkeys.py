import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from webauthn.helpers import base64url_to_bytes

from app.accounts import passkeys
from app.accounts.errors import FactorError, FactorFault
from app.accounts.models import Passkey, PasskeyChallenge, Staff
from app.accounts.passkeys import RelyingParty
from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.clock import FrozenClock
from app.database import Database
from tests.app.accounts.conftest import KEYS, Invite
from tests.builders.authenticator import Authenticator

SITE = RelyingParty(host="127.0.0.1", origin="http://127.0.0.1:8001", keys=KEYS)


@pytest.fixture
def owner(invite: Invite) -> int:
    return invite("owner", Role.AUDITOR)


def register(database: Database, clock: FrozenClock, staff: int, device: Authenticator) -> None:
    with database.writing() as session:
        options = passkeys.registration_options(session, SITE, session.get_one(Staff, staff), clock.now())
        passkeys.add(session, Actor(staff, clock.now()), staff, SITE, (device.make(options), "Phone"))


def sign_in(database: Database, answer: str, at: datetime) -> int | None:
    with database.writing() as session:
        return passkeys.use_to_sign_in(session, SITE, answer, at)


@pytest.fixture
def device(database: Database, clock: FrozenClock, owner: int) -> Authenticator:
    made = Authenticator()
    register(database, clock, owner, made)
    return made


def test_a_passkey_signs_its_owner_in(
    database: Database, clock: FrozenClock, owner: int, device: Authenticator
) -> None:
    for _ in range(2):  # a count that stays 0 is that of a key which is copied between devices
        options = passkeys.sign_in_options(SITE, clock.now())
        assert sign_in(database, device.answer(options), clock.now()) == owner


def test_what_is_asked_of_a_browser(database: Database, clock: FrozenClock, owner: int) -> None:
    with database.reading() as session:
        person = session.get_one(Staff, owner)
        made = json.loads(passkeys.registration_options(session, SITE, person, clock.now()))
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert made["authenticatorSelection"]["residentKey"] == "required"
    assert made["attestation"] == "none"
    assert len(base64url_to_bytes(made["user"]["id"])) == 64
    used = json.loads(passkeys.sign_in_options(SITE, clock.now()))
    assert (used["userVerification"], used["allowCredentials"]) == ("required", [])


def test_a_device_that_did_not_recognise_its_owner_is_refused(
    database: Database, clock: FrozenClock, owner: int, device: Authenticator
) -> None:
    device.verifies = False
    options = passkeys.sign_in_options(SITE, clock.now())
    assert sign_in(database, device.answer(options), clock.now()) is None
    unverified = Authenticator()
    unverified.verifies = False
    with pytest.raises(FactorError):
        register(database, clock, owner, unverified)


def test_a_challenge_is_answered_once(database: Database, clock: FrozenClock, device: Authenticator) -> None:
    answer = device.answer(passkeys.sign_in_options(SITE, clock.now()))
    assert sign_in(database, answer, clock.now())
    assert sign_in(database, answer, clock.now()) is None


def test_a_challenge_that_was_answered_wrongly_is_used_up(
    database: Database, clock: FrozenClock, device: Authenticator
) -> None:
    options, false = passkeys.sign_in_options(SITE, clock.now()), Authenticator()
    false.credential_id = device.credential_id
    assert sign_in(database, false.answer(options), clock.now()) is None
    assert sign_in(database, device.answer(options), clock.now()) is None


def test_the_answer_of_an_unknown_key_writes_nothing(database: Database, clock: FrozenClock) -> None:
    answer = Authenticator().answer(passkeys.sign_in_options(SITE, clock.now()))
    assert sign_in(database, answer, clock.now()) is None
    with database.reading() as session:
        assert session.query(PasskeyChallenge).all() == []


@pytest.mark.parametrize(("seconds", "taken"), [(-1, False), (0, True), (300, True), (301, False)])
def test_a_challenge_is_good_for_five_minutes(
    database: Database, clock: FrozenClock, device: Authenticator, seconds: int, taken: bool
) -> None:
    answer = device.answer(passkeys.sign_in_options(SITE, clock.now()))
    assert (sign_in(database, answer, clock.now() + timedelta(seconds=seconds)) is not None) is taken


def test_a_challenge_made_by_anybody_else_is_refused(
    database: Database, clock: FrozenClock, device: Authenticator
) -> None:
    foreign = replace(SITE, keys=("a key of somebody else, which is long enough",))
    assert sign_in(database, device.answer(passkeys.sign_in_options(foreign, clock.now())), clock.now()) is None


def test_a_challenge_for_something_else_is_refused(
    database: Database, clock: FrozenClock, owner: int, device: Authenticator
) -> None:
    with database.reading() as session:
        options = passkeys.step_up_options(session, SITE, owner, clock.now())
    assert sign_in(database, device.answer(options), clock.now()) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda device: setattr(device, "origin", "https://evil.example"),
        lambda device: setattr(device, "host", "evil.example"),
        lambda device: setattr(device, "key", Authenticator().key),
        lambda device: setattr(device, "handle", b"somebody else" * 4),
    ],
)
def test_another_origin_host_key_or_person_is_refused(
    database: Database, clock: FrozenClock, device: Authenticator, change: Callable[[Authenticator], None]
) -> None:
    change(device)
    assert sign_in(database, device.answer(passkeys.sign_in_options(SITE, clock.now())), clock.now()) is None


def test_a_count_that_falls_back_is_refused(database: Database, clock: FrozenClock, device: Authenticator) -> None:
    for count, taken in ((5, True), (6, True), (6, False), (4, False), (7, True)):
        device.sign_count = count
        answer = device.answer(passkeys.sign_in_options(SITE, clock.now()))
        assert (sign_in(database, answer, clock.now()) is not None) is taken


def test_a_step_up_takes_a_key_of_the_very_person(
    database: Database, clock: FrozenClock, owner: int, device: Authenticator, invite: Invite
) -> None:
    other, foreign = invite("other", Role.AUDITOR), Authenticator()
    register(database, clock, other, foreign)

    def steps_up(staff: int, used: Authenticator) -> bool:
        with database.writing() as session:
            options = passkeys.step_up_options(session, SITE, staff, clock.now())
            return passkeys.use_to_step_up(session, SITE, staff, used.answer(options), clock.now())

    assert steps_up(owner, device)
    assert not steps_up(owner, foreign)


def test_a_passkey_is_registered_once(
    database: Database, clock: FrozenClock, owner: int, device: Authenticator
) -> None:
    with pytest.raises(FactorError) as refused:
        register(database, clock, owner, device)
    assert refused.value.fault is FactorFault.KNOWN_PASSKEY


def test_a_closed_account_has_no_key(database: Database, clock: FrozenClock, owner: int, device: Authenticator) -> None:
    with database.writing() as session:
        session.get_one(Staff, owner).active = False
    assert sign_in(database, device.answer(passkeys.sign_in_options(SITE, clock.now())), clock.now()) is None


@pytest.mark.parametrize(
    "answer", ["", "null", "[]", "{}", '{"id": 1}', '{"response": {"clientDataJSON": "e30"}}', "é"]
)
def test_what_is_no_answer_is_refused(database: Database, clock: FrozenClock, answer: str) -> None:
    assert sign_in(database, answer, clock.now()) is None


def test_of_two_requests_with_one_answer_one_is_let_in(
    database: Database, clock: FrozenClock, device: Authenticator
) -> None:
    taken, start = [], Barrier(8)
    answer = device.answer(passkeys.sign_in_options(SITE, clock.now()))

    def one() -> None:
        start.wait()
        taken.append(sign_in(database, answer, clock.now()))

    threads = [Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(bool, taken)) == [False] * 7 + [True]


@pytest.mark.usefixtures("device")
def test_the_key_of_somebody_else_is_not_removed(database: Database, clock: FrozenClock, invite: Invite) -> None:
    other = invite("other", Role.AUDITOR)
    with database.writing() as session:
        (credential_id,) = session.query(Passkey.credential_id).one()
        with pytest.raises(FactorError):
            passkeys.remove(session, Actor(other, clock.now()), other, credential_id)
