"""What the routes of the console work with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from flask import Flask

from app.clock import Clock
from app.config import Settings
from app.database import Database
from app.monitoring.counters import Counters
from app.monitoring.readiness import Readiness
from app.web import site
from app.web.console.signin.limits import WrongByAddress
from app.web.console.worker import Worker
from app.web.slow import Slots


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleServices(site.Services):
    """What the console works with beside settings, database and clock."""

    hashes: Slots = field(default_factory=lambda: Slots(1, waiting=2, patience=2))
    """Argon2 of passwords: a fifth of a second on a processor of its own, and 64 MB."""
    files: Slots = field(default_factory=lambda: Slots(1, waiting=3, patience=30))
    """Files of indicators that are read, each in a process of its own with half a gigabyte."""
    books: Slots = field(default_factory=lambda: Slots(2, waiting=2, patience=20))
    """Workbooks that are written, and questionnaires that are read, each in a process of its own."""
    wrong_by_address: WrongByAddress = field(default_factory=WrongByAddress)
    worker: Callable[[str], None]
    """Does ordered work beside the requests, by its id (app.web.console.worker)."""


def make_services(app: Flask, settings: Settings, database: Database, clock: Clock) -> ConsoleServices:  # noqa: ARG001 - every site's have this shape
    """Make the services of a console."""
    return ConsoleServices(
        settings=settings,
        database=database,
        clock=clock,
        counters=Counters(),
        readiness=Readiness(database, clock, settings.keys),
        worker=Worker(database, clock).order,
    )


def services() -> ConsoleServices:
    """Give the services of the current app."""
    return cast(ConsoleServices, site.services())
