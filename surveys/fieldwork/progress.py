"""How far a wave has come in each city, as coarsely as the public may know it."""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveys.models.fieldwork import WaveCity
from surveys.models.tallies import MINIMUM, Tally


class CityProgress(NamedTuple):
    """Answers of one city: `folded` is rounded down to tens, None below ten; `target` is what is hoped for."""

    city: str
    folded: int | None
    target: int

    @property
    def percent(self) -> int:
        """Part of the target reached, 0 to 100."""
        return min(100, 100 * (self.folded or 0) // self.target) if self.target else 100

    @property
    def is_beyond(self) -> bool:
        """Whether more came than were hoped for."""
        return (self.folded or 0) > self.target


def wave_progress(session: Session, wave: str) -> tuple[CityProgress, ...]:
    """Give the progress of every city of a wave.

    Only folded answers count: they arrive by tens, so that nobody can see a single answer come in.
    """
    counts = dict(
        session.execute(select(Tally.city, func.sum(Tally.n)).where(Tally.wave == wave).group_by(Tally.city)).all()
    )
    cities = session.execute(
        select(WaveCity.city, WaveCity.target_n).where(WaveCity.wave == wave).order_by(WaveCity.city)
    )
    return tuple(CityProgress(city, _coarse(int(counts.get(city, 0))), target) for city, target in cities)


def _coarse(n: int) -> int | None:
    return n - n % MINIMUM if n >= MINIMUM else None
