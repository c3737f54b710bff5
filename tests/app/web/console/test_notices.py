"""Notices in the console, and the mail that an administrator looks after."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.accounts.permissions import Role
from app.audit.models import JournalRow
from app.database import Database
from app.notices.models import Notice, OutgoingMail
from app.notices.notices import Message, notify
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, SignIn
from tests.builders.staff import NOW
from tests.builders.statements import statements_of


def tell(database: Database, browser: Browser, number: int) -> None:
    assert browser.person
    with database.writing() as session:
        for n in range(number):
            message = Message(
                "value.returned", f"value.returned:{n}", f"/console/values/2024/aktau/no_{n}",
                {"period": "2024", "city": "aktau", "indicator": f"no_{n}"},
            )  # fmt: skip
            notify(session, [browser.person.id], message, NOW + timedelta(minutes=n))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", "Ақтау, 2024: no_1 көрсеткішінің мәні түзетуге қайтарылды"),
        ("ru", "Актау, 2024: значение показателя no_1 возвращено на исправление"),
        ("en", "Aktau, 2024: the value of no_1 came back for correction"),
    ],
)
def test_notices_are_read_in_one_s_language_and_the_header_counts_them(
    sign_in: SignIn, database: Database, language: str, words: str
) -> None:
    browser = sign_in(Role.ANALYST, language=language)
    tell(database, browser, 2)
    page = browser.get("/console/notices").text
    assert words in page
    assert '<span class="count">2</span>' in page


def test_notices_of_replies_name_which_reply(sign_in: SignIn, database: Database) -> None:
    browser = sign_in(Role.ANALYST)
    assert browser.person
    with database.writing() as session:
        for n in (7, 12):
            named: dict[str, str | int] = {"city": "aktau", "number": n}
            message = Message("reply.released", f"reply.released:{n}/1", f"/console/replies/aktau/{n}", named)
            notify(session, [browser.person.id], message, NOW)
        earlier = update(Notice).where(Notice.address.endswith("/7")).values(parameters='{"city":"aktau"}')
        session.execute(earlier)
    page = browser.get("/console/notices").text
    assert "Aktau: your reply 12 to suggestions was released" in page
    assert "Aktau: your reply 7 to suggestions was released" in page, "one that was written before it named its number"


def test_to_follow_a_notice_marks_it_as_read(sign_in: SignIn, database: Database) -> None:
    browser, other = sign_in(Role.ANALYST), sign_in(Role.ANALYST)
    tell(database, browser, 2)
    answer = browser.get("/console/notices/1")
    assert (answer.status_code, answer.location) == (303, "/console/values/2024/aktau/no_0")
    assert '<span class="count">1</span>' in browser.get("/console/").text
    assert other.get("/console/notices/2").status_code == 404
    assert browser.get("/console/notices/77").status_code == 404
    unread = browser.get("/console/notices?unread=1").text
    assert "no_1" in unread
    assert "no_0" not in unread


def test_all_are_marked_as_read_but_those_that_came_since(sign_in: SignIn, database: Database) -> None:
    browser = sign_in(Role.ANALYST)
    tell(database, browser, 3)
    answer = browser.send("/console/notices/read", {"until": "2"}, follow_redirects=True)
    assert "2 notices marked as read." in answer.text
    assert '<span class="count">1</span>' in answer.text
    with database.reading() as session:
        assert session.scalars(select(JournalRow.event)).all() == ["notice.read"]


def test_older_notices_are_a_page_further_and_cost_no_more_statements(sign_in: SignIn, database: Database) -> None:
    browser = sign_in(Role.ANALYST)
    tell(database, browser, 120)
    with statements_of(database) as statements:
        page = browser.get("/console/notices").text
    assert len(statements) <= MOST_STATEMENTS, statements
    assert page.count("data-row") == 50
    assert page.count("no_119") == 1
    assert "?before=71" in page
    assert "There are no older notices." in browser.get("/console/notices?before=1").text


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_notices_and_admins_alone_see_mail(sign_in: SignIn, role: Role) -> None:
    browser = sign_in(role)
    assert "There are no notices yet." in browser.get("/console/notices").text
    assert browser.get("/console/notices/mail").status_code == (200 if role is Role.ADMIN else 403)
    refused = 303 if role is Role.ADMIN else 403
    assert browser.send("/console/notices/mail/1/again").status_code == refused
    assert browser.send("/console/notices/mail/1/give-up").status_code == refused


def test_failed_mail_is_a_banner_until_it_is_sent_or_given_up(sign_in: SignIn, database: Database) -> None:
    admin, analyst = sign_in(Role.ADMIN), sign_in(Role.ANALYST)
    tell(database, analyst, 2)
    with database.writing() as session:
        session.execute(update(OutgoingMail).values(state="failed", attempts=6, last_error="550"))
    assert "1 mail could not be delivered." in admin.get("/console/").text
    assert "could not be delivered" not in analyst.get("/console/").text
    page = admin.get("/console/notices/mail?state=failed").text
    assert analyst.person
    assert analyst.person.email in page
    assert "550" in page
    assert "No mail server is set" in page
    assert "sent again" in admin.send("/console/notices/mail/1/again", follow_redirects=True).text
    assert "has not failed" in admin.send("/console/notices/mail/1/again", follow_redirects=True).text
    with database.writing() as session:
        session.execute(update(OutgoingMail).values(state="failed"))
    admin.send("/console/notices/mail/1/give-up")
    assert "could not be delivered" not in admin.get("/console/").text
    with database.reading() as session:
        assert session.scalars(select(JournalRow.event)).all() == ["mail.sent_again", "mail.given_up"]
