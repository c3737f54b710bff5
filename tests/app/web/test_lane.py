"""The quick lane shows what the route shows, and leaves to the route whatever is out of the ordinary."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, request, request_started
from flask.testing import FlaskClient

from app.web.language import LANGUAGES
from tests.app.web.walker import Walker
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
