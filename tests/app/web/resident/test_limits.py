"""Issue 10, item 8: IPv6 by /64, a ceiling of the site that lets verified people in, one count for all workers."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from limits import parse

from app.cli.commands import cli
from app.web import site
from app.web.resident import limits
from surveys.identity import codes
from surveys.identity.codes import Addressee
from tests.builders.country import RESIDENTS
from tests.builders.invitations import FakeGateway, Visitor, make_letters, open_gates
from tests.builders.sites import replace_services
from tests.conftest import SECRET

CODE = f"/s/{RESIDENTS}/enter/code"
SMS = f"/s/{RESIDENTS}/enter/sms"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:7:1::1", "2001:db8:7:1:ffff::9", True),
        ("2001:db8:7:1::1", "2001:db8:7:2::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("192.0.2.7", "::ffff:192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("", "", True),
        ("nonsense", "nonsense", True),
    ],
)
def test_what_counts_as_one_address(public: Flask, one: str, other: str, same: bool) -> None:
    def named(sender: str) -> str:
        with public.test_request_context(environ_base={"REMOTE_ADDR": sender}):
            return limits.address()

    assert (named(one) == named(other)) is same


def wrong(letter: str, number: int) -> str:
    """Make a code that no letter holds, with the right check digit and a locator of its own."""
    head = f"{(int(letter[:15]) + number * 10**10) % 10**15:015d}"
    return head + codes.check_digit(head)


def guess(public: Flask, letter: str, number: int, address: str) -> int:
    return Visitor(public, address).fill(CODE, code=wrong(letter, number))[0]


def test_a_guesser_who_changes_addresses_within_a_64_is_stopped(public: Flask) -> None:
    open_gates(public, RESIDENTS, "code")
    (letter,) = make_letters(public, RESIDENTS, "oral", [Addressee()])
    statuses = [guess(public, letter.code, number, f"2001:db8:0:1::{number:x}") for number in range(1, 63)]
    assert statuses == [422] * 60 + [429] * 2


@pytest.fixture
def ceiling(monkeypatch: pytest.MonkeyPatch) -> int:
    """Lower the ceilings of the site, so that a test reaches them."""
    for name in ("WRONG_BY_BROWSER", "WRONG_BY_ADDRESS", "SENT_BY_BROWSER", "SENT_BY_ADDRESS"):
        monkeypatch.setattr(limits, name, getattr(limits, name)._replace(ceiling=parse("40 per 1 hour")))
    return 40


def test_above_the_ceiling_guessers_wait_and_holders_of_letters_get_in(public: Flask, ceiling: int) -> None:
    open_gates(public, RESIDENTS, "code")
    letters = make_letters(public, RESIDENTS, "oral", [Addressee()] * 12)
    statuses = [guess(public, letters[0].code, number, f"203.0.113.{number}") for number in range(1, ceiling + 1)]
    assert statuses == [422] * ceiling
    same_place = [guess(public, letters[0].code, 100 + number, "198.51.100.1") for number in range(10)]
    assert same_place == [422] * 6 + [429] * 4
    visitor = Visitor(public)
    assert [visitor.fill(CODE, code=wrong(letters[0].code, 300 + n))[0] for n in range(2)] == [422, 429]
    for number, letter in enumerate(letters):
        assert Visitor(public, "192.0.2.1").fill(CODE, code=letter.code)[0] == 303, number


def test_above_the_ceiling_messages_go_to_those_who_ask_for_the_first_time(public: Flask, ceiling: int) -> None:
    replace_services(public, gateway=FakeGateway())
    replace_identity(public)
    open_gates(public, RESIDENTS, "sms")

    def ask(number: int, visitor: Visitor) -> int:
        return visitor.fill(SMS, city="oral", phone=f"8 701 000 {number // 100:02d} {number % 100:02d}")[0]

    assert {ask(number, Visitor(public, f"203.0.113.{number}")) for number in range(ceiling)} == {303}
    again = Visitor(public, "198.51.100.1")
    assert [ask(1000 + n, again) for n in range(2)] == [303, 429]
    neighbours = [ask(2000 + n, Visitor(public, "198.51.100.2")) for n in range(14)]
    assert neighbours == [303] * 12 + [429] * 2


def replace_identity(public: Flask) -> None:
    """Set up the way in by SMS."""
    with public.app_context():
        settings = site.settings()
    replace_services(public, settings=replace(settings, identity=replace(settings.identity, sms_gateway="console")))


def failing(name: str, error: type[Exception]) -> Callable[..., Any]:
    def fail(*_args: object, **_options: object) -> None:
        raise error(name)

    return fail


def test_while_the_common_count_does_not_answer_people_get_in_and_guessers_are_counted(
    public: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    open_gates(public, RESIDENTS, "code")
    (letter,) = make_letters(public, RESIDENTS, "oral", [Addressee()])
    with public.app_context():
        storage = limits.services().limiter.limiter.storage
    for name in ("acquire_entry", "get_moving_window"):
        monkeypatch.setattr(storage, name, failing(name, ConnectionError))
    monkeypatch.setattr(type(storage), "base_exceptions", ConnectionError)
    guesser = Visitor(public)
    assert [guesser.fill(CODE, code=wrong(letter.code, number))[0] for number in range(1, 13)] == [422] * 10 + [429] * 2
    assert Visitor(public).fill(CODE, code=letter.code)[0] == 303
    record = caplog.records[0]
    assert (record.getMessage(), record.fault.split()[0]) == (  # type: ignore[attr-defined]
        "attempts are counted in this process alone",
        "ConnectionError",
    )
    assert letter.code not in caplog.text


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"DATABASE_URL": "postgresql+psycopg://u@127.0.0.1/x"}, "TRIES_STORAGE"),
        ({}, "SQLite has one writer"),
    ],
)
def test_a_second_worker_does_not_start_where_it_would_count_for_itself(
    environ: dict[str, str], words: str, tmp_path: Any
) -> None:
    ran = CliRunner().invoke(
        cli, ["serve", "--workers", "2"], env={"SECRET_KEY": SECRET, "INSTANCE": str(tmp_path)} | environ
    )
    assert ran.exit_code == 2
    assert words in " ".join(ran.output.split())


def test_the_ceilings_stand_above_what_one_address_may_do() -> None:
    for rule in (limits.WRONG_BY_ADDRESS, limits.SENT_BY_ADDRESS):
        assert rule.ceiling is not None
        assert rule.ceiling.amount >= limits.CROWDED * rule.limit.amount
