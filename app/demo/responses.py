"""Synthetic answers for the demo and the benchmarks: a documented, seeded generator without an object per answer.

Levels follow the household survey of the Bureau of National Statistics, March 2024: about half satisfied, about 36 %
partly (police 50.4 / 36.9, tax 49.7 / 37.7, service centres 52.2 / 35.5), more satisfied in small towns. City and
area effects, the dependence within a respondent, and the shares of traits are made up.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surveys.models.responses import FULL_WEIGHT
from surveys.population.places import City, load_places
from surveys.questionnaire.cells import cell_code
from surveys.questionnaire.compiled import AnswerColumn, Compiled
from surveys.questionnaire.definition import Answers

Bytes = NDArray[np.uint8]

CUMULATIVE = (0.05, 0.14, 0.50, 0.85)
"""Share of answers up to 1, 2, 3 and 4 points: half are 4 or 5, 36 % are 3."""

WITHIN = 0.55
"""Standard deviation of a respondent's own level, of a total of 1: their answers go together."""

HARD_TO_SAY = 0.06
SMALL_TOWN = 400_000
SMALL_TOWN_BONUS = 0.15
EXTRA_AREA = 0.12
"""Chance of answering about each area beyond the rotation."""

LANGUAGES = {"kk": 0.52, "ru": 0.45, "en": 0.03}
CHANNELS = ("link", "qr", "social")
TRAITS = {"sex": {"f": 0.55, "m": 0.43}, "employer": {"akimat": 0.06, "elsewhere": 0.9}}
"""Shares of traits that are not spread evenly; the first options of the others are."""


@dataclass(frozen=True, slots=True)
class SyntheticWave:
    """What to draw for: a wave, its questionnaire, how many answers, over which days."""

    code: str
    version: str
    compiled: Compiled
    n: int
    first_day: date
    days: int
    verified: float = 0.0
    """Share of answers whose givers were verified, 0 to 1, everywhere but in `unverified_city`."""
    unverified_city: str = ""
    level: float = 0.0
    """How much more satisfied everybody is, in standard deviations."""


def synthetic_rows(wave: SyntheticWave, *, seed: int) -> Iterator[dict[str, Any]]:
    """Draw response rows ready to insert; cities get answers by the square root of their population."""
    rng = np.random.default_rng(seed)
    cities = load_places().cities
    sizes = np.sqrt([city.population for city in cities])
    counts = np.floor(wave.n * sizes / sizes.sum()).astype(int)
    counts[0] += wave.n - counts.sum()
    area_effects = rng.normal(0, 0.22, len(wave.compiled.areas))
    area_effects -= area_effects.mean()
    for city, n in zip(cities, counts, strict=True):
        effects = area_effects + rng.normal(0, 0.18) + rng.normal(0, 0.12, len(area_effects))
        level = wave.level + SMALL_TOWN_BONUS * (city.population < SMALL_TOWN)
        yield from _city_rows(rng, wave, city, int(n), effects + level)


def _city_rows(
    rng: np.random.Generator, wave: SyntheticWave, city: City, n: int, effects: NDArray[np.float64]
) -> Iterator[dict[str, Any]]:
    packed = np.zeros((n, len(wave.compiled.columns)), dtype=np.uint8)
    _answer_areas(rng, wave.compiled, packed, effects)
    _answer_traits(rng, wave.compiled, packed, city)
    langs = rng.choice(list(LANGUAGES), n, p=list(LANGUAGES.values()))
    cells = _cells(wave.compiled, packed, langs)
    days = rng.integers(0, wave.days, n)
    channels = rng.choice(CHANNELS, n, p=(0.6, 0.15, 0.25))
    # Every n-th by its own share, without a draw: the answers are those of a wave where nobody was verified.
    share = 0.0 if city.code == wave.unverified_city else wave.verified
    is_verified = np.diff(np.floor(share * np.arange(n + 1))) > 0
    for index in range(n):
        yield {
            "id": secrets.token_hex(16),
            "wave": wave.code,
            "city": city.code,
            "version": wave.version,
            "tier": "verified" if is_verified[index] else "open",
            "cell": cells[index],
            "lang": str(langs[index]),
            "channel": str(channels[index]),
            "mode": "web",
            "day": wave.first_day + timedelta(days=int(days[index])),
            "closed": packed[index].tobytes(),
            "base_weight": FULL_WEIGHT,
            "flags": 0,
            "folded": False,
        }


def _answer_areas(rng: np.random.Generator, compiled: Compiled, packed: Bytes, effects: NDArray[np.float64]) -> None:
    n, areas = len(packed), compiled.areas
    order = rng.random((n, len(areas))).argsort(axis=1).argsort(axis=1)
    is_asked = (order < compiled.questionnaire.areas_per_respondent) | (rng.random((n, len(areas))) < EXTRA_AREA)
    level = rng.normal(0, WITHIN, n)
    thresholds = [NormalDist().inv_cdf(share) for share in CUMULATIVE]
    for index, area in enumerate(areas):
        scored = {item.position for item in compiled.area_items(area)}
        for item in compiled.area_items(area):
            feeling = effects[index] + level + rng.normal(0, np.sqrt(1 - WITHIN**2), n)
            points = 1 + np.searchsorted(thresholds, feeling)
            by_points = np.array([0, *(item.values.index(p) for p in range(1, 6))], dtype=np.uint8)
            answer = by_points[points]
            unsure = item.values.index(0, 1, _options(compiled, item.position) + 1)
            answer[rng.random(n) < HARD_TO_SAY] = unsure
            packed[:, item.position] = np.where(is_asked[:, index], answer, 0)
        for column in compiled.columns:
            if compiled.questionnaire.question(column.question).area == area and column.position not in scored:
                used = 1 + (rng.random(n) > 0.45 + 0.1 * effects[index])
                packed[:, column.position] = np.where(is_asked[:, index], used, 0)


def _answer_traits(rng: np.random.Generator, compiled: Compiled, packed: Bytes, city: City) -> None:
    n = len(packed)
    for column in compiled.columns:
        question = compiled.questionnaire.question(column.question)
        if question.area is not None or column.multi:
            continue
        offered = question.offered(city.code)
        if not offered:
            continue
        shares = TRAITS.get(question.weighting or "", {})
        outside_scale = [option.apart for option in offered]
        weights = np.array([0.02 if is_outside else 1.0 for is_outside in outside_scale])
        if shares:
            weights = np.array([shares.get(option.code, 0.02) for option in offered])
        bytes_of = np.array([column.weights[option.code] for option in offered], dtype=np.uint8)
        # Drawn apart: the rest of an answer is that of the demos in which nobody was asked where they work.
        own = rng.spawn(1)[0] if question.weighting == "employer" else rng
        packed[:, column.position] = own.choice(bytes_of, n, p=weights / weights.sum())


def _cells(compiled: Compiled, packed: Bytes, langs: NDArray[np.str_]) -> list[str]:
    """Write each respondent's cell; respondents with the same traits share the one text."""
    traits = [
        column
        for column in compiled.columns
        if compiled.questionnaire.question(column.question).weighting and not column.multi
    ]
    cell_codes: dict[tuple[str, bytes], str] = {}
    keys = packed[:, [column.position for column in traits]]
    result = []
    for lang, key in zip(langs.tolist(), keys, strict=True):
        mark = (lang, key.tobytes())
        if mark not in cell_codes:
            cell_codes[mark] = cell_code(compiled.questionnaire, _traits(traits, key), lang)
        result.append(cell_codes[mark])
    return result


def _traits(columns: list[AnswerColumn], key: Bytes) -> Answers:
    return {
        column.question: tuple(column.weights)[int(byte) - 1] for column, byte in zip(columns, key, strict=True) if byte
    }


def _options(compiled: Compiled, position: int) -> int:
    return len(compiled.columns[position].weights)
