"""Choosing rows and doing one thing to all of them: exactly those, no more and no fewer, and back again."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.accounts.permissions import Role
from app.audit.models import JournalRow
from app.clock import FrozenClock
from app.database import Database
from app.workspace import tasks
from app.workspace.models import SavedView, Task
from tests.app.web.console.conftest import Browser, SignIn, kept_by
from tests.app.web.console.lists import add_lists, make_views
from tests.builders.sites import replace_services
from tests.builders.staff import NOW

CHOOSE = "/console/test/bulk/views.share"


@pytest.fixture
def waiting(console: Flask) -> list[Callable[[], None]]:
    """Long work that was ordered and is not begun."""
    works: list[Callable[[], None]] = []
    replace_services(console, worker=kept_by(console, works))
    return works


@pytest.fixture
def browser(console: Flask, sign_in: SignIn, waiting: list[Callable[[], None]]) -> Browser:
    assert waiting == []
    add_lists(console)
    return sign_in(Role.ANALYST)


def fill(database: Database, browser: Browser, number: int, taken: int = 0) -> None:
    """Store views, none of them shared but the first `taken`."""
    assert browser.person
    with database.writing() as session:
        make_views(session, browser.person.id, number)
        session.execute(update(SavedView).values(shared=False))
        session.execute(update(SavedView).where(SavedView.id <= taken).values(shared=True))


def shared(database: Database) -> set[int]:
    with database.reading() as session:
        return set(session.scalars(select(SavedView.id).where(SavedView.address.contains("&note="))))


def choose(browser: Browser, **fields: object) -> str:
    """Choose rows; gives the address of the confirmation."""
    answer = browser.send(CHOOSE, {"back": "/console/test/", **fields})
    assert answer.status_code == 303
    assert answer.location
    return answer.location


def test_all_that_match_are_exactly_those_though_more_come_meanwhile(
    browser: Browser, database: Database, waiting: list[Callable[[], None]]
) -> None:
    """DESK §20 row 16: 6,012 match, 9 are unfit, 50 come meanwhile; undo restores all. There is no script here."""
    fill(database, browser, 6_012, taken=9)
    confirmation = choose(browser, scope="all", back="/console/test/?text=view&sort=-name")
    fill(database, browser, 0)
    with database.writing() as session:
        assert browser.person
        for each in range(50):
            session.add(
                SavedView(staff=browser.person.id, city=None, name=f"view new {each}", address="/", shared=False)
            )
        session.execute(update(SavedView).where(SavedView.id <= 9).values(shared=True))
    page = browser.get(confirmation).text
    assert "Share 6003 views?" in page
    assert "<li>9 – already shared</li>" in page
    answer = browser.send(confirmation, {"note": "why"})
    work = answer.location or ""
    assert "0 of 6,012 so far" in browser.get(work).text
    assert browser.get(work).headers["Refresh"] == "5"
    assert "Refresh" not in browser.get(f"{work}?still=1").headers
    (begun,) = waiting
    begun()
    page = browser.get(work).text
    assert "Done: 6,003 of 6,012." in page
    assert "9 were left as they are: already shared" in page
    assert 'href="/console/test/?text=view&amp;sort=-name"' in page
    assert shared(database) == set(range(10, 6_013))
    with database.reading() as session:
        bulk = select(func.count()).where(JournalRow.event == "view.shared", JournalRow.bulk == work.rpartition("/")[2])
        assert session.execute(bulk).scalar_one() == 6_003
    browser.send(f"{work}/undo")
    waiting[1]()
    assert shared(database) == set()
    assert "Undo" not in browser.get(work).text


def test_rows_that_are_ticked_are_done_at_once_and_the_list_is_as_it_was(browser: Browser, database: Database) -> None:
    fill(database, browser, 60)
    listed = "/console/test/?shared=0&shared=1&sort=-name"
    confirmation = choose(browser, ids=["3", "5", "77"], back=listed)
    refused = browser.send(confirmation)
    assert refused.status_code == 422
    assert "Error:" in refused.text
    assert "Say why" in refused.text
    answer = browser.send(confirmation, {"note": "why"})
    assert answer.location
    assert answer.location.startswith(f"{listed}&done=")
    assert shared(database) == {3, 5}
    page = browser.get(answer.location).text
    assert "Done: 2 of 2." in page
    assert page.index('id="row-60"') < page.index('id="row-59"')
    page = browser.get(answer.location.replace("sort=-name", "sort=name")).text
    assert sorted(re.findall(r'value="(\d+)" checked', page)) == ["3", "5"]
    undo = re.search(r'action="(/console/tasks/[0-9a-f]+/undo)"', page)
    assert undo
    back = browser.send(undo[1])
    assert "Taken back: 2 of 2." in browser.get(back.location or "").text
    assert shared(database) == set()


def test_nobody_takes_back_after_ten_minutes(console: Flask, browser: Browser, database: Database) -> None:
    fill(database, browser, 3)
    done = browser.send(choose(browser, ids=["1"]), {"note": "why"}).location or ""
    work = f"/console/tasks/{done.rpartition('=')[2]}"
    replace_services(console, clock=FrozenClock(NOW + timedelta(minutes=10)))
    assert "Undo" not in browser.get(work).text
    browser.send(f"{work}/undo")
    assert shared(database) == {1}


def test_a_selection_is_its_owner_s_and_ends_after_half_an_hour(
    console: Flask, browser: Browser, database: Database, sign_in: SignIn
) -> None:
    fill(database, browser, 3)
    confirmation = choose(browser, ids=["1"])
    assert sign_in(Role.ANALYST).get(confirmation).status_code == 410
    replace_services(console, clock=FrozenClock(NOW + timedelta(minutes=29, seconds=59)))
    assert browser.get(confirmation).status_code == 200
    replace_services(console, clock=FrozenClock(NOW + timedelta(minutes=30, seconds=1)))
    assert browser.get(confirmation).status_code == 410


def test_work_is_its_owner_s(browser: Browser, database: Database, sign_in: SignIn) -> None:
    fill(database, browser, 3)
    done = browser.send(choose(browser, ids=["1"]), {"note": "why"}).location or ""
    other = sign_in(Role.ANALYST)
    work = f"/console/tasks/{done.rpartition('=')[2]}"
    assert other.get(work).status_code == 404
    assert other.send(f"{work}/undo").status_code == 404


def test_work_whose_process_ended_goes_on_where_it_was(
    console: Flask, browser: Browser, database: Database, waiting: list[Callable[[], None]]
) -> None:
    fill(database, browser, 300)
    work = browser.send(choose(browser, scope="all"), {"note": "why"}).location or ""
    with database.writing() as session:
        task = session.scalars(select(Task)).one()
        assert json.loads(task.parameters)["values"] == {"note": "why"}
        task.done, task.state = 100, "running"
    browser.get(work)
    assert len(waiting) == 1, "it was heard of within a minute"
    replace_services(console, clock=FrozenClock(NOW + timedelta(minutes=2)))
    browser.get(work)
    browser.get(work)
    assert len(waiting) == 2
    waiting[1]()
    waiting[0]()
    assert shared(database) == set(range(101, 301))


def test_nothing_chosen_leads_back_to_the_list(browser: Browser, database: Database) -> None:
    fill(database, browser, 3)
    assert choose(browser, ids=["9", "x"]) == "/console/test/"
    assert "Nothing is ticked. Tick the rows first, or choose all that match." in browser.get("/console/test/").text


def test_work_that_broke_off_is_started_again_with_what_is_left(
    browser: Browser, database: Database, waiting: list[Callable[[], None]]
) -> None:
    fill(database, browser, 300)
    work = browser.send(choose(browser, scope="all"), {"note": "why"}).location or ""
    assert browser.send(f"{work}/again").location == work, "it is not over"
    with database.writing() as session:
        session.execute(update(Task).values(done=100, state="running"))
        tasks.fail(session, work.rpartition("/")[2], NOW)
    page = browser.get(work).text
    assert "It broke off. What was done stays" in page
    again = browser.send(f"{work}/again").location or ""
    assert again != work
    waiting[1]()
    assert "Done: 200 of 200." in browser.get(again).text
    assert shared(database) == set(range(101, 301))
