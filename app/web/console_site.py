"""The console: where administrations and the ministry work, below /console, in a process of its own."""

from flask import Flask, redirect
from werkzeug.wrappers import Response

from app.clock import Clock, SystemClock
from app.config import Settings
from app.database import Database
from app.web import assembly, console
from app.web.console import access, body_limits, guard, refused_forms
from app.web.console.services import make_services

BODY_LIMIT = 12 * 1024 * 1024
"""Bytes of one request: a document of 10 MB and the form around it."""


def create_console(settings: Settings, database: Database, clock: Clock | None = None) -> Flask:
    """Make the console; raises UnguardedError when nobody said who may use one of its routes."""
    pages = access.error_pages(settings.console_url)
    # Two cookies: this one signs forms, for whoever is not signed in yet too; that of access names the session.
    kind = assembly.SiteKind(
        "console_form",
        access.PATH,
        BODY_LIMIT,
        make_services,
        pages,
        prefix=access.PATH,
        guard=guard.init_app,
        is_known=body_limits.is_of_known,
    )
    app = assembly.make(kind, settings, database, clock or SystemClock())
    # The portal is another site: its pages are led to by the address that everybody knows it by.
    app.jinja_env.globals.update(front=f"{access.PATH}/", portal=settings.public_url)
    app.add_url_rule("/", "front", access.open_to_all(_front))
    app.add_url_rule(access.PATH, "front", access.open_to_all(_front))
    console.register(app)
    refused_forms.init_app(app)
    return assembly.enclose(app, settings)


def _front() -> Response:
    """Lead to the console from the root of a host of its own."""
    return redirect(f"{access.PATH}/", 303)
