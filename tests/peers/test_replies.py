"""Complaints of peers' users about answers (DESK §21), each as a trap."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import Database
from app.notices.models import Notice
from tests.app.web.console.replying import DONE, NEW, TEXTS, ReplyOffice, make_reply_office, version
from tests.builders.answering import KK


@pytest.fixture
def place(console: Flask, database: Database) -> ReplyOffice:
    return make_reply_office(console, database)


def told(place: ReplyOffice) -> list[str]:
    with place.database.reading() as session:
        return sorted(notice.kind for notice in session.scalars(select(Notice)))


def test_freescout_2873_of_two_in_one_draft_neither_reply_is_lost(place: ReplyOffice) -> None:
    address = place.begun()
    one, other = place.browser("analyst"), place.browser("lead")
    seen = version(one.get(address).text)
    other.send(address, DONE | {"kk": KK + " Бірінші.", "version": seen})
    answer = one.send(address, DONE | {"kk": KK + " Екінші.", "version": seen})
    assert answer.status_code == 409
    assert " Бірінші." in answer.text
    assert " Екінші." in answer.text
    assert place.texts()[-1].kk == KK + " Бірінші."


def test_zammad_699_one_reply_goes_to_many_at_once(place: ReplyOffice) -> None:
    writer, lead = place.browser("analyst"), place.browser("lead")
    address = str(writer.send(NEW, DONE | {"then": "ready"}).location)
    lead.send(f"{address}/release", {"version": version(lead.get(address).text)})
    assert "It answered 7 suggestions" in lead.get(address).text


def test_fixmystreet_4457_another_body_is_named_with_where_to_turn(place: ReplyOffice) -> None:
    answer = place.browser("analyst").send(NEW, TEXTS | {"kind": "another_body", "then": "ready"})
    assert answer.status_code == 422
    for field in ("body_name_kk", "body_name_ru", "body_address"):
        assert re.search(rf'id="{field}-error">', answer.text), field
    assert [reply.state for reply in place.replies()] == ["draft"]


def test_decidim_3041_nobody_is_told_of_a_reply_that_was_not_released(place: ReplyOffice) -> None:
    writer, lead = place.browser("analyst"), place.browser("lead")
    address = str(writer.send(NEW, DONE).location)
    assert told(place) == []
    writer.send(f"{address}/ready", {"version": version(writer.get(address).text)})
    assert set(told(place)) == {"reply.to_release"}
    lead.send(f"{address}/release", {"version": "1"})
    assert "reply.released" not in told(place)
    lead.send(f"{address}/release", {"version": version(lead.get(address).text)})
    assert "reply.released" in told(place)
