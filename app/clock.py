"""The only source of the present moment; everything else is handed a time or a day."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

KAZAKHSTAN = timezone(timedelta(hours=5), "Asia/Almaty")
"""One zone for the whole country since 1 March 2024: UTC+5."""


def day_of(moment: datetime) -> date:
    """Tell the day in Kazakhstan at a moment."""
    return moment.astimezone(KAZAKHSTAN).date()


class Clock(Protocol):
    """What a clock can tell."""

    def now(self) -> datetime:
        """Tell the moment, in UTC."""
        ...

    def today(self) -> date:
        """Tell the day in Kazakhstan."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Tell the moment, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Tell the day in Kazakhstan."""
        return day_of(self.now())


class FrozenClock:
    """A clock that stands still: for tests and for seeding the demo."""

    def __init__(self, moment: datetime) -> None:
        """Stop at a moment, which must carry its zone."""
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Tell the moment the clock was stopped at."""
        return self._moment

    def today(self) -> date:
        """Tell the day in Kazakhstan at that moment."""
        return day_of(self._moment)
