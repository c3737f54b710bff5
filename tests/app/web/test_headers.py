"""What every answer of the site says to browsers, whatever was asked: pages, files, redirects and refusals."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from tests.builders.country import RESIDENTS
from tests.conftest import make_site

ASKED = {
    "page": ("GET", "/kk/", 200),
    "step": ("GET", f"/s/{RESIDENTS}", 200),
    "settings": ("GET", "/settings", 200),
    "script": ("GET", "/s/worker.js", 200),
    "style": ("GET", "/static/css/site.css", 200),
    "picture": ("GET", "/static/icon.svg", 200),
    "manifest": ("GET", "/s/manifest.webmanifest", 200),
    "list": ("GET", f"/s/{RESIDENTS}/receipts.csv", 200),
    "moved": ("GET", "/", 302),
    "spelled": ("GET", "/kk", 308),
    "missing": ("GET", "/nothing", 404),
    "missing file": ("GET", "/data/1/rating.csv", 404),
    "way": ("DELETE", "/kk/", 405),
    "forged": ("POST", f"/s/{RESIDENTS}/consent", 400),
    "phone": ("PUT", "/r/" + "a" * 32, 400),
}
TEXT = re.compile(r"text/|application/(json|javascript|manifest\+json)|image/svg\+xml|\+xml")


@pytest.fixture
def over_https(sqlite: Database, settings: Settings, clock: FrozenClock) -> Flask:
    """The site as people reach it, over HTTPS."""
    app = make_site(sqlite, replace(settings, public_url="https://qala.example"), clock)
    app.testing = False
    return app


def answers(app: Flask) -> Iterator[tuple[str, TestResponse]]:
    """Ask for one of each kind of answer."""
    client = app.test_client()
    for name, (method, path, status) in ASKED.items():
        answer = client.open(path, method=method, base_url="https://qala.example", json={} if method == "PUT" else None)
        assert answer.status_code == status, (name, answer.status_code)
        yield name, answer
        answer.close()
    yield "host", client.get("/kk/", headers={"Host": "evil.example"})


def directives(answer: TestResponse) -> dict[str, str]:
    policy = answer.headers["Content-Security-Policy"]
    return dict(part.strip().partition(" ")[::2] for part in policy.split(";"))


def test_browsers_run_and_embed_nothing_but_what_is_ours(over_https: Flask) -> None:
    for name, answer in answers(over_https):
        policy = directives(answer)
        nothing = ("default-src", "object-src", "base-uri", "frame-ancestors")
        assert [each for each in nothing if policy.get(each) != "'none'"] == [], name
        assert (policy["script-src"], policy["form-action"]) == ("'self'", "'self'"), name
        assert not re.search(r"unsafe-|\*|https?:", answer.headers["Content-Security-Policy"]), name


def test_browsers_guess_no_kind_and_tell_nobody_where_they_were(over_https: Flask) -> None:
    for name, answer in answers(over_https):
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name
        assert answer.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}, name


def test_browsers_come_back_over_https_alone_for_a_year(over_https: Flask) -> None:
    for name, answer in answers(over_https):
        named = re.fullmatch(r"max-age=(\d+); includeSubDomains", answer.headers["Strict-Transport-Security"])
        assert named, name
        assert int(named[1]) >= 365 * 24 * 3600, name


def test_without_https_nothing_is_promised_about_it(public: Flask) -> None:
    assert "Strict-Transport-Security" not in public.test_client().get("/kk/").headers


def test_every_text_says_its_kind_and_its_letters(over_https: Flask) -> None:
    for name, answer in answers(over_https):
        kind = answer.headers.get("Content-Type", "")
        assert kind, name
        json = kind.startswith(("application/json", "application/manifest+json"))  # always UTF-8 (RFC 8259)
        assert json or not TEXT.match(kind) or "charset=utf-8" in kind.lower(), (name, kind)


def test_only_published_files_are_for_other_sites_and_without_cookies(over_https: Flask) -> None:
    client = over_https.test_client()
    rules = [rule for rule in over_https.url_map.iter_rules() if not rule.rule.startswith("/data/")]
    for rule in rules:
        path = re.sub(r"<any\(([a-z]+)[^>]*>", r"\1", rule.rule)
        path = re.sub(r"<[^>]*>", "1", path)
        for method in sorted((rule.methods or set()) & {"GET", "PUT", "OPTIONS"}):
            answer = client.open(
                path, method=method, base_url="https://qala.example", headers={"Origin": "https://e.example"}
            )
            assert not [each for each in answer.headers.keys() if each.startswith("Access-Control")], (method, path)  # noqa: SIM118


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
def test_no_request_is_sent_back_to_whoever_made_it(over_https: Flask, method: str) -> None:
    answer = over_https.test_client().open(
        "/kk/", method=method, base_url="https://qala.example", headers={"Cookie": "survey=planted"}
    )
    assert answer.status_code == 405
    assert "planted" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/.git/HEAD", "/.env", "/static/", "/static/js/", "/static/..%2fweb/site.py", "/static/../wsgi.py",
        "/static/%2fetc%2fpasswd", "/console", "/debug", "/metrics", "/instance/keys/", "/docs", "/openapi.json",
        "/s/js/x/begin.js.map", "/requirements.lock", "/data/", "/__debug__/", "/wsgi.py",
    ],
)  # fmt: skip
def test_nothing_of_the_workshop_is_served(over_https: Flask, path: str) -> None:
    answer = over_https.test_client().get(path, base_url="https://qala.example", follow_redirects=True)
    assert answer.status_code in {404, 405}
    assert "Index of" not in answer.text


def test_no_site_is_made_with_a_debugger(over_https: Flask) -> None:
    assert over_https.debug is False
    assert over_https.config["PROPAGATE_EXCEPTIONS"] in {None, False}


def test_what_a_stranger_says_of_a_proxy_changes_nothing(over_https: Flask) -> None:
    said = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Prefix": "/evil",
        "Forwarded": "host=evil.example;proto=http",
        "X-Original-URL": "/s/withdraw",
        "X-HTTP-Method-Override": "DELETE",
    }
    for path in ("/kk", "/kk/", "/s/", "/nothing"):
        plain = over_https.test_client().get(path, base_url="https://qala.example")
        told = over_https.test_client().get(path, base_url="https://qala.example", headers=said)
        assert (told.status_code, told.headers.get("Location")) == (plain.status_code, plain.headers.get("Location"))
        assert "evil" not in told.text
