"""On HTTPS no neighbour and nobody on the line can plant a cookie; those of the release before are still read."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.web.public import create_public
from tests.app.web.resident.walker import Walker
from tests.builders.country import RESIDENTS
from tests.conftest import make_site


@pytest.fixture
def secure_settings(settings: Settings) -> Settings:
    return replace(settings, public_url="https://localhost")


@pytest.fixture
def site(sqlite: Database, secure_settings: Settings, clock: FrozenClock) -> Flask:
    """The site where its public address is HTTPS."""
    return make_site(sqlite, secure_settings, clock)


@pytest.fixture
def before(site: Flask, sqlite: Database, settings: Settings, clock: FrozenClock) -> Flask:
    """The same country, served with the names that cookies had before."""
    assert site.config["SESSION_COOKIE_SECURE"]
    app = create_public(settings, sqlite, clock)
    app.testing = True
    return app


def everything_set(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Walk from the first page to the last and give every Set-Cookie on the way."""
    lines: list[str] = []
    open_ = Client.open

    def noted(self: Client, *args: object, **kwargs: object) -> object:
        response = open_(self, *args, **kwargs)
        lines.extend(response.headers.getlist("Set-Cookie"))
        return response

    monkeypatch.setattr(Client, "open", noted)
    walker = Walker(client, RESIDENTS)
    client.get(f"/s/{RESIDENTS}?lang=ru")
    walker.begin()
    walker.post(f"/s/{RESIDENTS}/suggestions", area0="hlt", text0="More trees")
    client.post("/settings", data={"look-text": "150", "look-save": "1"})
    walker.send()
    client.post("/settings", data={"look-reset": "1"})
    walker.post(f"/s/{RESIDENTS}/thanks")
    return lines


def test_every_cookie_has_the_strictest_prefix_that_its_path_allows(
    site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = everything_set(site.test_client(), monkeypatch)
    names = {line.partition("=")[0] for line in lines if "Max-Age=0" not in line}
    known = {"draft", "done", "survey", "lang", "device"}
    assert names >= {f"__Secure-{name}" for name in known} | {"__Host-look"}
    wrong = []
    for line in lines:
        name, parts = line.partition("=")[0], line.split("; ")[1:]
        is_old_one_removed = not name.startswith("__") and "Max-Age=0" in line
        prefix = "__Host-" if "Path=/" in parts else "__Secure-"
        right = is_old_one_removed or name.startswith(prefix)
        right = right and {"Secure", "HttpOnly"} <= set(parts) and not any(part.startswith("Domain") for part in parts)
        wrong += [] if right else [line]
    assert wrong == []


def test_the_portal_gets_no_cookie_but_the_look(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = everything_set(site.test_client(), monkeypatch)
    assert {line.partition("=")[0] for line in lines if "Path=/;" in f"{line};"} <= {"__Host-look", "look"}
    assert "Set-Cookie" not in site.test_client().get("/kk/").headers


@pytest.mark.parametrize("order", [1, -1])
def test_another_host_of_the_domain_cannot_put_a_cookie_over_ours(site: Flask, order: int) -> None:
    planted, ours = "__Secure-look=200.wide.yellow", "__Host-look=100.normal.dark"
    page = site.test_client(use_cookies=False).get("/kk/", headers={"Cookie": "; ".join([planted, ours][::order])}).text
    assert re.search('<html[^>]* class="dark"', page)


def moved(client: FlaskClient, to: Flask) -> FlaskClient:
    """Give a browser with the same cookies that talks to another release."""
    other = to.test_client()
    other._cookies = dict(client._cookies)
    return other


def test_an_answer_begun_before_goes_on_and_is_sent_with_the_form_that_was_open(before: Flask, site: Flask) -> None:
    walker = Walker(before.test_client(), RESIDENTS)
    address = walker.begin()
    walker.go(address)
    old = {key[2] for key in walker.client._cookies}
    assert {"draft", "survey"} <= old
    walker.client = moved(walker.client, site)
    ticked = walker.post(address, **walker.ticks())  # with the token of the form that was open
    assert ticked.status_code == 303
    sent = walker.send()
    assert sent.location.endswith("/thanks")
    left = {key[2] for key in walker.client._cookies}
    assert {"draft", "__Secure-draft"}.isdisjoint(left), "neither may bring a draft back that was sent"


def test_a_look_and_a_language_chosen_before_are_kept_and_can_be_reset(before: Flask, site: Flask) -> None:
    client = before.test_client()
    client.post("/settings", data={"look-text": "100", "look-scheme": "yellow", "look-save": "1"})
    client.get("/s/?lang=en")
    client = moved(client, site)
    assert 'class="yellow"' in client.get("/kk/").text
    assert '<html lang="en"' in client.get("/s/").text
    client.post("/settings", data={"look-reset": "1"})
    assert 'class="yellow"' not in client.get("/kk/").text


def test_what_is_planted_without_a_prefix_is_not_read_where_there_is_one_with_it(site: Flask) -> None:
    mine, other = Walker(site.test_client(), RESIDENTS), Walker(site.test_client(), RESIDENTS)
    mine.begin()
    other.begin()
    planted = other.client.get_cookie("__Secure-draft", path=f"/s/{RESIDENTS}")
    own = mine.client.get_cookie("__Secure-draft", path=f"/s/{RESIDENTS}")
    assert planted
    assert own
    mine.client.set_cookie("draft", planted.value, path=f"/s/{RESIDENTS}")
    ids = [client.get(f"/s/{RESIDENTS}/offline/draft").json["id"] for client in (mine.client, other.client)]
    assert ids[0] != ids[1]


@pytest.mark.parametrize("origin", ["cross-site", "same-site"])
def test_a_form_of_any_other_site_is_refused_even_with_the_right_token(site: Flask, origin: str) -> None:
    walker = Walker(site.test_client(), RESIDENTS)
    address = walker.begin()
    walker.go(address)
    token = re.search(r'name="csrf_token" value="([^"]+)"', walker.page.text)
    assert token
    fields = {**walker.ticks(), "csrf_token": token[1]}
    for said, status in ((origin, 400), ("same-origin", 303), ("none", 303)):
        answer = walker.client.post(address, data=fields, headers={"Sec-Fetch-Site": said})
        assert answer.status_code == status, said
