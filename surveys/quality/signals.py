"""Assesses what surrounds an answer while it arrives: who sent it with what, how fast, and amid how many others.

Everything here lives in memory. Of an arrival only this is ever stored, beside the response:

- group codes (`links`): that answers share a device, an invitation link or a network, and nothing about which. A code
  is a MAC of 48 bits and holds the wave and the city. Codes of a device, an invitation, and a network in an hour or a
  day are made under the key of the day: once that is destroyed nobody can try addresses against them. The code of a
  network in a wave is made under the key of the wave, which is destroyed when the wave is frozen, as the codes are.
  A verified answer has no code of a network at all: it is never weighed by where it came from.
- of a network in an hour and in a day, how many devices had answered from it before, in steps of 10 (`Turn`).
- `SPEED`: answered in under a third of the time that half of the others needed. Not in how many seconds.
- `BURST`: arrived in an hour with far more answers than the city is used to. Not in which hour of the day.
- `HONEYPOT`: a field that people do not see was filled. Not with what.

What is usual is learned from LEARNED answers of a network and hour: the others are compared with it and change nothing
in it. Else one address, whose phones say themselves how long they took, would have everybody flagged.

None of them refuses anything: thirty open answers of one address in an hour are linked and weigh as few, until somebody
looks.
"""

import math
from base64 import urlsafe_b64encode
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
from surveys.quality.links import FIRST_DEVICES, LAST_TURN, Links, Turn

ENOUGH_ANSWERS = 30
"""Answers of a wave before anybody can be called fast."""

LONGEST = 3600
"""Seconds; who takes longer was called away, and how long says nothing more."""

ENOUGH_HOURS = 24
"""Hours of a city that must be known before an hour can be called a burst."""

KEPT_HOURS = 24 * 7
BURST_DEVIATIONS = 6
LEARNED = 3
"""Answers of one network in an hour from which is learned what is usual in a wave."""

_CODE_BYTES = 6
"""Of a group code: eight signs, so that all codes of an answer fit their column."""

_MOST_RANKED = 10_000
"""Devices of an hour, or of a day, whose order is remembered; the rest come last. And networks of an hour."""

_SPEED, _BURST, _HONEYPOT = int(Flag.SPEED), int(Flag.BURST), int(Flag.HONEYPOT)
"""Plain numbers: flags are put together at every answer, and an enumeration does it ten times slower."""

_MAPPED = bytes(10) + b"\xff\xff"
"""How an IPv6 address begins that stands for one of IPv4."""


@dataclass(slots=True, kw_only=True)
class Arrival:
    """What is known of one answer as it comes in; an empty text stands for unknown. `repr` keeps it out of logs."""

    wave: str
    city: str
    tier: str = field(default="open", repr=False)
    address: str = field(default="", repr=False)
    device: str = field(default="", repr=False)
    invitation: str = field(default="", repr=False)
    seconds: int | None = field(default=None, repr=False)
    honey: str = field(default="", repr=False)


class ArrivalSignals(NamedTuple):
    """What may be stored of an arrival (the fields of the same names in surveys.responses.intake.Submission)."""

    flags: int
    links: Links


class ArrivalMonitor:
    """Follows the arrivals of one process; hand it only waves and cities that exist, for it remembers each."""

    def __init__(self, directory: Path) -> None:
        """Keep the keys of the days in a folder; processes that share it give the same codes."""
        self._directory = directory
        self._lock = Lock()
        self._key: tuple[date, tuple[int, int] | None, bytes] | None = None
        self._paces: dict[str, _Pace] = {}
        self._rates: dict[tuple[str, str], _Rate] = {}
        self._of_hour, self._of_day = _Ranks(), _Ranks()
        self._sent = _Sent()

    def assess(self, arrival: Arrival, now: datetime, wave_key: bytes) -> ArrivalSignals:
        """Assess an arrival at a moment, which must carry its zone: the day of that zone is the day of the key.

        Raises OSError or KeyFileError when the key of the day cannot be had.
        """
        hour = int(now.timestamp()) // 3600
        with self._lock:
            sent = self._sent.count(arrival, hour)
            flags = self._pace(arrival, sent) | self._rate(arrival, hour, sent)
            codes = _Codes(self._day_key(now.date()), f"{arrival.wave}\0{arrival.city}\0")
            links = Links(
                device=codes.of("device", arrival.device), invitation=codes.of("invitation", arrival.invitation)
            )
            if arrival.tier != "verified":
                links = self._placed(links, arrival, (codes, codes._replace(key=wave_key)), hour)
        return ArrivalSignals(flags | (_HONEYPOT if arrival.honey else 0), links)

    def _placed(self, links: Links, arrival: Arrival, codes: tuple["_Codes", "_Codes"], hour: int) -> Links:
        """Add the codes of the network that an open answer came from."""
        network, provider = _prefixes(arrival.address)
        if not network:
            return links
        of_day, of_wave = codes
        in_hour, in_day = of_day.of("network hour", f"{network} {hour}"), of_day.of("network day", network)
        return links._replace(
            hour=Turn(in_hour, self._of_hour.turn(hour, in_hour, links.device)),
            day=Turn(in_day, self._of_day.turn(of_day.key, in_day, links.device)),
            network=of_wave.of("network", network),
            provider=of_wave.of("provider", provider),
        )

    def _pace(self, arrival: Arrival, sent: int) -> int:
        if arrival.seconds is None:
            return 0
        pace = self._paces.get(arrival.wave) or self._paces.setdefault(arrival.wave, _Pace())
        return _SPEED if pace.is_fast(arrival.seconds, is_learned=sent <= LEARNED) else 0

    def _rate(self, arrival: Arrival, hour: int, sent: int) -> int:
        city = (arrival.wave, arrival.city)
        rate = self._rates.get(city) or self._rates.setdefault(city, _Rate(hour))
        return _BURST if rate.is_burst(hour, sent) else 0

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

    def is_fast(self, seconds: int, *, is_learned: bool) -> bool:
        """Compare with the median of those before, then count this one in or not."""
        seconds = min(max(seconds, 0), LONGEST)
        fast = self._n >= ENOUGH_ANSWERS and 3 * seconds < self._median
        if not is_learned:
            return fast
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

    def is_burst(self, hour: int, sent: int) -> bool:
        """Learn from an arrival, if its network has not `sent` too many; tell whether the hour is far too busy by now.

        By all networks together, of each LEARNED at most, or by its own alone.
        """
        if hour > self._hour:
            self._past.append(self._count)
            self._past.extend([0] * min(hour - self._hour - 1, KEPT_HOURS))
            self._hour, self._count = hour, 0
            self._most = _most(self._past)
        self._count += sent <= LEARNED
        return max(self._count, sent) > self._most


def _most(past: Collection[int]) -> float:
    """Give the most arrivals of an hour that are no burst after hours like these."""
    if len(past) < ENOUGH_HOURS:
        return math.inf
    mean = sum(past) / len(past)
    variance = sum((count - mean) ** 2 for count in past) / (len(past) - 1)
    # Arrivals of independent people vary at least as their own number does, and by one person in a quiet city.
    return float(mean + BURST_DEVIATIONS * max(variance, mean, 1.0) ** 0.5)


class _Sent:
    """How many answers each network has sent to a wave in this hour; of more than _MOST_RANKED of them, some."""

    def __init__(self) -> None:
        self._hour = 0
        self._sent: dict[tuple[str, str], int] = {}

    def count(self, arrival: Arrival, hour: int) -> int:
        """Count an arrival in and give how many there are with it; 1 where its network is not known."""
        network, _provider = _prefixes(arrival.address)
        if hour != self._hour:
            self._hour, self._sent = hour, {}
        key = (arrival.wave, network)
        sent = self._sent.get(key, 0) + 1
        if network and (sent > 1 or len(self._sent) < _MOST_RANKED):
            self._sent[key] = sent
        return sent


class _Ranks:
    """The devices of each network in the order in which they came, within one hour or one day."""

    def __init__(self) -> None:
        self._window: object = None
        self._devices: dict[str, dict[str, int]] = {}
        self._n = 0

    def turn(self, window: object, network: str, device: str) -> int:
        """Give how many devices came before this one, in steps of FIRST_DEVICES; forgets all when the window ends."""
        if window != self._window:
            self._window, self._devices, self._n = window, {}, 0
        devices = self._devices.setdefault(network, {}) if self._n < _MOST_RANKED else self._devices.get(network, {})
        rank = devices.get(device)
        if rank is None:
            rank = len(devices)
            if self._n >= _MOST_RANKED or rank >= FIRST_DEVICES * LAST_TURN:
                return LAST_TURN
            devices[device] = rank
            self._n += 1
        return rank // FIRST_DEVICES


class _Codes(NamedTuple):
    """Makes the group codes of a wave and a city under a key."""

    key: bytes
    where: str

    def of(self, kind: str, mark: str) -> str:
        """Give the code of a mark; empty when there is no mark."""
        if not mark:
            return ""
        return urlsafe_b64encode(mac(self.key, b"link", f"{kind}\0{self.where}{mark}".encode())[:_CODE_BYTES]).decode()


def _prefixes(address: str) -> tuple[str, str]:
    """Give what one subscriber or a small network shares of an address, and of IPv6 what a provider shares.

    That is /24 of IPv4, /48 and /32 of IPv6; empty where there is none.
    """
    with suppress(OSError, ValueError):
        return inet_pton(AF_INET, address)[:3].hex(), ""
    with suppress(OSError, ValueError):
        packed = inet_pton(AF_INET6, address)
        return (packed[12:15].hex(), "") if packed.startswith(_MAPPED) else (packed[:6].hex(), packed[:4].hex())
    return "", ""
