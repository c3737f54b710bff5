"""Fixtures of a phone and the island it is on, for every folder with tests of a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.airplane import Island, island
from tests.e2e.looking import Windows
from tests.e2e.phone import Phone


@pytest.fixture
def isle(sqlite_template: Path, tmp_path: Path) -> Iterator[Island]:
    """Give a small country whose server can be taken away."""
    with island(sqlite_template, tmp_path) as running:
        yield running


@pytest.fixture
def phone(chromium: Browser, isle: Island) -> Iterator[Phone]:
    """Give a phone that can reach it."""
    phone = Phone.new(chromium, isle)
    yield phone
    phone.context.close()


@pytest.fixture(scope="session")
def windows(chromium: Browser) -> Iterator[Windows]:
    """Give a window for each language."""
    windows = Windows(chromium)
    yield windows
    windows.close()
