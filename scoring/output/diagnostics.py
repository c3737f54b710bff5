"""What is worth saying about a rating beside its numbers, as reason codes: a screen finds the words."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from scoring.edition import Edition
from scoring.opinion.estimates import AudienceView, View
from scoring.totals.cities import CityScores
from scoring.totals.rules import total

DiagnosticRow = tuple[str, str, str, str]


def diagnostic_rows(edition: Edition, cities: Sequence[CityScores]) -> Iterator[DiagnosticRow]:
    """Give city, subject, reason and detail of everything remarkable, city by city."""
    for city in cities:
        if city.status != "blended":
            yield city.city, "city", city.status, ""
        yield from _indicator_rows(city)
        yield from _edge_rows(edition, city)
        for audience in ("resident", "business"):
            audience_view = city.audiences.get(audience)
            if audience_view is None:
                yield city.city, audience, "not_asked", ""
            else:
                yield from ((city.city, *row) for row in _audience_rows(audience, audience_view))
        if _leaves_firms_out(city):
            yield city.city, "business", "open_beside_verified", "residents were verified, no enterprise was"
        joint = city.opinions.joint
        if joint is not None:
            yield from ((city.city, *row) for row in _reasons("opinion", joint))


def _leaves_firms_out(city: CityScores) -> bool:
    residents, firms = (city.audiences.get(audience) for audience in ("resident", "business"))
    return bool(residents and firms and residents.verified is not None and firms.verified is None)


def _indicator_rows(city: CityScores) -> Iterator[DiagnosticRow]:
    for area, indicators in city.indicators.areas.items():
        if indicators.score is None:
            yield city.city, area, "no_indicators", ""
    for code, indicator_value in sorted(city.indicators.values.items()):
        if indicator_value.flag:
            yield city.city, code, indicator_value.flag, str(indicator_value.value)


def _edge_rows(edition: Edition, city: CityScores) -> Iterator[DiagnosticRow]:
    """Say where the printed rule depends on which side of an edge a score is counted to."""
    for kind, areas in (("blended", city.mixed), ("indicators", city.plain)):
        if areas is None:
            continue
        own, other = (_percent(total("banded", edition, areas, edge=e)) for e in ("upper_inclusive", "lower_inclusive"))
        if own != other:
            yield city.city, kind, "band_edge_matters", f"banded {own}, with edges counted upwards {other}"


def _audience_rows(audience: str, audience_view: AudienceView) -> Iterator[tuple[str, str, str]]:
    tiers = {tier.sample.tier for tier in audience_view.tiers}
    if tiers == {"open"}:
        yield audience, "open_tier_only", "no identity was verified: the sample chose itself"
    for tier in audience_view.tiers:
        yield audience, tier.weights.status, "; ".join(tier.weights.notes)
        no_spread = [
            a for a, se in zip(tier.view.areas, tier.view.se, strict=True) if not np.isnan(se) and se < _NO_SPREAD
        ]
        yield from ((f"{audience}/{area}", "no_variation", tier.sample.tier) for area in no_spread)
    for area, note in zip(audience_view.view.areas, audience_view.tier_notes, strict=True):
        if note in {"open_too_few", "open_diverges", "verified_too_few"}:
            yield f"{audience}/{area}", note, ""
    yield from _reasons(audience, audience_view.view)


def _reasons(subject: str, view: View) -> Iterator[tuple[str, str, str]]:
    for area, reason, n, effective in zip(view.areas, view.reasons, view.n, view.effective_n, strict=True):
        if reason:
            yield f"{subject}/{area}", reason, f"n={n}, effective n={effective:.1f}"


def _percent(value: Fraction) -> str:
    return f"{float(value):.0f}"


_NO_SPREAD = 1e-9
"""A standard error below this is what rounding leaves of zero: everyone answered alike."""
