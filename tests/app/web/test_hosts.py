"""The names a site answers to; and no address it writes names a host or a scheme."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.clock import FrozenClock
from app.config import Settings, SettingsError
from app.database import Database
from app.web.public import create_public
from tests.conftest import SECRET, make_site

FOREIGN = [
    "evil.example",
    "evil.example:443",
    "qala.example.evil.example",
    "evil.qala.example",
    "evil.example/qala.example",
    "qala.example@evil.example",
    "evil@qala.example",
    "qala.example:80@evil.example",
    "10.0.0.6",
    "[::2]:8000",
    " ",
    "a b",
    "қала.kz",
]
OWN = [
    "qala.example",
    "QALA.example:443",
    "qala.example.",
    "127.0.0.1:8000",
    "localhost",
    "[::1]:8000",
    "10.0.0.5:80",
    "",
]
MOVED = ("/kk", "/s", "/s//rights", "/kk//data", "/r//" + "a" * 32)
"""Addresses that lead to another spelling of themselves."""


@pytest.fixture
def at_qala(sqlite: Database, settings: Settings, clock: FrozenClock) -> Flask:
    """A site whose public address is https://qala.example, checked by a balancer as 10.0.0.5."""
    own = replace(settings, public_url="https://qala.example", trusted_hosts=frozenset({"10.0.0.5"}))
    app = make_site(sqlite, own, clock)
    app.testing = False
    return app


def ask(client: FlaskClient, path: str, host: str, method: str = "GET") -> tuple[int, str]:
    """Send a request to a name, its path as it is; gives status and text."""
    environ = {"PATH_INFO": path, "HTTP_HOST": host.encode().decode("latin1")}
    answer = client.open("/", method=method, environ_overrides=environ, headers={"Accept-Language": "en"})
    return answer.status_code, answer.text


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("path", ["/kk", "/kk/", "/s/", "/data/1/rating.csv", "/static/css/site.css", "/nothing"])
def test_a_foreign_name_is_refused_and_told_the_right_one(at_qala: Flask, path: str, host: str) -> None:
    status, page = ask(at_qala.test_client(), path, host)
    assert status == 400
    assert "https://qala.example" in page
    assert "evil" not in page


def test_a_foreign_name_is_refused_in_a_word_to_programs(at_qala: Flask) -> None:
    status, body = ask(at_qala.test_client(), "/r/" + "a" * 32, "evil.example", "PUT")
    assert (status, '"error":"host"' in body.replace(" ", "")) == (400, True)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("kk", "осы сайтқа тиесілі емес"), ("ru", "Это не адрес этого сайта"), ("en", "not the address of this site")],
)
def test_the_refusal_speaks_the_readers_language(at_qala: Flask, language: str, sentence: str) -> None:
    page = at_qala.test_client().get("/s/", headers={"Host": "evil.example", "Accept-Language": language})
    assert sentence in page.text
    assert page.headers.get("Cache-Control") != "public, max-age=60"


@pytest.mark.parametrize("host", OWN)
def test_its_own_names_and_this_machines_are_answered_on_any_port(at_qala: Flask, host: str) -> None:
    assert ask(at_qala.test_client(), "/kk/", host)[0] == 200


def test_a_name_in_kazakh_letters_is_known_as_browsers_send_it(
    sqlite: Database, settings: Settings, clock: FrozenClock
) -> None:
    app = create_public(replace(settings, public_url="https://қала.kz"), sqlite, clock)
    assert ask(app.test_client(), "/kk/", "xn--80aa2b3f.kz")[0] == 400
    assert ask(app.test_client(), "/kk/", "қала".encode("idna").decode() + ".kz")[0] == 200


@pytest.mark.parametrize("path", MOVED)
@pytest.mark.parametrize("host", ["qala.example", "127.0.0.1:8000"])
def test_an_address_leads_to_its_right_spelling_on_the_host_that_was_asked(
    at_qala: Flask, path: str, host: str
) -> None:
    method = "PUT" if path.startswith("/r") else "GET"
    environ = {"PATH_INFO": path, "HTTP_HOST": host, "QUERY_STRING": "lang=ru"}
    answer = at_qala.test_client().open("/", method=method, environ_overrides=environ)
    assert answer.status_code == 308
    assert host not in answer.text
    assert urlsplit(answer.location)._replace(path="").geturl() == "?lang=ru"
    assert answer.location.startswith("/")
    assert not answer.location.startswith("//")


@pytest.mark.parametrize(
    "path", ["//evil.example/..", "///evil.example", "/\\evil.example", "//evil.example//kk", "//kk"]
)
def test_no_path_leads_to_another_site(at_qala: Flask, path: str) -> None:
    answer = at_qala.test_client().open("/", environ_overrides={"PATH_INFO": path, "HTTP_HOST": "qala.example"})
    assert not answer.headers.get("Location", "/x").startswith(("//", "/\\", "http"))


@pytest.mark.parametrize("hosts", ["https://a.example", "a.example:80", "a.example,b.example", "қала.kz"])
def test_a_name_that_no_request_can_have_is_refused_at_the_start(hosts: str) -> None:
    with pytest.raises(SettingsError, match="TRUSTED_HOSTS"):
        Settings.from_env({"SECRET_KEY": SECRET, "TRUSTED_HOSTS": hosts})


def test_further_names_are_read_from_the_environment() -> None:
    settings = Settings.from_env({"SECRET_KEY": SECRET, "TRUSTED_HOSTS": "10.0.0.5  Old.example [fd00::1]"})
    assert settings.hosts == {"10.0.0.5", "old.example", "[fd00::1]", "127.0.0.1"}
