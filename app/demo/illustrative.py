"""An illustrative set of the 2019 indicators that keeps to the few figures the paper published.

Published (N. Shurenov, L. Bimendiyeva, J. Nathan, Bulletin of NAS RK, 5/2020): means over the 17 cities of education
98.4, urban management 75.7, health 66.5, business and tourism 17.2 (highest Almaty 29.6, lowest 9). Every other
number here is drawn from a seeded generator and says nothing about any city.
"""

from collections.abc import Iterator
from decimal import Decimal
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.edition import Indicator, load_edition
from surveys.population.places import load_places

SEED = 2019
PUBLISHED_MEANS = {"edu": 98.4, "ctm": 75.7, "hlt": 66.5, "btd": 17.2}
"""Percent, mean over the 17 cities."""

HIGHEST_BUSINESS = ("almaty", 29.6)
LOWEST_BUSINESS = 9.0
ASSUMED_MEANS = {"scy": 42.0, "hcs": 38.0, "its": 45.0, "soc": 50.0, "eco": 33.0, "bld": 47.0, "agr": 28.0, "ict": 44.0}
"""Nothing was published for these areas: round guesses that make the whole plausible."""

SPREAD = 9.0
"""Standard deviation between cities, in points."""

SOURCE = (
    "Үлгі дерек, жарияланған көрсеткіш емес / Иллюстративные данные, не опубликованный показатель / "
    "Illustrative, not a published figure"
)
"""A source is one text for all readers: in the three languages, as the captions of the demo's papers are."""


class Value(NamedTuple):
    """One value of the set, in the columns of an indicator file."""

    city: str
    indicator: str
    value: str
    source: str = SOURCE


def illustrative_values() -> Iterator[Value]:
    """Give a value for each of the 101 indicators of each of the 17 cities, the same ones each time."""
    edition = load_edition("standard_2019")
    cities = [city.code for city in load_places().cities if city.in_2019_rating]
    rng, sharing = np.random.default_rng(SEED), np.random.default_rng(SEED + 1)
    for area in edition.areas:
        indicators = edition.indicators_of(area.code)
        for city, mean in zip(cities, _city_means(rng, area.code, cities), strict=True):
            values = _area_values(indicators, Decimal(str(mean)), sharing)
            yield from (Value(city, each.code, value) for each, value in zip(indicators, values, strict=True))


def _city_means(rng: np.random.Generator, area: str, cities: list[str]) -> NDArray[np.float64]:
    """Draw the cities' area scores with the published (or assumed) mean, to a tenth of a point."""
    target = PUBLISHED_MEANS.get(area) or ASSUMED_MEANS[area]
    low, high = (LOWEST_BUSINESS, HIGHEST_BUSINESS[1]) if area == "btd" else (2.0, 100.0)
    spread = min(SPREAD, (high - target) * 0.8, (target - low) * 0.8)
    means = np.clip(rng.normal(target, spread, len(cities)), low, high)
    if area == "btd":
        means[cities.index(HIGHEST_BUSINESS[0])] = high
        means[int(np.argmin(means))] = low
    free = (means > low) & (means < high)
    for _ in range(50):
        means[free] = np.clip(means[free] + (target - means.mean()) * len(cities) / free.sum(), low, high)
    rounded: NDArray[np.float64] = np.round(means, 1)
    return rounded


def _area_values(indicators: tuple[Indicator, ...], mean: Decimal, rng: np.random.Generator) -> Iterator[str]:
    """Share an area's score out over its indicators, each city in its own way; gives the values in their order.

    Were all shared out alike, the indicators of an area would rise and fall as one, which no real set does.
    """
    yes_no = [indicator.code for indicator in indicators if indicator.method == "yes_no"]
    percentages = [indicator.code for indicator in indicators if indicator.method == "percentage"]
    total = mean * len(indicators)
    least = max(0, ceil((total - 100 * len(percentages)) / 100))
    yes = int(rng.integers(least, min(len(yes_no), int(total // 100)) + 1))
    with_yes = set(rng.permutation(yes_no)[:yes].tolist())
    shares = dict(zip(percentages, _shares(total - 100 * yes, len(percentages), rng), strict=True))
    for indicator in indicators:
        yield (
            f"{shares[indicator.code]:.3f}"
            if indicator.code in shares
            else "yes"
            if indicator.code in with_yes
            else "no"
        )


def _shares(rest: Decimal, parts: int, rng: np.random.Generator) -> list[Decimal]:
    """Split a sum into parts of 0 to 100 that differ but add up to it exactly."""
    each = float(rest) / parts
    lean = rng.normal(0, 1, parts)
    lean -= lean.mean()
    room = np.where(lean > 0, 100 - each, each) / np.maximum(np.abs(lean), 1e-9)
    values = [Decimal(f"{value:.3f}") for value in each + 0.9 * room.min() * lean]
    middle = int(np.argmin(np.abs(lean)))
    values[middle] += rest - sum(values)
    return values
