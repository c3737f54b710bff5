"""Bytes that no address may have: programs that look for holes send them, and no browser does."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.web.console_site import create_console


@pytest.fixture(params=["public", "console"])
def client(request: pytest.FixtureRequest, sqlite: Database, settings: Settings, clock: FrozenClock) -> FlaskClient:
    if request.param == "public":
        app: Flask = request.getfixturevalue("public")
    else:
        app = create_console(settings, sqlite, clock)
        app.testing = True
    return app.test_client()


@pytest.mark.parametrize("query", ["\xff=\xff", "lang=\xff", "next=\xc3\x28", "q=\xd2\x9b"])
@pytest.mark.parametrize("path", ["/", "/no-such-page", "/console/sign-in", "/console/drafts/keep", "/settings"])
def test_they_are_no_fault_of_ours(client: FlaskClient, path: str, query: str) -> None:
    answer = client.get(path, environ_overrides={"QUERY_STRING": query})
    assert answer.status_code in {200, 301, 302, 303, 308, 404}, answer.status


def test_letters_sent_without_their_escapes_are_read_as_such(client: FlaskClient) -> None:
    raw = "Қала".encode().decode("latin-1")
    with client.application.test_request_context(environ_overrides={"QUERY_STRING": f"q={raw}"}) as context:
        assert context.request.args["q"] == "Қала"
        assert context.request.full_path == "/?q=%D2%9A%D0%B0%D0%BB%D0%B0"
