"""Two requests of one person at one moment: two tabs, or a script that keeps a form while its button is pressed."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.database import Database
from app.web import site
from app.workspace import claims, drafts, views
from app.workspace.drafts import FormPlace
from app.workspace.models import FormDraft, SavedView, SoftClaim
from surveys.db import Base
from tests.app.web.console.conftest import SignIn
from tests.builders.staff import NOW

PLACE = FormPlace("value", "2026/aktau/ctm_1")
Step = Callable[[Session, Actor], object]


def second_beside_first(database: Database, step: Callable[[Session], object]) -> list[Exception]:
    """Take a step in two transactions, the second of which writes before the first ends; gives what the second met."""
    met: list[Exception] = []
    writes = Event()

    def second() -> None:
        try:
            with database.writing() as session:
                event.listen(session.connection(), "before_cursor_execute", note)
                step(session)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            met.append(error)

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("INSERT") or "advisory" in statement:
            writes.set()

    with database.writing() as session:
        step(session)
        session.flush()
        thread = Thread(target=second)
        thread.start()
        # SQLite has one writer, and the second waits before it looks.
        assert database.is_sqlite or writes.wait(20)
    thread.join(20)
    return met


@pytest.mark.parametrize(
    ("step", "table"),
    [
        (lambda session, actor: drafts.keep(session, actor, PLACE, b"typed"), FormDraft),
        (lambda session, actor: claims.claim(session, actor, *PLACE), SoftClaim),
        (lambda session, actor: views.keep_view(session, actor, "Mine", "/console/values/", city=None), SavedView),
    ],
    ids=["form", "claim", "view"],
)
def test_two_tabs_at_once_fail_nobody(console: Flask, sign_in: SignIn, step: Step, table: type[Base]) -> None:
    person, database = sign_in(Role.ANALYST, "aktau").person, site.services_of(console).database
    assert person
    assert second_beside_first(database, lambda session: step(session, Actor(person.id, NOW))) == []
    with database.reading() as session:
        assert session.scalars(select(func.count()).select_from(table)).one() == 1
