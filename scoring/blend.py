"""The blend: B = (1-α)·S + α·P per area, before the edition's own formulas (SCORING §2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from scoring.edition import Area
from scoring.opinion import Estimate

BUSINESS_MINIMUM = 60
"""Effective number of enterprises below which residents alone speak for an area."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """P of one area of one city: `mean` on 0-100, or None with the reason; `filled` when it was borrowed."""

    mean: float | None
    se: float | None
    reason: str
    filled: bool = False


def joined(area: Area, residents: Mapping[str, Estimate], businesses: Mapping[str, Estimate]) -> Opinion:
    """Join residents and businesses by the edition's fixed weights, never by sample size."""
    people = pooled(area.opinion_areas, residents)
    if people.mean is None or people.reason:
        return Opinion(None, None, people.reason or "nobody_answered")
    firms = pooled(area.opinion_areas, businesses)
    se = people.se or 0.0
    if firms.mean is None or firms.reason or firms.effective_n < BUSINESS_MINIMUM or firms.se is None:
        return Opinion(people.mean, se, "")
    share = float(area.business_share)
    mean = (1 - share) * people.mean + share * firms.mean
    return Opinion(mean, (((1 - share) * se) ** 2 + (share * firms.se) ** 2) ** 0.5, "")


def pooled(opinion_areas: tuple[str, ...], estimates: Mapping[str, Estimate]) -> Estimate:
    """Average the questionnaire's areas that feed one area of the edition; usually there is just one.

    The standard error takes the areas as fully dependent, for the same people answer them: an upper bound.
    """
    found = [estimates[area] for area in opinion_areas if area in estimates]
    usable = [estimate for estimate in found if estimate.mean is not None and estimate.se is not None]
    if not usable or len(usable) < len(opinion_areas):
        n = min((estimate.n for estimate in found), default=0)
        reason = next((estimate.reason for estimate in found if estimate.reason), "not_asked")
        return Estimate(None, None, n, 0.0, reason)
    return Estimate(
        mean=sum(estimate.mean or 0.0 for estimate in usable) / len(usable),
        se=sum(estimate.se or 0.0 for estimate in usable) / len(usable),
        n=min(estimate.n for estimate in usable),
        effective_n=min(estimate.effective_n for estimate in usable),
        reason=next((estimate.reason for estimate in usable if estimate.reason), ""),
    )


def blended(indicators: Fraction, opinion: float | None, alpha: Fraction) -> Fraction:
    """Blend S and P exactly; at α = 0 the opinion is not looked at, so the edition's rule is kept to the last bit."""
    if alpha == 0:
        return indicators
    if opinion is None:
        raise ValueError("an area without opinion cannot be blended")
    return (1 - alpha) * indicators + alpha * Fraction(opinion)


def filled(opinions: Mapping[str, Opinion]) -> dict[str, Opinion]:
    """Fill cities without an opinion on one area by the mean of the others, flagged; city → opinion.

    Dropping α instead would let a city with bad opinion gain by keeping people from answering. The filled value's
    error is the spread between cities.
    """
    known = [opinion.mean for opinion in opinions.values() if opinion.mean is not None]
    if not known:
        return dict(opinions)
    mean = sum(known) / len(known)
    spread = (sum((value - mean) ** 2 for value in known) / max(1, len(known) - 1)) ** 0.5
    return {
        city: opinion if opinion.mean is not None else Opinion(mean, spread, opinion.reason, filled=True)
        for city, opinion in opinions.items()
    }
