"""What the linter finds: each finding with a severity and a code. Without numpy, for pages that only show them."""

from typing import NamedTuple

ERROR, WARNING = "error", "warning"
"""A run with an error may not become official."""

SEVERITIES = {
    "scored_against_direction": ERROR,
    "constant": WARNING,
    "outlier": WARNING,
    "out_of_range": WARNING,
    "duplicated": WARNING,
    "inverted_duplicate": WARNING,
    "area_without_indicators": ERROR,
    "band_edge_matters": WARNING,
    "margins_of_different_universes": ERROR,
    "margins_of_different_dates": ERROR,
    "margins_disagree": ERROR,
}
"""Every check by its code, and how much it matters."""


class InputFinding(NamedTuple):
    """One mistake or oddity in the inputs of a rating; `code` names the check."""

    severity: str
    code: str
    subject: str
    detail: str


def make_finding(code: str, subject: str, detail: str) -> InputFinding:
    """Make a finding with the severity of its code."""
    return InputFinding(SEVERITIES[code], code, subject, detail)
