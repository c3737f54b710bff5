"""Who may judge a city's values: reviewers who have nothing to do with the city, now or within a year."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, select, union
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant, Staff
from app.accounts.permissions import Role, holds_on
from app.indicators.case_models import Evidence, ValueCase
from app.indicators.keys import CaseKey
from app.indicators.models import IndicatorValue


class Assessor(NamedTuple):
    """A reviewer, and the cities of which they may judge nothing."""

    id: int
    name: str
    barred: frozenset[str]


def list_assessors(session: Session, today: date) -> list[Assessor]:
    """List the active reviewers by name, each with the cities in which they have a role or had one within a year."""
    reviewers = select(RoleGrant.staff).where(RoleGrant.role == Role.REVIEWER, RoleGrant.revoked.is_(False))
    return _assessors(session, RoleGrant.staff.in_(reviewers), today)


def get_assessor(session: Session, staff: int, today: date) -> Assessor | None:
    """Find a person among the active reviewers; None for everybody else."""
    return next(iter(_assessors(session, RoleGrant.staff == staff, today)), None)


def involved_in(session: Session, key: CaseKey) -> frozenset[int]:
    """List who entered a revision of a case, sent it or added evidence to it: none of them may judge it."""
    of_value = (IndicatorValue.period == key.period, IndicatorValue.city == key.city)
    of_paper = (Evidence.period == key.period, Evidence.city == key.city, Evidence.indicator == key.indicator)
    of_case = (ValueCase.period == key.period, ValueCase.city == key.city, ValueCase.indicator == key.indicator)
    people: CompoundSelect[Any] = union(
        select(IndicatorValue.entered_by).where(*of_value, IndicatorValue.indicator == key.indicator),
        select(Evidence.added_by).where(*of_paper),
        select(ValueCase.sent_by).where(*of_case),
    )
    return frozenset(person for person in session.scalars(people) if person is not None)


def year_before(day: date) -> date:
    """Give the same day a year ago; the last of February for its 29th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _assessors(session: Session, which: ColumnElement[bool], today: date) -> list[Assessor]:
    rows = session.execute(
        select(Staff.id, Staff.name, RoleGrant)
        .join(RoleGrant, RoleGrant.staff == Staff.id)
        .where(Staff.active.is_(True), which)
    )
    grants: dict[tuple[int, str], list[RoleGrant]] = defaultdict(list)
    for staff, name, grant in rows:
        grants[staff, name].append(grant)
    found = [
        Assessor(staff, name, _barred(theirs, today))
        for (staff, name), theirs in grants.items()
        if any(_reviews_on(grant, today) for grant in theirs)
    ]
    return sorted(found, key=lambda person: (person.name.casefold(), person.id))


def _reviews_on(grant: RoleGrant, day: date) -> bool:
    return grant.role == Role.REVIEWER and not grant.revoked and holds_on(grant.from_day, grant.until_day, day)


def _barred(grants: Iterable[RoleGrant], today: date) -> frozenset[str]:
    """List the cities of grants, those that begin later too: who is about to work for a city does not judge it."""
    since = year_before(today)
    return frozenset(
        grant.city for grant in grants if grant.city and (grant.until_day is None or grant.until_day >= since)
    )
