"""Inputs of ratings made by hand or from microdata: plain functions, every table can be replaced."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from scoring.edition import Edition, load_edition
from scoring.frames import CONTRACTS, Inputs

STANDARD = "standard_2019"


def frame(name: str, rows: Iterable[Sequence[object]], *more: str) -> pd.DataFrame:
    """Make an input table from rows in the order of its contract, and further columns."""
    return pd.DataFrame(list(rows), columns=[*CONTRACTS[name], *more])


def make_inputs(**tables: pd.DataFrame) -> Inputs:
    """Make inputs in which every table that is not given is empty."""
    empty = {name: frame(name, ()) for name in CONTRACTS}
    return Inputs(**(empty | tables))


def indicator_rows(edition: Edition, city: str, score: Fraction | Mapping[str, Fraction]) -> list[tuple[object, ...]]:
    """Give a city exactly `score` percent in every area (or in each area by its code): a "No" where a method is yes/no.

    Indicators of the 2019 edition are yes/no or percentages; the score is put on the percentages alone.
    """
    rows: list[tuple[object, ...]] = []
    for area in edition.areas:
        wanted = score if isinstance(score, Fraction) else score[area.code]
        rows += _area_rows(edition, city, area.code, wanted)
    return rows


def _area_rows(edition: Edition, city: str, area: str, wanted: Fraction) -> list[tuple[object, ...]]:
    indicators = edition.indicators_of(area)
    left = wanted * len(indicators)
    rows: list[tuple[object, ...]] = []
    for indicator in sorted(indicators, key=lambda each: each.method != "yes_no"):
        if indicator.method == "yes_no":
            given = Fraction(1 if left >= 100 else 0)
            left -= given * 100
        else:
            given = min(Fraction(100), left)
            left -= given
        rows.append((city, indicator.code, "reported", given.numerator, given.denominator))
    assert left == 0, "the area has too few percentages for this score"
    return rows


def respondents(n: int, seed: int = 1, *, level: float = 3.3, areas: Sequence[str] | None = None) -> pd.DataFrame:
    """Draw n respondents with sex, age, lang and district and points 1-5 per area, some unanswered (NaN)."""
    rng = np.random.default_rng(seed)
    areas = areas or [area.code for area in load_edition(STANDARD).areas]
    people = pd.DataFrame(
        {
            "sex": rng.choice(["f", "m"], n, p=[0.6, 0.4]),
            "age": rng.choice(["18-29", "30-44", "45-59", "60+"], n, p=[0.4, 0.3, 0.2, 0.1]),
            "lang": rng.choice(["kk", "ru", "en"], n, p=[0.5, 0.45, 0.05]),
            "district": rng.choice(["d1", "d2", "d3"], n, p=[0.5, 0.3, 0.2]),
        }
    )
    own = rng.normal(0, 0.6, n)
    for area in areas:
        points = np.clip(np.rint(level + own + rng.normal(0, 0.9, n)), 1, 5)
        people[area] = np.where(rng.random(n) < 0.15, np.nan, points)
    return people


def count_tables(
    people: pd.DataFrame,
    *,
    city: str = "here",
    audience: str = "resident",
    traits: Sequence[str] = ("sex", "age", "lang", "district"),
    areas: Sequence[str] | None = None,
    pairs: bool = True,
    **group: Any,
) -> dict[str, pd.DataFrame]:
    """Count microdata (a column per trait and per area, points or NaN) into cells, cell_key, scales and pairs."""
    areas = list(areas or [column for column in people.columns if column not in {*traits, "tier", "base_weight"}])
    extra = {name: people.get(name, value) for name, value in group.items()}
    keys = pd.DataFrame({"audience": audience, "city": city, **extra}, index=people.index)
    keys.insert(
        2, "cell", [";".join(map("=".join, zip(traits, row, strict=True))) for row in people[list(traits)].to_numpy()]
    )
    y = people[areas].to_numpy(dtype=np.float64)
    a = ~np.isnan(y)
    y = np.nan_to_num(y)
    names = list(keys.columns)
    cells = _cells(keys, names, areas, (a, y))
    codes = keys["cell"].unique()
    key_rows = [(audience, code, *part.split("=")) for code in codes for part in code.split(";")]
    tables = {
        "cells": cells,
        "cell_key": frame("cell_key", key_rows),
        "scales": frame("scales", [(audience, area, 1) for area in areas]),
    }
    if pairs:
        tables["pairs"] = _pairs(keys, names, areas, (a, y))
    return tables


def _cells(keys: pd.DataFrame, names: list[str], areas: list[str], answers: tuple[Any, Any]) -> pd.DataFrame:
    a, y = answers
    blocks = [keys.assign(area="", n=1, total=0, total_sq=0)]
    for index, area in enumerate(areas):
        blocks.append(keys.assign(area=area, n=a[:, index], total=y[:, index], total_sq=y[:, index] ** 2))
    whole = pd.concat(blocks).groupby([*names, "area"], as_index=False)[["n", "total", "total_sq"]].sum()
    return whole.astype({"n": "int64", "total": "int64", "total_sq": "int64"})


def _pairs(keys: pd.DataFrame, names: list[str], areas: list[str], answers: tuple[Any, Any]) -> pd.DataFrame:
    a, y = answers
    columns: dict[str, Any] = {}
    for j, first in enumerate(areas):
        for k, second in enumerate(areas):
            both = a[:, j] & a[:, k]
            columns[f"joint:{first}:{second}"] = both
            columns[f"left:{first}:{second}"] = y[:, j] * both
            columns[f"cross:{first}:{second}"] = y[:, j] * y[:, k]
    wide = pd.concat([keys, pd.DataFrame(columns, index=keys.index).astype("int64")], axis=1)
    return wide.groupby(names).sum().copy().reset_index()


def margin_rows(
    margins: Mapping[str, Mapping[str, int]], *, city: str = "here", audience: str = "resident"
) -> list[tuple[object, ...]]:
    """Give margins, dimension → category → people, as rows."""
    return [(audience, city, name, category, n) for name, counts in margins.items() for category, n in counts.items()]


MARGINS = {
    "sex": {"f": 52_000, "m": 48_000},
    "district": {"d1": 34_000, "d2": 33_000, "d3": 33_000},
    "lang": {"kk": 60_000, "ru": 38_000, "en": 2_000},
}
"""Of a made-up city of 100,000 people."""
