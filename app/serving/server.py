"""Starts the web server: one process by itself, or several under a supervisor."""

import resource
from functools import partial

from uvicorn import Server
from uvicorn.supervisors import Multiprocess

from app.serving.adapter import load
from app.serving.connections import Connection, ConnectionLimits, PatientConfig
from app.serving.words import refusals

THREADS = 14
"""Requests at once of one web process; fewer than these may be slow at a time (app.web.slow), so pages go on."""

BACKLOG = 512
"""Connections that the system holds until the process takes them."""

SHUTDOWN = 5
"""Seconds in which requests under way are answered when the server is asked to end."""

_OWN_FILES = 128
"""Open files of a web process beside its connections: the database, libraries, calls to others."""


def serve(target: str, address: tuple[str, int], limits: ConnectionLimits, workers: int = 1) -> None:
    """Serve a WSGI callable, `module:name`, at a host and port until the process is asked to end."""
    config = PatientConfig(
        partial(load, target, THREADS, limits.body),
        factory=True,
        interface="asgi3",
        host=address[0],
        port=address[1],
        workers=workers,
        http=Connection,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,  # what is logged, and how, is the application's
        access_log=False,  # it would hold addresses of people
        proxy_headers=False,  # TRUSTED_PROXIES says whom to believe, and the application reads them
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=max(1, int(limits.seconds)),
        timeout_graceful_shutdown=SHUTDOWN,
    )
    config.limits = limits._replace(connections=_within_files(limits.connections))
    config.refusals = refusals()
    if workers == 1:
        Server(config).run()
    else:
        Multiprocess(config, sockets=[config.bind_socket()]).run()


def _within_files(connections: int) -> int:
    """Ask the system for as many open files as that takes; gives how many connections there may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + _OWN_FILES
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return min(connections, soft - _OWN_FILES)
