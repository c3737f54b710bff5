"""Named rules from area scores to a city's total, on exact fractions; every edition goes through them."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor

from scoring.edition import Edition
from scoring.indicators.areas import group_scores, mean

POINTS = 5
"""The most points of Table 2."""

RULE_NAMES: dict[str, tuple[str, str | None]] = {
    "linear": ("linear", None),
    "area_mean": ("area_mean", None),
    "banded": ("banded", None),
    "banded_area": ("banded_area", None),
    "banded_lower_edge": ("banded", "lower_inclusive"),
}
"""Every rule a run reports: its name, the rule, and the edge where it is not the edition's own."""


def band(score: Fraction, edge: str = "upper_inclusive") -> int:
    """Give the points C of a score in percent by Table 2.

    The table prints 0-20, 21-40, …: values between 20 and 21 have no band in it. "upper_inclusive" puts
    20 < x ≤ 40 in band 2; "lower_inclusive" puts 20 ≤ x < 40 there. No rounding comes first.
    """
    step = score / 20
    points = ceil(step) if edge == "upper_inclusive" else floor(step) + 1
    return min(POINTS, max(1, points))


def total(rule: str, edition: Edition, areas: Mapping[str, Fraction], *, edge: str | None = None) -> Fraction:
    """Give a city's total in percent (0-100) under a named rule; `areas` holds every area of the edition.

    linear: ΣK·S / ΣK. banded: formulas (5)-(8), ΣK·C(S) / (5·ΣK). banded_area: each area is banded first and the
    points of a group are averaged. area_mean: all areas count alike.
    """
    edge = edge or edition.band_edge
    if rule == "area_mean":
        return mean([areas[area.code] for area in edition.areas])
    if rule == "banded_area":
        points = {code: Fraction(band(score, edge)) for code, score in areas.items()}
        return _weighted(edition, group_scores(edition, points)) * 100 / POINTS
    groups = group_scores(edition, areas)
    if rule == "banded":
        return _weighted(edition, {code: Fraction(band(score, edge)) for code, score in groups.items()}) * 100 / POINTS
    if rule == "linear":
        return _weighted(edition, groups)
    raise ValueError(f"no rule {rule!r}")


def area_weights(rule: str, edition: Edition) -> dict[str, Fraction] | None:
    """Give each area's share of the total under a rule without bands; None for a banded rule."""
    if rule not in {"linear", "area_mean"}:
        return None
    nothing = {area.code: Fraction(0) for area in edition.areas}
    return {code: total(rule, edition, nothing | {code: Fraction(1)}) for code in nothing}


def _weighted(edition: Edition, groups: Mapping[str, Fraction]) -> Fraction:
    coefficients = {group.code: group.coefficient for group in edition.groups}
    weighted = sum((coefficients[code] * value for code, value in groups.items()), Fraction(0))
    return weighted / sum(coefficients.values())
