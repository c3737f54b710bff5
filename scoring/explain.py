"""Derives a city's total down to counts, margins and single values: a tree of data that anyone can add up again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from scoring.areas import AreaIndicators, group_scores
from scoring.blend import FILLED
from scoring.cities import CityScores
from scoring.edition import Area, Edition, Group
from scoring.errors import RatingError
from scoring.frames import Inputs
from scoring.opinion import AudienceView, TierView
from scoring.raking import Floats
from scoring.rules import POINTS, band
from scoring.run import compute
from scoring.tables import Result

Detail = tuple[str, str | int | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One number and what it is made of.

    Its value is the sum of its parts' values times their `weight`, except where `kind` is "points": there it is the
    band of Table 2 in which its only part lies. A node without parts is a fact: a reported value, a count of answers.
    """

    kind: str
    code: str
    value: float | None
    weight: float = 1.0
    note: str = ""
    details: tuple[Detail, ...] = ()
    parts: tuple["Node", ...] = ()

    def to_json(self) -> dict[str, object]:
        """Give the tree as plain data for JSON."""
        return {
            "kind": self.kind,
            "code": self.code,
            "value": self.value,
            "weight": self.weight,
            "note": self.note,
            "details": dict(self.details),
            "parts": [part.to_json() for part in self.parts],
        }


def explain(inputs: Inputs, edition: Edition, city: str, *, alpha: Fraction | None = None) -> Node:
    """Derive a city's headline total, blended where the city is blended; raises RatingError for a city not rated."""
    result = compute(inputs, edition, alpha)
    scores = next((each for each in result.cities if each.city == city), None)
    if scores is None or scores.plain is None:
        raise RatingError(f"{city} has no total to explain")
    return _total(result, scores)


def explain_all(inputs: Inputs, edition: Edition, *, alpha: Fraction | None = None) -> dict[str, Node]:
    """Derive the headline total of every rated city at the cost of one; city → tree."""
    result = compute(inputs, edition, alpha)
    return {scores.city: _total(result, scores) for scores in result.cities if scores.plain is not None}


def _total(result: Result, city: CityScores) -> Node:
    edition = result.edition
    parts = tuple(_rule_parts(result, city, city.mixed or city.plain or {}))
    value = sum(part.weight * (part.value or 0.0) for part in parts)
    note = city.status if city.mixed is None else ""
    return Node(kind="total", code=edition.headline, value=value, note=note, parts=parts)


def _rule_parts(result: Result, city: CityScores, scores: Mapping[str, Fraction]) -> Iterator[Node]:
    edition, rule = result.edition, result.edition.headline
    if rule == "area_mean":
        yield from (_area(result, city, area, Fraction(1, len(edition.areas))) for area in edition.areas)
        return
    whole = sum(group.coefficient for group in edition.groups)
    for group in edition.groups:
        share = Fraction(group.coefficient, whole)
        if rule == "linear":
            yield _group(result, city, group, share)
        elif rule == "banded":
            average = group_scores(edition, scores)[group.code]
            part = _group(result, city, group, Fraction(1))
            yield _points(edition, group.code, (average, share * 100 / POINTS), part)
        else:
            yield _banded_group(result, city, group, (scores, share))


def _group(result: Result, city: CityScores, group: Group, weight: Fraction) -> Node:
    areas = result.edition.areas_of(group.code)
    parts = tuple(_area(result, city, area, Fraction(1, len(areas))) for area in areas)
    value = sum(part.weight * (part.value or 0.0) for part in parts)
    return Node(kind="group", code=group.code, value=value, weight=float(weight), parts=parts)


def _banded_group(
    result: Result, city: CityScores, group: Group, scaled: tuple[Mapping[str, Fraction], Fraction]
) -> Node:
    scores, share = scaled
    areas = result.edition.areas_of(group.code)
    parts = tuple(
        _points(
            result.edition,
            area.code,
            (scores[area.code], Fraction(1, len(areas))),
            _area(result, city, area, Fraction(1)),
        )
        for area in areas
    )
    value = sum(part.weight * (part.value or 0.0) for part in parts)
    return Node(kind="group", code=group.code, value=value, weight=float(share * 100 / POINTS), parts=parts)


def _points(edition: Edition, code: str, scored: tuple[Fraction, Fraction], part: Node) -> Node:
    score, weight = scored
    value = float(band(score, edition.band_edge))
    return Node(kind="points", code=code, value=value, weight=float(weight), note=edition.band_edge, parts=(part,))


def _area(result: Result, city: CityScores, area: Area, weight: Fraction) -> Node:
    """Derive B = (1-α)·S + α·P, or S alone where the city is not blended."""
    indicators = city.indicators.areas[area.code]
    alpha = result.alphas[area.code] if city.mixed is not None else Fraction(0)
    parts = [_indicators(result, city, area, (indicators, 1 - alpha))]
    if alpha:
        parts.append(_opinion(result, city, area, alpha))
    scores = city.mixed or city.plain or {}
    value = float(scores[area.code])
    return Node(kind="area", code=area.code, value=value, weight=float(weight), parts=tuple(parts))


def _indicators(result: Result, city: CityScores, area: Area, scored: tuple[AreaIndicators, Fraction]) -> Node:
    """Derive S, formula (1); a value that was not reported stands there as 0 and says so."""
    known, weight = scored
    parts = []
    for indicator in result.edition.indicators_of(area.code):
        if indicator.code in city.indicators.not_applicable:
            continue
        reported = city.indicators.values.get(indicator.code)
        details: tuple[Detail, ...] = (("method", indicator.method),)
        if reported is not None:
            details += (("reported", str(reported.value)),)
        parts.append(
            Node(
                kind="indicator",
                code=indicator.code,
                value=float(reported.score) if reported else 0.0,
                weight=1 / known.applicable,
                note=reported.flag if reported else "missing",
                details=details,
            )
        )
    value = None if known.score is None else float(known.score)
    return Node(kind="indicators", code=area.code, value=value, weight=float(weight), parts=tuple(parts))


def _opinion(result: Result, city: CityScores, area: Area, weight: Fraction) -> Node:
    """Derive P: residents and businesses by fixed shares, or the mean of the other cities."""
    used = city.opinions.used
    place = used.areas.index(area.code)
    note, value = used.reasons[place], float(used.mean[place])
    parts = _lenders(result, area) if note.startswith(FILLED) else _audiences(result, city, area)
    return Node(kind="opinion", code=area.code, value=value, weight=float(weight), note=note, parts=tuple(parts))


def _lenders(result: Result, area: Area) -> Iterator[Node]:
    lenders = []
    for other in result.cities:
        used = other.opinions.used
        place = used.areas.index(area.code)
        if not used.reasons[place] and not np.isnan(used.mean[place]):
            lenders.append((other.city, float(used.mean[place])))
    for city, value in lenders:
        yield Node(kind="city", code=city, value=value, weight=1 / len(lenders))


def _audiences(result: Result, city: CityScores, area: Area) -> Iterator[Node]:
    place = city.opinions.used.areas.index(area.code)
    share = float(area.business_share) if city.opinions.firms[place] else 0.0
    for audience, weight in (("resident", 1 - share), ("business", share)):
        if weight:
            seen = city.audiences[audience]
            parts = tuple(
                _asked(seen, code, result.edition, 1 / len(area.opinion_areas)) for code in area.opinion_areas
            )
            value = sum(part.weight * (part.value or 0.0) for part in parts)
            yield Node(kind="audience", code=audience, value=value, weight=weight, parts=parts)


def _asked(seen: AudienceView, code: str, edition: Edition, weight: float) -> Node:
    place = seen.view.areas.index(code)
    share = float(edition.open_share) if seen.tier_notes[place] == "mixed" else 0.0
    shares = {"open": share, "verified": 1 - share} if len(seen.tiers) > 1 else {seen.tiers[0].sample.tier: 1.0}
    parts = tuple(_tier(tier, place, shares[tier.sample.tier]) for tier in seen.tiers if shares[tier.sample.tier] > 0)
    value = float(seen.view.mean[place])
    return Node(kind="questions", code=code, value=value, weight=weight, note=seen.tier_notes[place], parts=parts)


def _tier(tier: TierView, place: int, weight: float) -> Node:
    """Derive a weighted mean from the people who are weighted alike, with the margins they were weighted to."""
    weights = tier.weights
    counts, totals = (weights.gather(cells[:, place]) for cells in tier.sample.sums[:2])
    whole = float(weights.w @ counts)
    parts = tuple(
        Node(
            kind="people",
            code=_described(tier, stratum),
            value=float(totals[stratum] / counts[stratum]),
            weight=float(weights.w[stratum] * counts[stratum]) / whole,
            details=(("answers", int(counts[stratum])), ("weight", float(weights.w[stratum]))),
        )
        for stratum in np.flatnonzero(counts).tolist()
    )
    view = tier.view
    details: tuple[Detail, ...] = (
        ("answers", int(view.n[place])),
        ("effective_n", float(view.effective_n[place])),
        ("se", float(view.se[place])),
        *_margins(weights.n, tier),
    )
    value = float(view.mean[place])
    return Node(
        kind="tier",
        code=tier.sample.tier,
        value=value,
        weight=weight,
        note=weights.status,
        details=details,
        parts=parts,
    )


def _described(tier: TierView, stratum: int) -> str:
    return ";".join(f"{m.dimension}={m.names[m.codes[stratum]]}" for m in tier.weights.margins)


def _margins(n: Floats, tier: TierView) -> Iterator[Detail]:
    """Give each category's share of the sample and of the population, as "sex=f: sample" and "sex=f: population"."""
    total = float(n.sum())
    for margin in tier.weights.margins:
        sample = n @ margin.indicator() / total
        target = margin.targets((n * tier.weights.base)[None, :])[0] / float((n * tier.weights.base).sum())
        for place, name in enumerate(margin.names):
            yield f"{margin.dimension}={name}: sample", float(sample[place])
            yield f"{margin.dimension}={name}: population", float(target[place])
