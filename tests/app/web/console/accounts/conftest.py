"""What tests of accounts ask for: a console that has passkeys, and somebody with a password and an app of codes."""

from dataclasses import replace

import pytest
from flask import Flask

from app.accounts import passwords
from app.accounts.models import Staff
from app.config import Settings
from tests.app.web.console.accounts.signing_in import CHEAP, english_browser, make_owner
from tests.app.web.console.conftest import Browser


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", CHEAP)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A console with a name, for passkeys need one."""
    return replace(settings, console_url="http://localhost:8001")


@pytest.fixture
def owner(console: Flask, settings: Settings) -> Staff:
    return make_owner(console, settings)


@pytest.fixture
def browser(console: Flask) -> Browser:
    return english_browser(console)
