"""Derives a city's total down to counts, margins and single values: a tree of data that anyone can add up again."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import numpy as np

from scoring.derivation.answers import grouping, questions_node
from scoring.derivation.nodes import Detail, Node
from scoring.edition import Area, AreaGroup, Edition
from scoring.errors import RatingError
from scoring.frames import Inputs
from scoring.indicators.areas import AreaIndicators, group_scores
from scoring.output.tables import Result
from scoring.run import compute
from scoring.totals.cities import CityScores
from scoring.totals.one_city import FILLED
from scoring.totals.rules import POINTS, band


def explain(inputs: Inputs, edition: Edition, city: str, *, alpha: Fraction | None = None) -> Node:
    """Derive a city's headline total, blended where the city is blended; raises RatingError for a city not rated."""
    result = compute(inputs, edition, alpha)
    scores = next((each for each in result.cities if each.city == city), None)
    if scores is None or scores.plain is None:
        raise RatingError(f"{city} has no total to explain")
    return total_node(result, scores)


def explain_all(result: Result) -> dict[str, Node]:
    """Derive the headline total of every rated city of what `scoring.run.compute` gives; city → tree."""
    return {scores.city: total_node(result, scores) for scores in result.cities if scores.plain is not None}


def total_node(result: Result, city: CityScores) -> Node:
    """Derive a city's total by the edition's rule, blended where the city is blended."""
    edition = result.edition
    parts = tuple(_rule_parts(result, city, city.mixed or city.plain or {}))
    value = sum(part.weight * (part.value or 0.0) for part in parts)
    note = city.status if city.mixed is None else ""
    return Node(kind="total", code=edition.headline, value=value, note=note, parts=parts)


def _rule_parts(result: Result, city: CityScores, scores: Mapping[str, Fraction]) -> Iterator[Node]:
    edition, rule = result.edition, result.edition.headline
    if rule == "area_mean":
        yield from (area_node(result, city, area, Fraction(1, len(edition.areas))) for area in edition.areas)
        return
    whole = sum(group.coefficient for group in edition.groups)
    for group in edition.groups:
        share = Fraction(group.coefficient, whole)
        if rule == "linear":
            yield group_node(result, city, group, share)
        elif rule == "banded":
            average = group_scores(edition, scores)[group.code]
            part = group_node(result, city, group, Fraction(1))
            yield points_node(edition, group.code, (average, share * 100 / POINTS), part)
        else:
            yield _banded_group(result, city, group, (scores, share))


def group_node(result: Result, city: CityScores, group: AreaGroup, weight: Fraction) -> Node:
    """Derive the mean of a group's areas."""
    areas = result.edition.areas_of(group.code)
    parts = tuple(area_node(result, city, area, Fraction(1, len(areas))) for area in areas)
    value = sum(part.weight * (part.value or 0.0) for part in parts)
    return Node(kind="group", code=group.code, value=value, weight=float(weight), parts=parts)


def _banded_group(
    result: Result, city: CityScores, group: AreaGroup, scores_and_share: tuple[Mapping[str, Fraction], Fraction]
) -> Node:
    scores, share = scores_and_share
    areas = result.edition.areas_of(group.code)
    parts = tuple(
        points_node(
            result.edition,
            area.code,
            (scores[area.code], Fraction(1, len(areas))),
            area_node(result, city, area, Fraction(1)),
        )
        for area in areas
    )
    value = sum(part.weight * (part.value or 0.0) for part in parts)
    return Node(kind="group", code=group.code, value=value, weight=float(share * 100 / POINTS), parts=parts)


def points_node(edition: Edition, code: str, score_and_weight: tuple[Fraction, Fraction], part: Node) -> Node:
    """Give the points of Table 2 of a score, which with the weight of the points is `scored`, above its derivation."""
    score, weight = score_and_weight
    value = float(band(score, edition.band_edge))
    return Node(kind="points", code=code, value=value, weight=float(weight), note=edition.band_edge, parts=(part,))


def area_node(result: Result, city: CityScores, area: Area, weight: Fraction) -> Node:
    """Derive B = (1-α)·S + α·P, or S alone where the city is not blended."""
    indicators = city.indicators.areas[area.code]
    alpha = result.alphas[area.code] if city.mixed is not None else Fraction(0)
    parts = [indicators_node(result, city, area, (indicators, 1 - alpha))]
    if alpha:
        parts.append(_opinion(result, city, area, alpha))
    scores = city.mixed or city.plain or {}
    value = float(scores[area.code])
    return Node(kind="area", code=area.code, value=value, weight=float(weight), parts=tuple(parts))


def indicators_node(
    result: Result, city: CityScores, area: Area, indicators_and_weight: tuple[AreaIndicators, Fraction]
) -> Node:
    """Derive S, formula (1); a value that was not reported is a part with value 0 and note "missing"."""
    indicators, weight = indicators_and_weight
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
                weight=1 / indicators.applicable,
                note=reported.flag if reported else "missing",
                details=details,
            )
        )
    value = None if indicators.score is None else float(indicators.score)
    return Node(kind="indicators", code=area.code, value=value, weight=float(weight), parts=tuple(parts))


def _opinion(result: Result, city: CityScores, area: Area, weight: Fraction) -> Node:
    """Derive P: residents and businesses by fixed shares, or the mean of the other cities."""
    view = city.opinions.blended
    index = view.areas.index(area.code)
    note, value = view.reasons[index], float(view.mean[index])
    parts = _lenders(result, area) if note.startswith(FILLED) else audiences(result, city, area)
    return Node(kind="opinion", code=area.code, value=value, weight=float(weight), note=note, parts=tuple(parts))


def _lenders(result: Result, area: Area) -> Iterator[Node]:
    lenders = []
    for other in result.cities:
        view = other.opinions.blended
        index = view.areas.index(area.code)
        if not view.reasons[index] and not np.isnan(view.mean[index]):
            lenders.append((other.city, float(view.mean[index])))
    for city, value in lenders:
        yield Node(kind="city", code=city, value=value, weight=1 / len(lenders))


def audiences(result: Result, city: CityScores, area: Area) -> Iterator[Node]:
    """Derive what residents and, where enough of them answered, businesses say of an area, by their fixed shares."""
    index = city.opinions.blended.areas.index(area.code)
    share = float(area.business_share) if city.opinions.firms[index] else 0.0
    for audience, weight in (("resident", 1 - share), ("business", share)):
        if weight:
            yield audience_node(result, city, (audience, area), weight)


def audience_node(result: Result, city: CityScores, of: tuple[str, Area], weight: float) -> Node:
    """Derive what one audience says of an area from the areas of the questionnaire that feed it."""
    audience, area = of
    audience_view, counts = city.audiences[audience], result.counts[audience]
    groups = grouping(audience_view, counts, result.edition)
    parts = tuple(
        questions_node(audience_view, groups, counts, (code, result.edition, 1 / len(area.opinion_areas)))
        for code in area.opinion_areas
    )
    value = sum(part.weight * (part.value or 0.0) for part in parts)
    return Node(kind="audience", code=audience, value=value, weight=weight, parts=parts)
