"""From area scores to the rating: totals under every rule, with and without opinion, places and their intervals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from scoring.blend import Opinion, blended
from scoring.edition import Edition
from scoring.frames import digest_of
from scoring.indicators import AreaIndicators
from scoring.opinion import AudienceOpinion, Estimate
from scoring.ranks import competition_ranks, rank_intervals
from scoring.rules import RULE_NAMES, area_weights, total

Z95 = 1.959963984540054
"""Standard normal quantile of a two-sided 95 % interval."""

MOST_FILLED = 2
"""Areas of a city that may borrow their opinion before the city is rated by indicators alone."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Rating:
    """The result: one row per city and area, per city, per city and rule, and everything worth saying about it."""

    areas: pd.DataFrame
    cities: pd.DataFrame
    rules: pd.DataFrame
    diagnostics: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Give the tables by name."""
        return {
            "areas": self.areas,
            "cities": self.cities,
            "rules": self.rules,
            "diagnostics": self.diagnostics,
        }

    def digest(self) -> str:
        """Fingerprint the whole result."""
        return digest_of(self.tables())


@dataclass(frozen=True, slots=True, kw_only=True)
class CityScores:
    """Everything known of one city before totals; `opinions` are None where no wave asked."""

    city: str
    indicators: Mapping[str, AreaIndicators]
    residents: AudienceOpinion | None
    businesses: AudienceOpinion | None
    opinions: Mapping[str, Opinion]

    @property
    def is_complete(self) -> bool:
        """Whether every area has an indicator score: formulas (2) and (3) divide by fixed numbers."""
        return all(area.score is not None for area in self.indicators.values())

    def status(self, edition: Edition) -> str:
        """Say how the city is rated: blended, indicators_only, or incomplete (not rated)."""
        if not self.is_complete:
            return "incomplete"
        unsupported = [code for code, opinion in self.opinions.items() if opinion.mean is None or opinion.filled]
        lone = {area.code for area in edition.areas if len(edition.areas_of(area.group)) == 1}
        nobody = any(opinion.mean is None for opinion in self.opinions.values())
        if nobody or len(unsupported) > MOST_FILLED or lone & set(unsupported):
            return "indicators_only"
        return "blended"


def assemble(edition: Edition, alpha: Fraction, cities: list[CityScores]) -> Rating:
    """Compute totals and places of all cities and lay everything out in tables."""
    scored = {city.city: _scores(edition, alpha, city) for city in cities}
    return Rating(
        areas=_areas_table(edition, alpha, cities),
        cities=_cities_table(edition, alpha, cities, scored),
        rules=_rules_table(edition, scored),
        diagnostics=_diagnostics_table(edition, cities),
    )


@dataclass(frozen=True, slots=True)
class _Totals:
    """Area scores of one city, ready for any rule."""

    indicators: dict[str, Fraction] | None
    blended: dict[str, Fraction] | None
    opinion: dict[str, Fraction] | None


def _scores(edition: Edition, alpha: Fraction, city: CityScores) -> _Totals:
    plain = {code: area.score for code, area in city.indicators.items() if area.score is not None}
    if not city.is_complete:
        return _Totals(None, None, None)
    if alpha == 0:
        return _Totals(plain, plain, None)
    if city.status(edition) != "blended":
        return _Totals(plain, None, None)
    opinion = {code: Fraction(value.mean) for code, value in city.opinions.items() if value.mean is not None}
    mixed = {code: blended(score, city.opinions[code].mean, alpha) for code, score in plain.items()}
    return _Totals(plain, mixed, opinion)


def _areas_table(edition: Edition, alpha: Fraction, cities: list[CityScores]) -> pd.DataFrame:
    rows = []
    for city in cities:
        for area in edition.areas:
            known, opinion = city.indicators[area.code], city.opinions[area.code]
            can_blend = known.score is not None and (alpha == 0 or opinion.mean is not None)
            mixed = blended(known.score or Fraction(0), opinion.mean, alpha) if can_blend else None
            rows.append(
                {
                    "city": city.city,
                    "area": area.code,
                    "indicators": _float(known.score),
                    "available_case": _float(known.available_case),
                    "reported": known.reported,
                    "applicable": known.applicable,
                    **_audience("residents", area.opinion_areas, city.residents),
                    **_audience("businesses", area.opinion_areas, city.businesses),
                    "opinion": None if opinion.filled else opinion.mean,
                    "opinion_se": None if opinion.filled else opinion.se,
                    "blended": _float(mixed),
                    "note": ("filled:" if opinion.filled else "") + opinion.reason,
                }
            )
    return pd.DataFrame(rows)


def _audience(name: str, areas: tuple[str, ...], opinion: AudienceOpinion | None) -> dict[str, object]:
    found = [opinion.areas[area] for area in areas if opinion is not None and area in opinion.areas]
    shown = [estimate for estimate in found if not estimate.reason]
    whole = len(shown) == len(areas)
    return {
        name: _mean([estimate.mean for estimate in shown]) if whole else None,
        f"{name}_n": min((estimate.n for estimate in found), default=0),
        f"{name}_se": _mean([estimate.se for estimate in shown]) if whole else None,
    }


def _cities_table(
    edition: Edition, alpha: Fraction, cities: list[CityScores], scored: dict[str, _Totals]
) -> pd.DataFrame:
    rule, weights = edition.headline, area_weights(edition.headline, edition)
    rows = []
    for city in cities:
        totals = scored[city.city]
        value = total(rule, edition, totals.blended) if totals.blended else None
        se = _total_se(weights, alpha, city.opinions) if value is not None else None
        rows.append(
            {
                "city": city.city,
                "status": city.status(edition),
                "total": _float(value),
                "se": se,
                "low": None if value is None or se is None else max(0.0, float(value) - Z95 * se),
                "high": None if value is None or se is None else min(100.0, float(value) + Z95 * se),
                **_without(rule, edition, totals),
                "residents_n": city.residents.n if city.residents else 0,
                "businesses_n": city.businesses.n if city.businesses else 0,
            }
        )
    frame = pd.DataFrame(rows)
    exact = {c.city: total(rule, edition, t.blended) for c in cities if (t := scored[c.city]).blended}
    plain = {c.city: total(rule, edition, t.indicators) for c in cities if (t := scored[c.city]).indicators}
    frame["place"] = _places(frame["city"], exact)
    frame["place_without_opinion"] = _places(frame["city"], plain)
    return _with_intervals(frame)


def _without(rule: str, edition: Edition, totals: _Totals) -> dict[str, float | None]:
    plain = total(rule, edition, totals.indicators) if totals.indicators else None
    opinion = total(rule, edition, totals.opinion) if totals.opinion else None
    return {"total_without_opinion": _float(plain), "total_opinion_only": _float(opinion)}


def _with_intervals(frame: pd.DataFrame) -> pd.DataFrame:
    rated = frame["se"].notna()
    intervals = rank_intervals(
        frame.loc[rated, "total"].to_numpy(dtype=np.float64), frame.loc[rated, "se"].to_numpy(dtype=np.float64)
    )
    for column, side in (("place_low", 0), ("place_high", 1)):
        values = iter([interval[side] for interval in intervals])
        frame[column] = pd.array([next(values) if is_rated else None for is_rated in rated], dtype="Int64")
    return frame


def _total_se(weights: dict[str, Fraction] | None, alpha: Fraction, opinions: Mapping[str, Opinion]) -> float | None:
    """Error of an unbanded total: only opinion is a sample. Areas answered by the same people are not independent.

    Without their covariance the sum of the errors is an upper bound, and half-way to it is not a bound at all: so the
    bound is used.
    """
    if weights is None:
        return None
    return float(alpha) * sum(float(weight) * (opinions[code].se or 0.0) for code, weight in weights.items())


def _rules_table(edition: Edition, scored: dict[str, _Totals]) -> pd.DataFrame:
    frames = []
    for name, (rule, edge) in RULE_NAMES.items():
        frame = pd.DataFrame({"city": list(scored), "rule": name})
        for column, place, kind in (
            ("total", "place", "blended"),
            ("total_without_opinion", "place_without_opinion", "indicators"),
        ):
            values = {
                city: total(rule, edition, areas, edge=edge)
                for city, totals in scored.items()
                if (areas := getattr(totals, kind))
            }
            frame[column] = [_float(values.get(city)) for city in scored]
            frame[place] = _places(scored, values)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _places(cities: Iterable[str], values: Mapping[str, Fraction]) -> pd.arrays.IntegerArray:
    ranks = dict(zip(values, competition_ranks(list(values.values())), strict=True))
    return pd.array([ranks.get(city) for city in cities], dtype="Int64")


def _diagnostics_table(edition: Edition, cities: list[CityScores]) -> pd.DataFrame:
    rows: list[tuple[str, str, str, str]] = []
    for city in cities:
        if city.status(edition) != "blended":
            rows.append((city.city, "city", city.status(edition), ""))
        for audience, opinion in (("residents", city.residents), ("businesses", city.businesses)):
            if opinion is None:
                rows.append((city.city, audience, "not_asked", ""))
                continue
            rows.append((city.city, audience, opinion.weights.status, "; ".join(opinion.weights.notes)))
            rows += [
                (city.city, f"{audience}/{code}", e.reason, _n(e)) for code, e in opinion.areas.items() if e.reason
            ]
    return pd.DataFrame(rows, columns=["city", "subject", "reason", "detail"])


def _n(estimate: Estimate) -> str:
    return f"n={estimate.n}, effective n={estimate.effective_n:.1f}"


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
