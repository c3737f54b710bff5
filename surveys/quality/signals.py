"""Assesses what surrounds an answer while it arrives: who sent it with what, how fast, and amid how many others.

Everything here lives in memory. Of an arrival only this is ever stored, beside the response:

- up to three group codes (`links`): that answers of one day share a device, a network hour or an invitation link, and
  nothing about which. A code is a MAC under the key of the day, of 64 bits, and holds the wave and the city: codes of
  two days, waves or cities never match, and once the day's key is destroyed nobody can try addresses against a code.
- `SPEED`: answered in under a third of the time that half of the others needed. Not in how many seconds.
- `BURST`: arrived in an hour with far more answers than the city is used to. Not in which hour of the day.
- `HONEYPOT`: a field that people do not see was filled. Not with what.

None of them refuses anything: thirty people behind one address are linked and weigh as few, until somebody looks.
"""

import math
from collections import deque
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from socket import AF_INET, AF_INET6, inet_pton
from threading import Lock
from typing import NamedTuple

from surveys.ballots import keys
from surveys.ballots.macs import mac
from surveys.models.responses import Flag

ENOUGH_ANSWERS = 30
"""Answers of a wave before anybody can be called fast."""

LONGEST = 3600
"""Seconds; who takes longer was called away, and how long says nothing more."""

ENOUGH_HOURS = 24
"""Hours of a city that must be known before an hour can be called a burst."""

KEPT_HOURS = 24 * 7
BURST_DEVIATIONS = 6
_CODE_LENGTH = 16
"""Hexadecimal signs of a group code; three of them and two spaces fit the column."""

_SPEED, _BURST, _HONEYPOT = int(Flag.SPEED), int(Flag.BURST), int(Flag.HONEYPOT)
"""Plain numbers: flags are put together at every answer, and an enumeration does it ten times slower."""

_MAPPED = bytes(10) + b"\xff\xff"
"""How an IPv6 address begins that stands for one of IPv4."""


@dataclass(slots=True, kw_only=True)
class Arrival:
    """What is known of one answer as it comes in; an empty text stands for unknown. `repr` keeps it out of logs."""

    wave: str
    city: str
    address: str = field(default="", repr=False)
    device: str = field(default="", repr=False)
    invitation: str = field(default="", repr=False)
    seconds: int | None = field(default=None, repr=False)
    honey: str = field(default="", repr=False)


class ArrivalSignals(NamedTuple):
    """What may be stored of an arrival (the fields of the same names in surveys.responses.intake.Submission)."""

    flags: int
    links: tuple[str, ...]


class ArrivalMonitor:
    """Follows the arrivals of one process; hand it only waves and cities that exist, for it remembers each."""

    def __init__(self, directory: Path) -> None:
        """Keep the keys of the days in a folder; processes that share it give the same codes."""
        self._directory = directory
        self._lock = Lock()
        self._key: tuple[date, tuple[int, int] | None, bytes] | None = None
        self._paces: dict[str, _Pace] = {}
        self._rates: dict[tuple[str, str], _Rate] = {}

    def assess(self, arrival: Arrival, now: datetime) -> ArrivalSignals:
        """Assess an arrival at a moment, which must carry its zone: the day of that zone is the day of the key."""
        hour = int(now.timestamp()) // 3600
        with self._lock:
            flags = self._pace(arrival) | self._rate(arrival, hour)
            key = self._day_key(now.date())
        if arrival.honey:
            flags |= _HONEYPOT
        return ArrivalSignals(flags, _links(key, arrival, hour))

    def _pace(self, arrival: Arrival) -> int:
        if arrival.seconds is None:
            return 0
        pace = self._paces.get(arrival.wave) or self._paces.setdefault(arrival.wave, _Pace())
        return _SPEED if pace.is_fast(arrival.seconds) else 0

    def _rate(self, arrival: Arrival, hour: int) -> int:
        city = (arrival.wave, arrival.city)
        rate = self._rates.get(city) or self._rates.setdefault(city, _Rate(hour))
        return _BURST if rate.is_burst(hour) else 0

    def _day_key(self, day: date) -> bytes:
        # A freeze destroys the key within its day; all processes then go on with the same new one.
        if self._key is None or self._key[:2] != (day, keys.day_key_mark(self._directory, day)):
            key = keys.day_key(self._directory, day)
            self._key = (day, keys.day_key_mark(self._directory, day), key)
        return self._key[2]


class _Pace:
    """Running median of the seconds of a wave, as counts of whole seconds."""

    def __init__(self) -> None:
        self._counts = [0] * (LONGEST + 1)
        self._n = 0
        self._median = 0
        self._below = 0

    def is_fast(self, seconds: int) -> bool:
        """Compare with the median of those before, then count this one in."""
        seconds = min(max(seconds, 0), LONGEST)
        fast = self._n >= ENOUGH_ANSWERS and 3 * seconds < self._median
        self._counts[seconds] += 1
        self._n += 1
        self._below += seconds < self._median
        # The median moves by few steps an answer, so that no answer needs to look at all counts.
        while 2 * self._below > self._n:
            self._median -= 1
            self._below -= self._counts[self._median]
        while 2 * (self._below + self._counts[self._median]) < self._n:
            self._below += self._counts[self._median]
            self._median += 1
        return fast


class _Rate:
    """Arrivals by hour of one city in one wave, quiet hours included, over a week."""

    def __init__(self, hour: int) -> None:
        self._hour = hour
        self._count = 0
        self._past: deque[int] = deque(maxlen=KEPT_HOURS)
        self._most = math.inf

    def is_burst(self, hour: int) -> bool:
        """Count an arrival in; tell whether its hour has become far busier than those before it."""
        if hour > self._hour:
            self._past.append(self._count)
            self._past.extend([0] * min(hour - self._hour - 1, KEPT_HOURS))
            self._hour, self._count = hour, 0
            self._most = _most(self._past)
        self._count += 1
        return self._count > self._most


def _most(past: Collection[int]) -> float:
    """Give the most arrivals of an hour that are no burst after hours like these."""
    if len(past) < ENOUGH_HOURS:
        return math.inf
    mean = sum(past) / len(past)
    variance = sum((count - mean) ** 2 for count in past) / (len(past) - 1)
    # Arrivals of independent people vary at least as their own number does, and by one person in a quiet city.
    return float(mean + BURST_DEVIATIONS * max(variance, mean, 1.0) ** 0.5)


def _links(key: bytes, arrival: Arrival, hour: int) -> tuple[str, ...]:
    network = _prefix(arrival.address)
    marks = {
        "device": arrival.device,
        "network": f"{network} {hour}" if network else "",
        "invitation": arrival.invitation,
    }
    where = f"{arrival.wave}\0{arrival.city}\0"
    return tuple(
        mac(key, b"link", f"{kind}\0{where}{mark}".encode()).hex()[:_CODE_LENGTH]
        for kind, mark in marks.items()
        if mark
    )


def _prefix(address: str) -> str:
    """Shorten an address to the part that one subscriber or a small network shares; empty for anything else."""
    with suppress(OSError, ValueError):
        return inet_pton(AF_INET, address)[:3].hex()
    with suppress(OSError, ValueError):
        packed = inet_pton(AF_INET6, address)
        return (packed[12:15] if packed.startswith(_MAPPED) else packed[:6]).hex()
    return ""
