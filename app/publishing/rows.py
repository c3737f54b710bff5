"""Turns the tables of a rating into the rows of a publication: rounded once, and silent about few people.

Counts of people are in whole tens, rounded down, everywhere: docs/scoring.md says why and gives every precision.
"""

import re
from collections.abc import Mapping
from dataclasses import fields
from math import sqrt
from typing import Any, TypeVar

import pandas as pd

from app.publishing.results import (
    AreaResult,
    CityResult,
    DiagnosticResult,
    EstimateResult,
    ExaminationResult,
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
from scoring.opinion.small_groups import FEWEST, tens
from scoring.output.publishable import Withheld
from scoring.output.rating import Rating
from scoring.rounding import half_up

SCORE_DIGITS = 1
ERROR_DIGITS = 2
PEOPLE_DIGITS = 0
"""Of the score of a group of people: its error is some points anyway."""
COUNTS = frozenset({"n", "flagged", "employees"})
"""Columns that count people, besides those whose names end in "_n"."""

_FINE = frozenset({"se", "design_effect"})
NOT_GIVEN = "not_given"
"""Category of people who did not tell; the cells write it "-", which means another thing in a table."""

_SILENT = {"nobody_answered": "few_people", "one_answer": "few_people"}
"""Reasons that would say exactly how few answered."""

_N = re.compile(r"n=([0-9.]+)")

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


LeftOut = Mapping[str, tuple[int, int]]
"""How many answers of each city are left out, and how many of them have a weight."""


def place_rows(rating: Rating, flagged: LeftOut, employees: LeftOut) -> tuple[PlaceResult, ...]:
    """Give groups and rank intervals, with the totals and places without some answers.

    Those are the flagged ones, and those of people who work in an akimat. Where fewer than FEWEST of them have a
    weight, the total without them would tell what they said.
    """
    clean = _without("flagged", rating.without_flagged, flagged)
    outsiders = _without("employees", rating.without_employees, employees)
    return tuple(
        _result(
            PlaceResult,
            row
            | {
                "coverage": _percent(row["coverage"]),
            }
            | clean[row["city"]]
            | outsiders.get(row["city"], {}),
        )
        for row in read(rating.places)
    )


def _without(name: str, table: pd.DataFrame | None, left_out: LeftOut) -> dict[str, TableRow]:
    """Give by city the number of answers that are left out, and total and place without them where these are told."""
    rows = {}
    for row in [] if table is None else read(table):
        n, weighing = left_out.get(row["city"], (0, 0))
        told = weighing >= FEWEST
        rows[row["city"]] = {name: n} | {
            f"{what}_without_{name}": row[what] if told else None for what in ("total", "place")
        }
    return rows


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
        row["reason"] = _rule(row, edition)
        if row["reason"]:
            row |= {"mean": None, "se": None, "design_effect": None}
        rows.append(_result(EstimateResult, row))
    return tuple(rows)


def people_rows(rating: Rating, withheld: Withheld) -> tuple[PeopleResult, ...]:
    """Give the scores of groups of people, without the small ones and those that would reveal them."""
    keys = ("audience", "city", "area", "dimension", "category")
    none = {"mean": None, "se": None, "n": None, "reason": "too_few"}
    rows = [row | (none if tuple(map(row.get, keys)) in withheld.groups else {}) for row in read(rating.domains)]
    return tuple(
        _result(PeopleResult, row | {"category": _category(row["category"]), "mean": of_people(row["mean"])})
        for row in rows
    )


def examination_rows(table: pd.DataFrame) -> tuple[ExaminationResult, ...]:
    """Give what is to be known of values beside their numbers."""
    return tuple(_result(ExaminationResult, row) for row in read(table))


def of_people(mean: float | None) -> float | None:
    """Round the score of a group of people: in whole points, for finer ones would tell of the groups not shown."""
    return None if mean is None else rounded(mean, PEOPLE_DIGITS)


def _category(code: str) -> str:
    return NOT_GIVEN if code == "-" else code


def other_rows(rating: Rating, withheld: Withheld) -> TableRow:
    """Give the tables that are published as they come."""
    groups = [
        row | {f"p{points}": _percent(row[f"p{points}"]) for points in range(1, 6)} for row in read(rating.groups)
    ]
    return {
        "rule_results": tuple(_result(RuleResult, row) for row in read(rating.rules)),
        "group_results": tuple(_result(GroupResult, row) for row in groups),
        "tier_results": _tier_rows(rating),
        "shares": tuple(_result(ShareResult, row | _share(row, withheld)) for row in read(rating.shares)),
        "findings": tuple(_result(FindingResult, row) for row in read(rating.findings)),
        "diagnostics": tuple(
            _result(DiagnosticResult, row | {"detail": _in_tens(row["detail"])}) for row in read(rating.diagnostics)
        ),
    }


def _tier_rows(rating: Rating) -> tuple[TierResult, ...]:
    """Give the samples; of two tiers no numbers where one is small, for the total less the other would show it.

    Three ranges of ten leave fewer than ten numbers: of 57 people, of whom 49 were verified, "50" and "40" tell of one
    at least who was not.
    """
    rows = read(rating.weights)
    sizes: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        sizes.setdefault((row["audience"], row["city"]), []).append(row["n"])
    few = {of for of, own in sizes.items() if len(own) > 1 and min(own) < FEWEST}
    nothing = {"n": None, "effective_n": None}
    return tuple(_result(TierResult, row | (nothing if (row["audience"], row["city"]) in few else {})) for row in rows)


def _first_estimates(rating: Rating) -> dict[tuple[str, str, str], TableRow]:
    """Give each audience's estimate of each area asked about: the mixed one where there are two tiers."""
    rows: dict[tuple[str, str, str], TableRow] = {}
    for row in read(rating.estimates):
        rows.setdefault((row["audience"], row["city"], row["area"]), row)
    return rows


def _reason(estimates: list[TableRow], area: Area, edition: Edition) -> str:
    if len(estimates) < len(area.opinion_areas):
        return "not_asked"
    return next(filter(None, (_rule(row, edition) for row in estimates)), "too_wide")


def _rule(row: TableRow, edition: Edition) -> str:
    """Say by which rule an estimate may not be published: fewer than FEWEST people is the strongest reason."""
    if row["n"] < FEWEST:
        return "few_people"
    if row["reason"]:
        return str(row["reason"])
    if row["effective_n"] < edition.minimum_n:
        return "too_few"
    return "too_wide" if row["se"] is None or Z95 * row["se"] > float(edition.widest) else ""


def _in_tens(detail: str | None) -> str | None:
    """Write the numbers of people in a detail such as "n=7, effective n=5.2" as they are published."""
    return detail and _N.sub(lambda found: f"n={tens(float(found[1]))}", detail)


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _share(row: TableRow, withheld: Withheld) -> TableRow:
    """Give a share with the error of as many answers as are published: the exact one would tell their exact number."""
    key = (row["audience"], row["city"], row["question"], row["measure"])
    if key in withheld.shares or row["value"] is None or row["se"] is None:
        return {"value": None, "se": None, "n": None}
    return {"se": float(row["se"] * sqrt((row["n"] - 1) / (tens(row["n"]) - 1)))}


def _result(kind: type[Kind], row: TableRow) -> Kind:
    """Make a row of a publication; a column that the run has and the publication does not is left out."""
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # every kind of row is a dataclass
    return kind(**{name: _rounded(name, value) for name, value in row.items() if name in names})


def _rounded(name: str, value: Any) -> Any:
    if name in COUNTS or name.endswith(("_n", "effective_n")):
        return None if value is None else tens(value)
    if isinstance(value, float):
        return rounded(value, ERROR_DIGITS if name in _FINE or name.endswith("_se") else SCORE_DIGITS)
    if isinstance(value, str):
        before, colon, code = value.rpartition(":")
        return before + colon + _SILENT[code] if code in _SILENT else value
    return int(value) if hasattr(value, "__int__") else value
