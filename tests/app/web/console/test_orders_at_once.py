"""Three runs at most that one person has ordered and that are not made yet: also when all are ordered at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.database import Database
from app.indicators.openings import PeriodPlan, open_period
from app.web.console.runs.making import MAKE, MOST_UNFINISHED
from app.workspace import tasks
from app.workspace.models import Task
from app.workspace.tasks import BulkOrder
from tests.app.web.console.conftest import Browser, SignIn, browser_of
from tests.builders.sites import replace_services
from tests.builders.staff import NOW

ORDER = {"period": "2026", "kind": "trial"}
PRESSES = 8


def ordering(console: Flask, database: Database) -> None:
    """Let a run of 2026 be there to be ordered, and let no order be carried out."""
    with database.writing() as session:
        open_period(session, PeriodPlan("2026", "standard_2019", ("aktau",)), Actor(None, NOW))
    replace_services(console, worker=lambda _name: None)


def at_once(steps: list[Callable[[], TestResponse]]) -> list[TestResponse]:
    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(lambda step: step(), steps))


def browsers(console: Flask, sign_in: SignIn) -> list[tuple[Browser, dict[str, str]]]:
    """One person's browsers, each with the token of its forms."""
    first = sign_in(Role.REVIEWER)
    assert first.person
    several = [browser_of(console, first.person) for _each in range(PRESSES)]
    return [(browser, {"csrf_token": browser.token()}) for browser in several]


def test_of_many_runs_ordered_at_once_three_are_taken(console: Flask, sign_in: SignIn, database: Database) -> None:
    ordering(console, database)
    answers = at_once(
        [
            partial(browser.post, "/console/runs/new", data=ORDER | token)
            for browser, token in browsers(console, sign_in)
        ]
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [303] * MOST_UNFINISHED + [422] * (PRESSES - MOST_UNFINISHED)
    with database.reading() as session:
        events = session.scalars(select(JournalRow.event)).all()
        assert len(session.scalars(select(Task.id)).all()) == events.count("bulk.ordered") == MOST_UNFINISHED


def test_runs_that_broke_off_are_no_way_round_it(console: Flask, sign_in: SignIn, database: Database) -> None:
    ordering(console, database)
    several = browsers(console, sign_in)
    browser = several[0][0]
    assert browser.person
    with database.writing() as session:
        order = BulkOrder(kind=MAKE.name, ids=("2026",), values={"waves": "", "kind": "trial"}, back="/console/runs/")
        broken = [tasks.start(session, Actor(browser.person.id, NOW), order) for _each in several]
        session.execute(update(Task).values(state="failed", ended_at=NOW))
    pages = [f"/console/tasks/{work}" for work in broken]
    answers = at_once(
        [partial(own.post, f"{page}/again", data=token) for page, (own, token) in zip(pages, several, strict=True)]
    )
    assert sum(answer.location not in pages for answer in answers) == MOST_UNFINISHED
    again = browser.send(f"{pages[0]}/again").location
    assert again == pages[0]
    assert "3 runs that you ordered are not made yet." in browser.get(again).text
