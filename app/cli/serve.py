"""`python -m app serve`: the portal and the survey in one web server."""

import click
from granian.constants import Interfaces
from granian.server import Server

from app.cli.environment import read_settings
from app.identity.settings import MEMORY

THREADS = 1
"""Of each worker: Python runs one thread at a time, and a second one costs a third more for moving between processors.

What makes a site serve more at a time is workers, on PostgreSQL. docs/operations.md says how many.
"""


@click.command()
@click.option("--workers", default=1, show_default=True, help="Web processes; SQLite takes one.")
def serve(workers: int) -> None:
    """Serve the portal and the survey; access logs stay off, for they would hold addresses of people."""
    # This process only starts and supervises the web processes, each of which opens the database itself (wsgi.py).
    settings = read_settings()
    if settings.is_sqlite and workers > 1:
        raise click.UsageError("SQLite has one writer: use one worker, or PostgreSQL through DATABASE_URL")
    if settings.identity.tries_storage == MEMORY and workers > 1:
        raise click.UsageError(
            "wrong codes and messages are counted in the memory of one worker, so a second one would double every "
            "limit: use one worker, or a common Redis through TRIES_STORAGE (docs/identity.md)"
        )
    Server(
        "wsgi:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        log_access=False,
    ).serve()
