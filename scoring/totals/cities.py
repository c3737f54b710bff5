"""From area scores to cities: status, blend, totals with and without opinion, and their errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from scoring.edition import Edition
from scoring.indicators.areas import CityIndicators
from scoring.opinion.estimates import AudienceView, View
from scoring.opinion.raking import Floats
from scoring.totals.one_city import FILLED, CityVoice, mixed
from scoring.totals.rules import area_weights, total


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
    own = mixed(edition, alphas, indicators, voice_of(opinions.blended))
    return CityScores(
        city=city,
        status=own.status,
        indicators=indicators,
        audiences=audiences,
        opinions=opinions,
        plain=own.plain,
        available=own.available,
        mixed=own.blend,
        opinion=own.opinion,
    )


def voice_of(blended: View) -> CityVoice:
    """Say what of a view enters the blend."""
    areas = list(zip(blended.areas, blended.mean, blended.reasons, strict=True))
    return CityVoice(
        scores={area: None if np.isnan(mean) else float(mean) for area, mean, _reason in areas},
        borrowed=frozenset(area for area, _mean, reason in areas if reason.startswith(FILLED)),
    )


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
