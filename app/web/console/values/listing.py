"""The list of values: one statement of cases with their latest value, the value before and their evidence."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import String, and_, case, func, literal, select
from sqlalchemy.orm import aliased, outerjoin

from app.indicators.case_models import Evidence, ValueCase
from app.indicators.catalogue import ReportingMethod
from app.indicators.examination import ReturnTold
from app.indicators.keys import CaseKey
from app.indicators.measures import Measurement
from app.indicators.models import IndicatorValue, Period
from app.indicators.queries import PeriodRow
from app.indicators.remarks import fraction_of
from app.indicators.states import State
from app.indicators.vocabulary import OUT_OF_RANGE, Status, ValueFlag
from app.web.console.tables import Column, Filter, Listing, choice
from app.web.console.values.words import (
    STATES,
    basis_text,
    came_back_texts,
    change_text,
    digits_of,
    figure,
    remark_texts,
)
from app.web.language import _, _l, pick
from scoring.edition import Edition, Indicator
from surveys.languages import Text3
from surveys.population.places import load_places

NO_DAY = date(9999, 12, 31)
TO_DO = (State.OPEN, State.DRAFT, State.RETURNED)
_BEFORE, _BEFORE_CASE, _EARLIER = aliased(IndicatorValue), aliased(ValueCase), aliased(ValueCase)
PAPERS = (
    select(func.count())
    .where(
        Evidence.period == ValueCase.period,
        Evidence.city == ValueCase.city,
        Evidence.indicator == ValueCase.indicator,
        Evidence.withdrawn_at.is_(None),
    )
    .correlate(ValueCase)
    .scalar_subquery()
)
_SHOWN_STATE = case((ValueCase.state == State.SPLIT, str(State.SENT)), else_=ValueCase.state)
"""What it is sorted by: that two assessors differ is not for the city to see, and not by the order of its list."""
DUE = func.coalesce(ValueCase.due_on, NO_DAY)


class Beside(NamedTuple):
    """What stands in the column of remarks besides the row itself: accepted numbers elsewhere, and why it came back."""

    numbers: Mapping[str, Sequence[Fraction]] = MappingProxyType({})
    """By indicator, of the cities that a city is set beside."""
    told: Mapping[CaseKey, ReturnTold] = MappingProxyType({})


NOTHING_BESIDE = Beside()


def make_listing(
    edition: Edition, cities: Mapping[str, str], own_areas: Collection[str], beside: Beside = NOTHING_BESIDE
) -> Listing:
    """Make the list of a period's edition; `cities` are those a person may see, with their names.

    `beside` is what a file of the list says in its column of remarks.
    """
    names = {indicator.code: pick(Text3(*indicator.name)) for indicator in edition.indicators}
    indicators = {indicator.code: indicator for indicator in edition.indicators}
    filters = [
        Filter("q", _l("Code or name"), lambda text: _found(names, text)),
        _state_filter(),
        Filter("area", _l("Area"), lambda area: _in_areas(edition, [area]), lambda: _areas(edition)),
        Filter("flag", _l("Notable"), _flag, _flags),
    ]
    if own_areas:
        mine = _in_areas(edition, own_areas)
        filters.append(Filter("mine", _l("Mine"), lambda _value: mine, lambda: {"1": _("my areas only")}))
    columns = [
        Column("code", _l("Code"), lambda row: row.indicator, (ValueCase.indicator,)),
        Column("name", _l("Indicator"), lambda row: names.get(row.indicator, "")),
        Column("before", _l("Earlier value"), lambda row: _written(indicators, row, before_of(row))),
        Column("now", _l("Now"), lambda row: _written(indicators, row, now_of(row))),
        Column("marks", _l("Remark"), lambda row: " ".join(_remarks(indicators, row, beside))),
        Column("change", _l("Difference"), lambda row: _change(indicators, row)),
        Column("basis", _l("Kind of source"), lambda row: basis_text(row.basis or "")),
        Column("evidence", _l("Documents"), lambda row: row.papers, (PAPERS,), is_number=True),
        Column("state", _l("State"), lambda row: str(STATES[State(row.state)].words), (_SHOWN_STATE,)),
        Column("due", _l("Due"), lambda row: row.due_on, (DUE,)),
    ]
    if len(cities) > 1:
        filters.insert(0, choice("city", _l("City"), ValueCase.city, cities))
        columns.insert(0, Column("city", _l("City"), lambda row: cities.get(row.city, row.city), (ValueCase.city,)))
    key = (ValueCase.period, ValueCase.city, ValueCase.indicator)
    return Listing(name="values", columns=tuple(columns), filters=tuple(filters), key=key)


def statement(period: PeriodRow, cities: Collection[str]) -> Any:
    """Select the cases of a period in some cities, each with its latest value and the one before that.

    The one before is what the page of a value compares with: of the nearest earlier period in which anything was said.
    """
    value = IndicatorValue
    return (
        select(
            ValueCase.period,
            ValueCase.city,
            ValueCase.indicator,
            ValueCase.state,
            ValueCase.due_on,
            ValueCase.late,
            ValueCase.unreviewed,
            ValueCase.version,
            value.status,
            value.numerator,
            value.denominator,
            value.flag,
            value.basis,
            _BEFORE.period.label("before_period"),
            _BEFORE.status.label("before_status"),
            _BEFORE.numerator.label("before_n"),
            _BEFORE.denominator.label("before_of"),
            _BEFORE.flag.label("before_flag"),
            PAPERS.label("papers"),
        )
        .select_from(_with_values(period))
        .where(ValueCase.period == period.code, ValueCase.city.in_(sorted(cities)))
    )


def _with_values(period: PeriodRow) -> Any:
    """Join cases with their latest value, and with that of the period they are compared with."""
    of_before = and_(
        _BEFORE_CASE.period == _nearest_before(period),
        _BEFORE_CASE.city == ValueCase.city,
        _BEFORE_CASE.indicator == ValueCase.indicator,
    )
    in_force = func.coalesce(_BEFORE_CASE.accepted_revision, _BEFORE_CASE.revision)
    now = outerjoin(ValueCase, IndicatorValue, _is_value_of(IndicatorValue, ValueCase, ValueCase.revision))
    return outerjoin(outerjoin(now, _BEFORE_CASE, of_before), _BEFORE, _is_value_of(_BEFORE, _BEFORE_CASE, in_force))


def _nearest_before(period: PeriodRow) -> Any:
    """Select the nearest earlier period in which anything was said of the case."""
    earlier = (
        select(_EARLIER.period)
        .join(Period, Period.code == _EARLIER.period)
        .where(_EARLIER.city == ValueCase.city, _EARLIER.indicator == ValueCase.indicator)
        .where(_EARLIER.revision.is_not(None), Period.ends < period.span.starts)
    )
    return earlier.order_by(Period.ends.desc()).limit(1).correlate(ValueCase).scalar_subquery()


def visible_cities(allowed: Collection[str] | None) -> dict[str, str]:
    """Give the cities somebody may see, None being all, by their names in the language of the page."""
    cities = [city for city in load_places().cities if allowed is None or city.code in allowed]
    return {city.code: pick(city.name) for city in sorted(cities, key=lambda city: pick(city.name))}


def _is_value_of(value: Any, case: Any, revision: Any) -> Any:
    return and_(
        value.period == case.period,
        value.city == case.city,
        value.indicator == case.indicator,
        value.revision == revision,
    )


def _state_filter() -> Filter:
    """Filter by state; for whoever looks a value that two assessors differ on is under examination too."""

    def where(word: str) -> Any:
        states = (State.SENT, State.SPLIT) if word == State.SENT else (word,)
        return ValueCase.state.in_(states)

    shown = [state for state in State if state is not State.SPLIT]
    return Filter("state", _l("State"), where, lambda: {str(state): str(STATES[state].words) for state in shown})


def _areas(edition: Edition) -> Mapping[str, str]:
    return {area.code: pick(Text3(*area.name)) for area in edition.areas}


def _in_areas(edition: Edition, areas: Collection[str]) -> Any:
    return ValueCase.indicator.in_([indicator.code for indicator in edition.indicators if indicator.area in areas])


def _flags() -> Mapping[str, str]:
    return {
        "no_evidence": _("without evidence"),
        "out_of_range": _("outside the range"),
        "not_applicable": _("not applicable"),
        "late": _("late"),
        "asked": _("to be opened again, asks the city"),
        "unreviewed": _("in force, never examined"),
    }


def _flag(word: str) -> Any:
    return {
        "no_evidence": and_(PAPERS == 0, ValueCase.revision.is_not(None), IndicatorValue.status != "missing"),
        "out_of_range": IndicatorValue.flag.in_(sorted(OUT_OF_RANGE)),
        "not_applicable": IndicatorValue.status == "not_applicable",
        "late": ValueCase.late.is_(True),
        "asked": ValueCase.asked_reason != literal("", String),
        "unreviewed": ValueCase.unreviewed.is_(True),
    }[word]


def now_of(row: Any) -> Measurement | None:
    """Give what stands in a case; nothing where it is open, though something did before an import was undone."""
    return None if row.state == State.OPEN else _measured(row.status, row.numerator, row.denominator, row.flag)


def before_of(row: Any) -> Measurement | None:
    """Give what was said of it before."""
    return _measured(row.before_status, row.before_n, row.before_of, row.before_flag)


def _measured(
    status: str | None, numerator: int | None, denominator: int | None, flag: str | None
) -> Measurement | None:
    return None if status is None else Measurement(Status(status), numerator, denominator, ValueFlag(flag or ""))


def _found(names: Mapping[str, str], text: str) -> Any:
    """Find indicators by a part of their code or name, letters large or small."""
    sought = text.strip().casefold()
    return ValueCase.indicator.in_([code for code, name in names.items() if sought in f"{code} {name}".casefold()])


def _written(indicators: Mapping[str, Indicator], row: Any, measured: Measurement | None) -> object:
    """Write a value into a file of the list: a number as the page shows it, or words."""
    indicator = indicators[row.indicator]
    number = _number(indicator, measured)
    return figure(indicator, measured).text if number is None else _clean(number)


def _change(indicators: Mapping[str, Indicator], row: Any) -> object:
    """Write a difference into a file of the list: a number too, for texts that begin with a sign are marked as such."""
    indicator, now, before = indicators[row.indicator], now_of(row), before_of(row)
    new, old = _number(indicator, now), _number(indicator, before)
    if new is None or old is None:
        return change_text(indicator, now, before)
    return _clean(new - old) if new != old else ""


def _clean(number: Fraction) -> float:
    """Give a number as the page shows it, with as many decimals."""
    digits = digits_of(number)
    return float(round(number, digits)) if digits else round(number)


def _remarks(indicators: Mapping[str, Indicator], row: Any, beside: Beside) -> list[str]:
    """Say in words what the page's column of remarks says of a row."""
    return [*linter_texts(indicators[row.indicator], row, beside), *came_back_texts(beside.told.get(key_of(row)))]


def linter_texts(indicator: Indicator, row: Any, beside: Beside) -> list[str]:
    """Say what the linter finds of a row."""
    now = now_of(row)
    return remark_texts(indicator, now, beside.numbers.get(row.indicator, ()), before_of(row)) if now else []


def key_of(row: Any) -> CaseKey:
    """Give the case that a row is about."""
    return CaseKey(row.period, row.city, row.indicator)


def _number(indicator: Indicator, measured: Measurement | None) -> Fraction | None:
    if measured is None or measured.status is not Status.REPORTED or indicator.method == ReportingMethod.YES_NO:
        return None
    return fraction_of(measured) * (100 if indicator.method == ReportingMethod.RATIO else indicator.per)
