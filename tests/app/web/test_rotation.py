"""The secret of cookies is changed while people answer: nobody begins again, and nothing new is made under it."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import parse

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.identity.settings import IdentitySettings
from app.web import site
from app.web.public import create_public
from app.web.resident import drafts, limits
from app.web.resident.drafts import Draft
from app.web.resident.limits import Rule, TooManyAttemptsError
from app.web.sealed import seal, unseal
from tests.builders.country import RESIDENTS
from tests.builders.invitations import FakeGateway, Visitor, open_gates
from tests.builders.sites import replace_services

NEW = "the-next-secret-of-the-tests-with-more-than-32-characters"
START, CONSENT = f"/s/{RESIDENTS}", f"/s/{RESIDENTS}/consent"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, identity=IdentitySettings(sms_gateway="console"))


@pytest.fixture
def rotated(public: Flask, settings: Settings, sqlite: Database, clock: FrozenClock) -> Flask:
    """The same site started again under a new secret, with the one before it named."""
    own = replace(settings, secret_key=NEW, secret_key_previous=settings.secret_key)
    return restarted(public, own, sqlite, clock)


@pytest.fixture
def forgetful(public: Flask, settings: Settings, sqlite: Database, clock: FrozenClock) -> Flask:
    """The same site after that, with the secret before it no longer named."""
    return restarted(public, replace(settings, secret_key=NEW), sqlite, clock)


def restarted(before: Flask, settings: Settings, database: Database, clock: FrozenClock) -> Flask:
    app = create_public(settings, database, clock)
    app.testing = True
    # What a second process shares with the first: where attempts are counted.
    own = before.extensions[site.KEY]
    replace_services(app, limiter=own.limiter, gateway=own.gateway)
    app.extensions[site.KEY].waves.life = 0
    return app


def moved(client: FlaskClient, app: Flask) -> FlaskClient:
    """Give the same browser at another site of the same address."""
    there = app.test_client()
    there._cookies = client._cookies
    return there


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_page_that_was_open_can_be_sent_and_its_session_is_signed_anew(
    public: Flask, rotated: Flask, forgetful: Flask
) -> None:
    client = public.test_client()
    open_page = client.get(START).text
    after = moved(client, rotated)
    sent = after.post(START, data={"csrf_token": token(open_page), "city": "oral"})
    assert (sent.status_code, sent.location) == (303, CONSENT)
    later = moved(after, forgetful)
    assert later.post(CONSENT, data={"csrf_token": token(later.get(CONSENT).text), "agreed": "yes"}).status_code == 303


def test_a_page_that_was_open_can_be_sent_over_https_too(public: Flask, rotated: Flask) -> None:
    own = {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/"}}
    client = public.test_client()
    open_page = client.get(START, **own).text
    sent = moved(client, rotated).post(START, data={"csrf_token": token(open_page), "city": "oral"}, **own)
    assert sent.status_code == 303


def test_a_token_of_another_session_or_secret_is_refused_still(public: Flask, rotated: Flask, forgetful: Flask) -> None:
    client, other = public.test_client(), public.test_client()
    client.get(START)
    foreign = token(other.get(START).text)
    assert moved(client, rotated).post(START, data={"csrf_token": foreign, "city": "oral"}).status_code == 400
    own = token(client.get(START).text)
    assert moved(client, forgetful).post(START, data={"csrf_token": own, "city": "oral"}).status_code == 400


def test_a_draft_goes_on_and_is_sealed_anew(public: Flask, rotated: Flask, forgetful: Flask) -> None:
    client = public.test_client()
    client.post(START, data={"csrf_token": token(client.get(START).text), "city": "oral"})
    after = moved(client, rotated)
    first = after.post(CONSENT, data={"csrf_token": token(after.get(CONSENT).text), "agreed": "yes"}).location
    page = moved(after, forgetful).get(first)
    assert page.status_code == 200
    assert 'type="radio"' in page.text


def test_a_sealed_value_is_opened_under_both_and_made_under_the_new_one(
    public: Flask, rotated: Flask, forgetful: Flask
) -> None:
    with public.app_context():
        old = seal("draft", {"a": 1})
    with rotated.app_context():
        new = seal("draft", {"a": 2})
        assert (unseal("draft", old, life=9), unseal("draft", new, life=9)) == ({"a": 1}, {"a": 2})
    with forgetful.app_context():
        assert (unseal("draft", old, life=9), unseal("draft", new, life=9)) == (None, {"a": 2})
    with public.app_context():
        assert unseal("draft", new, life=9) is None


def test_a_code_that_was_sent_lets_its_owner_in(public: Flask, rotated: Flask, forgetful: Flask) -> None:
    gateway = FakeGateway()
    for app in (public, rotated, forgetful):
        replace_services(app, gateway=gateway)
    open_gates(public, RESIDENTS, "sms")
    visitor = Visitor(public)
    visitor.fill(f"/s/{RESIDENTS}/enter/sms", city="oral", phone="8 701 123 45 67")
    code = gateway.last_code
    at = f"/s/{RESIDENTS}/enter/sms/code"
    assert moved(visitor.client, forgetful).get(at).status_code == 303  # asks for the number again
    after = moved(visitor.client, rotated)
    page = token(after.get(at).text)
    assert after.post(at, data={"csrf_token": page, "code": "000000"}).status_code == 422
    assert after.post(at, data={"csrf_token": page, "code": code}).location == CONSENT


def test_attempts_go_on_being_limited_in_both_directions(public: Flask, rotated: Flask, forgetful: Flask) -> None:
    limited = [(Rule("test", parse("3 per 1 hour")), "somebody")]
    for app, times in ((public, 1), (rotated, 2)):
        with app.app_context():
            limits.check(limited)
            for _time in range(times):
                limits.count(limited)
    # The process of the release before, still running, and the new one agree that three were made.
    for app in (public, rotated):
        with app.app_context(), pytest.raises(TooManyAttemptsError):
            limits.check(limited)
    with forgetful.app_context():
        limits.check(limited)  # two were made under the new secret alone
        limits.count(limited)
        with pytest.raises(TooManyAttemptsError):
            limits.check(limited)


def test_a_shared_page_sets_no_cookie_for_a_session_nobody_used(public: Flask, rotated: Flask) -> None:
    client = public.test_client()
    client.get(START)
    assert "Set-Cookie" not in moved(client, rotated).get("/en/").headers


def test_the_next_key_is_not_shown_where_settings_are(settings: Settings) -> None:
    assert NEW not in repr(replace(settings, secret_key_previous=NEW))


@pytest.mark.parametrize(("number", "opens"), [(1, True), (2, True), (0, False), ("2", False)])
def test_a_draft_of_a_known_format_opens(
    public: Flask, number: object, opens: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = Draft(wave="w", city="oral", ballot="b")
    with public.test_request_context("/s/w"):
        data = drafts._ticks(draft)
        monkeypatch.setattr("app.web.sealed.FORMAT", number)
        value = seal("draft", data)
    with public.test_request_context("/s/w", headers={"Cookie": f"draft={value}"}):
        assert drafts.read_draft("w") == (draft if opens else None)
