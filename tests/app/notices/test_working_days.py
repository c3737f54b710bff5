from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.cli.commands import cli
from app.cli.context import Context
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.notices.working_days import CalendarDay, CalendarFileError, read_days, store_days
from app.working_calendar import WorkingCalendar, add_working_days, get_calendar
from tests.conftest import NOW

# Nauryz of 2027: Sunday to Tuesday, so Wednesday is off too, and the Saturday before is worked for it.
NAURYZ = "day,works\n2027-03-20,yes\n2027-03-22,no\n2027-03-23,no\n2027-03-24,no\n"
CALENDAR = WorkingCalendar({each.day: each.works for each in read_days(NAURYZ)})


@pytest.mark.parametrize(
    ("day", "number", "then"),
    [
        (date(2027, 3, 1), 0, date(2027, 3, 1)),
        (date(2027, 3, 1), 4, date(2027, 3, 5)),
        (date(2027, 3, 1), 5, date(2027, 3, 8)),  # no day off in this calendar
        (date(2027, 3, 6), 1, date(2027, 3, 8)),
        (date(2027, 3, 19), 1, date(2027, 3, 20)),  # a Saturday that is worked
        (date(2027, 3, 20), 1, date(2027, 3, 25)),  # three days off and a Sunday
    ],
)
def test_working_days_are_added_over_weekends_and_days_off(day: date, number: int, then: date) -> None:
    assert CALENDAR.add(day, number) == then


@pytest.mark.parametrize(
    ("day", "until", "number"),
    [
        (date(2027, 3, 1), date(2027, 3, 1), 0),
        (date(2027, 3, 5), date(2027, 3, 7), 0),
        (date(2027, 3, 1), date(2027, 3, 8), 5),
        (date(2027, 3, 19), date(2027, 3, 25), 2),
        (date(2027, 3, 25), date(2027, 3, 19), -2),
    ],
)
def test_working_days_between_two_days_are_those_after_the_first(day: date, until: date, number: int) -> None:
    assert CALENDAR.between(day, until) == number


def test_to_add_what_lies_between_leads_to_the_working_day_itself() -> None:
    days = [date.fromordinal(date(2027, 3, 1).toordinal() + n) for n in range(60)]
    wrong = [
        (a, b)
        for a in days
        for b in days
        if a < b and CALENDAR.works(b) and CALENDAR.add(a, CALENDAR.between(a, b)) != b
    ]
    assert wrong == []


def test_a_later_file_changes_the_days_it_names_and_is_in_the_journal_once(database: Database) -> None:
    for _ in range(2):
        with database.writing() as session:
            changed = store_days(session, Actor(None, NOW), read_days(NAURYZ))
    assert changed == 0
    with database.writing() as session:
        assert store_days(session, Actor(None, NOW), [CalendarDay(date(2027, 3, 24), works=True)]) == 1
        assert get_calendar(session).works(date(2027, 3, 24))
        assert not get_calendar(session).works(date(2027, 3, 23))
        assert add_working_days(session, date(2027, 3, 22), 1) == date(2027, 3, 24)
        assert session.scalars(select(JournalRow.event)).all() == ["calendar.changed"] * 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: the columns are day,works"),
        ("day;works\n", "line 1: the columns are day,works"),
        ("day,works\n2027-03-22,no\n22.03.2027,no\n", "line 3: a day such as"),
        ("day,works\n2027-03-22,off\n", "line 2: a day such as"),
        ("day,works\n2027-03-22\n", "line 2: a day such as"),
        ("day,works\n2027-03-22,no\n2027-03-22,yes\n", "2027-03-22 stands there twice"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_its_line(text: str, message: str) -> None:
    with pytest.raises(CalendarFileError, match=message):
        read_days(text)


def test_the_command_takes_a_file_of_a_spreadsheet_and_lists_it(
    sqlite: Database, settings: Settings, clock: FrozenClock
) -> None:
    context = Context(settings, sqlite, clock)
    file = settings.instance.parent / "days.csv"
    file.write_text(NAURYZ.replace("\n", "\r\n"), encoding="utf-8-sig")
    for changed in (4, 0):
        done = CliRunner().invoke(cli, ["days-off", "import", str(file)], obj=context)
        assert done.output == f"4 days read, {changed} changed\n"
    assert CliRunner().invoke(cli, ["days-off", "list"], obj=context).output == NAURYZ
    file.write_text("nothing")
    done = CliRunner().invoke(cli, ["days-off", "import", str(file)], obj=context)
    assert (done.exit_code, "the columns are day,works" in done.output) == (1, True)
