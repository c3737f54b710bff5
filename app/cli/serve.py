"""`python -m app serve`: the public site and the console, each in a web server of its own."""

import os

import click

from app.cli.environment import read_settings
from app.cli.processes import run_together
from app.config import Settings
from app.identity.settings import MEMORY
from app.monitoring.counters import start_anew
from app.serving import server
from app.serving.connections import ConnectionLimits

CONSOLE_BODY = 12 * 1024 * 1024
"""Bytes of a request of the console: a document of 10 MB and the form around it."""

CONSOLE_PATIENCE = 300
"""Seconds at least in which a request of the console has to arrive: 12 MB at 40 KB/s."""

CONSOLE_CONNECTIONS = 300
"""Clients at most of one process of the console: it is for staff."""


@click.command()
@click.option("--workers", default=1, show_default=True, help="Web processes of a site; SQLite takes one.")
@click.option("--site", type=click.Choice(["both", "public", "console"]), default="both", show_default=True)
def serve(workers: int, site: str) -> None:
    """Serve the public site and the console; access logs stay off, for they would hold addresses of people."""
    # With several workers this process only starts and supervises them; each opens the database itself (wsgi.py).
    settings = read_settings()
    if settings.is_sqlite and workers > 1:
        raise click.UsageError("SQLite has one writer: use one worker, or PostgreSQL through DATABASE_URL")
    if settings.identity.tries_storage == MEMORY and workers > 1:
        raise click.UsageError(
            "wrong codes and messages are counted in the memory of one worker, so a second one would double every "
            "limit: use one worker, or a common Redis through TRIES_STORAGE (docs/identity.md)"
        )
    start_anew(settings.metrics)
    if site == "both":
        sites = (("serve", "--site", name, "--workers", str(workers)) for name in ("public", "console"))
        if status := run_together(os.environ, *sites):
            raise SystemExit(status)
    elif site == "public":
        limits = ConnectionLimits(settings.patience, settings.connections)
        server.serve("wsgi:application", (settings.host, settings.port), limits, workers)
    else:
        server.serve("wsgi:console", (settings.host, settings.console_port), _console_limits(settings), workers)


def _console_limits(settings: Settings) -> ConnectionLimits:
    patience = max(settings.patience, CONSOLE_PATIENCE)
    return ConnectionLimits(patience, min(settings.connections, CONSOLE_CONNECTIONS), body=CONSOLE_BODY)
