"""A city with suggestions about heating, people who answer them, and what their browsers send."""

import re
from html import unescape
from typing import NamedTuple

from flask import Flask
from sqlalchemy import select

from app.accounts.queries import get_person
from app.database import Database
from app.feedback.frame import store_frame
from app.feedback.reply_models import Reply, ReplyText
from tests.app.web.console.conftest import Browser, browser_of
from tests.builders.answering import EVIDENCE, KK, RU, Office, begin, make_office, released, shown, writing
from tests.builders.comments import WAVE, make_comment
from tests.builders.replies import code_comment
from tests.builders.staff import CITY, TODAY
from tests.builders.themes import HEATING

LIST = "/console/replies/"
NEW = f"/console/replies/new?theme={HEATING}&city={CITY}&wave={WAVE}"
TEXTS = {"kk": KK, "ru": RU}
DONE = TEXTS | {"kind": "done", "done_on": TODAY.isoformat(), "evidence_address": EVIDENCE}


class ReplyOffice(NamedTuple):
    """A city with seven shown suggestions about heating and two hidden ones, and who answers them."""

    app: Flask
    database: Database
    office: Office
    ids: list[str]

    def browser(self, who: str) -> Browser:
        """Give the browser of the analyst, the lead or the other lead."""
        with self.database.reading() as session:
            person = get_person(session, getattr(self.office, who), TODAY)
        assert person
        return browser_of(self.app, person)

    def replies(self) -> list[Reply]:
        """List what is stored."""
        with self.database.reading() as session:
            return list(session.scalars(select(Reply).order_by(Reply.id)))

    def texts(self) -> list[ReplyText]:
        """List every version."""
        with self.database.reading() as session:
            return list(session.scalars(select(ReplyText).order_by(ReplyText.reply, ReplyText.version)))

    def begun(self, kind: str = "done") -> str:
        """Let the analyst begin a reply to all that are shown; gives its page."""
        with self.database.writing() as session:
            number = begin(session, self.office, self.ids, writing(kind)).id
        return f"{LIST}{CITY}/{number}"

    def released(self) -> str:
        """Let a reply to all be released; gives its page."""
        with self.database.writing() as session:
            number = released(session, self.office, self.ids).id
        return f"{LIST}{CITY}/{number}"


def make_reply_office(console: Flask, database: Database) -> ReplyOffice:
    """Fill a console."""
    with database.writing() as session:
        store_frame(session)
        office = make_office(session)
        ids = shown(session, 7)
        hidden = [
            make_comment(session, number=number, state=state) for number, state in ((20, "hidden"), (21, "shown"))
        ]
        for each in [*ids, hidden[0]]:
            code_comment(session, each, HEATING)
    return ReplyOffice(console, database, office, ids)


def said(page: str) -> str:
    """Give the words of a page without its signs."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def version(page: str) -> str:
    """Give the version that the forms of a page bring."""
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]
