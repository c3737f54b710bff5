"""What the public site and the console are both made of: Flask without what we do not use, and everything around it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, NoReturn
from urllib.parse import urlsplit
from wsgiref.types import WSGIEnvironment

from flask import Flask, Request, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, RequestRedirect

from app.clock import Clock
from app.config import Settings
from app.database import Database
from app.faults import describe
from app.web import compression, counting, errors, health, hosts, language, look, security, site
from app.web.csrf import Csrf
from app.web.errors import ErrorPages
from app.web.request import SiteRequest, full_name
from app.web.sessions import Sessions

ROOT = Path(__file__).parents[2]
TRANSLATIONS = ROOT / "translations"


class SiteKind(NamedTuple):
    """What differs between the sites before their own pages are put in."""

    session: str
    """Name of the cookie that signs forms."""
    path: str
    """Below it that cookie goes."""
    body_limit: int
    """Bytes of one request."""
    services: Callable[[Flask, Settings, Database, Clock], site.Services]
    pages: ErrorPages
    prefix: str = ""
    """What stands before the addresses of its static files and of the reader's settings."""
    guard: Callable[[Flask], None] | None = None
    """Puts in what looks at a request before its form is looked at."""
    is_known: Callable[[], bool] | None = None
    """Tells of the current request whether its sender may send more than the server reads of anybody."""


class SmallNumber(IntegerConverter):
    """A number in an address that every database and every language has room for."""

    regex = "[0-9]{1,9}"


class _Site(Flask):
    """Flask without views that await: it would look at every view, hook and handler at every request to find one."""

    request_class = SiteRequest
    is_known: Callable[[], bool] | None = None

    def takes_more(self, environ: WSGIEnvironment) -> bool:
        """Tell the server by the head of a request whether to read a long body of its sender (app.serving.adapter)."""
        if self.is_known is None:
            return False
        with self.request_context(environ):
            return self.is_known()

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


def make(kind: SiteKind, settings: Settings, database: Database, clock: Clock) -> Flask:
    """Make a site without pages of its own; `enclose` closes it once they are in."""
    app = _Site("app", static_url_path=f"{kind.prefix}/static", static_folder="static", template_folder="templates")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_keys[1:]),
        WTF_CSRF_SECRET_KEY=list(reversed(settings.secret_keys)),  # itsdangerous signs with the last of a list
        MAX_CONTENT_LENGTH=kind.body_limit,
        MAX_FORM_MEMORY_SIZE=kind.body_limit,
        SESSION_COOKIE_NAME=full_name(kind.session, kind.path, secure=settings.secure_cookies),
        SESSION_COOKIE_PATH=kind.path,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.is_known = kind.is_known
    app.session_interface = Sessions()
    app.url_map.converters["int"] = SmallNumber
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    site.attach(app, kind.services(app, settings, database, clock))
    language.init_app(app, str(TRANSLATIONS))
    hosts.init_app(app, settings.hosts, health.PATHS)
    errors.init_app(app, kind.pages)
    if kind.guard:
        kind.guard(app)
    look.register(app, Csrf(app), kind.prefix)
    compression.init_app(app)
    app.register_blueprint(health.bp)
    return app


def enclose(app: Flask, settings: Settings) -> Flask:
    """Put around a site, from the outside in: what is counted, who asks, the headers of every answer, Flask."""
    security.init_app(app, https=settings.secure_cookies)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0)  # type: ignore[method-assign]
    counting.init_app(app, site.services_of(app).counters)
    return app
