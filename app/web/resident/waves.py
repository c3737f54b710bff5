"""The waves as this process last saw them: a page view touches no database for a second after another one did.

Only what is shown may be a second old. Whether an answer is taken is decided inside the transaction that stores it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Database
from surveys.fieldwork.channels import PLAIN, list_channels
from surveys.models import Wave, WaveCity
from surveys.questionnaire.compiled import Compiled
from surveys.questionnaire.definition import PUBLIC_AUDIENCES
from surveys.questionnaire.versions import get_compiled

LIFE = 1.0
"""Seconds a view is shown without a new look."""

_MOST = 256
"""Views kept at a time; more waves than that are looked up more often."""


@dataclass(frozen=True, slots=True)
class WaveView:
    """A wave as the survey needs it."""

    code: str
    audience: str
    is_open: bool
    is_invited: bool
    compiled: Compiled
    cities: frozenset[str]
    gates: frozenset[str] = frozenset({"open"})
    channels: frozenset[str] = frozenset({PLAIN})

    @property
    def is_public(self) -> bool:
        """Whether everybody may be told of it: a wave of staff is for those who have a letter."""
        return self.audience in PUBLIC_AUDIENCES

    def channel(self, named: str) -> str:
        """Give a declared channel back; any other word counts as the plain link."""
        return named if named in self.channels else PLAIN

    def invitation(self, named: str) -> str:
        """Give the word of a link that no channel declares: whoever shares it was invited by the same person."""
        return "" if named in self.channels else named


def wave_view(session: Session, code: str) -> WaveView | None:
    """Read a wave; None when there is none or it has not opened yet."""
    wave = session.get(Wave, code)
    if wave is None or wave.state == "planned":
        return None
    cities = frozenset(session.scalars(select(WaveCity.city).where(WaveCity.wave == code)))
    return WaveView(
        code=code,
        audience=wave.audience,
        is_open=wave.state == "open",
        is_invited="open" not in wave.gates,
        compiled=get_compiled(session, wave.version),
        cities=cities,
        gates=wave.gates,
        channels=frozenset(list_channels(session, code)),
    )


def list_open_waves(session: Session) -> list[WaveView]:
    """List the public waves that take answers now, residents first; some ask for a code or a sign-in."""
    codes = session.scalars(select(Wave.code).where(Wave.state == "open", Wave.audience.in_(PUBLIC_AUDIENCES)))
    views = [view for code in codes if (view := wave_view(session, code))]
    return sorted(views, key=lambda view: (view.audience != "resident", view.code))


class Waves:
    """Looks waves up, and remembers each for a moment."""

    def __init__(self, database: Database, *, now: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._now = now
        self._views: dict[str, tuple[float, WaveView | None]] = {}
        self.life = LIFE

    def get(self, code: str) -> WaveView | None:
        """Give a wave; None when there is none or it has not opened yet."""
        moment, view = self._views.get(code, (0.0, None))
        if self._now() - moment < self.life:
            return view
        with self._database.reading() as session:
            view = wave_view(session, code)
        if len(self._views) >= _MOST:
            self._views.clear()
        self._views[code] = (self._now(), view)
        return view
