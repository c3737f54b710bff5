"""What the routes of every site share: the settings, the database and the clock of their app."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import cast

from flask import Flask, current_app, url_for

from app.clock import Clock
from app.config import Settings
from app.database import Database

STATIC = Path(__file__).parents[1] / "static"


def attach(app: Flask, *, settings: Settings, database: Database, clock: Clock) -> None:
    """Hand an app its settings, database and clock."""
    app.extensions.update(city_settings=settings, city_database=database, city_clock=clock)
    app.jinja_env.globals["asset"] = asset


def settings() -> Settings:
    """Give the settings of the current app."""
    return settings_of(current_app)


def settings_of(app: Flask) -> Settings:
    """Give the settings of an app that is being put together."""
    return cast(Settings, app.extensions["city_settings"])


def database() -> Database:
    """Give the database of the current app."""
    return cast(Database, current_app.extensions["city_database"])


def clock() -> Clock:
    """Give the clock of the current app."""
    return cast(Clock, current_app.extensions["city_clock"])


def asset(path: str) -> str:
    """Give the address of a static file; it changes with the content, so caches may keep it for a year."""
    return url_for("static", filename=path, v=_fingerprint(path))


@cache
def _fingerprint(path: str) -> str:
    return sha256((STATIC / path).read_bytes()).hexdigest()[:8]
