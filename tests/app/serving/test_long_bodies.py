"""Of whom the console's own server reads a long body: megabytes of strangers never reach its memory or its disk."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

import pytest

from app.accounts.permissions import Role
from app.accounts.sessions import open_session
from app.cli.serve import CONSOLE_BODY
from app.database import Database
from app.serving import adapter
from app.serving.connections import ConnectionLimits
from app.web.console import body_limits
from benchmarks.processes import SECRET, Served
from tests.app.serving.clients import Slow
from tests.builders.staff import make_staff

ANNOUNCED = 8 * 1024 * 1024
PART = b"a=" + b"b" * 199_998
HEAD = "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}\r\n"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    folder = tmp_path_factory.mktemp("console")
    (folder / "test.sqlite3").write_bytes(sqlite_template.read_bytes())
    return folder


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Served]:
    """The console as `serve` starts it, but that a client who is slow is not cut while the test looks."""
    url = f"sqlite:///{store / 'test.sqlite3'}"
    environment = {"SECRET_KEY": SECRET, "DATABASE_URL": url, "INSTANCE": str(store)}
    server = Served("wsgi:console", environment, limits=ConnectionLimits(120, 100, body=CONSOLE_BODY))
    yield server
    server.kill()


@pytest.fixture(scope="module")
def token(store: Path) -> str:
    """The token of somebody who is signed in."""
    database = Database(f"sqlite:///{store / 'test.sqlite3'}")
    with database.writing() as session:
        now = datetime.now(UTC)
        token = open_session(session, make_staff(session, Role.ANALYST).id, now, "Test")
    database.close()
    return token


def head(address: str, cookie: str = "", kind: str = FORM, length: int = ANNOUNCED) -> bytes:
    return HEAD.format(address, kind, length, f"Cookie: console={cookie}\r\n" if cookie else "").encode()


def answer_to(client: Slow, seconds: float = 30) -> bytes:
    """Give what the server says without being sent more."""
    end = time.monotonic() + seconds
    while not client.received and time.monotonic() < end and not client.is_over():
        time.sleep(0.05)
    return client.received


@pytest.mark.parametrize("address", ["/console/sign-in", "/console/welcome/x/totp", "/console/import", "/console/none"])
@pytest.mark.parametrize("cookie", ["", "a-token-that-nobody-has"])
def test_a_stranger_is_answered_before_a_long_body_has_come(server: Served, address: str, cookie: str) -> None:
    with Slow(server.port, head(address, cookie) + PART) as client:
        assert re.match(rb"HTTP/1.1 (303|400|404|413) ", answer_to(client))


def test_a_stranger_is_told_that_it_is_too_much(server: Served) -> None:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", "/console/sign-in")
    page = connection.getresponse()
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode())
    assert found
    cookies = "; ".join(each.partition(";")[0] for each in page.headers.get_all("Set-Cookie") or [])
    body = f"csrf_token={found[1]}&email=a&password=".encode() + b"b" * 300_000
    connection.request("POST", "/console/sign-in", body, {"Content-Type": FORM, "Cookie": cookies})
    assert connection.getresponse().status == 413
    connection.close()


def test_of_who_is_signed_in_a_long_body_is_awaited_and_comes_whole(server: Served, token: str) -> None:
    with Slow(server.port, head("/console/drafts/keep", token) + PART) as client:
        assert answer_to(client, seconds=2) == b""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", "/console/me", headers={"Cookie": f"console={token}"})
    page = connection.getresponse()
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode())
    assert found
    cookies = "; ".join([f"console={token}", *(each.partition(";")[0] for each in page.headers.get_all("Set-Cookie"))])
    body = f"csrf_token={found[1]}&draft=value|x&note=".encode() + b"b" * 150_000
    connection.request("POST", "/console/drafts/keep", body, {"Content-Type": FORM, "Cookie": cookies})
    assert connection.getresponse().status == 204
    connection.close()


def test_the_server_reads_of_a_stranger_as_much_as_the_console_takes_of_one() -> None:
    assert adapter.LARGEST == body_limits.OF_NOBODY
