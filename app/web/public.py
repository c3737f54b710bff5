"""The public site of the city rating: the survey and the portal."""

from flask import Flask

from app.clock import Clock, SystemClock
from app.config import Settings
from app.database import Database
from app.web import assembly, portal, resident
from app.web.errors import ErrorPages
from app.web.language import choose
from app.web.resident.services import make_services

SURVEY = "/s"
_BODY_LIMIT = 64 * 1024
"""Bytes of one request: the longest honest form is about 8 KB."""


def create_public(settings: Settings, database: Database, clock: Clock | None = None) -> Flask:
    """Make the public site: the survey under /s and the portal under /kk, /ru, /en."""
    # The portal stays without cookies: the session and its CSRF secret live under the survey's path only.
    pages = ErrorPages("shared/error.html", choose, settings.public_url)
    kind = assembly.SiteKind("survey", SURVEY, _BODY_LIMIT, make_services, pages)
    app = assembly.make(kind, settings, database, clock or SystemClock())
    resident.register(app)
    portal.register(app)
    return assembly.enclose(app, settings)
