"""Periods: opened with all their cases at once, extended for a city, and closed."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from app.indicators.case_models import PeriodExtension, ValueCase
from app.indicators.cases import checked_reason
from app.indicators.catalogue import indicators_of
from app.indicators.errors import ImportRefusedError, PeriodCode, PeriodError
from app.indicators.models import Period
from app.indicators.periods import span_of
from app.indicators.queries import get_period
from app.indicators.states import State
from surveys.languages import Text3
from surveys.models import CityRecord
from surveys.population.places import load_places, store_places
from surveys.sql import hold_journal

CORRECTION_DAYS = 10
"""Working days in which a city mends what came back, where nobody chose another number."""

MOST_CORRECTION_DAYS = 60


class PeriodPlan(NamedTuple):
    """A period to be opened: from which day, until which day a return is in time, and for whom."""

    code: str
    edition: str
    cities: tuple[str, ...]
    opens_on: date | None = None
    due_on: date | None = None
    correction_days: int = CORRECTION_DAYS


class Extension(NamedTuple):
    """A later day for one city, and why, for everybody to read."""

    city: str
    until: date
    reason: Text3


def open_period(session: Session, plan: PeriodPlan, actor: Actor) -> int:
    """Make a period with a case for each city and indicator; gives how many. Raises PeriodError.

    One that opens on a later day takes no value before it.
    """
    hold_journal(session)
    today = day_of(actor.at)
    _check_plan(session, plan, today)
    span = span_of(plan.code)
    if span is None:
        raise PeriodError(PeriodCode.UNKNOWN)
    later = plan.opens_on is not None and plan.opens_on > today
    period = Period(
        code=plan.code,
        edition=plan.edition,
        starts=span.starts,
        ends=span.ends,
        state="planned" if later else "open",
        opens_on=plan.opens_on,
        due_on=plan.due_on,
        correction_days=plan.correction_days,
    )
    session.add(period)
    session.flush()
    made = complete_cases(session, plan.code, plan.cities)
    entry = Entry(
        event="period.opened",
        object_kind="period",
        object_id=plan.code,
        detail={"edition": plan.edition, "cities": len(plan.cities), "cases": made},
    )
    record(session, actor, entry)
    return made


def complete_cases(session: Session, code: str, cities: Collection[str]) -> int:
    """Make the cases of a period that are not there yet; gives how many."""
    period = session.get_one(Period, code)
    if set(cities) - set(session.scalars(select(CityRecord.code))):
        store_places(session)
    pairs = select(ValueCase.city, ValueCase.indicator).where(ValueCase.period == code)
    there = {(city, indicator) for city, indicator in session.execute(pairs)}
    shared = {
        "period": code,
        "state": State.OPEN,
        "due_on": period.due_on,
        "late": False,
        "unreviewed": False,
        "reopened_reason": "",
        "asked_reason": "",
        "oddities": "",
        "version": 1,
    }
    rows = [
        {"city": city, "indicator": indicator, **shared}
        for city in cities
        for indicator in indicators_of(period.edition)
        if (city, indicator) not in there
    ]
    if rows:
        session.execute(insert(ValueCase), rows)
    return len(rows)


def open_due_periods(session: Session, actor: Actor) -> int:
    """Open the periods whose day has come; gives how many. For the job `turn-periods`."""
    hold_journal(session)
    due = select(Period).where(Period.state == "planned", Period.opens_on <= day_of(actor.at)).order_by(Period.code)
    periods = session.scalars(due).all()
    for period in periods:
        period.state = "open"
        session.flush()
        record(session, actor, Entry(event="period.began", object_kind="period", object_id=period.code))
    return len(periods)


def extend(session: Session, code: str, extension: Extension, actor: Actor) -> None:
    """Give a city a later day for what it has not sent, with a reason for everybody; raise PeriodError."""
    hold_journal(session)
    period = _running(session, code)
    reasons = Text3(*map(checked_reason, extension.reason))
    latest = max((day for day in (period.due_on, _extended(session, code, extension.city)) if day), default=None)
    if latest is None or extension.until <= max(latest, day_of(actor.at)):
        raise PeriodError(PeriodCode.NOT_LATER)
    session.merge(
        PeriodExtension(
            period=code,
            city=extension.city,
            until=extension.until,
            reason_kk=reasons.kk,
            reason_ru=reasons.ru,
            reason_en=reasons.en,
            extended_by=actor.id,
        )
    )
    waiting = ValueCase.state.in_((State.OPEN, State.DRAFT)) & (ValueCase.due_on < extension.until)
    of_city = (ValueCase.period == code, ValueCase.city == extension.city)
    later = {"due_on": extension.until, "version": ValueCase.version + 1}
    session.execute(update(ValueCase).where(*of_city, waiting).values(later))
    detail = {"until": str(extension.until)}
    entry = Entry(event="period.extended", object_kind="period", object_id=code, city=extension.city, detail=detail)
    record(session, actor, entry)


def close_period(session: Session, code: str, actor: Actor) -> int:
    """Lock all cases of a period, whatever their state; gives how many. What is in force stays so."""
    hold_journal(session)
    period = _running(session, code)
    cases = select(ValueCase.city, ValueCase.indicator).where(ValueCase.period == code, ValueCase.state != State.LOCKED)
    n = len(session.execute(cases).all())
    changed = {"state": State.LOCKED, "version": ValueCase.version + 1}
    session.execute(update(ValueCase).where(ValueCase.period == code, ValueCase.state != State.LOCKED).values(changed))
    period.state = "closed"
    session.flush()
    record(session, actor, Entry(event="period.closed", object_kind="period", object_id=code, detail={"cases": n}))
    return n


def _check_plan(session: Session, plan: PeriodPlan, today: date) -> None:
    if get_period(session, plan.code):
        raise PeriodError(PeriodCode.ALREADY_THERE)
    try:
        indicators = indicators_of(plan.edition)
    except ImportRefusedError as error:
        raise PeriodError(PeriodCode.UNKNOWN_EDITION) from error
    if not indicators:
        raise PeriodError(PeriodCode.NO_INDICATORS)
    if not set(plan.cities) or set(plan.cities) - {city.code for city in load_places().cities}:
        raise PeriodError(PeriodCode.NO_CITIES)
    if not 1 <= plan.correction_days <= MOST_CORRECTION_DAYS:
        raise PeriodError(PeriodCode.CORRECTION_DAYS)
    if plan.due_on and plan.due_on < today:
        raise PeriodError(PeriodCode.DUE_IN_THE_PAST)
    if plan.due_on and plan.opens_on and plan.due_on < plan.opens_on:
        raise PeriodError(PeriodCode.DUE_BEFORE_OPENING)


def _running(session: Session, code: str) -> Period:
    period = session.get(Period, code)
    if period is None:
        raise PeriodError(PeriodCode.NO_SUCH_PERIOD)
    if period.state == "closed":
        raise PeriodError(PeriodCode.ALREADY_CLOSED)
    return period


def _extended(session: Session, code: str, city: str) -> date | None:
    extension = session.get(PeriodExtension, (code, city))
    return extension.until if extension else None
