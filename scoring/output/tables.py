"""Lays everything computed out in the tables of the rating."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pandas as pd

from scoring.edition import Edition
from scoring.frames import Inputs
from scoring.indicators.areas import group_scores
from scoring.opinion.estimates import Z95, View
from scoring.opinion.raking import Floats
from scoring.opinion.samples import Counts, of_employees
from scoring.output.diagnostics import diagnostic_rows
from scoring.output.linter import findings
from scoring.output.rating import COLUMNS, Rating, table
from scoring.output.shares import domain_rows, share_rows
from scoring.totals.cities import CityScores, combined_se, total_se, totals
from scoring.totals.ranks import RankIntervals, city_ranks, rank_intervals
from scoring.totals.rules import POINTS, RULE_NAMES, band, total

TableRow = tuple[object, ...]

LEADERS = 3
"""Places about which it is said who could hold them."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Result:
    """Everything computed, before it is laid out."""

    inputs: Inputs
    edition: Edition
    alphas: Mapping[str, Fraction]
    cities: tuple[CityScores, ...]
    counts: Mapping[str, Counts]


def lay_out(
    result: Result,
    without_flagged: Result,
    with_unverified: Result | None = None,
    without_employees: Result | None = None,
) -> Rating:
    """Make the tables of the rating.

    The second result leaves out the answers that were flagged for review, the last those of people who work in an
    akimat; the third lets unverified ones speak.
    """
    ranks = CityRanks(result)
    return Rating(
        areas=table("areas", (row for city in result.cities for row in _area_rows(result, city))),
        cities=table("cities", ranks.city_rows()),
        rules=table("rules", _rule_rows(result)),
        groups=table("groups", (row for city in result.cities for row in _group_rows(result, city))),
        places=table("places", ranks.place_rows()),
        without_flagged=table(
            "without_flagged", _rows_without(without_flagged, without_flagged.inputs.cells["flagged"] != 0)
        ),
        estimates=table("estimates", (row for city in result.cities for row in _estimate_rows(city))),
        covariances=table("covariances", (row for city in result.cities for row in _covariance_rows(city))),
        weights=table("weights", (row for city in result.cities for row in _weight_rows(city))),
        shares=table("shares", share_rows(result.cities, result.counts, result.edition)),
        domains=table("domains", domain_rows(result.cities, result.counts, result.edition)),
        findings=table("findings", findings(result.inputs, result.edition, result.cities)),
        diagnostics=table("diagnostics", diagnostic_rows(result.edition, result.cities)),
        with_unverified=None
        if with_unverified is None
        else table("with_unverified", _unverified_rows(with_unverified)),
        without_employees=None
        if without_employees is None
        else table("without_employees", _rows_without(without_employees, of_employees(without_employees.inputs))),
    )


def _unverified_rows(result: Result) -> Iterator[TableRow]:
    """Give each city's total and place as if unverified answers counted in the headline."""
    names = list(COLUMNS["cities"])
    columns = [names.index(name) for name in COLUMNS["with_unverified"]]
    for row in CityRanks(result).city_rows():
        yield tuple(row[column] for column in columns)


def _rows_without(result: Result, is_left_out: "pd.Series[bool]") -> Iterator[TableRow]:
    """Give each city's total and place without some answers, and how many these are; the marks are of `cells`."""
    cells = result.inputs.cells
    numbers = cells[(cells["area"] == "") & is_left_out].groupby("city")["n"].sum()
    mixed, opinion = (
        totals(result.edition, {city.city: getattr(city, kind) for city in result.cities}, result.edition.headline)
        for kind in ("mixed", "opinion")
    )
    ranks = city_ranks(mixed)
    for scores in result.cities:
        city = scores.city
        left_out = int(numbers.get(city, 0))
        yield city, left_out, scores.status, *_total_and_rank(city, mixed, ranks), _float(opinion.get(city))


def _area_rows(result: Result, city: CityScores) -> Iterator[TableRow]:
    opinions = city.opinions
    for index, area in enumerate(result.edition.areas):
        indicators = city.indicators.areas[area.code]
        mixed = city.mixed[area.code] if city.mixed else None
        yield (
            city.city,
            area.code,
            _float(indicators.score),
            _float(indicators.available_case),
            indicators.reported,
            indicators.applicable,
            *_published_mean(opinions.residents, index),
            *_published_mean(opinions.businesses, index),
            *_published_mean(opinions.joint, index)[::2],
            _float(mixed),
            opinions.blended.reasons[index],
        )


def _published_mean(view: View | None, index: int) -> tuple[float | None, int, float | None]:
    """Give mean, n and error of an area as they may be published."""
    if view is None:
        return None, 0, None
    n = int(view.n[index])
    return (float(view.mean[index]), n, float(view.se[index])) if view.usable[index] else (None, n, None)


def _rule_rows(result: Result) -> Iterator[TableRow]:
    for name, (rule, edge) in RULE_NAMES.items():
        sides = []
        for kind in ("mixed", "plain"):
            scores = {city.city: getattr(city, kind) for city in result.cities}
            values = {city: total(rule, result.edition, areas, edge=edge) for city, areas in scores.items() if areas}
            sides.append((values, city_ranks(values)))
        for city in result.cities:
            yield (
                city.city,
                name,
                *(part for values, rank in sides for part in _total_and_rank(city.city, values, rank)),
            )


def _total_and_rank(
    city: str, values: Mapping[str, Fraction], rank: Mapping[str, int]
) -> tuple[float | None, int | None]:
    return _float(values.get(city)), rank.get(city)


def _group_rows(result: Result, city: CityScores) -> Iterator[TableRow]:
    edition, view = result.edition, city.opinions.blended
    sides = [group_scores(edition, areas) if areas else {} for areas in (city.plain, city.opinion, city.mixed)]
    for group in edition.groups:
        codes = {area.code for area in edition.areas_of(group.code)}
        factors = np.array([float(result.alphas[c]) / len(codes) if c in codes else 0.0 for c in view.areas])
        score = sides[2].get(group.code)
        se = combined_se(factors, view) if score is not None else None
        points = band(score, edition.band_edge) if score is not None else None
        yield (
            city.city,
            group.code,
            *(_float(side.get(group.code)) for side in sides),
            se,
            points,
            *band_chances(float(score) if score is not None else None, se),
        )


def band_chances(score: float | None, se: float | None) -> tuple[float | None, ...]:
    """Give the chance that the true score lies in each of the five bands of Table 2, by the normal approximation."""
    if score is None or se is None:
        return (None,) * POINTS
    if se == 0:
        return tuple(float(band(Fraction(score)) == points) for points in range(1, POINTS + 1))
    normal = NormalDist(score, se)
    edges = [0.0, *(normal.cdf(20.0 * edge) for edge in range(1, POINTS)), 1.0]
    return tuple(high - low for low, high in pairwise(edges))


def _estimate_rows(city: CityScores) -> Iterator[TableRow]:
    for audience, audience_view in city.audiences.items():
        parts = [(tier.sample.tier, tier.view, tier.design_effect) for tier in audience_view.tiers]
        if len(parts) > 1:
            parts.insert(0, ("mixed", audience_view.view, np.full(len(audience_view.view.areas), np.nan)))
        for tier, view, effect in parts:
            for index, area in enumerate(view.areas):
                yield (
                    audience,
                    city.city,
                    tier,
                    area,
                    view.mean[index],
                    view.se[index],
                    view.linearised_se[index],
                    int(view.n[index]),
                    view.effective_n[index],
                    effect[index],
                    view.reasons[index],
                )


def _covariance_rows(city: CityScores) -> Iterator[TableRow]:
    for audience, audience_view in city.audiences.items():
        areas, values = audience_view.view.areas, audience_view.view.covariance.tolist()
        for j, area in enumerate(areas):
            for k in range(j, len(areas)):
                yield audience, city.city, area, areas[k], values[j][k]


def _weight_rows(city: CityScores) -> Iterator[TableRow]:
    for audience, audience_view in city.audiences.items():
        for tier in audience_view.tiers:
            weights = tier.weights
            positive = weights.w[weights.n > 0]
            yield (
                audience,
                city.city,
                tier.sample.tier,
                weights.status,
                int(weights.n.sum()),
                float(weights.effective_n(weights.n[:, None])[0]),
                len(positive),
                weights.iterations,
                weights.miss,
                float(positive.min(initial=np.inf)) if positive.size else None,
                float(positive.max(initial=0.0)) if positive.size else None,
                int(weights.trimmed.sum()),
                "; ".join(weights.notes),
            )


class CityRanks:
    """Totals of all cities under the headline rule, and their places."""

    def __init__(self, result: Result) -> None:
        edition = result.edition
        self.result = result
        mixed, plain, opinion, available = (
            totals(edition, {city.city: getattr(city, kind) for city in result.cities}, edition.headline)
            for kind in ("mixed", "plain", "opinion", "available")
        )
        self.mixed, self.plain, self.opinion, self.available = mixed, plain, opinion, available
        self.se = {
            city.city: total_se(edition, result.alphas, city.opinions.blended)
            for city in result.cities
            if city.city in mixed
        }
        self.with_error = [city for city, se in self.se.items() if se is not None]

    @cached_property
    def ranks(self) -> RankIntervals:
        """How far the places of the cities could be off, in the order of `with_error`."""
        values, errors = self.with_errors()
        return rank_intervals(np.array(list(values.values())), errors)

    def with_errors(self) -> tuple[dict[str, float], Floats]:
        """Give the totals that have an error, by city, and the errors in their order."""
        values = {city: float(self.mixed[city]) for city in self.with_error}
        return values, np.array([self.se[city] for city in self.with_error], dtype=np.float64)

    def city_rows(self) -> Iterator[TableRow]:
        """Give the rows of the table of cities."""
        ranks, plain = city_ranks(self.mixed), city_ranks(self.plain)
        for scores in self.result.cities:
            city = scores.city
            value, se = _float(self.mixed.get(city)), self.se.get(city)
            margin = None if value is None or se is None else Z95 * se
            yield (
                city,
                scores.status,
                value,
                se,
                None if value is None or margin is None else max(0.0, value - margin),
                None if value is None or margin is None else min(100.0, value + margin),
                ranks.get(city),
                *self._bounds(city, "low", "high"),
                _float(self.plain.get(city)),
                plain.get(city),
                _float(self.opinion.get(city)),
                *(scores.audiences[a].n if a in scores.audiences else 0 for a in ("resident", "business")),
            )

    def place_rows(self) -> Iterator[TableRow]:
        """Give the rows of the table of places."""
        available = city_ranks(self.available)
        for scores in self.result.cities:
            applicable = sum(area.applicable for area in scores.indicators.areas.values())
            reported = sum(area.reported for area in scores.indicators.areas.values())
            yield (
                scores.city,
                *self._bounds(scores.city, "group", "simultaneous_low", "simultaneous_high"),
                self._may_lead(scores.city),
                _float(self.available.get(scores.city)),
                available.get(scores.city),
                reported / applicable if applicable else None,
            )

    def _may_lead(self, city: str) -> int | None:
        """Say whether a city could be among the first LEADERS: the simultaneous bound covers all who are, at 95 %."""
        (low,) = self._bounds(city, "simultaneous_low")
        return None if low is None else int(low <= LEADERS)

    def _bounds(self, city: str, *names: str) -> list[int | None]:
        if city not in self.with_error:
            return [None] * len(names)
        return [getattr(self.ranks, name)[self.with_error.index(city)] for name in names]


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
