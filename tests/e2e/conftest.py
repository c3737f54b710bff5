"""A real server and a real Chromium for the browser walks."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from app.config import Settings
from app.database import Database
from tests.conftest import SECRET
from tests.e2e.fixtures import isle, phone, windows
from tests.ports import free_port

__all__ = ["isle", "phone", "windows"]

ROOT = Path(__file__).parents[2]
PATIENCE = 120
"""Seconds a server may take to answer for the first time on a busy machine."""


@dataclass(frozen=True)
class Site:
    """A running server and the database behind it."""

    base: str
    database: Database


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """Serve the country that lies in a folder."""
    port = free_port()
    own = {"SECRET_KEY": SECRET, "INSTANCE": str(folder), "PORT": str(port), "DEMO": "1"}
    database = Database(Settings.from_env(own).database_url)
    server = subprocess.Popen(
        [sys.executable, "-m", "app", "serve", "--site", "public"], cwd=ROOT, env=os.environ | own
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(base, server)
        yield Site(base, database)
    finally:
        server.terminate()
        server.wait(timeout=60)
        database.close()


@pytest.fixture(scope="session")
def site(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo country."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(demo, folder, dirs_exist_ok=True)
    with serving(folder) as running:
        yield running


@pytest.fixture
def scriptless(chromium: Browser) -> Iterator[BrowserContext]:
    """A small phone with script switched off."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    yield context
    context.close()


def _wait_for(base: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail("the server ended at once")
        try:
            urllib.request.urlopen(f"{base}/kk/", timeout=PATIENCE).close()  # noqa: S310 - our own address on loopback
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not answer")
