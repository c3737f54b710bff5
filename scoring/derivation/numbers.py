"""Derives any number of the tables of a rating: totals under every rule, groups, areas, answers, shares, places.

Errors, intervals and effective sizes have no derivation of this kind: they are no sums of parts. Their formulas are in
docs/scoring.md, and the tables hold what goes into them.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from scoring.derivation.answers import grouping, people_of, questions_node, share, tier_mean
from scoring.derivation.explain import (
    area_node,
    audience_node,
    audiences,
    group_node,
    indicators_node,
    points_node,
    total_node,
)
from scoring.derivation.nodes import Node
from scoring.edition import Edition
from scoring.errors import RatingError
from scoring.frames import Inputs
from scoring.indicators.areas import CityIndicators, group_scores
from scoring.opinion.measures import measures
from scoring.output.rating import Rating
from scoring.output.tables import Result, lay_out
from scoring.run import results
from scoring.totals.cities import CityScores, totals
from scoring.totals.rules import RULE_NAMES

SIDES = {
    "total": "mixed",
    "place": "mixed",
    "blended": "mixed",
    "points": "mixed",
    "total_without_opinion": "plain",
    "place_without_opinion": "plain",
    "indicators": "plain",
    "total_opinion_only": "opinion",
    "opinion": "opinion",
    "total_available_case": "available",
    "place_available_case": "available",
    "available_case": "available",
}
"""Which scores of areas a column is made of: blended, indicators, opinion, or indicators as far as reported."""

DERIVED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "cities": (
        ("city",),
        ("total", "place", "total_without_opinion", "place_without_opinion", "total_opinion_only"),
    ),
    "rules": (("city", "rule"), ("total", "place", "total_without_opinion", "place_without_opinion")),
    "groups": (("city", "group"), ("indicators", "opinion", "blended", "points")),
    "places": (("city",), ("total_available_case", "place_available_case", "coverage")),
    "without_flagged": (("city",), ("total", "place", "total_opinion_only")),
    "with_unverified": (("city",), ("total", "place", "total_opinion_only")),
    "without_employees": (("city",), ("total", "place", "total_opinion_only")),
    "areas": (
        ("city", "area"),
        ("indicators", "available_case", "residents", "businesses", "opinion", "blended"),
    ),
    "estimates": (("audience", "city", "tier", "area"), ("mean",)),
    "shares": (("audience", "city", "question", "measure"), ("value",)),
    "domains": (("audience", "city", "area", "dimension", "category"), ("mean",)),
}
"""Table → the columns that identify its rows, and the columns whose numbers can be derived."""


class NumberAddress(NamedTuple):
    """One number of a rating: its table, its column, and the keys of its row, in the order of DERIVED."""

    table: str
    column: str
    row: tuple[str, ...]


def numbers(rating: Rating) -> dict[NumberAddress, float]:
    """List every number of a rating that can be derived, with its value; numbers that are missing are left out."""
    values = {}
    tables = rating.tables()
    for name, (keys, columns) in DERIVED.items():
        if name not in tables:
            continue
        table = tables[name]
        rows = list(zip(*(table[key].tolist() for key in keys), strict=True))
        for column in columns:
            for row, value in zip(rows, table[column].tolist(), strict=True):
                if not pd.isna(value):
                    values[NumberAddress(name, column, row)] = float(value)
    return values


class Derivations:
    """The derivations of all numbers of one rating, each computed on request."""

    def __init__(self, inputs: Inputs, edition: Edition, *, alpha: Fraction | None = None) -> None:
        computed = results(inputs, edition, alpha)
        found = computed._asdict()
        self._results = {name: result for name, result in found.items() if result is not None}
        self.values = numbers(lay_out(*computed))

    def of(self, number: NumberAddress) -> Node:
        """Derive one number; raises RatingError for a number that the rating does not show."""
        if number not in self.values:
            raise RatingError(f"{number.table}: no {number.column} of {', '.join(number.row)} to explain")
        result = self._results.get(number.table, self._results["every"])
        return _TABLES[number.table](result, number)


def _total_or_rank(result: Result, number: NumberAddress) -> Node:
    """Derive a column of the tables of cities, rules and places."""
    if number.column == "coverage":
        return _coverage(_city(result, number.row[0]))
    if number.table == "rules":
        rule, edge = RULE_NAMES[number.row[1]]
        edition = replace(result.edition, headline=rule, band_edge=edge or result.edition.band_edge)
        result = replace(result, edition=edition)
    side = SIDES[number.column]
    if number.column.startswith("place"):
        return _rank(result, number.row[0], side)
    return total_node(*_on_side(result, number.row[0], side))


def _rank(result: Result, code: str, side: str) -> Node:
    """Count who is ahead: competition ranking on unrounded totals."""
    scores = {city.city: getattr(city, side) for city in result.cities}
    values = totals(result.edition, scores, result.edition.headline)
    parts = [Node(kind="itself", code=code, value=1.0, details=(("total", float(values[code])),))]
    parts += [
        Node(kind="ahead", code=city, value=1.0, details=(("total", float(value)),))
        for city, value in values.items()
        if value > values[code]
    ]
    return Node(kind="place", code=code, value=float(len(parts)), parts=tuple(parts))


def _coverage(city: CityScores) -> Node:
    """Count the applicable indicators that were reported."""
    applicable = sum(area.applicable for area in city.indicators.areas.values())
    reported = sorted(city.indicators.values)
    parts = tuple(Node(kind="reported", code=code, value=1.0, weight=1 / applicable) for code in reported)
    return Node(
        kind="coverage",
        code=city.city,
        value=sum(part.weight for part in parts),
        details=(("applicable", applicable),),
        parts=parts,
    )


def _group(result: Result, number: NumberAddress) -> Node:
    code, group_code = number.row
    group = next(each for each in result.edition.groups if each.code == group_code)
    side_result, city = _on_side(result, code, SIDES[number.column])
    node = group_node(side_result, city, group, Fraction(1))
    if number.column != "points":
        return node
    score = group_scores(result.edition, city.mixed or {})[group_code]
    return points_node(result.edition, group_code, (score, Fraction(1)), node)


def _area(result: Result, number: NumberAddress) -> Node:
    code, area_code = number.row
    area = next(each for each in result.edition.areas if each.code == area_code)
    if number.column in _AUDIENCES:
        return audience_node(result, _city(result, code), (_AUDIENCES[number.column], area), 1.0)
    if number.column == "opinion":
        parts = tuple(audiences(result, _city(result, code), area))
        value = sum(part.weight * (part.value or 0.0) for part in parts)
        return Node(kind="opinion", code=area_code, value=value, parts=parts)
    side_result, city = _on_side(result, code, SIDES[number.column])
    if number.column == "blended":
        return area_node(side_result, city, area, Fraction(1))
    return indicators_node(side_result, city, area, (city.indicators.areas[area_code], Fraction(1)))


def _estimate(result: Result, number: NumberAddress) -> Node:
    audience, code, tier, area = number.row
    audience_view, counts = _city(result, code).audiences[audience], result.counts[audience]
    groups = grouping(audience_view, counts, result.edition)
    if tier == "mixed":
        return questions_node(audience_view, groups, counts, (area, result.edition, 1.0))
    own_tier = next(each for each in audience_view.tiers if each.sample.tier == tier)
    return tier_mean(own_tier, audience_view.view.areas.index(area), (groups, counts), 1.0)


def _share(result: Result, number: NumberAddress) -> Node:
    audience, code, question, name = number.row
    counts = result.counts[audience]
    question_measures = measures(counts.option_columns)
    measure = next(each for each in question_measures if (each.question, each.name) == (question, name))
    return share(_city(result, code).audiences[audience], counts, measure, result.edition)


def _people(result: Result, number: NumberAddress) -> Node:
    audience, code, area, trait, category = number.row
    audience_view = _city(result, code).audiences[audience]
    return people_of(audience_view, result.counts[audience], (area, trait, category), result.edition)


_AUDIENCES = {"residents": "resident", "businesses": "business"}
_TABLES: Mapping[str, Callable[[Result, NumberAddress], Node]] = {
    "cities": _total_or_rank,
    "rules": _total_or_rank,
    "places": _total_or_rank,
    "without_flagged": _total_or_rank,
    "with_unverified": _total_or_rank,
    "without_employees": _total_or_rank,
    "groups": _group,
    "areas": _area,
    "estimates": _estimate,
    "shares": _share,
    "domains": _people,
}


def _city(result: Result, code: str) -> CityScores:
    return next(city for city in result.cities if city.city == code)


def _on_side(result: Result, code: str, side: str) -> tuple[Result, CityScores]:
    """Give a city as if the scores of one side were its blend, at the α that makes them so."""
    city = _city(result, code)
    if side == "mixed":
        return result, city
    alpha = Fraction(side == "opinion")
    indicators = _as_reported(city.indicators, result.edition) if side == "available" else city.indicators
    alphas = dict.fromkeys(result.alphas, alpha)
    return replace(result, alphas=alphas), replace(city, indicators=indicators, mixed=getattr(city, side))


def _as_reported(indicators: CityIndicators, edition: Edition) -> CityIndicators:
    """Give indicators as if those that were not reported did not apply."""
    areas = {code: a._replace(score=a.available_case, applicable=a.reported) for code, a in indicators.areas.items()}
    unreported = {indicator.code for indicator in edition.indicators} - indicators.values.keys()
    return CityIndicators(areas, indicators.values, frozenset(unreported))
