"""The way in by OpenID Connect, against a real provider on loopback."""

import importlib
import warnings
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests
from authlib.deprecate import AuthlibDeprecationWarning
from flask import Flask
from sqlalchemy import select

from app.config import Settings
from app.database import Database
from app.identity.settings import IdentitySettings
from app.web import site
from app.web.slow import Slots, Slow
from surveys.identity.codes import Addressee
from surveys.models import Participation, Response
from tests.app.web.resident.walker import Walker
from tests.builders.country import BUSINESSES, RESIDENTS
from tests.builders.invitations import Visitor, make_letters, open_gates
from tests.builders.sites import replace_services

# The provider of the tests, not our client, uses parts of Authlib that are going away.
pytestmark = pytest.mark.filterwarnings("ignore::authlib.deprecate.AuthlibDeprecationWarning", "ignore:get_jwt_config")
BIN = "990140000123"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with warnings.catch_warnings():
        # The provider, not our client, imports a part of Authlib that is going away.
        warnings.simplefilter("ignore", AuthlibDeprecationWarning)
        oidc_provider_mock = importlib.import_module("oidc_provider_mock")
    users = [oidc_provider_mock.User(sub="boss", claims={"bin": BIN, "name": "Әйгерім"})]
    with oidc_provider_mock.run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def settings(settings: Settings, issuer: str) -> Settings:
    identity = IdentitySettings(
        oidc_issuer=issuer, oidc_client="city", oidc_secret="x" * 20, oidc_scope="openid profile"
    )
    return Settings(
        secret_key=settings.secret_key,
        database_url=settings.database_url,
        instance=settings.instance,
        identity=identity,
    )


def sign_in(visitor: Visitor, wave: str, subject: str) -> str:
    """Choose a city, sign in at the provider and come back; gives where that leads."""
    _status, address, _page = visitor.fill(f"/s/{wave}/enter/oidc", city="oral")
    assert f'href="/s/{wave}/enter/oidc/leave?city=oral"' in visitor.client.get(address).text
    away = visitor.client.get(f"/s/{wave}/enter/oidc/leave?city=oral").location
    answer = requests.post(away, data={"sub": subject}, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    return visitor.client.get(f"{back.path}?{back.query}").location


def test_who_comes_back_while_all_places_are_taken_reloads_and_is_let_in(public: Flask) -> None:
    replace_services(public, slow=Slow(sign_ins=Slots(1)))
    slow = public.extensions[site.KEY].slow
    open_gates(public, RESIDENTS, "oidc")
    visitor = Visitor(public)
    leave = f"/s/{RESIDENTS}/enter/oidc/leave?city=oral"
    with slow.sign_ins.slot():
        busy = visitor.client.get(leave)
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "60")
    answer = requests.post(visitor.client.get(leave).location, data={"sub": "x"}, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    with slow.sign_ins.slot():
        assert visitor.client.get(f"{back.path}?{back.query}").status_code == 503
    arrive = visitor.client.get(f"{back.path}?{back.query}").location
    assert visitor.client.get(arrive).location == f"/s/{RESIDENTS}/consent"


def participants(app: Flask) -> list[str]:
    with app.app_context(), site.database().reading() as session:
        return list(session.scalars(select(Participation.contact_hash)))


def test_whoever_signs_in_twice_has_one_ballot(public: Flask) -> None:
    open_gates(public, RESIDENTS, "oidc")
    for subject in ("aigerim", "aigerim", "dauren"):
        visitor = Visitor(public)
        arrive = sign_in(visitor, RESIDENTS, subject)
        assert arrive == f"/s/{RESIDENTS}/enter/oidc/arrive"
        assert visitor.client.get(arrive).location == f"/s/{RESIDENTS}/consent"
    assert len(participants(public)) == 2


def test_nothing_of_the_profile_is_kept(public: Flask, sqlite: Database) -> None:
    open_gates(public, BUSINESSES, "oidc")
    visitor = Visitor(public)
    visitor.client.get(sign_in(visitor, BUSINESSES, "boss"))
    with sqlite.engine.connect() as connection:
        traces = str(connection.exec_driver_sql("SELECT * FROM participation").all())
    traces += "".join(str(cookie) for cookie in visitor.client._cookies.values())
    assert len(participants(public)) == 1
    assert not [text for text in (BIN, "boss", "Әйгерім") if text in traces]


def test_a_business_is_not_let_in_without_its_number(public: Flask) -> None:
    open_gates(public, BUSINESSES, "oidc")
    visitor = Visitor(public)
    failed = sign_in(visitor, BUSINESSES, "somebody")
    assert failed == f"/s/{BUSINESSES}/enter/oidc/failed?why=claim"
    assert "did not name an enterprise" in visitor.client.get(failed).text
    assert participants(public) == []


def by_letter(visitor: Visitor, code: str) -> str:
    """Come in by a letter; gives where that leads."""
    return visitor.fill(f"/s/{BUSINESSES}/enter/code", code=code)[1]


def by_sign_in(visitor: Visitor, _code: str) -> str:
    """Come in as the enterprise's representative; gives where that leads."""
    return visitor.client.get(sign_in(visitor, BUSINESSES, "boss")).location


def answer_all(visitor: Visitor) -> int:
    """Fill in and send; gives the status."""
    walker = Walker(visitor.client, BUSINESSES)
    walker.go(f"/s/{BUSINESSES}/consent")
    walker.to_check(walker.post(f"/s/{BUSINESSES}/consent", agreed="yes").location)
    return walker.send().status_code


@pytest.mark.parametrize(
    "ways", [(by_letter, by_sign_in), (by_sign_in, by_letter)], ids=["letter first", "sign-in first"]
)
def test_an_enterprise_with_a_letter_and_a_sign_in_answers_once(public: Flask, ways) -> None:  # noqa: ANN001 - a table of functions
    open_gates(public, BUSINESSES, "code", "oidc")
    (letter,) = make_letters(public, BUSINESSES, "oral", [Addressee("ЖШС", BIN)])
    first, second = Visitor(public), Visitor(public)
    assert [way(visitor, letter.code) for way, visitor in zip(ways, (first, second), strict=True)] == [
        f"/s/{BUSINESSES}/consent"
    ] * 2
    assert len(participants(public)) == 1
    assert answer_all(first) == 303
    late = Visitor(public)
    assert ways[1](late, letter.code) == f"/s/{BUSINESSES}/enter/sent"
    # Whoever began before the first one sent cannot send other answers; the same answers are the same one answer.
    assert answer_all(second) in {303, 409}
    with public.app_context(), site.database().reading() as session:
        assert [(row.wave, row.tier) for row in session.scalars(select(Response))] == [(BUSINESSES, "verified")]


@pytest.mark.parametrize("query", ["", "?code=x&state=y", "?error=access_denied&state=y"])
def test_a_return_nobody_asked_for_lets_nobody_in(public: Flask, query: str) -> None:
    open_gates(public, RESIDENTS, "oidc")
    stranger = Visitor(public)
    assert stranger.client.get(f"/s/oidc/back{query}").status_code == 400
    stranger.client.get(f"/s/{RESIDENTS}/enter/oidc/leave?city=oral")
    assert stranger.client.get(f"/s/oidc/back{query}").location == f"/s/{RESIDENTS}/enter/oidc/failed"
    assert participants(public) == []
