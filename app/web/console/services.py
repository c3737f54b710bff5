"""What the routes of the console work with."""

from dataclasses import dataclass

from flask import Flask

from app.clock import Clock
from app.config import Settings
from app.database import Database
from app.monitoring.counters import Counters
from app.monitoring.readiness import Readiness
from app.web import site


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleServices(site.Services):
    """What the console works with beside settings, database and clock."""


def make_services(app: Flask, settings: Settings, database: Database, clock: Clock) -> ConsoleServices:  # noqa: ARG001 - every site's have this shape
    """Make the services of a console."""
    return ConsoleServices(
        settings=settings,
        database=database,
        clock=clock,
        counters=Counters(),
        readiness=Readiness(database, clock, settings.keys),
    )
