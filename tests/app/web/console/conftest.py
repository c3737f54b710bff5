"""What tests of the console ask for: the app, and browsers that are signed in."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.permissions import Person, Role
from app.accounts.sessions import open_session
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.web import site
from app.web.console import selection
from app.web.console_site import create_console
from tests.app.web.console.rows import every_change_recorded
from tests.builders.staff import make_staff

MOST_STATEMENTS = 8
"""SQL statements of one page, whatever the number of its rows."""


class Browser(FlaskClient):
    """A browser at the console; `person` is who is signed in, None for nobody."""

    person: Person | None = None
    token_of_session = ""

    def token(self) -> str:
        """Give the token that a form of this browser must bring; it is the same on every page."""
        page = self.get("/console/")
        if page.status_code != 200:
            page = self.get("/console/sign-in")
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert found, page.status
        return found[1]

    def owner(self) -> str:
        """Give the mark that a page drawn for whoever is signed in here bears."""
        found = re.search(r'name="draft_owner" value="([^"]+)"', self.get("/console/").text)
        assert found
        return found[1]

    def send(self, address: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Post a form with its token, as the page would."""
        return self.post(address, data={"csrf_token": self.token()} | (data or {}), **more)


SignIn = Callable[..., Browser]


@pytest.fixture
def console(database: Database, settings: Settings, clock: FrozenClock) -> Iterator[Flask]:
    """The console over an empty database, once of each kind where SQLite and PostgreSQL can differ.

    Whatever test asks for it also fails where a request changed something and left no row in the journal.
    """
    app = create_console(settings, database, clock)
    app.testing = True
    app.test_client_class = Browser
    with every_change_recorded(database):
        yield app


@pytest.fixture
def sign_in(console: Flask) -> SignIn:
    """Make a person with a role (None for none) and a browser that is signed in as them: sign_in(role, city=None)."""

    def make(role: Role | str | None, city: str | None = None, **more: Any) -> Browser:
        with site.services_of(console).database.writing() as session:
            person = make_staff(session, role, city, **more)
        return browser_of(console, person)

    return make


def browser_of(app: Flask, person: Person) -> Browser:
    """Give a browser that is signed in as a person who is there already."""
    services = site.services_of(app)
    with services.database.writing() as session:
        token = open_session(session, person.id, services.clock.now(), "Test")
    browser = app.test_client()
    assert isinstance(browser, Browser)
    browser.set_cookie("console", token, path="/console")
    browser.person, browser.token_of_session = person, token
    return browser


def kept_by(app: Flask, works: list[Callable[[], None]]) -> Callable[[str], None]:
    """Keep long work that is ordered until the test does it; for the console's service `worker`."""

    def do(name: str) -> None:
        with app.app_context():
            selection.do(name)

    return lambda name: works.append(partial(do, name))
