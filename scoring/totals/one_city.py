"""One city's indicators and opinion mixed: what it is rated by, and B of every area; exact, and without arrays.

`scoring.run.compute` mixes here, and so does `scoring.whatif`, which no answers are at hand for.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from scoring.edition import Area, Edition
from scoring.indicators.areas import CityIndicators

FILLED = "filled:"
"""Before the reason of an area whose opinion was borrowed from the other cities."""

MOST_FILLED = 2
"""Areas of a city that may borrow their opinion before the city is rated by indicators alone."""


class CityVoice(NamedTuple):
    """P of every area as it enters the blend; None where nothing can be said. Some may be `borrowed`."""

    scores: Mapping[str, float | None]
    borrowed: frozenset[str]


class Mixed(NamedTuple):
    """What a city is rated by ("blended", "indicators_only", or "incomplete": not rated), and its areas.

    `plain` is S of every area, None when one is missing; `available` S over the reported indicators alone, None when an
    area has none; `blend` B, None unless the status is "blended" or α is 0; `opinion` P as it enters the blend.
    """

    status: str
    plain: dict[str, Fraction] | None
    available: dict[str, Fraction] | None
    blend: dict[str, Fraction] | None
    opinion: dict[str, Fraction] | None


def mixed(edition: Edition, alphas: Mapping[str, Fraction], indicators: CityIndicators, voice: CityVoice) -> Mixed:
    """Mix the scores of one city, B = (1-α)·S + α·P per area."""
    status = _status(edition, indicators, voice)
    plain = {code: area.score for code, area in indicators.areas.items() if area.score is not None}
    available = {code: a.available_case for code, a in indicators.areas.items() if a.available_case is not None}
    can_mix = status == "blended" or (status != "incomplete" and not any(alphas.values()))
    return Mixed(
        status=status,
        plain=plain if status != "incomplete" else None,
        available=available if len(available) == len(edition.areas) else None,
        blend={code: blended(score, voice.scores[code], alphas[code]) for code, score in plain.items()}
        if can_mix
        else None,
        opinion={code: Fraction(p) for code, p in voice.scores.items() if p is not None}
        if status == "blended"
        else None,
    )


def blended(indicators: Fraction, opinion: float | None, alpha: Fraction) -> Fraction:
    """Blend S and P exactly; at α = 0 the result is S itself, whatever the opinion."""
    if alpha == 0:
        return indicators
    if opinion is None:
        raise ValueError("an area without opinion cannot be blended")
    return (1 - alpha) * indicators + alpha * Fraction(opinion)


def share_of_opinion(area: Area, edition: Edition, alpha: Fraction | None) -> Fraction:
    """Give α of an area: the caller's, the area's own, or the edition's."""
    if alpha is not None:
        return alpha
    return edition.alpha if area.alpha is None else area.alpha


def _status(edition: Edition, indicators: CityIndicators, voice: CityVoice) -> str:
    if not indicators.is_complete:
        return "incomplete"
    strict_groups = {group.code for group in edition.groups if group.opinion_required}
    groups = {area.code: area.group for area in edition.areas}
    if (
        None in voice.scores.values()
        or len(voice.borrowed) > MOST_FILLED
        or any(groups[area] in strict_groups for area in voice.borrowed)
    ):
        return "indicators_only"
    return "blended"
