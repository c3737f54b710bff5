"""The public site of the city rating: the survey and the portal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from flask import Flask, Request, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, RequestRedirect

from app.clock import Clock, SystemClock
from app.config import Settings
from app.database import Database
from app.faults import describe
from app.web import compression, counting, errors, health, hosts, language, look, portal, resident, security, site
from app.web.csrf import Csrf
from app.web.request import SiteRequest, full_name
from app.web.resident.services import make_services
from app.web.sessions import Sessions

ROOT = Path(__file__).parents[2]
TRANSLATIONS = ROOT / "translations"
SURVEY = "/s"
_BODY_LIMIT = 64 * 1024
"""Bytes of one request: the longest honest form is about 8 KB."""


class SmallNumber(IntegerConverter):
    """A number in an address that every database and every language has room for."""

    regex = "[0-9]{1,9}"


class _Site(Flask):
    """Flask without views that await: it would look at every view, hook and handler at every request to find one."""

    request_class = SiteRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Give a function as it is."""
        return func

    def raise_routing_exception(self, request: Request) -> NoReturn:
        """Lead to the right spelling of an address on the host that was asked: Werkzeug names that host, and http."""
        error = request.routing_exception
        if isinstance(error, RequestRedirect):
            path = urlsplit(error.new_url)._replace(scheme="", netloc="").geturl()
            # Two strokes at the start would be another site's name.
            raise RequestRedirect(f"/{path.lstrip('/')}") from None
        super().raise_routing_exception(request)

    def log_exception(self, exc_info: Any) -> None:
        """Log an error that no handler of ours saw, without its message and without the address that was asked for."""
        self.logger.error("unhandled error", extra={"endpoint": request.endpoint, "fault": describe(exc_info[1])})


def create_public(settings: Settings, database: Database, clock: Clock | None = None) -> Flask:
    """Make the public site: the survey under /s and the portal under /kk, /ru, /en."""
    app = _site(settings, database, clock or SystemClock())
    # The portal stays without cookies: the session and its CSRF secret live under the survey's path only.
    name = full_name("survey", SURVEY, secure=settings.secure_cookies)
    app.config.update(SESSION_COOKIE_NAME=name, SESSION_COOKIE_PATH=SURVEY)
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
        SECRET_KEY_FALLBACKS=list(settings.secret_keys[1:]),
        WTF_CSRF_SECRET_KEY=list(reversed(settings.secret_keys)),  # itsdangerous signs with the last of a list
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
    app.url_map.converters["int"] = SmallNumber
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    site.attach(app, make_services(app, settings, database, clock))
    language.init_app(app, str(TRANSLATIONS))
    hosts.init_app(app, settings.hosts, health.PATHS)
    errors.init_app(app)
    look.register(app, Csrf(app))
    compression.init_app(app)
    return app
