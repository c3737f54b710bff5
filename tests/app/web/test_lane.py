"""The quick lane shows what the route shows, and leaves to the route whatever is out of the ordinary."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from flask import Flask, request, request_started
from flask.testing import FlaskClient

from app.web.language import LANGUAGES
from app.web.resident import drafts
from app.web.resident.drafts import Draft
from tests.app.web.resident.walker import Walker
from tests.builders.country import BUSINESSES, RESIDENTS

BY_ROUTE = {"Accept-Encoding": "identity;q=1"}
"""A reader whom the lane hands on to the route, which then compresses nothing."""


@contextmanager
def requests_of(app: Flask) -> Iterator[list[str]]:
    """Collect the addresses that come through to Flask."""
    seen: list[str] = []

    def note(_app: Flask) -> None:
        seen.append(request.path)

    with request_started.connected_to(note, app):
        yield seen


def pages_of(client: FlaskClient, wave: str) -> list[str]:
    """Walk to the list to check; gives the addresses of all pages of questions, each of which was drawn by then."""
    walker = Walker(client, wave)
    walker.to_check(walker.begin())
    return [line.split('"')[0] for line in walker.page.text.split('href="') if "/p/" in line.split('"')[0]]


@pytest.mark.parametrize("wave", [RESIDENTS, BUSINESSES])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lane_and_the_route_show_the_same(public: Flask, wave: str, language: str) -> None:
    client = public.test_client()
    client.get(f"/s/{wave}?lang={language}")
    addresses = {address.partition("#")[0] for address in pages_of(client, wave)}
    addresses |= {address.partition("?")[0] for address in addresses}
    assert len(addresses) > 6
    for address in sorted(addresses):
        by_route = client.get(address, headers=BY_ROUTE)
        with requests_of(public) as seen:
            by_lane = client.get(address)
        assert seen == []
        assert by_lane.text == by_route.text
        assert f'<html lang="{language}"' in by_lane.text
        names = [{name for name, _value in answer.headers} - {"Vary"} for answer in (by_lane, by_route)]
        assert names[0] == names[1]
        assert by_lane.headers["Cache-Control"] == by_route.headers["Cache-Control"] == "no-store"


def test_what_the_lane_packs_is_what_it_shows(public: Flask) -> None:
    client = public.test_client()
    address = pages_of(client, RESIDENTS)[0].partition("#")[0]
    packed = client.get(address, headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
    assert packed.headers["Content-Encoding"] == "zstd"
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    by_flask = client.get(address, headers={"Accept-Encoding": "zstd;q=1"})
    assert packed.data == by_flask.data


@pytest.mark.parametrize(
    ("query", "cookie"),
    [("?lang=ru", ""), ("?back=other", ""), ("?x=1", ""), ("", "look"), ("", "no session"), ("", "no draft")],
)
def test_what_is_out_of_the_ordinary_is_left_to_the_route(public: Flask, query: str, cookie: str) -> None:
    client = public.test_client()
    address = pages_of(client, RESIDENTS)[0].partition("?")[0]
    if cookie == "look":
        client.set_cookie("look", "200.wide.dark")
    elif cookie:
        name = {"no session": "survey", "no draft": "draft"}[cookie]
        client.delete_cookie(name, path="/s" if name == "survey" else f"/s/{RESIDENTS}")
    with requests_of(public) as seen:
        answer = client.get(address + query)
    assert seen == [address]
    assert answer.status_code == (303 if cookie == "no draft" else 200)


def a_form(client: FlaskClient, address: str) -> dict[str, str]:
    """Open a page; gives what its form would send with the last option of everything."""
    page = client.get(address).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    names = dict.fromkeys(re.findall(r'type="radio" name="([^"]+)"', page))
    assert token
    return {"csrf_token": token[1]} | {name: re.findall(f'name="{name}" value="([^"]+)"', page)[-1] for name in names}


def draft_of(client: FlaskClient, app: Flask) -> Draft | None:
    cookies = {cookie.key: cookie.decoded_value for cookie in client._cookies.values()}
    with app.app_context():
        return drafts.read_draft(cookies, str(app.secret_key), RESIDENTS)


@pytest.mark.parametrize("query", ["", "?back=check"])
def test_the_lane_and_the_route_take_the_same_answers(public: Flask, query: str) -> None:
    client = public.test_client()
    address = pages_of(client, RESIDENTS)[0].partition("?")[0] + query
    form = a_form(client, address)
    found = []
    for kind in ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8"):
        for sent in (form, {"csrf_token": form["csrf_token"]}, form | {"nobody": "asked"}):
            with requests_of(public) as seen:
                answer = client.post(address, data=urlencode(sent), content_type=kind)
            assert bool(seen) == ("charset" in kind)
            found.append((answer.status_code, answer.location, draft_of(client, public)))
    assert found[:3] == found[3:]
    assert {status for status, _location, _draft in found} == {303}
    assert found[0] == found[2] != found[1]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"csrf_token": "x"}, 400),
        ({"csrf_token": "\u0493"}, 400),
        ({"csrf_token": ""}, 400),
        ({"switch": "ru"}, 303),
        ({"its_quality": "none of ours"}, 422),
        ({f"field{number}": "x" for number in range(300)}, 303),
        ({"its_quality": "\udcff"}, 422),
    ],
)
def test_what_is_wrong_with_a_form_is_said_by_the_route(public: Flask, change: dict[str, str], status: int) -> None:
    client = public.test_client()
    address = next(a.partition("?")[0] for a in pages_of(client, RESIDENTS))
    form = a_form(client, address)
    asked = next(name for name in form if name != "csrf_token")
    sent = {asked if name == "its_quality" else name: value for name, value in change.items()}
    body = urlencode(form | sent, errors="surrogateescape")
    with requests_of(public) as seen:
        answer = client.post(address, data=body, content_type="application/x-www-form-urlencoded")
    assert seen == [address]
    assert answer.status_code == status
