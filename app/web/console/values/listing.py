"""The list of values: one statement of cases with their latest value, the value before and their evidence."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import String, and_, case, func, literal, select
from sqlalchemy.orm import aliased

from app.indicators.case_models import Evidence, ValueCase
from app.indicators.models import IndicatorValue
from app.indicators.states import State
from app.indicators.vocabulary import OUT_OF_RANGE
from app.web.console.tables import Column, Filter, Listing, choice
from app.web.console.values.words import STATES
from app.web.language import _, _l, pick
from scoring.edition import Edition
from surveys.languages import Text3
from surveys.population.places import load_places

NO_DAY = date(9999, 12, 31)
TO_DO = (State.OPEN, State.DRAFT, State.RETURNED)
_BEFORE, _BEFORE_CASE = aliased(IndicatorValue), aliased(ValueCase)
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


def make_listing(edition: Edition, cities: Mapping[str, str], own_areas: Collection[str]) -> Listing:
    """Make the list of a period's edition; `cities` are those a person may see, with their names."""
    names = {indicator.code: pick(Text3(*indicator.name)) for indicator in edition.indicators}
    filters = [
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
        Column("before", _l("Period before"), lambda row: _plain(row.before_status, row.before_n, row.before_of)),
        Column("now", _l("Now"), _now),
        Column("marks", _l("Remark"), lambda row: row.flag or ""),
        Column("change", _l("Difference"), lambda _row: ""),
        Column("basis", _l("Kind of source"), lambda row: row.basis or ""),
        Column("evidence", _l("Documents"), lambda row: row.papers, (PAPERS,), is_number=True),
        Column("state", _l("State"), lambda row: str(STATES[State(row.state)].words), (_SHOWN_STATE,)),
        Column("due", _l("Due"), lambda row: row.due_on, (DUE,)),
    ]
    if len(cities) > 1:
        filters.insert(0, choice("city", _l("City"), ValueCase.city, cities))
        columns.insert(0, Column("city", _l("City"), lambda row: cities.get(row.city, row.city), (ValueCase.city,)))
    key = (ValueCase.period, ValueCase.city, ValueCase.indicator)
    return Listing(name="values", columns=tuple(columns), filters=tuple(filters), key=key)


def statement(period: str, before: str, cities: Collection[str]) -> Any:
    """Select the cases of a period in some cities, each with its latest value and that of the period before."""
    value = IndicatorValue
    of_before = and_(
        _BEFORE_CASE.period == before,
        _BEFORE_CASE.city == ValueCase.city,
        _BEFORE_CASE.indicator == ValueCase.indicator,
    )
    return (
        select(
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
            _BEFORE.status.label("before_status"),
            _BEFORE.numerator.label("before_n"),
            _BEFORE.denominator.label("before_of"),
            _BEFORE.flag.label("before_flag"),
            PAPERS.label("papers"),
        )
        .select_from(ValueCase)
        .outerjoin(value, _is_value_of(value, ValueCase, ValueCase.revision))
        .outerjoin(_BEFORE_CASE, of_before)
        .outerjoin(
            _BEFORE,
            _is_value_of(_BEFORE, _BEFORE_CASE, func.coalesce(_BEFORE_CASE.accepted_revision, _BEFORE_CASE.revision)),
        )
        .where(ValueCase.period == period, ValueCase.city.in_(sorted(cities)))
    )


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


def _now(row: Any) -> object:
    return "" if row.state == State.OPEN else _plain(row.status, row.numerator, row.denominator)


def _plain(status: str | None, numerator: int | None, denominator: int | None) -> object:
    """Write a value into a file of the list: a number, or the word of its status."""
    return numerator / denominator if numerator is not None and denominator else status or ""
