"""What is kept of a run beside its tables, so that `scoring.whatif` can go on from it without any answers."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from scoring.output.tables import CityRanks, Result
from scoring.totals.cities import voice_of
from scoring.totals.place_steps import place_steps

VOICES, PLACE_STEPS = "voices", "place_steps"
COLUMNS = {VOICES: ("city", "area", "opinion", "borrowed"), PLACE_STEPS: ("city", "start", "low", "high")}
"""`voices`: P of each area as it enters the blend, and whether it was borrowed from the other cities.

`place_steps`: from which total on a city could hold which places, the other cities staying as they are.
"""


def kept(result: Result) -> dict[str, pd.DataFrame]:
    """Make both tables; every number is written exactly."""
    rows = {VOICES: _voice_rows(result), PLACE_STEPS: _step_rows(result)}
    return {name: pd.DataFrame(list(rows[name]), columns=list(columns)) for name, columns in COLUMNS.items()}


def _voice_rows(result: Result) -> Iterator[tuple[object, ...]]:
    for city in result.cities:
        voice = voice_of(city.opinions.blended)
        for area, score in voice.scores.items():
            yield city.city, area, score, int(area in voice.borrowed)


def _step_rows(result: Result) -> Iterator[tuple[object, ...]]:
    values, errors = CityRanks(result).with_errors()
    for city, steps in zip(values, place_steps(np.array(list(values.values())), errors), strict=True):
        for step in steps:
            yield city, *step
