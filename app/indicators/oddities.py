"""What is odd about each value that waits to be examined, written into its case whenever a return is sent.

It depends on the values of all cities, so that it is worked out for all that waits at once, and read by the queue as it
stands: what other cities change meanwhile counts from the next return on.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, case, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from app.indicators.case_models import Evidence, ValueCase
from app.indicators.catalogue import indicators_of
from app.indicators.keys import CaseKey
from app.indicators.measures import Measurement
from app.indicators.models import IndicatorValue, Period
from app.indicators.risk import Oddity, RiskInputs, oddities
from app.indicators.states import State
from app.indicators.vocabulary import Status, ValueFlag

WAITING = (State.SENT, State.SPLIT)


class WaitingPeriods(NamedTuple):
    """Periods in which something waits, with the one before each, and their editions."""

    waiting: Mapping[str, str]
    """The period before by period; "" for none."""
    editions: Mapping[str, str]


def mark_oddities(session: Session) -> None:
    """Write into every case that waits what is odd about it; the caller holds the journal."""
    session.flush()
    periods = waiting_periods(session)
    rows = session.execute(_cases(periods)).all()
    measured = {_key(row): _measurement(row) for row in rows}
    found = _oddities(measured, periods, _shared(session, periods), _given_before(session, periods))
    changed: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in rows:
        words = " ".join(found.get(_key(row), ()))
        if row.state in WAITING and words != row.oddities:
            changed[row.period, row.city, words].append(row.indicator)
    for (period, city, words), indicators in changed.items():
        which = (ValueCase.period == period, ValueCase.city == city, ValueCase.indicator.in_(indicators))
        session.execute(update(ValueCase).where(*which).values(oddities=words))


def waiting_periods(session: Session) -> WaitingPeriods:
    """Find the periods in which something waits."""
    waits = exists().where(ValueCase.period == Period.code, ValueCase.state.in_(WAITING))
    rows = session.execute(select(Period.code, Period.edition, Period.starts, Period.ends, waits.label("waits"))).all()
    earlier = sorted(rows, key=lambda row: (row.ends, row.code))
    before = {
        row.code: next((each.code for each in reversed(earlier) if each.ends < row.starts), "")
        for row in rows
        if row.waits
    }
    return WaitingPeriods(before, {row.code: row.edition for row in rows})


def measurements(session: Session, keys: Collection[CaseKey], periods: WaitingPeriods) -> dict[CaseKey, Measurement]:
    """Read the figures of some cases; of those of the periods before, what is in force or was said last."""
    cities, indicators = {key.city for key in keys}, {key.indicator for key in keys}
    near = _cases(periods).where(ValueCase.city.in_(cities), ValueCase.indicator.in_(indicators))
    found = ((_key(row), row) for row in session.execute(near))
    return {key: _measurement(row) for key, row in found if key in keys}


def _cases(periods: WaitingPeriods) -> Select[*tuple[Any, ...]]:
    """Select the cases of those periods, each with its figure; of those before, what is in force or was said last."""
    waiting = sorted(periods.waiting)
    counts = case(
        (ValueCase.period.in_(waiting), ValueCase.revision),
        else_=func.coalesce(ValueCase.accepted_revision, ValueCase.revision),
    )
    value = IndicatorValue
    its = and_(value.period == ValueCase.period, value.city == ValueCase.city, value.indicator == ValueCase.indicator)
    return (
        select(
            ValueCase.period,
            ValueCase.city,
            ValueCase.indicator,
            ValueCase.state,
            ValueCase.oddities,
            value.status,
            value.numerator,
            value.denominator,
            value.flag,
        )
        .join(value, and_(its, value.revision == counts))
        .where(ValueCase.period.in_(sorted({*waiting, *periods.waiting.values()})))
    )


def _shared(session: Session, periods: WaitingPeriods) -> frozenset[CaseKey]:
    """List the cases of which a file stands behind another case too, of whatever city, indicator or period."""
    case_name = Evidence.period + "/" + Evidence.city + "/" + Evidence.indicator
    there = Evidence.withdrawn_at.is_(None) & Evidence.sha256.is_not(None)
    several = select(Evidence.sha256).where(there).group_by(Evidence.sha256)
    several = several.having(func.count(case_name.distinct()) > 1)
    rows = select(Evidence.period, Evidence.city, Evidence.indicator).where(
        there, Evidence.period.in_(sorted(periods.waiting)), Evidence.sha256.in_(several)
    )
    return frozenset(CaseKey(*row) for row in session.execute(rows))


def _given_before(session: Session, periods: WaitingPeriods) -> frozenset[CaseKey]:
    """List the cases of the waiting periods of which a number was given in any period that ended before."""
    value, now, then = IndicatorValue, aliased(Period), aliased(Period)
    its = and_(value.period == ValueCase.period, value.city == ValueCase.city, value.indicator == ValueCase.indicator)
    rows = (
        select(now.code, value.city, value.indicator)
        .distinct()
        .join(ValueCase, its & (value.revision == func.coalesce(ValueCase.accepted_revision, ValueCase.revision)))
        .join(then, then.code == value.period)
        .join(now, then.ends < now.starts)
        .where(now.code.in_(sorted(periods.waiting)), value.numerator.is_not(None))
    )
    return frozenset(CaseKey(*row) for row in session.execute(rows))


def _oddities(
    measured: Mapping[CaseKey, Measurement],
    periods: WaitingPeriods,
    shared: Collection[CaseKey],
    given_before: Collection[CaseKey],
) -> Mapping[CaseKey, tuple[Oddity, ...]]:
    figures: dict[str, dict[tuple[str, str], Measurement]] = defaultdict(dict)
    for (period, city, indicator), figure in measured.items():
        figures[period][city, indicator] = figure
    found: dict[CaseKey, tuple[Oddity, ...]] = {}
    for period, before in periods.waiting.items():
        earlier = {(key.city, key.indicator) for key in given_before if key.period == period}
        inputs = RiskInputs(figures[period], figures.get(before, {}), shared, earlier)
        found |= oddities(period, inputs, indicators_of(periods.editions[period]))
    return found


def _measurement(row: Any) -> Measurement:
    return Measurement(Status(row.status), row.numerator, row.denominator, ValueFlag(row.flag))


def _key(row: Any) -> CaseKey:
    return CaseKey(row.period, row.city, row.indicator)
