"""`python -m app serve`: the portal and the survey in one web server."""

import click

from app.cli.environment import read_settings
from app.identity.settings import MEMORY
from app.monitoring.counters import start_anew
from app.serving import server
from app.serving.connections import ConnectionLimits


@click.command()
@click.option("--workers", default=1, show_default=True, help="Web processes; SQLite takes one.")
def serve(workers: int) -> None:
    """Serve the portal and the survey; access logs stay off, for they would hold addresses of people."""
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
    server.serve(
        "wsgi:application",
        (settings.host, settings.port),
        ConnectionLimits(settings.patience, settings.connections),
        workers,
    )
