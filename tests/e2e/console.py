"""A console that runs in a thread of the tests, and browsers that are signed in to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from flask import Flask
from playwright.sync_api import BrowserContext
from werkzeug.serving import make_server

from app.accounts.permissions import Person, Role
from app.accounts.sessions import open_session
from app.clock import SystemClock
from app.web import site
from tests.builders.sites import replace_services
from tests.builders.staff import make_staff
from tests.ports import free_port


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an app; gives its address. Its clock goes on, and its long work waits for ever."""
    replace_services(app, clock=SystemClock(), worker=lambda _task: None)
    with listening(app) as address:
        yield address


@contextmanager
def listening(app: Flask) -> Iterator[str]:
    """Serve an app as it is; gives its address."""
    port = free_port()
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join()


def come_in(app: Flask, context: BrowserContext, base: str, role: Role | str, **more: Any) -> Person:
    """Let a browser be signed in as a new person."""
    services = site.services_of(app)
    with services.database.writing() as session:
        person = make_staff(session, role, **more)
        token = open_session(session, person.id, services.clock.now(), "Test")
    context.add_cookies([{"name": "console", "value": token, "url": f"{base}/console"}])
    return person
