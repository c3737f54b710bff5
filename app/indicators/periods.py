"""Codes of reporting periods and the days they cover."""

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

_CODE = re.compile(r"(?P<year>20[0-9]{2})(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


class DateRange(NamedTuple):
    """The first and the last day of a period."""

    starts: date
    ends: date


def span_of(code: str) -> DateRange | None:
    """Give the days of "2024", "2024-H1", "2024-Q3" or "2024-07"; None for any other text."""
    match = _CODE.fullmatch(code)
    if match is None:
        return None
    first, months = 1, 12
    if match["half"]:
        first, months = 6 * int(match["half"]) - 5, 6
    elif match["quarter"]:
        first, months = 3 * int(match["quarter"]) - 2, 3
    elif match["month"]:
        first, months = int(match["month"]), 1
    year, last = int(match["year"]), first + months - 1
    return DateRange(date(year, first, 1), date(year, last, monthrange(year, last)[1]))
