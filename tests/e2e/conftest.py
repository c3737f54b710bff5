"""A real server and a real Chromium for the browser walks."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from app.cli.context import Context
from app.cli.seed import seed_demo
from app.clock import SystemClock
from app.config import Settings
from app.database import Database
from tests.conftest import SECRET
from tests.e2e.fixtures import isle, phone

__all__ = ["isle", "phone"]

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "build" / "screenshots"
SHOTS.mkdir(parents=True, exist_ok=True)


@dataclass(frozen=True)
class Site:
    """A running server and the database behind it."""

    base: str
    database: Database


@contextmanager
def serving(folder: Path, migrated: Path, fill: Callable[[Context], None]) -> Iterator[Site]:
    """Serve a country of its own, filled by `fill` from an empty migrated file."""
    file = folder / "city-opinion.sqlite3"
    file.write_bytes(migrated.read_bytes())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"SECRET_KEY": SECRET, "INSTANCE": str(folder), "PORT": str(port), "DEMO": "1"}
    settings = Settings.from_env(own)
    database = Database(settings.database_url)
    fill(Context(settings, database, SystemClock()))
    server = subprocess.Popen([sys.executable, "-m", "app", "serve"], cwd=ROOT, env=os.environ | own)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(base, server)
        yield Site(base, database)
    finally:
        server.terminate()
        server.wait(timeout=20)
        database.close()


@pytest.fixture(scope="session")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo country."""
    folder = tmp_path_factory.mktemp("site")
    with serving(folder, sqlite_template, lambda context: seed_demo(context, say=lambda _line: None)) as running:
        yield running


@pytest.fixture
def scriptless(chromium: Browser) -> Iterator[BrowserContext]:
    """A small phone with script switched off."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    yield context
    context.close()


def _wait_for(base: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if server.poll() is not None:
            pytest.fail("the server ended at once")
        try:
            urllib.request.urlopen(f"{base}/kk/", timeout=5).close()  # noqa: S310 - our own address on loopback
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the server did not answer")
