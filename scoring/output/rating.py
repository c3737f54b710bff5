"""The result of a rating: its tables, their columns and types, their bytes and digest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import pandas as pd

from scoring.frames import canonical_csv, digest_of

COLUMNS: dict[str, dict[str, str]] = {
    "areas": {
        "city": "str",
        "area": "str",
        "indicators": "float64",
        "available_case": "float64",
        "reported": "int64",
        "applicable": "int64",
        "residents": "float64",
        "residents_n": "int64",
        "residents_se": "float64",
        "businesses": "float64",
        "businesses_n": "int64",
        "businesses_se": "float64",
        "opinion": "float64",
        "opinion_se": "float64",
        "blended": "float64",
        "note": "str",
    },
    "cities": {
        "city": "str",
        "status": "str",
        "total": "float64",
        "se": "float64",
        "low": "float64",
        "high": "float64",
        "place": "Int64",
        "place_low": "Int64",
        "place_high": "Int64",
        "total_without_opinion": "float64",
        "place_without_opinion": "Int64",
        "total_opinion_only": "float64",
        "residents_n": "int64",
        "businesses_n": "int64",
    },
    "rules": {
        "city": "str",
        "rule": "str",
        "total": "float64",
        "place": "Int64",
        "total_without_opinion": "float64",
        "place_without_opinion": "Int64",
    },
    "groups": {
        "city": "str",
        "group": "str",
        "indicators": "float64",
        "opinion": "float64",
        "blended": "float64",
        "se": "float64",
        "points": "Int64",
        **{f"p{points}": "float64" for points in range(1, 6)},
    },
    "places": {
        "city": "str",
        "tied_group": "Int64",
        "together_low": "Int64",
        "together_high": "Int64",
        "could_be_top_3": "Int64",
        "total_available_case": "float64",
        "place_available_case": "Int64",
        "coverage": "float64",
    },
    "without_flagged": {
        "city": "str",
        "flagged": "int64",
        "status": "str",
        "total": "float64",
        "place": "Int64",
        "total_opinion_only": "float64",
    },
    "with_unverified": {
        "city": "str",
        "status": "str",
        "total": "float64",
        "se": "float64",
        "low": "float64",
        "high": "float64",
        "place": "Int64",
        "place_low": "Int64",
        "place_high": "Int64",
        "total_opinion_only": "float64",
    },
    "without_employees": {
        "city": "str",
        "employees": "int64",
        "status": "str",
        "total": "float64",
        "place": "Int64",
        "total_opinion_only": "float64",
    },
    "estimates": {
        "audience": "str",
        "city": "str",
        "tier": "str",
        "area": "str",
        "mean": "float64",
        "se": "float64",
        "se_linearised": "float64",
        "n": "int64",
        "effective_n": "float64",
        "design_effect": "float64",
        "reason": "str",
    },
    "covariances": {"audience": "str", "city": "str", "area": "str", "other": "str", "covariance": "float64"},
    "weights": {
        "audience": "str",
        "city": "str",
        "tier": "str",
        "status": "str",
        "n": "int64",
        "effective_n": "float64",
        "strata": "int64",
        "iterations": "int64",
        "miss": "float64",
        "smallest": "float64",
        "largest": "float64",
        "trimmed": "int64",
        "notes": "str",
    },
    "shares": {
        "audience": "str",
        "city": "str",
        "question": "str",
        "measure": "str",
        "value": "float64",
        "se": "float64",
        "n": "int64",
    },
    "domains": {
        "audience": "str",
        "city": "str",
        "area": "str",
        "dimension": "str",
        "category": "str",
        "mean": "float64",
        "se": "float64",
        "n": "Int64",
        "reason": "str",
    },
    "findings": {"severity": "str", "code": "str", "subject": "str", "detail": "str"},
    "diagnostics": {"city": "str", "subject": "str", "reason": "str", "detail": "str"},
}
"""Columns of each table of the rating and their types. Scores, totals and errors are in points of 0-100."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Rating:
    """The result, in tables whose columns COLUMNS lists; a missing value is NaN or None, never 0.

    `with_unverified` holds the totals and places beside the headline, where unverified answers speak of areas of which
    too few verified ones do; None under an edition that counts them in the headline. `without_employees` holds those
    without the residents who said that they work in an akimat; None where nobody did.
    """

    areas: pd.DataFrame
    cities: pd.DataFrame
    rules: pd.DataFrame
    groups: pd.DataFrame
    places: pd.DataFrame
    without_flagged: pd.DataFrame
    estimates: pd.DataFrame
    covariances: pd.DataFrame
    weights: pd.DataFrame
    shares: pd.DataFrame
    domains: pd.DataFrame
    findings: pd.DataFrame
    diagnostics: pd.DataFrame
    with_unverified: pd.DataFrame | None = None
    without_employees: pd.DataFrame | None = None

    def tables(self) -> dict[str, pd.DataFrame]:
        """Give the tables that there are, by name."""
        every = {part.name: getattr(self, part.name) for part in fields(self)}
        return {name: each for name, each in every.items() if each is not None}

    def to_bytes(self) -> bytes:
        """Write the whole result canonically: the same inputs and edition give the same bytes."""
        return b"".join(f"# {name}\n".encode() + canonical_csv(table) for name, table in self.tables().items())

    def digest(self) -> str:
        """Fingerprint the whole result."""
        return digest_of(self.tables())


def table(name: str, rows: Iterable[Sequence[object]]) -> pd.DataFrame:
    """Make a table of the result from its rows, typed also when there are none."""
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS[name]), dtype=object)
    return frame.astype(COLUMNS[name])
