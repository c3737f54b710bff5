"""Turns the tables of a rating into the rows of a publication: rounded once, and silent about few people."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, TypeVar

import pandas as pd

from app.publishing.results import (
    AreaResult,
    CityResult,
    DiagnosticResult,
    EstimateResult,
    FindingResult,
    GroupResult,
    PeopleResult,
    PlaceResult,
    RuleResult,
    ShareResult,
    TierResult,
    UnverifiedResult,
)
from scoring.edition import Area, Edition
from scoring.opinion.estimates import Z95
from scoring.output.rating import Rating
from scoring.output.shares import FEWEST
from scoring.rounding import half_up

SCORE_DIGITS = 1
ERROR_DIGITS = 2
NOT_GIVEN = "not_given"
"""Category of people who did not tell; the cells write it "-", which means another thing in a table."""

TableRow = dict[str, Any]
Kind = TypeVar("Kind")


def rounded(value: float, digits: int) -> float:
    """Round half up for publication; an exact zero stays a whole 0, so that 0.0 means a value too small to show."""
    return 0 if value == 0 else half_up(value, digits) or 0.0


def read(frame: pd.DataFrame) -> list[TableRow]:
    """Give the rows of a table with None for every kind of missing value."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def city_rows(rating: Rating) -> tuple[CityResult, ...]:
    """Give totals and places."""
    return tuple(_result(CityResult, row) for row in read(rating.cities))


def unverified_rows(rating: Rating) -> tuple[UnverifiedResult, ...]:
    """Give totals and places with unverified answers, where the edition keeps them out of the headline."""
    table = rating.with_unverified
    return () if table is None else tuple(_result(UnverifiedResult, row) for row in read(table))


def place_rows(rating: Rating, flagged: Mapping[str, int], without: pd.DataFrame) -> tuple[PlaceResult, ...]:
    """Give groups and rank intervals, with the totals and places `without` flagged answers."""
    clean = {row["city"]: row for row in read(without)}
    return tuple(
        _result(
            PlaceResult,
            row
            | {
                "coverage": _percent(row["coverage"]),
                "flagged": flagged.get(row["city"], 0),
                "total_without_flagged": clean[row["city"]]["total"],
                "place_without_flagged": clean[row["city"]]["place"],
            },
        )
        for row in read(rating.places)
    )


def area_rows(rating: Rating, edition: Edition) -> tuple[AreaResult, ...]:
    """Give the areas, with the reason wherever an audience shows no number."""
    areas = {area.code: area for area in edition.areas}
    first_estimates = _first_estimates(rating)
    rows = []
    for row in read(rating.areas):
        for audience, column in (("resident", "residents"), ("business", "businesses")):
            of_topics = [
                first_estimates.get((audience, row["city"], code)) for code in areas[row["area"]].opinion_areas
            ]
            estimates = [estimate for estimate in of_topics if estimate is not None]
            whole = len(estimates) == len(of_topics)
            row[f"{column}_effective_n"] = min(each["effective_n"] for each in estimates) if whole else None
            row[f"{column}_note"] = "" if row[column] is not None else _reason(estimates, areas[row["area"]], edition)
        rows.append(_result(AreaResult, row))
    return tuple(rows)


def estimate_rows(rating: Rating, edition: Edition) -> tuple[EstimateResult, ...]:
    """Give every tier's estimates that the edition's publication rule lets through."""
    rows = []
    for row in read(rating.estimates):
        row["reason"] = row["reason"] or _rule(row, edition)
        if row["reason"]:
            row |= {"mean": None, "se": None, "design_effect": None}
        rows.append(_result(EstimateResult, row))
    return tuple(rows)


def people_rows(rating: Rating) -> tuple[PeopleResult, ...]:
    """Give the scores of groups of people; scoring has left out the small ones and those that would reveal them."""
    rows = read(rating.domains)
    return tuple(_result(PeopleResult, row | {"category": _category(row["category"])}) for row in rows)


def _category(code: str) -> str:
    return NOT_GIVEN if code == "-" else code


def other_rows(rating: Rating) -> TableRow:
    """Give the tables that are published as they come."""
    groups = [
        row | {f"p{points}": _percent(row[f"p{points}"]) for points in range(1, 6)} for row in read(rating.groups)
    ]
    return {
        "rule_results": tuple(_result(RuleResult, row) for row in read(rating.rules)),
        "group_results": tuple(_result(GroupResult, row) for row in groups),
        "tier_results": tuple(_result(TierResult, row) for row in read(rating.weights)),
        "shares": tuple(_result(ShareResult, row) for row in read(rating.shares)),
        "findings": tuple(_result(FindingResult, row) for row in read(rating.findings)),
        "diagnostics": tuple(_result(DiagnosticResult, row) for row in read(rating.diagnostics)),
    }


def _first_estimates(rating: Rating) -> dict[tuple[str, str, str], TableRow]:
    """Give each audience's estimate of each area asked about: the mixed one where there are two tiers."""
    rows: dict[tuple[str, str, str], TableRow] = {}
    for row in read(rating.estimates):
        rows.setdefault((row["audience"], row["city"], row["area"]), row)
    return rows


def _reason(estimates: list[TableRow], area: Area, edition: Edition) -> str:
    if len(estimates) < len(area.opinion_areas):
        return "not_asked"
    if min(row["n"] for row in estimates) == 0:
        return "nobody_answered"
    return next(filter(None, (row["reason"] or _rule(row, edition) for row in estimates)), "too_wide")


def _rule(row: TableRow, edition: Edition) -> str:
    """Say by which rule an estimate may not be published: fewer than FEWEST people is the stronger reason."""
    if row["n"] < FEWEST:
        return "few_people"
    if row["effective_n"] < edition.minimum_n:
        return "too_few"
    return "too_wide" if row["se"] is None or Z95 * row["se"] > float(edition.widest) else ""


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _result(kind: type[Kind], row: TableRow) -> Kind:
    """Make a row of a publication; a column that the run has and the publication does not is left out."""
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # every kind of row is a dataclass
    return kind(**{name: value for name, value in _rounded_row(row) if name in names})


def _rounded_row(row: TableRow) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, float):
            fine = name in {"se", "design_effect", "largest"} or name.endswith("_se")
            yield name, rounded(value, ERROR_DIGITS if fine else SCORE_DIGITS)
        else:
            yield name, int(value) if hasattr(value, "__int__") and not isinstance(value, str) else value
