"""The waves as this process last saw them: a page view touches no database for a second after another one did.

Only what is shown may be a second old. Whether an answer is taken is decided inside the transaction that stores it.
"""

import time
from collections.abc import Callable
from typing import cast

from flask import Flask, current_app

from app.database import Database
from app.web.resident.form.walk import WaveView, wave_view

LIFE = 1.0
"""Seconds a view is shown without a new look."""

_MOST = 256
"""Views kept at a time; more waves than that are looked up more often."""


class Waves:
    """Looks waves up, and remembers each for a moment."""

    def __init__(self, database: Database, *, now: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._now = now
        self._seen: dict[str, tuple[float, WaveView | None]] = {}
        self.life = LIFE

    def get(self, code: str) -> WaveView | None:
        """Give a wave; None when there is none or it has not opened yet."""
        moment, view = self._seen.get(code, (0.0, None))
        if self._now() - moment < self.life:
            return view
        with self._database.reading() as session:
            view = wave_view(session, code)
        if len(self._seen) >= _MOST:
            self._seen.clear()
        self._seen[code] = (self._now(), view)
        return view


def init_app(app: Flask, database: Database) -> Waves:
    """Give a site its memory of waves."""
    waves = Waves(database)
    app.extensions["city_waves"] = waves
    return waves


def find_wave(code: str) -> WaveView | None:
    """Give a wave as the current app last saw it."""
    return cast(Waves, current_app.extensions["city_waves"]).get(code)
