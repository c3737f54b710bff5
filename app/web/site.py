"""What the routes of every site share: the services of their app, cookies, and addresses of static files."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Literal, cast

from flask import Flask, current_app, url_for
from werkzeug.wrappers import Response

from app.clock import Clock
from app.config import Settings
from app.database import Database
from app.monitoring.counters import Counters
from app.monitoring.readiness import Readiness
from app.web.request import full_name

STATIC = Path(__file__).parents[1] / "static"
KEY = "city"
"""Where an app keeps its services, among Flask's extensions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the routes of an app work with; a site with more of them has a class of its own below this one."""

    settings: Settings
    database: Database
    clock: Clock
    counters: Counters
    readiness: Readiness


def attach(app: Flask, services: Services) -> None:
    """Hand an app its services."""
    app.extensions[KEY] = services
    app.jinja_env.globals.update(asset=asset, is_demo=services.settings.demo)


def services() -> Services:
    """Give the services of the current app."""
    return services_of(current_app)


def services_of(app: Flask) -> Services:
    """Give the services of an app."""
    return cast(Services, app.extensions[KEY])


def settings() -> Settings:
    """Give the settings of the current app."""
    return services().settings


def database() -> Database:
    """Give the database of the current app."""
    return services().database


def clock() -> Clock:
    """Give the clock of the current app."""
    return services().clock


def counters() -> Counters:
    """Give the counters of the current app."""
    return services().counters


def readiness() -> Readiness:
    """Give what looks at the installation of the current app."""
    return services().readiness


def set_cookie(
    response: Response,
    name: str,
    value: str,
    *,
    path: str,
    max_age: timedelta | int | None = None,
    samesite: Literal["Lax", "Strict"] = "Lax",
) -> None:
    """Set a cookie that no script reads; it ends with the browser's session where no age is given."""
    secure = settings().secure_cookies
    named = full_name(name, path, secure=secure)
    response.set_cookie(named, value, max_age=max_age, path=path, httponly=True, samesite=samesite, secure=secure)


def delete_cookie(response: Response, name: str, *, path: str) -> None:
    """Remove a cookie, and one that an earlier release set without a prefix."""
    secure = settings().secure_cookies
    for each in dict.fromkeys((full_name(name, path, secure=secure), name)):
        response.delete_cookie(each, path=path, httponly=True, secure=secure)


def asset(path: str) -> str:
    """Give the address of a static file; it changes with the content, so caches may keep it for a year."""
    return url_for("static", filename=path, v=_fingerprint(path))


@cache
def _fingerprint(path: str) -> str:
    return sha256((STATIC / path).read_bytes()).hexdigest()[:8]
