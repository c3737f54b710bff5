"""The public site of the city rating: the survey and the portal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.clock import Clock, SystemClock
from app.config import Settings
from app.database import Database
from app.web import compression, counting, errors, health, language, look, portal, resident, security, site
from app.web.csrf import Csrf
from app.web.request import SiteRequest
from app.web.resident.services import make_services
from app.web.sessions import Sessions

ROOT = Path(__file__).parents[2]
TRANSLATIONS = ROOT / "translations"
_BODY_LIMIT = 64 * 1024
"""Bytes of one request: the longest honest form is about 8 KB."""


class _Site(Flask):
    """Flask without views that await: it would look at every view, hook and handler at every request to find one."""

    request_class = SiteRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Give a function as it is."""
        return func


def create_public(settings: Settings, database: Database, clock: Clock | None = None) -> Flask:
    """Make the public site: the survey under /s and the portal under /kk, /ru, /en."""
    app = _site(settings, database, clock or SystemClock())
    # The portal stays without cookies: the session and its CSRF secret live under the survey's path only.
    app.config.update(SESSION_COOKIE_NAME="survey", SESSION_COOKIE_PATH="/s")
    resident.register(app)
    portal.register(app)
    app.register_blueprint(health.bp)
    # From the outside in: what is counted, who asks, the headers of every answer, Flask.
    security.init_app(app, https=settings.secure_cookies)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0)  # type: ignore[method-assign]
    counting.init_app(app, site.services_of(app).counters)
    return app


def _site(settings: Settings, database: Database, clock: Clock) -> Flask:
    app = _Site("app", static_folder="static", template_folder="templates")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=_BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=_BODY_LIMIT,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.session_interface = Sessions()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    site.attach(app, make_services(app, settings, database, clock))
    language.init_app(app, str(TRANSLATIONS))
    errors.init_app(app)
    look.register(app, Csrf(app))
    compression.init_app(app)
    return app
