"""Values, states and remarks in the words of the page's language."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from app.indicators.catalogue import ReportingMethod
from app.indicators.errors import ImportFault, PeriodCode, SendCode
from app.indicators.measures import Measurement
from app.indicators.remarks import ValueRemark, fraction_of
from app.indicators.states import State
from app.indicators.vocabulary import BASES, STATUSES, Basis, Status, ValueFlag
from app.indicators.wording import gaps_of, template_of
from app.web.language import _, _l, _n, current_language, number, percent, pick
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
    ValueRemark.OUT_OF_RANGE: _l("It lies outside its range; the rating will count the nearest bound instead."),
    ValueRemark.OUTLIER: _l(
        "It is far from the values of all other cities. Please check the unit and the number of zeros."
    ),
    ValueRemark.AS_BEFORE: _l("It is the same, to the last digit, as in the period before."),
}

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
        digits = _digits(shown)
        return Figure(percent(float(shown), digits)) if unit == "%" else Figure(number(float(shown), digits), unit)
    shown = value * 100 if indicator.method == ReportingMethod.RATIO else value
    return Figure(percent(float(shown), _digits(shown)))


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
    return f"{sign}{number(float(abs(difference)), _digits(difference))}"


def fault_text(fault: ImportFault) -> str:
    """Say what is wrong with a cell, in the importer's words."""
    text = _(template_of(fault), **gaps_of(fault, current_language()))
    return text[:1].upper() + text[1:]


def _digits(value: Fraction) -> int:
    """Choose decimals: none for whole numbers, two where they are enough, more for small ones."""
    if value.denominator == 1:
        return 0
    size = abs(value)
    return 1 if size >= 1000 else 2 if size >= Fraction(1, 10) else 4
