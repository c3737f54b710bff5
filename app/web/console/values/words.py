"""Values, states and remarks in the words of the page's language."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from app.indicators.catalogue import ReportingMethod, bounds_of
from app.indicators.errors import ImportFault, PeriodCode, SendCode
from app.indicators.examination import CityNote, ReturnTold
from app.indicators.measures import Measurement
from app.indicators.remarks import ValueRemark, fraction_of, remarks_on
from app.indicators.states import State
from app.indicators.vocabulary import BASES, OUT_OF_RANGE, STATUSES, Basis, Status, ValueFlag
from app.indicators.wording import gaps_of, template_of
from app.web.console.assess.words import REASONS
from app.web.language import _, _l, _n, current_language, listed, number, percent, pick
from scoring.edition import Indicator
from surveys.languages import Text3


class Badge(NamedTuple):
    """A state as it is shown: the colour beside it, and its word."""

    kind: str
    words: str


STATES = {
    State.OPEN: Badge("", _l("not filled in")),
    State.DRAFT: Badge("new", _l("draft")),
    State.SENT: Badge("warn", _l("under examination")),
    State.SPLIT: Badge("warn", _l("under examination")),
    State.ACCEPTED: Badge("good", _l("accepted")),
    State.RETURNED: Badge("bad", _l("returned")),
    State.REFUSED: Badge("bad", _l("not accepted")),
    State.LOCKED: Badge("", _l("closed")),
}
"""That two assessors differ is nobody's business but theirs: for a city it is under examination."""

SIGNS = {
    ValueFlag.NO_DATA: _l("there are no data"),
    ValueFlag.CONFIDENTIAL: _l("confidential"),
    ValueFlag.NO_PHENOMENON: _l("there is no such thing in the city"),
    ValueFlag.NEGLIGIBLE: _l("too small to be measured"),
}
"""Why there is no number, by the Bureau's four signs."""

REMARKS = {
    ValueRemark.OUT_OF_RANGE: _l(
        "It lies outside its range (%(bounds)s); the rating will count the nearest bound instead."
    ),
    ValueRemark.OUTLIER: _l(
        "It is far from the values of all other cities. Please check the unit and the number of zeros."
    ),
    ValueRemark.AS_BEFORE: _l("It is the same, to the last digit, as in the period before."),
}
"""What the linter says; `bounds` is the range that counts."""

SEND_FAULTS = {
    SendCode.NO_EVIDENCE: _l("no evidence"),
    SendCode.NO_REASON: _l("“not applicable” needs a reason of 20 characters or more"),
    SendCode.NOT_A_DRAFT: _l("it is not a draft"),
}

PERIOD_FAULTS = {
    PeriodCode.UNKNOWN: _l("A period is written 2024, 2024-H1, 2024-Q3 or 2024-07."),
    PeriodCode.NO_SUCH_PERIOD: _l("There is no such period."),
    PeriodCode.ALREADY_THERE: _l("There is such a period already."),
    PeriodCode.UNKNOWN_EDITION: _l("Please choose an edition."),
    PeriodCode.NO_INDICATORS: _l("This edition has no indicators."),
    PeriodCode.NO_CITIES: _l("Please choose at least one city."),
    PeriodCode.DUE_BEFORE_OPENING: _l("The last day lies before the first."),
    PeriodCode.DUE_IN_THE_PAST: _l("The last day lies in the past."),
    PeriodCode.CORRECTION_DAYS: _l("From 1 to 60 working days."),
    PeriodCode.NOT_LATER: _l("The new day must be later than today and than the present one."),
    PeriodCode.ALREADY_CLOSED: _l("The period is closed."),
}


_MOST_DECIMALS = 6
"""Decimals up to which a number is shown as it was typed."""


class Figure(NamedTuple):
    """A value as people read it, and what it is counted in or of; both empty where nothing was given."""

    text: str
    unit: str = ""


def value_text(indicator: Indicator, measured: Measurement | None) -> str:
    """Write a value as people read it; empty where nothing was given."""
    text, unit = figure(indicator, measured)
    return f"{text} ({unit})" if indicator.method == ReportingMethod.RATIO and unit else f"{text} {unit}".rstrip()


def figure(indicator: Indicator, measured: Measurement | None) -> Figure:
    """Write a value with its unit apart, or with the two counts that it is the ratio of."""
    if measured is None:
        return Figure("")
    if measured.status is not Status.REPORTED:
        return Figure(str(SIGNS.get(measured.flag) or pick(STATUSES[measured.status])))
    shown = _figure(indicator, fraction_of(measured))
    if indicator.method == ReportingMethod.RATIO:
        counts = {"n": number(measured.numerator or 0), "of": number(measured.denominator or 1)}
        return Figure(shown.text, _("%(n)s of %(of)s", **counts))
    return shown


def number_text(indicator: Indicator, value: Fraction) -> str:
    """Write a number of an indicator with its unit."""
    return " ".join(filter(None, _figure(indicator, value)))


def _figure(indicator: Indicator, value: Fraction) -> Figure:
    if indicator.method == ReportingMethod.YES_NO:
        return Figure(_("yes") if value else _("no"))
    if indicator.method == ReportingMethod.MEASURED:
        shown = value * indicator.per
        unit = pick(Text3(*indicator.unit))
        digits = digits_of(shown)
        return Figure(percent(float(shown), digits)) if unit == "%" else Figure(number(float(shown), digits), unit)
    shown = value * 100 if indicator.method == ReportingMethod.RATIO else value
    return Figure(percent(float(shown), digits_of(shown)))


def bounds_text(indicator: Indicator) -> str:
    """Write the range that counts in the rating, with its unit; empty for a yes or no."""
    low, high = bounds_of(indicator)
    is_yes_no = indicator.method == ReportingMethod.YES_NO
    return "" if is_yes_no else range_text(indicator, [low / indicator.per, high / indicator.per])


def range_text(indicator: Indicator, numbers: Sequence[Fraction]) -> str:
    """Write the lowest and the highest of numbers, with their unit."""
    low, high = (number_text(indicator, each) for each in (min(numbers), max(numbers)))
    return _("from %(low)s to %(high)s", low=low, high=high)


def remark_texts(
    indicator: Indicator, measured: Measurement, numbers: Sequence[Fraction], before: Measurement | None
) -> list[str]:
    """Say what the linter finds of a value beside those of other cities and its own of the period before."""
    was = fraction_of(before) if before and before.status is Status.REPORTED else None
    gaps = {"bounds": bounds_text(indicator)}
    return [str(REMARKS[remark]) % gaps for remark in remarks_on(indicator, measured, numbers, was)]


def out_of_range_text(indicator: Indicator, measured: Measurement | None) -> str:
    """Say that a value lies outside the range that counts, and which that is; empty where it does not."""
    if measured is None or measured.flag not in OUT_OF_RANGE:
        return ""
    return str(REMARKS[ValueRemark.OUT_OF_RANGE]) % {"bounds": bounds_text(indicator)}


def told_text(note: CityNote) -> str:
    """Write what an assessor told the city as one sentence; empty for one who said nothing."""
    reasons = listed(str(REASONS[reason]) for reason in note.reasons)
    return ": ".join(text for text in (reasons[:1].upper() + reasons[1:], note.note) if text)


def came_back_texts(told: ReturnTold | None) -> list[str]:
    """Say why a value came back to its city; nothing where it did not."""
    if told is None:
        return []
    reopened = [_("The ministry has opened it again: %(reason)s", reason=told.reopened)] if told.reopened else []
    return list(dict.fromkeys([*reopened, *filter(None, map(told_text, told.notes))]))


def yes_count(numbers: Sequence[Fraction]) -> str:
    """Say in how many cities the answer to a yes/no indicator is yes."""
    yes = sum(each == 1 for each in numbers)
    return _n("yes in %(yes)s of %(num)s city", "yes in %(yes)s of %(num)s cities", len(numbers), yes=yes)


def basis_text(basis: str) -> str:
    """Name a kind of source; empty where nobody said."""
    return pick(BASES[Basis(basis)]) if basis else ""


def change_text(indicator: Indicator, now: Measurement | None, before: Measurement | None) -> str:
    """Say how a value changed since the period before; empty where there is nothing to compare."""
    if now is None or before is None or now == before:
        return ""
    if Status.REPORTED not in {now.status, before.status} or now.status is not before.status:
        return f"{value_text(indicator, before)} → {value_text(indicator, now)}"
    old, new = fraction_of(before), fraction_of(now)
    if indicator.method == ReportingMethod.YES_NO:
        return f"{value_text(indicator, before)} → {value_text(indicator, now)}"
    scale = 100 if indicator.method == ReportingMethod.RATIO else indicator.per
    difference = (new - old) * scale
    if not difference:
        return ""
    sign = "+" if difference > 0 else "−"
    return f"{sign}{number(float(abs(difference)), digits_of(difference))}"


def fault_text(fault: ImportFault) -> str:
    """Say what is wrong with a cell, in the importer's words."""
    text = _(template_of(fault), **gaps_of(fault, current_language()))
    return text[:1].upper() + text[1:]


def digits_of(value: Fraction) -> int:
    """Choose decimals: all that were typed, of one that goes on some by its size, and never a zero at the end."""
    for digits in range(_MOST_DECIMALS + 1):
        if (value * 10**digits).denominator == 1:
            return digits
    size = abs(value)
    enough = 1 if size >= 1000 else 2 if size >= Fraction(1, 10) else 4
    rounded = round(value, enough)
    return digits_of(rounded) if rounded else _MOST_DECIMALS
