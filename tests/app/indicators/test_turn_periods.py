"""The job that opens periods on their days and refuses what was returned and not mended, and who is told."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from app.clock import FrozenClock
from app.database import Database
from app.indicators import cases
from app.indicators.cases import get_case
from app.indicators.models import Period
from app.indicators.openings import PeriodPlan, open_period
from app.indicators.states import State
from app.jobs.registry import get_job
from app.jobs.runner import load_task
from app.notices.models import Notice
from tests.builders.cases import (
    ANALYST,
    FIRST,
    LEAD,
    MONDAY,
    REASON,
    SECOND,
    THIRD,
    YES_NO,
    by,
    events,
    give_verdict,
    sent_yes,
)
from tests.builders.staff import grant_role

LAST_DAY = datetime(2026, 12, 14, 12, tzinfo=UTC)
"""Ten working days after MONDAY."""

DAY_AFTER = datetime(2026, 12, 14, 19, tzinfo=UTC)
"""It is midnight in Kazakhstan."""


def turn(database: Database, at: datetime) -> str:
    """Run the job as the scheduler finds it."""
    job = get_job("turn-periods")
    assert job is not None
    return load_task(job)(database, FrozenClock(at), Path())


def return_value(database: Database) -> None:
    """Let two assessors return a value of Aktau, which has an analyst and a lead; Almaty has a lead."""
    with database.writing() as session:
        for person, role, city in ((ANALYST, "analyst", "aktau"), (LEAD, "lead", "aktau"), (THIRD, "lead", "almaty")):
            grant_role(session, person, role, city, from_day=date(2020, 1, 1))
        sent_yes(session)
        give_verdict(session, YES_NO, 1, "return", FIRST)
        give_verdict(session, YES_NO, 2, "return", SECOND)
        cases.return_case(session, get_case(session, YES_NO), 1, by(SECOND))


def told(database: Database) -> Sequence[tuple[int, str, str]]:
    """List who was told of a refusal, where it leads, and the case it names."""
    with database.reading() as session:
        rows = session.scalars(select(Notice).where(Notice.kind == "value.refused").order_by(Notice.id)).all()
        return [(row.staff, row.address, row.parameters) for row in rows]


def test_a_returned_value_is_refused_when_its_last_day_is_over_and_its_city_is_told_once(opened: Database) -> None:
    return_value(opened)
    assert turn(opened, LAST_DAY) == "opened 0 periods, refused 0 values"
    assert told(opened) == []
    assert turn(opened, DAY_AFTER) == "opened 0 periods, refused 1 values"
    assert turn(opened, DAY_AFTER + timedelta(hours=1)) == "opened 0 periods, refused 0 values"
    named = '{"city":"aktau","indicator":"ctm_1","period":"2026"}'
    assert told(opened) == [(person, "/console/values/2026/aktau/ctm_1", named) for person in (ANALYST, LEAD)]
    with opened.reading() as session:
        assert get_case(session, YES_NO).state is State.REFUSED
        assert events(session)[-1] == "value.refused"


def test_a_value_that_is_refused_again_is_told_again(opened: Database) -> None:
    return_value(opened)
    turn(opened, DAY_AFTER)
    with opened.writing() as session:
        case = get_case(session, YES_NO)
        again = cases.reopen(session, YES_NO, case.version, REASON, by(FIRST, DAY_AFTER))
    assert again.due_on is not None
    assert again.revision == case.revision, "nothing was sent meanwhile"
    turn(opened, DAY_AFTER + timedelta(days=30))
    assert [person for person, _address, _named in told(opened)] == [ANALYST, LEAD] * 2


def test_a_period_opens_by_itself_on_its_day(opened: Database) -> None:
    with opened.writing() as session:
        open_period(session, PeriodPlan("2027", "standard_2019", ("aktau",), opens_on=date(2026, 12, 2)), by(LEAD))
    assert turn(opened, MONDAY) == "opened 0 periods, refused 0 values"
    assert turn(opened, datetime(2026, 12, 1, 19, tzinfo=UTC)) == "opened 1 periods, refused 0 values"
    with opened.reading() as session:
        assert session.get_one(Period, "2027").state == "open"
        assert events(session)[-1] == "period.began"
