"""What is odd about a value, worst first: the order in which assessors are shown what waits for them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from statistics import median
from typing import NamedTuple

from app.indicators.catalogue import ReportingMethod
from app.indicators.keys import CaseKey
from app.indicators.measures import Measurement
from app.indicators.remarks import outliers
from app.indicators.vocabulary import OUT_OF_RANGE, Status
from scoring.edition import Indicator

FEWEST = 5
"""Cities whose change must be known before one of them is called far from the others."""

FAR = 3
"""Median absolute deviations beyond which a change is far from those of the other cities."""


class Oddity(StrEnum):
    """Something to look at, in the order of how much it matters."""

    LINTER = "linter"
    SHARED_EVIDENCE = "shared_evidence"
    YES_AFTER_NO = "yes_after_no"
    BIG_CHANGE = "big_change"
    NOT_APPLICABLE = "not_applicable"
    FIRST_VALUE = "first_value"


_RANK = {oddity: rank for rank, oddity in enumerate(Oddity)}
_LAST_DAY = date.max


Figures = Mapping[tuple[str, str], Measurement]
"""What was given in one period, by city and indicator."""


class RiskInputs(NamedTuple):
    """What oddities are found by: the figures of a period and of the one before, and the cases with shared papers."""

    now: Figures
    before: Figures
    shared: Collection[CaseKey] = frozenset()
    earlier: Collection[tuple[str, str]] = frozenset()
    """Cities and indicators of which a number was given in whatever period before, be it years ago."""


def oddities(period: str, known: RiskInputs, indicators: Mapping[str, Indicator]) -> dict[CaseKey, tuple[Oddity, ...]]:
    """List for each case of a period what is odd about its latest figure, worst first; none for nothing."""
    far, alone = _far_changes(known, indicators), _far_values(known, indicators)
    found = {}
    for (city, code), figure in known.now.items():
        key = CaseKey(period, city, code)
        before = known.before.get((city, code))
        applies = {
            Oddity.LINTER: figure.flag in OUT_OF_RANGE or (city, code) in alone,
            Oddity.SHARED_EVIDENCE: key in known.shared,
            Oddity.YES_AFTER_NO: _turned_to_yes(figure, before, indicators.get(code)),
            Oddity.BIG_CHANGE: (city, code) in far,
            Oddity.NOT_APPLICABLE: figure.status is Status.NOT_APPLICABLE,
            Oddity.FIRST_VALUE: _number(figure) is not None
            and _number(before) is None
            and (city, code) not in known.earlier,
        }
        found[key] = tuple(oddity for oddity in Oddity if applies[oddity])
    return found


def by_risk(key: CaseKey, found: tuple[Oddity, ...], due_on: date | None) -> tuple[int, date, CaseKey]:
    """Give what a case is sorted by: its worst oddity, then its last day."""
    return _RANK[found[0]] if found else len(_RANK), due_on or _LAST_DAY, key


def _turned_to_yes(figure: Measurement, before: Measurement | None, indicator: Indicator | None) -> bool:
    if indicator is None or indicator.method != ReportingMethod.YES_NO:
        return False
    return _number(figure) == 1 and _number(before) == 0


def _far_changes(known: RiskInputs, indicators: Mapping[str, Indicator]) -> set[tuple[str, str]]:
    """Find the changes that lie more than FAR median absolute deviations from the median change of the cities.

    A yes or a no has no size, and a change is none where the method of an indicator is not known.
    """
    changes: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for (city, code), figure in known.now.items():
        new, old = _number(figure), _number(known.before.get((city, code)))
        if new is not None and old is not None:
            changes[code][city] = new - old
    far = set()
    for code, by_city in changes.items():
        indicator = indicators.get(code)
        if indicator is None or indicator.method == ReportingMethod.YES_NO or len(by_city) < FEWEST:
            continue
        middle = median(by_city.values())
        spread = median(abs(change - middle) for change in by_city.values())
        far |= {(city, code) for city, change in by_city.items() if abs(change - middle) > FAR * spread}
    return far


def _far_values(known: RiskInputs, indicators: Mapping[str, Indicator]) -> set[tuple[str, str]]:
    """Find the values that the linter will call outliers among those of all cities."""
    numbers: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for (city, code), figure in known.now.items():
        number, indicator = _number(figure), indicators.get(code)
        if number is not None and indicator is not None and indicator.method != ReportingMethod.YES_NO:
            numbers[code][city] = number
    return {
        (city, code)
        for code, by_city in numbers.items()
        for city, is_far in zip(by_city, outliers(list(by_city.values())), strict=True)
        if is_far
    }


def _number(measured: Measurement | None) -> Fraction | None:
    """Give the number that was reported; None where none was."""
    if measured is None or measured.numerator is None:
        return None
    return Fraction(measured.numerator, measured.denominator or 1)
