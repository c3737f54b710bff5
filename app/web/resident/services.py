"""What the routes of the survey ask their app for: its services, and a wave."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from flask import Flask, abort
from flask_limiter import Limiter

from app.clock import Clock
from app.config import Settings
from app.database import Database
from app.identity.gateways import Gateway, make_gateway
from app.monitoring.counters import Counters
from app.monitoring.readiness import Readiness
from app.web import site
from app.web.resident.entry.provider import make_provider
from app.web.resident.waves import Waves, WaveView
from app.web.slow import Slow
from surveys.ballots import keys
from surveys.quality.signals import ArrivalMonitor


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentServices(site.Services):
    """What the survey works with beside settings, database and clock."""

    keys: Path
    """Folder of the wave keys."""
    waves: Waves
    arrivals: ArrivalMonitor
    """Remembers what arrived before an answer, for as long as the process lives."""
    gateway: Gateway | None
    limiter: Limiter
    provider: Any
    """The client of the sign-in provider (Authlib has no types); None where none is set."""
    slow: Slow = field(default_factory=Slow)


def make_services(app: Flask, settings: Settings, database: Database, clock: Clock) -> ResidentServices:
    """Make the services of an app that has the survey."""
    return ResidentServices(
        settings=settings,
        database=database,
        clock=clock,
        counters=Counters(),
        readiness=Readiness(database, clock, settings.keys),
        keys=settings.keys,
        waves=Waves(database),
        arrivals=ArrivalMonitor(settings.keys),
        gateway=make_gateway(settings.identity),
        limiter=_make_limiter(settings.identity.tries_storage),
        provider=make_provider(app, settings.identity),
    )


def _make_limiter(storage: str) -> Limiter:
    # An app of its own that is never served: the hooks of a limiter would look at every request of the site, while the
    # rules depend on what was typed (app.web.resident.limits). For the same reason the key function is never asked.
    return Limiter(lambda: "", app=Flask("attempts"), storage_uri=storage, strategy="moving-window")


def services() -> ResidentServices:
    """Give the services of the current app."""
    return cast(ResidentServices, site.services())


def wave_key(code: str) -> bytes:
    """Read a wave's key; raises KeyFileError, which is shown as a closed survey, when it is gone."""
    return keys.load(services().keys, code)


def wave_or_404(code: str, *, closed_too: bool = False) -> WaveView:
    """Give a wave; 404 when there is none or it has not opened yet, 410 when it is over, unless `closed_too`."""
    view = services().waves.get(code)
    if view is None:
        abort(404)
    if not view.is_open and not closed_too:
        abort(410)
    return view
