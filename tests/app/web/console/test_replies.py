"""Replies on the screen: one clerk writes to many at once, and nothing typed is lost."""

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import Database
from app.feedback.board.replies import list_replies
from app.feedback.models import CommentGroup, CommentInGroup
from app.feedback.reply_models import ReplyTarget
from surveys.models.comments import Comment
from tests.app.web.console.conftest import MOST_STATEMENTS
from tests.app.web.console.replying import DONE, LIST, NEW, TEXTS, ReplyOffice, make_reply_office, said, version
from tests.builders.answering import KK, RU, begin, shown, writing
from tests.builders.comments import WAVE
from tests.builders.replies import code_comment
from tests.builders.staff import CITY, TODAY
from tests.builders.statements import statements_of
from tests.builders.themes import HEATING


@pytest.fixture
def place(console: Flask, database: Database) -> ReplyOffice:
    return make_reply_office(console, database)


def test_one_reply_answers_a_theme_and_another_person_releases_it(place: ReplyOffice) -> None:
    writer, lead = place.browser("analyst"), place.browser("lead")
    assert unescape(NEW) in unescape(writer.get(f"/console/themes/{HEATING}/{CITY}/{WAVE}").text)
    page = said(writer.get(NEW).text)
    assert "It reaches 7 suggestions; 1 is left out: hidden" in page
    answer = writer.send(NEW, DONE | {"then": "ready"})
    assert answer.status_code == 303, said(answer.text)
    address = str(answer.location)
    shown = writer.get(address)
    assert "waits to be released" in shown.text
    assert "Release it" not in shown.text
    assert "1 reply waits for you to release it" in said(lead.get("/console/").text)
    page_of_lead = lead.get(address)
    assert "Release it" in page_of_lead.text
    assert lead.send(f"{address}/release", {"version": version(page_of_lead.text)}).status_code == 303
    with place.database.reading() as session:
        public = list_replies(session, CITY)
        reached = session.scalars(select(ReplyTarget.reached_on)).all()
    assert [reply.newest.text.kk for reply in public] == [KK]
    assert reached == [TODAY] * 7
    assert re.search(r"Released on [^<]*2026 by Lead", said(lead.get(address).text))


@pytest.mark.parametrize(
    ("lacks", "called", "words"),
    [
        ({"ru": ""}, "Text in Russian", "Please fill this in."),
        ({"kk": "Қысқа."}, "Text in Kazakh", "at least 40 characters"),
        ({"kk": KK + " {body}"}, "Text in Kazakh", "A gap of the template is still open"),
        ({"done_on": ""}, "Day on which it was done", "Please fill this in."),
        (
            {"evidence_address": "http://aktau.example"},
            "Address where it can be seen",
            "Addresses must begin with https://.",
        ),
        ({"ru": RU + " <b>!</b>"}, "Text in Russian", "Only plain text is shown"),
    ],
)
def test_what_a_reply_lacks_is_said_beside_its_field_and_what_was_typed_is_kept(
    place: ReplyOffice, lacks: dict[str, str], called: str, words: str
) -> None:
    writer = place.browser("analyst")
    (field,) = lacks
    answer = writer.send(NEW, DONE | lacks | {"then": "ready"})
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error">[^<]*{re.escape(words)}', answer.text), said(answer.text)
    assert f'<a href="#{field}">{called}: ' in answer.text, "the summary names the field"
    assert "<title>Error:" in answer.text
    (text,) = place.texts()
    assert (text.kk, text.ru) == ((DONE | lacks)["kk"].strip(), (DONE | lacks)["ru"].strip())
    assert [reply.state for reply in place.replies()] == ["draft"]


def test_the_form_shows_what_is_answered_as_everybody_reads_it(place: ReplyOffice) -> None:
    with place.database.writing() as session:
        (redacted,) = shown(session, 1, first=60, text="Звоните Ивану")
        row = session.get_one(Comment, redacted)
        row.state, row.shown_text = "shown_redacted", "Звоните ███"
        code_comment(session, redacted, HEATING)
    writer = place.browser("analyst")
    page = writer.get(NEW).text
    assert "8 suggestions that it answers" in page
    assert len(re.findall(r'<li class="text"', page)) == 8
    assert "and 5 more" in page
    assert "Звоните ███" in page
    assert "Ивану" not in page
    assert f'href="/console/themes/{HEATING}/{CITY}/{WAVE}#suggestions" target="_blank"' in page
    page = writer.get(str(writer.send(NEW, DONE).location)).text
    assert len(re.findall(r'<li class="text"', page)) == 8
    assert "Ивану" not in page


def test_faults_are_in_the_language_of_whoever_reads_them(place: ReplyOffice) -> None:
    writer = place.browser("analyst")
    writer.send("/console/language", {"language": "ru", "next": "/console/"})
    answer = writer.send(NEW, DONE | {"ru": "", "then": "ready"})
    assert "Заполните" in said(answer.text)


def test_two_people_write_at_once_and_both_texts_are_shown(place: ReplyOffice) -> None:
    address = place.begun()
    one, other = place.browser("analyst"), place.browser("lead")
    seen = version(one.get(address).text)
    mine, theirs = KK + " Бірінші нұсқа.", KK + " Екінші нұсқа."
    other.send(address, DONE | {"kk": theirs, "version": seen})
    answer = one.send(address, DONE | {"kk": mine, "version": seen, "then": "ready"})
    assert answer.status_code == 409
    assert mine in unescape(answer.text)
    assert theirs in unescape(answer.text)
    assert 'name="then"' not in answer.text
    assert [text.kk for text in place.texts()] == [KK, theirs]
    one.send(address, DONE | {"kk": mine, "version": version(answer.text)})
    assert [text.kk for text in place.texts()] == [KK, theirs, mine]
    assert [reply.state for reply in place.replies()] == ["draft"]


def test_a_text_that_was_changed_alone_marks_the_other_as_older_until_somebody_checked_it(place: ReplyOffice) -> None:
    address, writer = place.begun(), place.browser("analyst")
    page = writer.get(address).text
    assert "older than the other text" not in page
    writer.send(address, DONE | {"kk": KK + " Жаңа сөз.", "version": version(page)})
    page = writer.get(address).text
    assert "older than the other text" in page
    assert re.findall(r'name="checked" value="(\w+)"', page) == ["ru"]
    refused = writer.send(f"{address}/ready", {"version": version(page)})
    assert refused.status_code == 422
    assert re.search(r'id="ru-error">[^<]*was changed after this one', refused.text)
    typed = DONE | {"kk": KK + " Жаңа сөз.", "version": version(page), "checked": "ru", "then": "ready"}
    assert writer.send(address, typed).status_code == 303
    assert [reply.state for reply in place.replies()] == ["ready"]
    other = place.begun()
    page = writer.get(other).text
    writer.send(other, DONE | {"ru": RU + " Ещё слово.", "version": version(page)})
    assert re.findall(r'name="checked" value="(\w+)"', writer.get(other).text) == ["kk"]


def test_one_that_promises_keeps_what_it_promises(place: ReplyOffice) -> None:
    writer = place.browser("analyst")
    promise = {
        "title_kk": "Қазандықты жөндеу", "title_ru": "Ремонт котельной", "due": "2027-03-01",
        "unit_kk": "Жылу басқармасы", "unit_ru": "Управление теплосетей",
    }  # fmt: skip
    lacking = writer.send(NEW, TEXTS | {"kind": "will_do", "then": "ready"})
    assert lacking.status_code == 422
    assert re.search(r'id="unit_kk-error">', lacking.text)
    assert "another day after today" not in lacking.text
    address = f"{LIST}{CITY}/1"
    typed = TEXTS | promise | {"kind": "will_do", "then": "ready", "version": version(lacking.text)}
    assert writer.send(address, typed).status_code == 303
    assert "Қазандықты жөндеу" in writer.get(address).text


def test_a_day_that_lacks_is_the_one_fault_of_a_text_with_a_gap_for_it(place: ReplyOffice) -> None:
    writer = place.browser("analyst")
    gap = {"kk": KK + " Күні: {date}.", "ru": RU + " Дата: {date}."}
    lacking = said(writer.send(NEW, DONE | gap | {"done_on": "", "then": "ready"}).text)
    assert "Day on which it was done: Please fill this in." in lacking
    assert "A gap of the template is still open" not in lacking


def test_whoever_writes_a_second_reply_to_the_same_is_told_of_the_first_and_who_releases_it(
    place: ReplyOffice,
) -> None:
    writer = place.browser("analyst")
    address = str(writer.send(NEW, DONE | {"then": "ready"}).location)
    page = writer.get(NEW).text
    assert "Reply 1 answers 7 of these suggestions and is not released yet." in said(page)
    assert f'href="{address}"' in page
    assert re.search(r"Who may release it: Lead \w+, Lead \w+\.", said(writer.get(address).text))
    other = place.browser("lead")
    other.send(f"{address}/release", {"version": version(other.get(address).text)})
    assert "is not released yet" not in writer.get(NEW + "&answered=1").text


def test_suggestions_are_ticked_and_answered(place: ReplyOffice) -> None:
    writer = place.browser("analyst")
    back = "/console/comments/?state=shown"
    assert "Reply to these" in writer.get(back).text
    led = writer.send("/console/replies/choose", {"ids": place.ids[:2], "scope": "ticked", "back": back}).location
    assert "It reaches 2 suggestions" in writer.get(str(led)).text
    writer.send(str(led), DONE)
    with place.database.reading() as session:
        assert session.scalars(select(ReplyTarget.comment)).all() == place.ids[:2]
    led = str(writer.send("/console/replies/choose", {"scope": "all", "back": back}).location)
    assert "It reaches 8 suggestions" in writer.get(led).text
    assert writer.send("/console/replies/choose", {"scope": "ticked", "back": back}).location == back


def test_a_group_is_answered(place: ReplyOffice) -> None:
    with place.database.writing() as session:
        group = CommentGroup(city=CITY, wave=WAVE, area="hcs", title="Жылу", made_by=place.office.analyst, bulk=None)
        session.add(group)
        session.flush()
        session.add_all(CommentInGroup(comment=each, grp=group.id) for each in place.ids[:3])
        number = group.id
    writer = place.browser("analyst")
    address = f"/console/replies/new?group={number}&city={CITY}"
    assert address in unescape(writer.get(f"/console/themes/{HEATING}/{CITY}/{WAVE}").text)
    assert "It reaches 3 suggestions" in writer.get(address).text
    writer.send(address, DONE)
    assert len(place.replies()) == 1
    assert writer.get(f"/console/replies/new?group={number}&city=almaty").status_code == 404
    assert writer.get(f"/console/replies/new?group=999&city={CITY}").status_code == 404


def test_what_was_answered_is_left_out_unless_it_is_wanted(place: ReplyOffice) -> None:
    place.released()
    writer = place.browser("analyst")
    page = writer.get(NEW).text
    assert "There is nobody to reply to." in page
    assert "7 are left out: answered already" in said(page)
    assert f"{NEW}&answered=1" in unescape(page)
    assert "It reaches 7 suggestions" in writer.get(f"{NEW}&answered=1").text


def test_the_list_filters_and_counts(place: ReplyOffice) -> None:
    place.begun()
    place.released()
    writer = place.browser("analyst")
    page = said(writer.get(LIST).text)
    assert "all (2)" in page
    assert "draft (1)" in page
    assert "released (1)" in page
    rows = {query: len(re.findall("data-row", writer.get(f"{LIST}?{query}").text)) for query in (
        "state=draft", "state=released", "kind=cannot", "area=hcs", "mine=1", f"city={CITY}", "state=given_up",
    )}  # fmt: skip
    assert list(rows.values()) == [1, 1, 0, 2, 2, 2, 0]
    assert "Nothing matches" in writer.get(f"{LIST}?kind=cannot").text
    assert writer.get(f"{LIST}?as=csv").text.count("\n") == 3
    lead = place.browser("other")
    assert len(re.findall("data-row", lead.get(f"{LIST}?mine=1").text)) == 0


def test_there_is_nothing_at_first(place: ReplyOffice) -> None:
    assert "There is no reply yet." in place.browser("analyst").get(LIST).text


@pytest.mark.parametrize("number", [3, 60])
def test_no_page_asks_the_database_more_the_more_there_is(place: ReplyOffice, number: int) -> None:
    with place.database.writing() as session:
        kinds = ("done", "will_do", "being_looked_at", "another_body")
        made = [begin(session, place.office, place.ids, writing(kinds[each % 4])).id for each in range(number)]
    lead = place.browser("lead")
    pages = [LIST, f"{LIST}?state=ready&kind=cannot", NEW, *(f"{LIST}{CITY}/{each}" for each in made[:3])]
    for page in pages:
        with statements_of(place.database) as statements:
            assert lead.get(page).status_code == 200
        assert len(statements) <= MOST_STATEMENTS, page
