"""A sealed value is opened only as what it was sealed as, by the same secret, in its time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.clock import FrozenClock
from app.web import site
from app.web.sealed import seal, unseal
from tests.builders.sites import replace_services

DATA = {"what": "Көп жол", "many": ["a", "b"]}
LIFE = 100


@pytest.fixture
def app(public: Flask) -> Iterator[Flask]:
    with public.app_context():
        yield public


@pytest.mark.usefixtures("app")
def test_what_was_sealed_comes_back() -> None:
    assert unseal("draft", seal("draft", DATA), life=LIFE) == DATA


@pytest.mark.usefixtures("app")
def test_a_value_of_another_name_is_none() -> None:
    assert unseal("done", seal("draft", DATA), life=LIFE) is None


def test_a_value_of_another_secret_is_none(app: Flask) -> None:
    sealed = seal("draft", DATA)
    replace_services(app, settings=replace(site.settings(), secret_key="x" * 40))
    assert unseal("draft", sealed, life=LIFE) is None


@pytest.mark.parametrize(("seconds", "opens"), [(LIFE, True), (LIFE + 1, False), (-60, True), (-61, False)])
def test_a_seal_opens_to_the_last_second_of_its_life(app: Flask, clock: FrozenClock, seconds: int, opens: bool) -> None:
    sealed = seal("draft", DATA)
    replace_services(app, clock=FrozenClock(clock.now() + timedelta(seconds=seconds)))
    assert (unseal("draft", sealed, life=LIFE) is not None) == opens


@pytest.mark.usefixtures("app")
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(), st.text("ABCab12-_=~"), st.binary(max_size=80).map(lambda raw: raw.hex())))
def test_no_other_text_opens(text: str) -> None:
    assert unseal("draft", text, life=LIFE) is None


@pytest.mark.usefixtures("app")
def test_no_two_seals_are_alike() -> None:
    assert len({seal("draft", DATA) for _ in range(50)}) == 50
