"""From area scores to cities: status, blend, totals with and without opinion, and their errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from scoring.edition import Area, Edition
from scoring.indicators.areas import CityIndicators
from scoring.opinion.estimates import AudienceView, View
from scoring.opinion.raking import Floats
from scoring.totals.blend import FILLED, blended
from scoring.totals.rules import area_weights, total

MOST_FILLED = 2
"""Areas of a city that may borrow their opinion before the city is rated by indicators alone."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Opinions:
    """What one city's people think, per area of the edition.

    `residents` and `businesses` may be published where usable; `joint` joins them, with enterprises where `firms`;
    `blended` is what enters the blend, gaps filled from the other cities.
    """

    residents: View | None
    businesses: View | None
    firms: NDArray[np.bool_]
    joint: View | None
    blended: View


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CityScores:
    """Everything computed of one city before ranks."""

    city: str
    status: str
    """"blended", "indicators_only", or "incomplete" (not rated)."""

    indicators: CityIndicators
    audiences: Mapping[str, AudienceView]
    opinions: Opinions
    plain: dict[str, Fraction] | None
    """S of every area; None when one is missing."""

    available: dict[str, Fraction] | None
    """S of every area over the reported indicators alone; None when an area has none."""

    mixed: dict[str, Fraction] | None
    """B of every area; None unless the status is "blended" or α is 0."""

    opinion: dict[str, Fraction] | None
    """P of every area, as it enters the blend."""


def city_scores(
    edition: Edition,
    alphas: Mapping[str, Fraction],
    city: str,
    parts: tuple[CityIndicators, Mapping[str, AudienceView], Opinions],
) -> CityScores:
    """Bring the scores of one city together, B = (1-α)·S + α·P per area."""
    indicators, audiences, opinions = parts
    status = _status(edition, indicators, opinions.blended)
    plain = {code: area.score for code, area in indicators.areas.items() if area.score is not None}
    available = {code: a.available_case for code, a in indicators.areas.items() if a.available_case is not None}
    opinion_scores = {
        code: _number(value) for code, value in zip(opinions.blended.areas, opinions.blended.mean, strict=True)
    }
    can_mix = status == "blended" or (status != "incomplete" and not any(alphas.values()))
    mixed = (
        {code: blended(score, opinion_scores[code], alphas[code]) for code, score in plain.items()} if can_mix else None
    )
    return CityScores(
        city=city,
        status=status,
        indicators=indicators,
        audiences=audiences,
        opinions=opinions,
        plain=plain if status != "incomplete" else None,
        available=available if len(available) == len(edition.areas) else None,
        mixed=mixed,
        opinion={code: Fraction(p) for code, p in opinion_scores.items() if p is not None}
        if status == "blended"
        else None,
    )


def share_of_opinion(area: Area, edition: Edition, alpha: Fraction | None) -> Fraction:
    """Give α of an area: the caller's, the area's own, or the edition's."""
    if alpha is not None:
        return alpha
    return edition.alpha if area.alpha is None else area.alpha


def total_se(edition: Edition, alphas: Mapping[str, Fraction], view: View) -> float | None:
    """Give the standard error of an unbanded total: √(g'Vg), g = α·weight of each area; None for a banded headline.

    Only opinion is a sample. Where the inputs hold no pairs, areas answered by the same people are taken as fully
    dependent: an upper bound.
    """
    shares = area_weights(edition.headline, edition)
    if shares is None:
        return None
    return combined_se(np.array([float(alphas[code] * shares[code]) for code in view.areas]), view)


def combined_se(factors: Floats, view: View) -> float:
    """Give the standard error of a fixed combination of area means."""
    active = factors != 0
    g, part = factors[active], view.covariance[np.ix_(active, active)]
    if np.isnan(part).any():
        return float(np.abs(g) @ np.nan_to_num(view.se[active]))
    return float(np.sqrt(max(0.0, float(g @ part @ g))))


def totals(edition: Edition, scores: Mapping[str, dict[str, Fraction] | None], rule: str) -> dict[str, Fraction]:
    """Give the totals of the cities that have every area; city → total."""
    return {city: total(rule, edition, areas) for city, areas in scores.items() if areas}


def _status(edition: Edition, indicators: CityIndicators, view: View) -> str:
    if not indicators.is_complete:
        return "incomplete"
    strict_groups = {group.code for group in edition.groups if group.opinion_required}
    groups = {area.code: area.group for area in edition.areas}
    borrowed_areas = [area for area, why in zip(view.areas, view.reasons, strict=True) if why.startswith(FILLED)]
    if (
        np.isnan(view.mean).any()
        or len(borrowed_areas) > MOST_FILLED
        or any(groups[area] in strict_groups for area in borrowed_areas)
    ):
        return "indicators_only"
    return "blended"


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
