"""Whoever comes while all slots at something slow are taken is asked to come again, and keeps what they typed."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest
from flask import Flask

from app.config import Settings
from app.identity.settings import IdentitySettings
from app.web.slow import Slots, Slow
from surveys.identity.codes import Addressee
from tests.builders.country import RESIDENTS
from tests.builders.invitations import FakeGateway, Visitor, make_letters, open_gates
from tests.builders.sites import replace_services

CODE = f"/s/{RESIDENTS}/enter/code"
SMS = f"/s/{RESIDENTS}/enter/sms"
BUSY = {"en": "Try again in a minute", "ru": "Попробуйте ещё раз через минуту", "kk": "Бір минуттан кейін қайталап"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, identity=IdentitySettings(sms_gateway="console"))


@pytest.fixture
def slow(public: Flask) -> Slow:
    """One place at each, and nobody waits."""
    slow = Slow(Slots(1), Slots(1), Slots(1))
    replace_services(public, slow=slow)
    return slow


@contextmanager
def taken(slow: Slow) -> Iterator[None]:
    """Take every place."""
    with ExitStack() as stack:
        for slots in (slow.hashes, slow.messages, slow.sign_ins):
            stack.enter_context(slots.slot())
        yield


@pytest.mark.parametrize("language", BUSY)
def test_a_code_typed_while_all_places_are_taken_stays_in_its_box(public: Flask, slow: Slow, language: str) -> None:
    open_gates(public, RESIDENTS, "code")
    (letter,) = make_letters(public, RESIDENTS, "oral", [Addressee()])
    visitor = Visitor(public)
    visitor.client.get(f"/s/?lang={language}")
    with taken(slow):
        status, _address, page = visitor.fill(CODE, code=letter.code)
    assert status == 503
    assert BUSY[language] in page
    assert f'value="{letter.code}"' in page
    assert visitor.fill(CODE, code=letter.code)[1] == f"/s/{RESIDENTS}/consent"


def test_a_code_that_no_letter_has_takes_no_place(public: Flask, slow: Slow) -> None:
    open_gates(public, RESIDENTS, "code")
    with taken(slow):
        status, _address, page = Visitor(public).fill(CODE, code="0000 0000 0000 0000")
    assert status == 422
    assert "There is no such code" in page


@pytest.mark.parametrize("language", BUSY)
def test_a_number_typed_while_all_places_are_taken_stays_and_is_not_counted(
    public: Flask, slow: Slow, language: str
) -> None:
    gateway = FakeGateway()
    replace_services(public, gateway=gateway)
    open_gates(public, RESIDENTS, "sms")
    visitor = Visitor(public)
    visitor.client.get(f"/s/?lang={language}")
    with taken(slow):
        replies = [visitor.fill(SMS, city="oral", phone="8 701 123 45 67") for _ in range(4)]  # one more than an hour's
    assert [status for status, _address, _page in replies] == [503] * 4
    assert BUSY[language] in replies[0][2]
    assert 'value="8 701 123 45 67"' in replies[0][2]
    assert gateway.messages == []
    assert visitor.fill(SMS, city="oral", phone="8 701 123 45 67")[1] == f"{SMS}/code"
