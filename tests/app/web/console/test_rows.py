"""The watcher of every test of the console sees what a request changes without telling the journal."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from app.accounts.models import LoginSession, Staff
from app.accounts.permissions import Role
from app.audit.journal import Actor, Entry, record
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.notices.models import Notice
from app.web.console_site import create_console
from app.workspace.models import FormDraft
from tests.app.web.console.rows import ChangeReader
from tests.builders.staff import make_staff
from tests.conftest import NOW


def tell(session: Session, staff: int) -> None:
    session.execute(insert(Notice).values(staff=staff, cause="x", kind="x", parameters="{}", address="/", at=NOW))


def tell_and_record(session: Session, staff: int) -> None:
    tell(session, staff)
    record(session, Actor(staff, NOW), Entry(event="notice.read", object_kind="staff", object_id=str(staff)))


def change_nobody(session: Session, _staff: int) -> None:
    session.execute(update(Staff).where(Staff.id == -1).values(name="x"))


def keep_draft(session: Session, staff: int) -> None:
    session.execute(insert(FormDraft).values(staff=staff, form="x", object_id="1", at=NOW, sealed=b"x"))


def begin_session(session: Session, staff: int) -> None:
    session.add(LoginSession(mark="x", public_id="x", staff=staff, created_at=NOW, seen_at=NOW, label="x"))


def use_session(session: Session, staff: int) -> None:
    session.execute(update(LoginSession).where(LoginSession.staff == staff).values(seen_at=NOW))


def end_sessions(session: Session, staff: int) -> None:
    session.execute(delete(LoginSession).where(LoginSession.staff == staff))


def end_by_name(session: Session, staff: int) -> None:
    ended = delete(LoginSession).where(LoginSession.staff == staff)
    session.execute(ended.returning(LoginSession.mark)).first()


def end_nobodys(session: Session, _staff: int) -> None:
    end_by_name(session, -1)


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ([tell], ["INSERT notice"]),
        ([begin_session, use_session], ["INSERT login_session"]),
        ([end_sessions], ["DELETE login_session"]),
        ([end_by_name], ["DELETE login_session"]),
        ([end_nobodys, use_session], []),
        ([tell_and_record], []),
        ([use_session, keep_draft, change_nobody], []),
    ],
)
def test_a_change_without_a_row_is_seen(
    settings: Settings,
    sqlite: Database,
    clock: FrozenClock,
    changes: list[Callable[[Session, int], None]],
    seen: list[str],
) -> None:
    app: Flask = create_console(settings, sqlite, clock)
    with sqlite.writing() as session:
        staff = make_staff(session, Role.ADMIN).id
        if begin_session not in changes:
            begin_session(session, staff)
    reader = ChangeReader(sqlite)
    with app.test_request_context("/console/me", method="POST"):
        with sqlite.writing() as session:
            for change in changes:
                change(session, staff)
        with suppress(ZeroDivisionError), sqlite.writing() as session:
            session.execute(update(Staff).values(name="undone"))
            raise ZeroDivisionError
    assert [each.partition(": ")[2] for each in reader.silent] == seen
