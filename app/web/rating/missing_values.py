"""The Bureau's legend for "no number": «-» no such thing, «0,0» too small to show, «х» confidential, «...» no data."""

from typing import Any

from app.publishing.results import ALL_THE_SAME

NO_SUCH_THING, CONFIDENTIAL, NO_DATA = "-", "\N{CYRILLIC SMALL LETTER HA}", "..."
SYMBOLS = {"not_asked": NO_SUCH_THING, "few_people": CONFIDENTIAL, ALL_THE_SAME: NO_SUCH_THING}
_OPINION = {"opinion", "opinion_se"}
_ERRORS = {"se", "low", "high", "design_effect", "p1", "p2", "p3", "p4", "p5"}


def symbol(row: Any, column: str) -> str:
    """Give the symbol for a column of a row that has no number there."""
    kind = type(row).__name__
    if kind == "PeopleResult" or (kind == "TierResult" and column == "n"):
        return CONFIDENTIAL
    if kind == "ShareResult":
        return NO_DATA if row.n == 0 else CONFIDENTIAL
    if kind in _OWN:
        return _OWN[kind](row, column)
    if column in _ERRORS and _has_number(row):
        return NO_SUCH_THING
    return SYMBOLS.get(getattr(row, "reason", "") or getattr(row, "kappa_reason", ""), NO_DATA)


def _of_place(row: Any, column: str) -> str:
    if column.endswith("employees") and row.employees is None:
        return NO_SUCH_THING
    _total, _without, name = column.rpartition("_without_")
    return CONFIDENTIAL if _without and not getattr(row, name) else NO_DATA


def _of_area(row: Any, column: str) -> str:
    if column in _OPINION:
        notes = {row.residents_note, row.businesses_note}
        return CONFIDENTIAL if "few_people" in notes else NO_SUCH_THING if notes == {"not_asked"} else NO_DATA
    audience = column.removesuffix("_effective_n").removesuffix("_se")
    return SYMBOLS.get(getattr(row, f"{audience}_note", ""), NO_DATA)


def _has_number(row: Any) -> bool:
    """Tell whether the row has the score whose error is asked for: then the error is what does not exist."""
    return any(getattr(row, column, None) is not None for column in ("total", "mean", "blended"))


_OWN = {"AreaResult": _of_area, "PlaceResult": _of_place}
"""Rows that say more of their gaps than a reason."""
