"""Replies on the screen: what another person does with one, and what becomes of it."""

import re
from html import unescape

import pytest
from flask import Flask

from app.database import Database
from app.feedback.board.replies import list_replies
from app.feedback.reply_models import Reply
from tests.app.web.console.conftest import SignIn
from tests.app.web.console.replying import DONE, LIST, NEW, ReplyOffice, make_reply_office, said, version
from tests.builders.answering import KK, RU, released, writing
from tests.builders.comments import make_comment
from tests.builders.replies import code_comment
from tests.builders.staff import CITY
from tests.builders.themes import HEATING


@pytest.fixture
def place(console: Flask, database: Database) -> ReplyOffice:
    return make_reply_office(console, database)


def test_nobody_releases_their_own_words(place: ReplyOffice) -> None:
    lead = place.browser("lead")
    address = str(lead.send(NEW, DONE | {"then": "ready"}).location)
    page = lead.get(address)
    assert "somebody else has to release it" in page.text
    lead.send(f"{address}/release", {"version": version(page.text)})
    assert [reply.state for reply in place.replies()] == ["ready"]
    other = place.browser("other")
    other.send(f"{address}/release", {"version": version(page.text)})
    assert [reply.state for reply in place.replies()] == ["released"]


def test_a_released_reply_is_corrected_and_the_earlier_text_stays_readable(place: ReplyOffice) -> None:
    address, writer, lead = place.released(), place.browser("analyst"), place.browser("lead")
    assert "Correct it" in writer.get(address).text
    form = writer.get(f"{address}/correct").text
    assert 'type="radio" value="cannot"' not in form
    newer = DONE | {"kk": KK + " Түзетілді.", "ru": RU + " Исправлено.", "version": version(form), "then": "ready"}
    assert writer.send(f"{address}/correct", newer).status_code == 303
    with place.database.reading() as session:
        assert [reply.newest.text.kk for reply in list_replies(session, CITY)] == [KK]
    lead.send(f"{address}/release", {"version": version(lead.get(address).text)})
    with place.database.reading() as session:
        (public,) = list_replies(session, CITY, earlier=True)
    assert [text.text.kk for text in public.texts] == [KK, newer["kk"]]
    assert "The akimat corrected" not in writer.get(address).text
    assert writer.get(address).text.count("The text of then") == 2


def test_a_reply_is_given_back_with_a_word_why(place: ReplyOffice) -> None:
    writer, lead = place.browser("analyst"), place.browser("lead")
    address = str(writer.send(NEW, DONE | {"then": "ready"}).location)
    seen = version(lead.get(address).text)
    refused = lead.send(f"{address}/send-back", {"version": seen, "note": "Жоқ"})
    assert refused.status_code == 422
    assert "at least 10 characters" in refused.text
    assert ">Жоқ</textarea>" in refused.text.replace("\r\n", "").replace("\n", "")
    lead.send(f"{address}/send-back", {"version": seen, "note": "Күнін тексеріңіз, ол қате."})
    assert "Күнін тексеріңіз" in writer.get(address).text
    assert "1 reply of yours came back" in said(writer.get("/console/").text)
    assert "came back, with a note" in writer.get("/console/notices").text


def test_a_released_reply_is_withdrawn_with_reasons_in_both_languages(place: ReplyOffice) -> None:
    address, lead = place.released(), place.browser("lead")
    seen = version(lead.get(address).text)
    reasons = {"version": seen, "reason_kk": "Күні қате көрсетілген.", "reason_ru": ""}
    refused = lead.send(f"{address}/withdraw", reasons)
    assert refused.status_code == 422
    assert 'id="reason_ru-error"' in refused.text
    assert "Күні қате көрсетілген." in refused.text
    assert lead.send(f"{address}/withdraw", reasons | {"reason_ru": "Указана неверная дата."}).status_code == 303
    assert "Указана неверная дата." in lead.get(address).text
    assert [reply.state for reply in place.replies()] == ["withdrawn"]


def test_a_draft_is_given_up(place: ReplyOffice) -> None:
    address, writer = place.begun(), place.browser("analyst")
    assert f'href="{address}/give-up"' in writer.get(address).text
    assert "button" not in re.findall(rf'action="{address}/give-up">.*?<(button)', writer.get(address).text)
    asked = writer.get(f"{address}/give-up").text
    assert "Give up the draft?" in asked
    assert KK in asked, "what is given up stands there"
    assert [reply.state for reply in place.replies()] == ["draft"], "asking gives nothing up"
    writer.send(f"{address}/give-up", {"version": version(asked)})
    assert writer.get(f"{address}/give-up").location == address
    assert "given up" in writer.get(address).text
    assert [reply.state for reply in place.replies()] == ["withdrawn"]


def test_a_released_reply_says_what_it_answered_and_where_everybody_reads_it(place: ReplyOffice) -> None:
    draft = place.browser("analyst").get(place.begun()).text
    assert "It reaches 7 suggestions" in draft
    assert "See it on the portal" not in draft
    page = place.browser("lead").get(place.released()).text
    assert "It answered 7 suggestions" in page
    (link,) = re.findall(r'<a href="([^"]+)" target="_blank" rel="noopener">See it on the portal', page)
    assert link.endswith(f"/en/said/{CITY}?area=hcs"), "it has no theme"
    number = place.replies()[-1].id
    with place.database.writing() as session:
        session.get_one(Reply, number).theme = HEATING
    page = place.browser("lead").get(f"{LIST}{CITY}/{number}").text
    assert f"/en/said/{CITY}/{HEATING}#reply-{number}" in page


def test_what_came_to_the_theme_since_is_added(place: ReplyOffice) -> None:
    writer, lead = place.browser("analyst"), place.browser("lead")
    address = str(writer.send(NEW, DONE).location)
    with place.database.writing() as session:
        code_comment(session, make_comment(session, number=50, state="shown"), HEATING)
    page = writer.get(address).text
    assert "1 suggestion came to the theme since" in said(page)
    writer.send(f"{address}/add", {"version": version(page)})
    assert "It reaches 8 suggestions" in writer.get(address).text
    writer.send(f"{address}/ready", {"version": version(writer.get(address).text)})
    lead.send(f"{address}/release", {"version": version(lead.get(address).text)})
    with place.database.writing() as session:
        code_comment(session, make_comment(session, number=51, state="shown"), HEATING)
    assert "came to the theme since" not in writer.get(address).text
    assert writer.send(f"{address}/add", {"version": version(lead.get(address).text)}).status_code == 403
    lead.send(f"{address}/add", {"version": version(lead.get(address).text)})
    assert "It answered 9 suggestions" in lead.get(address).text


def test_those_told_twice_that_they_are_looked_at_are_left_out(place: ReplyOffice) -> None:
    with place.database.writing() as session:
        for _time in range(2):
            released(session, place.office, place.ids[:3], writing("being_looked_at"))
    address, writer = place.begun("being_looked_at"), place.browser("analyst")
    page = writer.get(address).text
    assert "3 of these suggestions were told twice" in said(page)
    assert writer.send(f"{address}/ready", {"version": version(page)}).status_code == 422
    writer.send(f"{address}/leave-out", {"version": version(page)})
    page = writer.get(address).text
    assert "It reaches 4 suggestions" in page
    assert writer.send(f"{address}/ready", {"version": version(page)}).status_code == 303


def test_many_are_released_at_once_those_that_were_ticked_and_no_newer_text(place: ReplyOffice) -> None:
    writer, lead = place.browser("analyst"), place.browser("lead")
    addresses = [str(writer.send(f"{NEW}&answered=1", DONE | {"then": "ready"}).location) for _each in range(4)]
    own = str(lead.send(f"{NEW}&answered=1", DONE | {"then": "ready"}).location)
    page = lead.get(f"{LIST}?state=ready").text
    ids = re.findall(r'name="ids" form="bulk" value="([^"]+)"', page)
    assert len(ids) == 5
    not_ticked = next(each for each in ids if each.startswith(f"{CITY}/4/"))
    ticked = [each for each in ids if each != not_ticked]
    chosen = lead.send("/console/replies/bulk/replies.release", {"ids": ticked, "scope": "ticked", "back": LIST})
    confirm = lead.get(str(chosen.location))
    assert "Release 3 replies?" in confirm.text
    assert "part of it is your own text" in confirm.text
    changed = DONE | {"kk": KK + " Кейін жазылды.", "ru": RU + " Написано позже.", "then": "ready"}
    writer.send(addresses[0], changed | {"version": version(writer.get(f"{addresses[0]}/correct").text)})
    done = lead.send(str(chosen.location))
    states = [reply.state for reply in place.replies()]
    assert states == ["ready", "released", "released", "ready", "ready"]
    page = lead.get(str(done.location)).text
    assert "Done: 2 of 4." in page
    result = lead.get(unescape(re.findall(r'href="(/console/tasks/[^"]+)"', page)[0])).text
    assert "somebody changed it meanwhile" in result
    assert "part of it is your own text" in result
    assert f'href="{addresses[0]}"' in result
    assert own.endswith("/5")


def test_the_ministry_reads_what_was_released_and_no_draft(place: ReplyOffice, sign_in: SignIn) -> None:
    draft, public = place.begun(), place.released()
    reviewer, auditor = sign_in("reviewer"), sign_in("auditor")
    assert len(re.findall("data-row", reviewer.get(LIST).text)) == 1
    assert reviewer.get(draft).status_code == 404
    page = reviewer.get(public).text
    assert KK in page
    assert "Coder" not in page
    assert "What to do with it" not in page
    assert auditor.get(draft).status_code == 200
    assert sign_in("lead", "almaty").get(public).status_code == 404
