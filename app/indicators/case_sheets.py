"""All that an assessor sees of one case besides its papers and verdicts, in two statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import and_, literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.indicators.assessors import Assessor
from app.indicators.assignments import SEATS
from app.indicators.case_models import Assessment, Assignment, Evidence, ValueCase
from app.indicators.cases import Case, case_of
from app.indicators.errors import Hindrance, UnknownCaseError
from app.indicators.keys import CaseKey
from app.indicators.models import IndicatorValue, Period
from app.indicators.queries import IndicatorRow, value_row
from app.indicators.risk import Oddity
from app.indicators.states import State
from app.indicators.vocabulary import Status

EARLIER = 3
"""Periods before that are shown beside a value."""


class CaseSheet(NamedTuple):
    """A case, what was given last, what its earlier periods say, and the accepted numbers of the other cities."""

    case: Case
    edition: str
    value: IndicatorRow | None
    earlier: tuple[tuple[str, IndicatorRow], ...]
    """Period and value, the nearest first."""
    elsewhere: tuple[Fraction, ...]
    """In order of size."""
    oddities: tuple[Oddity, ...]
    one_person: bool
    """Whether who entered the value has sent it too."""


class CasePeople(NamedTuple):
    """Who has to do with a case: who was asked, who gave a verdict on this revision, who entered, sent or proved it."""

    asked: frozenset[int]
    given: frozenset[int]
    in_seats: int
    involved: frozenset[int]


def read_sheet(session: Session, key: CaseKey) -> CaseSheet:
    """Read a case beside the same indicator of other cities and periods; raise UnknownCaseError."""
    value = IndicatorValue
    of_case = and_(
        value.period == ValueCase.period, value.city == ValueCase.city, value.indicator == ValueCase.indicator
    )
    counts = or_(value.revision == ValueCase.revision, value.revision == ValueCase.accepted_revision)
    rows = session.execute(
        select(ValueCase, Period, value)
        .join(Period, Period.code == ValueCase.period)
        .outerjoin(value, and_(of_case, counts))
        .where(ValueCase.indicator == key.indicator)
        .where(or_(ValueCase.city == key.city, ValueCase.period == key.period))
    ).all()
    own = [row for row in rows if (row[0].period, row[0].city) == (key.period, key.city)]
    if not own:
        raise UnknownCaseError(key)
    case, period = case_of(own[0][0]), own[0][1]
    latest = next((row[2] for row in own if row[2] is not None and row[2].revision == case.revision), None)
    return CaseSheet(
        case=case,
        edition=period.edition,
        value=None if latest is None else value_row(latest),
        earlier=_earlier(rows, key, period),
        elsewhere=tuple(sorted(_accepted_elsewhere(rows, key))),
        oddities=tuple(map(Oddity, own[0][0].oddities.split())),
        one_person=case.sent_by is not None and latest is not None and latest.entered_by == case.sent_by,
    )


def read_people(session: Session, case: Case) -> CasePeople:
    """Read who has to do with a case, in one statement."""
    key = case.key
    parts = (
        _people("asked", Assignment, Assignment.assessor, key),
        _people("given", Assessment, Assessment.assessor, key).where(Assessment.revision == case.revision),
        _people("seat", Assessment, Assessment.assessor, key).where(
            Assessment.revision == case.revision, Assessment.slot <= SEATS
        ),
        _people("involved", IndicatorValue, IndicatorValue.entered_by, key),
        _people("involved", Evidence, Evidence.added_by, key),
        _people("involved", ValueCase, ValueCase.sent_by, key),
    )
    people: dict[str, set[int]] = defaultdict(set)
    for what, person in session.execute(union_all(*parts)):
        if person is not None:
            people[what].add(person)
    sets = {name: frozenset(people[name]) for name in ("asked", "given", "involved")}
    return CasePeople(**sets, in_seats=len(people["seat"]))


def hindrance_of(case: Case, people: CasePeople, viewer: int, assessors: Mapping[int, Assessor]) -> Hindrance | None:
    """Tell why a person may not judge a case, as far as they themselves are the reason; None where they may."""
    person = assessors.get(viewer)
    if person is None:
        return Hindrance.NO_REVIEWER
    if case.key.city in person.barred:
        return Hindrance.OWN_CITY
    if viewer in people.involved:
        return Hindrance.OWN_VALUE
    if viewer in people.given:
        return Hindrance.GIVEN_ALREADY
    asked = _still(people.asked - people.given, case.key.city, assessors)
    is_full = len(asked) + people.in_seats >= SEATS
    if case.state is not State.SPLIT and viewer not in asked and is_full:
        return Hindrance.GIVEN_TO_OTHERS
    return None


def _still(asked: Collection[int], city: str, assessors: Mapping[int, Assessor]) -> set[int]:
    return {one for one in asked if one in assessors and city not in assessors[one].barred}


def _people(what: str, table: Any, person: Any, key: CaseKey) -> Any:
    of_case = (table.period == key.period, table.city == key.city, table.indicator == key.indicator)
    return select(literal(what), person).where(*of_case)


def _earlier(rows: Any, key: CaseKey, period: Period) -> tuple[tuple[str, IndicatorRow], ...]:
    """Give the values of the city's earlier periods: what is in force there, else what was said last."""
    before = [
        (its.ends, its.code, value)
        for case, its, value in rows
        if case.city == key.city
        and its.ends < period.starts
        and value is not None
        and value.revision == (case.accepted_revision or case.revision)
    ]
    nearest = sorted(before, key=lambda row: row[:2], reverse=True)[:EARLIER]
    return tuple((code, value_row(value)) for _ends, code, value in nearest)


def _accepted_elsewhere(rows: Any, key: CaseKey) -> list[Fraction]:
    return [
        Fraction(value.numerator, value.denominator)
        for case, _period, value in rows
        if case.period == key.period
        and case.city != key.city
        and value is not None
        and value.revision == case.accepted_revision
        and value.status == Status.REPORTED
    ]
