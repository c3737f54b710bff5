"""What the page of a request says of each value that differs: numbers, how it was examined, when it was accepted."""

from datetime import date, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.indicators.case_models import ValueCase
from app.publishing.differences import ValueChange, differences, read_frames
from app.ratings.execution import RunOrder, execute_run
from app.ratings.models import Run
from tests.app.publishing.test_comparison import figures
from tests.builders.country import Country
from tests.builders.indicators import nobody_on

KEY = "2024/oral/life_expectancy"


def changes_of_oral(country: Country, kind: str) -> tuple[ValueChange, ...]:
    """Let a value of Oral change, be accepted on one day, be rated on the next, and be accepted again after."""
    first_day = country.today
    order = RunOrder(period="2024", waves=(), kind=kind)
    with country.database.writing() as session:
        figures(session, country)
        before = execute_run(session, order, nobody_on(first_day))
        figures(session, country, life_expectancy="79")
        of_value = (ValueCase.city == "oral", ValueCase.indicator == "life_expectancy")
        session.execute(update(ValueCase).where(*of_value).values(unreviewed=False, late=True))
        for days in (1, 2):
            accepted(session, nobody_on(first_day + timedelta(days=days)))
        after = execute_run(session, order, nobody_on(first_day + timedelta(days=3)))
        accepted(session, nobody_on(first_day + timedelta(days=4)))
    with country.database.reading() as session:
        frames = read_frames(session, (before, after))
        found = differences(session, frames, session.get_one(Run, before), session.get_one(Run, after))
    changed = {each.city: each.values for each in found.cities if each.values}
    assert list(changed) == ["oral"]
    return changed["oral"]


def accepted(session: Session, actor: Actor) -> None:
    """Record that two assessors accepted the value."""
    entry = Entry(event="value.accepted", object_kind="case", object_id=KEY, city="oral", detail={"revision": 2})
    record(session, actor, entry)


def test_a_value_names_the_day_on_which_it_was_accepted_before_the_run(country: Country) -> None:
    (change,) = changes_of_oral(country, "official")
    assert change.indicator == "life_expectancy"
    assert change.after == "79/1"
    assert change.before != change.after
    assert (change.examined_before, change.examined_after) == (("unreviewed",), ("late",))
    assert change.accepted_on == country.today + timedelta(days=2)
    assert isinstance(change.accepted_on, date)


def test_a_trial_counts_values_whether_accepted_or_not_and_names_no_day(country: Country) -> None:
    (change,) = changes_of_oral(country, "trial")
    assert change.accepted_on is None
