"""Catches the mistakes that real ratings made: pure checks of tables."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.edition import Edition
from scoring.frames import Inputs
from scoring.opinion.raking import Floats
from scoring.output.findings import InputFinding, make_finding
from scoring.output.outliers import FEWEST, outlying
from scoring.totals.cities import CityScores
from scoring.totals.rules import total

DUPLICATE = 0.99
"""Correlation beyond which two indicators measure the same thing."""


def findings(inputs: Inputs, edition: Edition, cities: Sequence[CityScores]) -> list[InputFinding]:
    """Run every check that a rating's own inputs allow."""
    values = normalised(edition, cities)
    return [
        *lint_values(values),
        *lint_directions(values),
        *_lint_areas(edition, cities),
        *_lint_edges(edition, cities),
        *lint_margins(inputs.margins),
    ]


def normalised(edition: Edition, cities: Sequence[CityScores]) -> pd.DataFrame:
    """Lay values out as place, indicator, direction ("+" or "-"), raw, score and flag."""
    by_code = {indicator.code: indicator for indicator in edition.indicators}
    rows = [
        (
            city.city,
            code,
            "-" if by_code[code].direction == "less" else "+",
            float(indicator_value.value),
            float(indicator_value.score),
            indicator_value.flag,
        )
        for city in cities
        for code, indicator_value in sorted(city.indicators.values.items())
    ]
    return pd.DataFrame(rows, columns=["place", "indicator", "direction", "raw", "score", "flag"])


def lint_directions(values: pd.DataFrame) -> Iterator[InputFinding]:
    """Compare each indicator's declared direction with what its scores do: they must rise with "+", fall with "-"."""
    for indicator, rows in values.groupby("indicator", sort=True):
        if rows["raw"].nunique() < 2 or rows["score"].nunique() < 2:
            continue
        direction = rows["direction"].iloc[0]
        correlation = float(np.corrcoef(rows["raw"].rank(), rows["score"].rank())[0, 1])
        if (correlation > 0) != (direction == "+"):
            yield make_finding(
                "scored_against_direction",
                str(indicator),
                f"declared {direction}, rank correlation of value and score {correlation:+.2f}",
            )


def lint_values(values: pd.DataFrame) -> Iterator[InputFinding]:
    """Find constant indicators, outliers, values out of range, and indicators that measure the same thing."""
    for indicator, rows in values.groupby("indicator", sort=True):
        if len(rows) >= FEWEST and rows["raw"].nunique() == 1:
            yield make_finding("constant", str(indicator), f"{rows['raw'].iloc[0]:g} everywhere")
        yield from _outliers(str(indicator), rows)
        out = rows[rows.get("flag", pd.Series("", index=rows.index)) != ""]
        if len(out):
            yield make_finding("out_of_range", str(indicator), ", ".join(sorted(out["place"])))
    yield from _duplicates(values)


def lint_margins(margins: pd.DataFrame) -> Iterator[InputFinding]:
    """Find margins of one city that speak of different people: another universe, another day, another total."""
    for (audience, city), rows in margins.groupby(["audience", "city"], sort=True):
        subject = f"{audience}/{city}"
        for column, code in (("universe", "margins_of_different_universes"), ("as_of", "margins_of_different_dates")):
            if rows[column].nunique() > 1:
                yield make_finding(code, subject, ", ".join(sorted(set(rows[column]))))
        totals = rows.groupby("dimension")["people"].sum()
        if totals.max() - totals.min() > 1e-6 * totals.max():
            yield make_finding(
                "margins_disagree", subject, ", ".join(f"{name} {people}" for name, people in totals.items())
            )


def _outliers(indicator: str, rows: pd.DataFrame) -> Iterator[InputFinding]:
    far = rows[outlying(rows["raw"].tolist())]
    if len(far):
        values = ", ".join(f"{p} {v:g}" for p, v in zip(far["place"].tolist(), far["raw"].tolist(), strict=True))
        yield make_finding("outlier", indicator, values)


def _duplicates(values: pd.DataFrame) -> Iterator[InputFinding]:
    wide = values.pivot_table(index="place", columns="indicator", values="raw")
    wide = wide[[name for name in wide.columns if wide[name].nunique() > 1]]
    matrix: Floats = wide.corr(min_periods=FEWEST).to_numpy()
    names = [str(name) for name in wide.columns]
    for code, alike in (("duplicated", matrix > DUPLICATE), ("inverted_duplicate", matrix < -DUPLICATE)):
        for cluster in _clusters(np.triu(alike, 1)):
            least = min(abs(matrix[j, k]) for j, k in combinations(cluster, 2))
            yield make_finding(code, ", ".join(names[j] for j in cluster), f"|correlation| from {least:.3f}")


def _clusters(alike: NDArray[np.bool_]) -> Iterator[list[int]]:
    """Gather what is linked, directly or through others."""
    remaining = {int(index) for index in np.flatnonzero(alike.any(axis=0) | alike.any(axis=1))}
    is_linked = alike | alike.T
    while remaining:
        cluster, near = set(), {min(remaining)}
        while near:
            cluster |= near
            near = {int(index) for index in np.flatnonzero(is_linked[sorted(near)].any(axis=0))} - cluster
        remaining -= cluster
        yield sorted(cluster)


def _lint_areas(edition: Edition, cities: Sequence[CityScores]) -> Iterator[InputFinding]:
    if not cities:
        return
    for area in edition.areas:
        without = [city.city for city in cities if city.indicators.areas[area.code].score is None]
        if without:
            yield make_finding("area_without_indicators", area.code, ", ".join(without))


def _lint_edges(edition: Edition, cities: Sequence[CityScores]) -> Iterator[InputFinding]:
    depends = [
        city.city
        for city in cities
        if city.plain
        and len({total("banded", edition, city.plain, edge=e) for e in ("upper_inclusive", "lower_inclusive")}) > 1
    ]
    if depends:
        yield make_finding("band_edge_matters", "banded", ", ".join(depends))
