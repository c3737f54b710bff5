import re
from base64 import urlsafe_b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.web.public import create_public
from surveys.ballots import keys
from surveys.ballots.ballots import Ballot, mint
from surveys.ballots.macs import mac
from surveys.fieldwork.channels import declare_channel
from surveys.models import Response
from surveys.models.responses import FULL_WEIGHT, Flag
from surveys.quality.links import read_links
from surveys.quality.review import review_wave
from tests.app.web.resident.walker import Walker
from tests.builders.country import RESIDENTS, make_country
from tests.builders.payloads import a_payload


class Site:
    """A public site over a small country, with as many proxies in front as asked."""

    def __init__(self, database: Database, settings: Settings, clock: FrozenClock) -> None:
        self.database = database
        self.country = make_country(database, settings.keys, today=clock.today())
        self.settings, self.clock = settings, clock

    def client(self, *, proxies: int = 0) -> FlaskClient:
        app = create_public(replace(self.settings, trusted_proxies=proxies), self.database, self.clock)
        app.testing = True
        return app.test_client()

    def send(self, client: FlaskClient, number: int, forwarded: str = "", device: str = "", **warned: Any) -> None:
        body = a_payload(self.country.residents, RESIDENTS) | warned
        headers = ({"X-Forwarded-For": forwarded} if forwarded else {}) | {"Device-Mark": device}
        assert client.put(f"/r/{number:032x}", json=body, headers=headers).status_code == 201

    def stored(self) -> list[tuple[int, str]]:
        with self.database.reading() as session:
            return [tuple(row) for row in session.execute(select(Response.flags, Response.links))]  # type: ignore[misc]


@pytest.fixture
def site(sqlite: Database, settings: Settings, clock: FrozenClock) -> Site:
    return Site(sqlite, settings, clock)


def test_answers_of_one_network_are_linked_and_all_are_taken(site: Site) -> None:
    client = site.client()
    for number in range(5):
        site.send(client, number)
    assert len({links for _flags, links in site.stored()}) == 1
    assert len(site.stored()) == 5


def test_behind_a_proxy_the_address_is_the_senders(site: Site) -> None:
    client = site.client(proxies=1)
    for number, sender in enumerate(("198.51.100.1", "203.0.113.1", "8.8.8.8, 203.0.113.9")):
        site.send(client, number, forwarded=sender)
    assert len({links for _flags, links in site.stored()}) == 2


def test_without_a_proxy_nobody_chooses_an_address(site: Site) -> None:
    client = site.client()
    for number, sender in enumerate(("198.51.100.1", "203.0.113.1")):
        site.send(client, number, forwarded=sender)
    assert len({links for _flags, links in site.stored()}) == 1


def test_a_filled_trap_is_flagged_and_the_answer_taken(site: Site) -> None:
    site.send(site.client(), 1, honey="http://spam")
    assert [flags for flags, _links in site.stored()] == [int(Flag.HONEYPOT)]


def test_an_answer_is_taken_when_the_day_has_no_key(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_directory: Path, _day: object) -> bytes:
        raise PermissionError

    monkeypatch.setattr("surveys.ballots.keys.day_key", refuse)
    site.send(site.client(), 1)
    assert site.stored() == [(0, "")]


def test_answers_sent_from_one_device_by_the_form_are_linked_and_a_filled_trap_is_flagged(
    public: Flask, sqlite: Database
) -> None:
    shared, other = public.test_client(), public.test_client()
    for client, trap in ((shared, {}), (shared, {"website": "https://spam.example"}), (other, {})):
        walker = Walker(client, RESIDENTS)
        walker.to_check(walker.begin())
        assert walker.post(f"/s/{RESIDENTS}/check", **trap).status_code == 303
    with sqlite.reading() as session:
        rows = session.execute(select(Response.flags, Response.links)).all()
    devices = [links.split()[0] for _flags, links in rows]
    assert sorted(devices.count(code) for code in devices) == [1, 2, 2]
    assert sorted(flags & Flag.HONEYPOT for flags, _links in rows) == [0, 0, Flag.HONEYPOT]


def test_answers_by_one_link_that_somebody_made_up_are_linked_and_those_of_a_poster_are_not(
    public: Flask, sqlite: Database
) -> None:
    with sqlite.writing() as session:
        declare_channel(session, RESIDENTS, "tsentr")
    for via in ("our-school", "our-school", "tsentr", "tsentr"):
        walker = Walker(public.test_client(), RESIDENTS)
        walker.to_check(walker.begin(query=f"?via={via}"))
        assert walker.send().status_code == 303
    with sqlite.reading() as session:
        rows = session.execute(select(Response.channel, Response.links)).all()
    invitations = [(channel, read_links(links).invitation) for channel, links in rows]
    assert sorted((channel, bool(code)) for channel, code in invitations) == [
        ("link", True),
        ("link", True),
        ("tsentr", False),
        ("tsentr", False),
    ]
    assert len({code for channel, code in invitations if channel == "link"}) == 1


def test_phones_that_came_by_one_such_link_are_linked(site: Site) -> None:
    client = site.client()
    for number, channel in enumerate(("our-school", "our-school", "link")):
        site.send(client, number, channel=channel)
    codes = sorted(read_links(links).invitation for _flags, links in site.stored())
    assert (codes[0], codes[1]) == ("", codes[2])
    assert codes[2]


def test_phones_that_send_one_mark_are_linked_and_those_of_the_release_before_send_none(site: Site) -> None:
    client = site.client()
    for number, device in enumerate(({"device": "a" * 32}, {"device": "a" * 32}, {"device": "b" * 32}, {})):
        site.send(client, number, **device)
    devices = [read_links(links).device for _flags, links in site.stored()]
    assert sorted(devices.count(code) for code in devices if code) == [1, 2, 2]
    assert devices.count("") == 1
    assert not any("aaaa" in code for code in devices)


@pytest.mark.parametrize("device", ["", "a" * 31, "A" * 32, "a" * 33, "undefined"])
def test_what_is_no_mark_of_a_device_counts_as_none(site: Site, device: str) -> None:
    site.send(site.client(), 1, device=device)
    assert [read_links(links).device for _flags, links in site.stored()] == [""]


def test_the_mark_of_a_device_is_no_part_of_the_body(site: Site) -> None:
    """The release before refuses keys that it does not know, and an answer may wait while it is put back."""
    body = a_payload(site.country.residents, RESIDENTS) | {"device": "a" * 32}
    reply = site.client().put(f"/r/{1:032x}", json=body)
    assert (reply.status_code, reply.get_json()["error"]) == (400, "unknown_key")


def test_row_28_thirty_holders_of_letters_behind_one_address_weigh_thirty(site: Site) -> None:
    key = keys.load(site.settings.keys, RESIDENTS)
    client = site.client()
    for number in range(30):
        ballot = Ballot(RESIDENTS, "almaty", "resident", "verified", number.to_bytes(16, "big"))
        answers = a_payload(site.country.residents, RESIDENTS, seed=number)["answers"]
        site.send(client, number, ballot=mint(key, ballot), device=f"{number:032x}", answers=answers)
    with site.database.writing() as session:
        review_wave(session, RESIDENTS)
        assert session.execute(select(func.sum(Response.base_weight), func.count())).one() == (30 * FULL_WEIGHT, 30)
    assert all(set(links[0]) <= {"d"} and len(links.split()) == 1 for _flags, links in site.stored())


def test_nothing_that_is_stored_of_a_network_can_be_made_again_from_the_database(site: Site) -> None:
    client = site.client(proxies=1)
    site.send(client, 1, forwarded="198.51.100.7", device="c" * 32)
    with site.database.reading() as session:
        texts = [str(value) for row in session.execute(select(Response.__table__)) for value in row]
    assert not [text for text in texts if "198.51" in text or "c6336" in text or "cccc" in text]
    (day_key,) = site.settings.keys.glob("*.day-key")
    links = read_links(site.stored()[0][1])
    made = {
        kind: mac(key, b"link", f"{kind}\0{RESIDENTS}\0almaty\0c63364".encode())
        for kind, key in (("network", keys.load(site.settings.keys, RESIDENTS)), ("network day", day_key.read_bytes()))
    }
    assert links.network == urlsafe_b64encode(made["network"][:6]).decode()
    assert links.day.code == urlsafe_b64encode(made["network day"][:6]).decode()


def test_the_token_of_a_device_lives_a_day_and_says_nothing(public: Flask) -> None:
    client = public.test_client()
    walker = Walker(client, RESIDENTS)
    walker.to_check(walker.begin())
    (cookie,) = (line for line in walker.send().headers.getlist("Set-Cookie") if line.startswith("device="))
    assert re.fullmatch(r"device=[0-9a-f]{32}; .*Max-Age=86400;.*HttpOnly.*", cookie)
