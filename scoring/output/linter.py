"""Catches the mistakes that real ratings made: pure checks of tables, each finding with a severity and a code."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.edition import Edition
from scoring.frames import Inputs
from scoring.opinion.raking import Floats
from scoring.totals.cities import CityScores
from scoring.totals.rules import total

ERROR, WARNING = "error", "warning"
"""A run with an error may not become official."""

SEVERITIES = {
    "scored_against_direction": ERROR,
    "constant": WARNING,
    "outlier": WARNING,
    "out_of_range": WARNING,
    "duplicated": WARNING,
    "inverted_duplicate": WARNING,
    "area_without_indicators": ERROR,
    "band_edge_matters": WARNING,
    "margins_of_different_universes": ERROR,
    "margins_of_different_dates": ERROR,
    "margins_disagree": ERROR,
}
"""Every check by its code, and how much it matters."""

DUPLICATE = 0.99
"""Correlation beyond which two indicators measure the same thing."""

FENCE = 3.0
"""Interquartile ranges beyond the quartiles from which a value, or its logarithm, is an outlier."""

FEWEST = 5
"""Values an indicator needs before anything is said about their spread."""


class Finding(NamedTuple):
    """One thing found; `code` names the check."""

    severity: str
    code: str
    subject: str
    detail: str


def found(code: str, subject: str, detail: str) -> Finding:
    """Make a finding with the severity of its code."""
    return Finding(SEVERITIES[code], code, subject, detail)


def findings(inputs: Inputs, edition: Edition, cities: Sequence[CityScores]) -> list[Finding]:
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
    known = {indicator.code: indicator for indicator in edition.indicators}
    rows = [
        (
            city.city,
            code,
            "-" if known[code].direction == "less" else "+",
            float(scored.value),
            float(scored.score),
            scored.flag,
        )
        for city in cities
        for code, scored in sorted(city.indicators.values.items())
    ]
    return pd.DataFrame(rows, columns=["place", "indicator", "direction", "raw", "score", "flag"])


def lint_directions(values: pd.DataFrame) -> Iterator[Finding]:
    """Compare each indicator's declared direction with what its scores do: they must rise with "+", fall with "-"."""
    for indicator, rows in values.groupby("indicator", sort=True):
        if rows["raw"].nunique() < 2 or rows["score"].nunique() < 2:
            continue
        declared = rows["direction"].iloc[0]
        correlation = float(np.corrcoef(rows["raw"].rank(), rows["score"].rank())[0, 1])
        if (correlation > 0) != (declared == "+"):
            yield found(
                "scored_against_direction",
                str(indicator),
                f"declared {declared}, rank correlation of value and score {correlation:+.2f}",
            )


def lint_values(values: pd.DataFrame) -> Iterator[Finding]:
    """Find constant indicators, outliers, values out of range, and indicators that measure the same thing."""
    for indicator, rows in values.groupby("indicator", sort=True):
        if len(rows) >= FEWEST and rows["raw"].nunique() == 1:
            yield found("constant", str(indicator), f"{rows['raw'].iloc[0]:g} everywhere")
        yield from _outliers(str(indicator), rows)
        out = rows[rows.get("flag", pd.Series("", index=rows.index)) != ""]
        if len(out):
            yield found("out_of_range", str(indicator), ", ".join(sorted(out["place"])))
    yield from _duplicates(values)


def lint_margins(margins: pd.DataFrame) -> Iterator[Finding]:
    """Find margins of one city that speak of different people: another universe, another day, another total."""
    for (audience, city), rows in margins.groupby(["audience", "city"], sort=True):
        subject = f"{audience}/{city}"
        for column, code in (("universe", "margins_of_different_universes"), ("as_of", "margins_of_different_dates")):
            if rows[column].nunique() > 1:
                yield found(code, subject, ", ".join(sorted(set(rows[column]))))
        totals = rows.groupby("dimension")["people"].sum()
        if totals.max() - totals.min() > 1e-6 * totals.max():
            yield found("margins_disagree", subject, ", ".join(f"{name} {people}" for name, people in totals.items()))


def _outliers(indicator: str, rows: pd.DataFrame) -> Iterator[Finding]:
    if len(rows) < FEWEST:
        return
    raw = rows["raw"].to_numpy(dtype=np.float64)
    far_off = _beyond(raw)
    if (raw > 0).all():
        far_off |= _beyond(np.log(raw))
    far = rows[far_off]
    if len(far):
        named = ", ".join(f"{p} {v:g}" for p, v in zip(far["place"].tolist(), far["raw"].tolist(), strict=True))
        yield found("outlier", indicator, named)


def _duplicates(values: pd.DataFrame) -> Iterator[Finding]:
    wide = values.pivot_table(index="place", columns="indicator", values="raw")
    wide = wide[[name for name in wide.columns if wide[name].nunique() > 1]]
    matrix: Floats = wide.corr(min_periods=FEWEST).to_numpy()
    names = [str(name) for name in wide.columns]
    for code, alike in (("duplicated", matrix > DUPLICATE), ("inverted_duplicate", matrix < -DUPLICATE)):
        for cluster in _clusters(np.triu(alike, 1)):
            least = min(abs(matrix[j, k]) for j, k in combinations(cluster, 2))
            yield found(code, ", ".join(names[j] for j in cluster), f"|correlation| from {least:.3f}")


def _clusters(alike: NDArray[np.bool_]) -> Iterator[list[int]]:
    """Gather what is linked, directly or through others."""
    left = {int(place) for place in np.flatnonzero(alike.any(axis=0) | alike.any(axis=1))}
    linked = alike | alike.T
    while left:
        cluster, near = set(), {min(left)}
        while near:
            cluster |= near
            near = {int(place) for place in np.flatnonzero(linked[sorted(near)].any(axis=0))} - cluster
        left -= cluster
        yield sorted(cluster)


def _beyond(values: Floats) -> NDArray[np.bool_]:
    """Say which values lie FENCE interquartile ranges beyond the quartiles."""
    low, high = np.quantile(values, [0.25, 0.75])
    reach = FENCE * (high - low)
    far = (values < low - reach) | (values > high + reach)
    apart: NDArray[np.bool_] = far & (reach > 0)
    return apart


def _lint_areas(edition: Edition, cities: Sequence[CityScores]) -> Iterator[Finding]:
    if not cities:
        return
    for area in edition.areas:
        without = [city.city for city in cities if city.indicators.areas[area.code].score is None]
        if without:
            yield found("area_without_indicators", area.code, ", ".join(without))


def _lint_edges(edition: Edition, cities: Sequence[CityScores]) -> Iterator[Finding]:
    depends = [
        city.city
        for city in cities
        if city.plain
        and len({total("banded", edition, city.plain, edge=e) for e in ("upper_inclusive", "lower_inclusive")}) > 1
    ]
    if depends:
        yield found("band_edge_matters", "banded", ", ".join(depends))
