"""No page, file or journal of the console tells of a suggestion what would lead to its answer (DESK §20 row 14)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from flask import Flask

from app.accounts.permissions import Role
from app.database import Database
from surveys.models.comments import Comment
from tests.app.web.console.conftest import SignIn
from tests.app.web.console.crawl import crawl
from tests.builders.comments import SHOW, do, hide, make_comment
from tests.builders.staff import NOW, make_staff

RELEASED = date(2026, 11, 4)
"""A Wednesday on which nothing else happens."""


@contextmanager
def read_by(console: Flask, sign_in: SignIn, role: Role) -> Iterator[list[bytes]]:
    browser = sign_in(role)
    starts = ["/console/comments/?all=1", "/console/comments/?all=1&as=print", "/console/comments/?sort=-week"]
    if role is Role.LEAD:
        starts += [f"/console/comments/export?as={kind}" for kind in ("csv", "xlsx")]
    opened = crawl(console, browser, starts)
    yield [one.body for one in opened if "/comments" in one.address or "journal" in one.address]


def test_nobody_reads_the_day_the_month_or_the_code_of_a_suggestion(
    database: Database, console: Flask, sign_in: SignIn
) -> None:
    mark = "f" * 40 + "0123456789abcdef01234567"
    with database.writing() as session:
        person = make_staff(session, Role.MODERATOR).id
        for number in range(1, 8):
            comment = make_comment(session, f"Совет {number}", number=number, released_on=RELEASED)
            row = session.get_one(Comment, comment)
            row.month, row.follow_hash = "1987-06", f"{number}{mark[1:]}"
            if number > 3:
                do(session, comment, person, hide() if number % 2 else SHOW, at=NOW + timedelta(minutes=number))
    for role in (Role.MODERATOR, Role.ANALYST, Role.LEAD, Role.REVIEWER, Role.AUDITOR):
        with read_by(console, sign_in, role) as bodies:
            assert len(bodies) > 2
            for body in bodies:
                assert not re.search(rb"2026-11-04|4 Nov|04\.11\.2026|1987", body)
                assert mark[1:].encode() not in body


def test_four_that_wait_for_a_fifth_are_nowhere(database: Database, console: Flask, sign_in: SignIn) -> None:
    with database.writing() as session:
        for number in range(4):
            make_comment(session, f"Ещё не отдано {number}", number=number, state="pending")
    for role in (Role.MODERATOR, Role.LEAD, Role.AUDITOR):
        with read_by(console, sign_in, role) as bodies:
            assert not any("Ещё не отдано".encode() in body for body in bodies)
        assert "There are no suggestions yet." in sign_in(role).get("/console/comments/?all=1").text
