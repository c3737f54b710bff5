"""What the open answers of one network may weigh: in an hour, a day, a week and a wave.

A limit is shared out inside the network so that nobody can silence the others behind one address. The FIRST_DEVICES of
each day share it first, the earlier days before the later ones, then the next of each day, and so on: whoever comes
later takes little from them. It is shared evenly by device and not by answer: many answers of one device, or without
the mark of a device, have the part of one. Verified answers never come here.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from surveys.quality.links import FIRST_DEVICES, NETWORK_SHARE, Links

Integers = NDArray[np.int64]

HOUR_RESPONSES, DAY_RESPONSES, WEEK_RESPONSES, WAVE_RESPONSES = 3, 12, 36, 3
"""Responses that a network may weigh in each window even where its share of the city would be less."""

UNMARKED_RESPONSES = 3
"""Responses that answers of one network and day weigh together at most when they carry no mark of a device."""


class Origin(NamedTuple):
    """Where an open answer came from, as far as it is stored, and on which day."""

    links: Links
    on: date

    @property
    def week(self) -> tuple[int, int]:
        """Calendar week (ISO 8601): year and number."""
        return self.on.isocalendar()[:2]


def bounded_weights(
    weights: Integers, origins: Sequence[Origin], *, full: int = 1000, share: Fraction = NETWORK_SHARE
) -> Integers:
    """Lower the weights of the open answers of one city and wave until every network keeps its limits.

    `weights` are base weights after all other caps, in parts of `full`; `share` is the largest share of the city's
    open weight (above 0, to 1) of one network and of one provider. In a day all of a network that carries no mark of a
    device weighs as one device would. In an hour a network weighs HOUR_RESPONSES at most; in a day, a week and the wave
    as much as its share of what the city weighs then, and never less than the window's responses. Never raises a
    weight; the order of answers changes nothing.
    """
    result = weights.copy()
    for members in _groups("" if origin.links.device else origin.links.day.code for origin in origins):
        _hold(result, origins, members, UNMARKED_RESPONSES * full)
    for members in _groups(origin.links.hour.code for origin in origins):
        _hold(result, origins, members, HOUR_RESPONSES * full, by_hour=True)
    for window, responses in (("on", DAY_RESPONSES), ("week", WEEK_RESPONSES)):
        for inside in _groups(getattr(origin, window) for origin in origins):
            networks = [origins[index].links.network for index in inside]
            limit = _limit(result[inside], networks, [""] * len(inside), share, responses * full)
            for members in _groups(networks):
                _hold(result, origins, inside[members], limit)
    networks, providers = ([getattr(origin.links, kind) for origin in origins] for kind in ("network", "provider"))
    limit = _limit(result, networks, providers, share, WAVE_RESPONSES * full)
    for codes in (networks, providers):
        for members in _groups(codes):
            _hold(result, origins, members, limit)
    return result


def _groups(codes: Iterator[Hashable] | Sequence[Hashable]) -> list[Integers]:
    """Give the places of the members of each group; an empty code is no group."""
    members: dict[Hashable, list[int]] = defaultdict(list)
    for index, code in enumerate(codes):
        if code:
            members[code].append(index)
    return [np.array(group, dtype=np.int64) for group in members.values()]


def _limit(weights: Integers, networks: Sequence[str], providers: Sequence[str], share: Fraction, least: int) -> int:
    """Give the largest weight of a network that is at most `share` of all that is left under that very limit.

    Begins with everything and lowers the limit until it holds; whole numbers, so it ends.
    """
    network_of = _numbered(networks)
    provider_of = dict(zip(network_of.tolist(), providers, strict=True))
    sums = np.bincount(network_of, weights=weights).astype(np.int64)
    above = _numbered([provider_of[network] for network in range(len(sums))])
    limit = max(least, int(sums.sum()) * share.numerator // share.denominator)
    while True:
        of_networks = np.minimum(sums, limit)
        kept = int(np.minimum(np.bincount(above, weights=of_networks).astype(np.int64), limit).sum())
        lower = max(least, kept * share.numerator // share.denominator)
        if lower >= limit:
            return limit
        limit = lower


def _numbered(codes: Sequence[str]) -> Integers:
    """Give each code the number of its group; what has no code is a group of its own."""
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(code or index, len(numbers)) for index, code in enumerate(codes)], np.int64)


def _hold(
    weights: Integers, origins: Sequence[Origin], members: Integers, limit: int, *, by_hour: bool = False
) -> None:
    """Lower the weights of a network's answers, in place, until they sum to a limit at most."""
    left = limit
    if int(weights[members].sum()) <= limit:
        return
    for first in _in_turn(origins, members, by_hour=by_hour):
        devices = _numbered([_device(origins[index]) for index in first.tolist()])
        demands = np.bincount(devices, weights=weights[first]).astype(np.int64)
        parts = _shared(demands, left)
        for device in np.flatnonzero(parts < demands).tolist():
            own = first[devices == device]
            weights[own] = _shared(weights[own], int(parts[device]))
        left -= int(weights[first].sum())


def _in_turn(origins: Sequence[Origin], members: Integers, *, by_hour: bool) -> Iterator[Integers]:
    """Give a network's answers in the order in which they share a limit: FIRST_DEVICES or more devices at a time."""
    turns: dict[tuple[int, date], list[int]] = defaultdict(list)
    for index in members.tolist():
        links = origins[index].links
        turns[(links.hour if by_hour else links.day).turn, origins[index].on].append(index)
    waiting: list[int] = []
    devices: set[str] = set()
    for _turn, answers in sorted(turns.items()):
        more = {_device(origins[index]) for index in answers}
        if waiting and len(devices | more) > FIRST_DEVICES:
            yield np.array(waiting, dtype=np.int64)
            waiting, devices = [], set()
        waiting, devices = waiting + answers, devices | more
    yield np.array(waiting, dtype=np.int64)


def _device(origin: Origin) -> str:
    """Name a device; all answers of a network's day that carry no mark of one count as one."""
    return origin.links.device or f"none {origin.on}"


def _shared(demands: Integers, limit: int) -> Integers:
    """Give each as much as it asks for, or else the same: the largest equal part whose sum is within the limit."""
    ordered = np.sort(demands)
    before = np.concatenate([[0], np.cumsum(ordered)[:-1]])
    # With the k smallest served whole, the others share what is left.
    parts = (limit - before) // np.arange(len(ordered), 0, -1)
    short = np.flatnonzero(parts < ordered)
    return np.minimum(demands, max(0, int(parts[short[0]]))) if len(short) else demands.copy()
