"""Reminders and the morning mail: when, to whom, and once."""

import json
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant, Staff
from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.clock import KAZAKHSTAN, FrozenClock
from app.database import Database
from app.indicators.case_models import Assignment, ValueCase
from app.indicators.keys import CaseKey
from app.indicators.openings import PeriodPlan, open_period
from app.indicators.reminders import list_reminders
from app.jobs.tasks.close_idle_accounts import close_idle_accounts
from app.jobs.tasks.remind_staff import remind_staff
from app.notices import wording
from app.notices.models import Notice, OutgoingMail
from app.publishing.models import Approval, Publication, PublicationRequest, WithdrawalRequest
from app.ratings.models import Run
from app.working_calendar import DayOff
from tests.app.notices.people import add_staff
from tests.builders.cases import YES_NO, give_verdict, type_in
from tests.conftest import NOW

DUE = date(2026, 12, 11)
OPENED = datetime(2026, 11, 24, 6, tzinfo=UTC)


def at(day: date, hour: int, minute: int = 0) -> FrozenClock:
    return FrozenClock(datetime(day.year, day.month, day.day, hour, minute, tzinfo=KAZAKHSTAN))


@pytest.fixture
def lead(database: Database) -> int:
    """The lead of one of two cities, whose 101 values each are due on a Friday."""
    with database.writing() as session:
        lead = add_staff(session, "lead@example.kz", Role.LEAD, "aktau")
        plan = PeriodPlan("2026", "standard_2019", ("aktau", "almaty"), due_on=DUE)
        open_period(session, plan, Actor(lead, OPENED))
    return lead


def run(database: Database, *clocks: FrozenClock) -> list[str]:
    return [remind_staff(database, clock, Path()) for clock in clocks]


def digests(database: Database) -> dict[str, dict[str, list[list[object]]]]:
    """Give the lines of the mornings' mails: by day, by address."""
    found: dict[str, dict[str, list[list[object]]]] = {}
    rows = select(OutgoingMail, Staff.email).join(Staff, Staff.id == OutgoingMail.staff)
    with database.reading() as session:
        for mail, email in session.execute(rows.where(OutgoingMail.kind == "digest")):
            found.setdefault(mail.cause.removeprefix("digest:"), {})[email] = json.loads(mail.parameters)["lines"]
    return found


def reminders(database: Database, staff: int) -> list[tuple[str, str]]:
    """Give the day and the kind of each reminder of a person."""
    rows = select(Notice).where(Notice.staff == staff, Notice.kind.startswith("return.")).order_by(Notice.id)
    with database.reading() as session:
        return [(f"{row.at.astimezone(KAZAKHSTAN):%a %d %b}", row.kind) for row in session.scalars(rows)]


def test_a_city_is_reminded_14_7_3_and_1_days_before_and_each_monday_after(database: Database, lead: int) -> None:
    for day in range(34):
        run(database, *(at(date(2026, 11, 25) + timedelta(days=day), hour) for hour in (7, 8, 9, 15, 20)))
    assert reminders(database, lead) == [
        ("Fri 27 Nov", "return.due"),
        ("Fri 04 Dec", "return.due"),
        ("Tue 08 Dec", "return.due"),
        ("Thu 10 Dec", "return.due"),
        ("Mon 14 Dec", "return.overdue"),
        ("Mon 21 Dec", "return.overdue"),
        ("Mon 28 Dec", "return.overdue"),
    ]
    with database.reading() as session:
        seen = list_reminders(session, "2026", {"aktau"})
        events = session.scalars(select(JournalRow).where(JournalRow.event == "return.reminded")).all()
    assert [(each.city, each.persons) for each in seen] == [("aktau", {Role.LEAD: 1})] * 7
    assert (seen[0].kind, seen[0].at.date(), seen[0].due_on, seen[0].values) == (
        "return.overdue",
        date(2026, 12, 28),
        date(2026, 12, 11),
        101,
    )
    assert [(row.city, row.actor, row.object_id) for row in events] == [("aktau", None, "2026/aktau")] * 7


def test_a_term_that_falls_on_a_day_off_is_kept_on_the_next_working_day(database: Database, lead: int) -> None:
    with database.writing() as session:
        days = (date(2026, 12, 8), date(2026, 12, 9), date(2026, 12, 14))
        session.execute(insert(DayOff), [{"day": day, "works": False} for day in days])
    for day in range(23):
        run(database, at(date(2026, 11, 30) + timedelta(days=day), 8))
    # Three days before was a day off and so was the day after it: a day before the last one there is one reminder.
    assert reminders(database, lead) == [
        ("Mon 30 Nov", "return.due"),
        ("Fri 04 Dec", "return.due"),
        ("Thu 10 Dec", "return.due"),
        ("Tue 15 Dec", "return.overdue"),
        ("Mon 21 Dec", "return.overdue"),
    ]


@pytest.mark.usefixtures("lead")
def test_the_digest_comes_at_eight_on_working_days_with_counts_alone(database: Database) -> None:
    friday = date(2026, 12, 4)
    assert run(database, at(friday, 7, 59)) == ["nobody is at work"]
    run(database, at(friday, 8), at(friday, 9), at(friday, 17))
    run(database, *(at(friday + timedelta(days=days), 8) for days in (1, 2)))
    run(
        database,
        at(friday + timedelta(days=3), 8),
        at(friday + timedelta(days=6), 8),
        at(friday + timedelta(days=10), 8),
    )
    assert digests(database) == {
        "2026-12-04": {"lead@example.kz": [["values.due_7", 101]]},
        "2026-12-07": {"lead@example.kz": [["values.due_7", 101]]},
        "2026-12-10": {"lead@example.kz": [["values.due_1", 101]]},
        "2026-12-14": {"lead@example.kz": [["values.overdue", 101]]},
    }


@pytest.mark.usefixtures("lead")
def test_a_scheduler_that_was_away_at_eight_makes_up_for_it_until_the_evening(database: Database) -> None:
    monday = date(2026, 12, 7)
    run(database, at(monday, 16), at(monday + timedelta(days=1), 18), at(monday + timedelta(days=2), 3))
    assert list(digests(database)) == ["2026-12-07"]


def test_two_schedulers_write_one_digest_and_one_reminder_a_person(database: Database, lead: int) -> None:
    threads = [threading.Thread(target=run, args=(database, at(date(2026, 12, 4), 8))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert digests(database) == {"2026-12-04": {"lead@example.kz": [["values.due_7", 101]]}}
    assert len(reminders(database, lead)) == 1


def test_nobody_gets_a_digest_who_switched_it_off_or_for_whom_nothing_waits(database: Database, lead: int) -> None:
    with database.writing() as session:
        session.get_one(Staff, lead).digest_on = False
        add_staff(session, "other@example.kz", Role.LEAD, "semey")
        add_staff(session, "auditor@example.kz", Role.AUDITOR)
    run(database, at(date(2026, 12, 4), 8))
    assert digests(database) == {}
    assert len(reminders(database, lead)) == 1, "the console says it all the same"


def test_what_came_back_what_is_split_and_what_is_asked_is_in_the_digest(database: Database, lead: int) -> None:
    with database.writing() as session:
        assessors = [add_staff(session, f"r{n}@example.kz", Role.REVIEWER) for n in range(3)]
        split_case(session, lead, assessors)
        asked, back = CaseKey("2026", "aktau", "ctm_5"), CaseKey("2026", "aktau", "hlt_1")
        session.execute(insert(Assignment).values(**asked._asdict(), assessor=assessors[0]))
        set_state(session, asked, "sent")
        set_state(session, back, "returned")
    run(database, at(date(2026, 11, 30), 8))
    assert digests(database)["2026-11-30"] == {
        "lead@example.kz": [["values.returned", 1]],
        "r0@example.kz": [["cases.to_assess", 1]],
        "r2@example.kz": [["cases.split", 1]],
    }


def test_what_waits_on_the_way_to_a_publication_is_in_the_digest_of_whom_it_waits_for(database: Database) -> None:
    """Never of who asked, nor of who approved already; two approvals make it the publisher's to publish."""
    morning = date(2026, 11, 30)
    with database.writing() as session:
        asking, first = (add_staff(session, f"{name}@example.kz", Role.REVIEWER) for name in ("asks", "first"))
        add_staff(session, "second@example.kz", Role.PUBLISHER)
        asker = add_staff(session, "withdraws@example.kz", Role.PUBLISHER)
        for name in ("new", "once", "twice"):
            add_request(session, name, asking)
        approve(session, "once", first)
        approve(session, "twice", first)
        approve(session, "twice", asker)
        add_withdrawal(session, "out", asker)
    run(database, at(morning, 8))
    assert digests(database)["2026-11-30"] == {
        "asks@example.kz": [["withdrawals.waiting", 1]],
        "first@example.kz": [["approvals.waiting", 1], ["withdrawals.waiting", 1]],
        "second@example.kz": [["approvals.waiting", 2], ["publications.ready", 1], ["withdrawals.waiting", 1]],
        "withdraws@example.kz": [["approvals.waiting", 2], ["publications.ready", 1]],
    }


def add_run(session: Session, name: str) -> None:
    columns = {column.name: "x" for column in Run.__table__.columns} | {"id": name, "kind": "official"}
    session.execute(insert(Run).values(**columns | {"finished_on": OPENED.date(), "made_at": OPENED}))


def add_request(session: Session, name: str, asked_by: int) -> None:
    """Store a run and the request to publish it."""
    add_run(session, name)
    texts = dict.fromkeys(
        (
            "note",
            "stop_reason",
            "changed_kk",
            "changed_ru",
            "changed_en",
            "correction_kk",
            "correction_ru",
            "correction_en",
        ),
        "",
    )
    own = {"run": name, "state": "requested", "requested_by": asked_by, "requested_at": OPENED, "out_of_date": False}
    session.execute(insert(PublicationRequest).values(**own, **texts))


def approve(session: Session, name: str, staff: int) -> None:
    request = session.scalars(select(PublicationRequest).where(PublicationRequest.run == name)).one()
    own = {"request": request.id, "staff": staff, "requested_by": request.requested_by}
    columns = {column.name: "x" for column in Approval.__table__.columns} | own
    session.execute(insert(Approval).values(**columns | {"at": OPENED}))


def add_withdrawal(session: Session, name: str, asked_by: int) -> None:
    """Store a publication and what asks to withdraw it."""
    add_run(session, name)
    digests_of = {"bundle_sha256": "b", "previous_sha256": ""}
    own = {"number": 1, "run": name, "edition": "x", "state": "published", "published_on": OPENED.date()}
    session.execute(insert(Publication).values(**own, **digests_of))
    asked = {"publication": 1, "state": "asked", "asked_by": asked_by, "asked_at": OPENED}
    session.execute(insert(WithdrawalRequest).values(**asked, reason_kk="k", reason_ru="r", reason_en="e"))


def test_administrators_and_auditors_are_warned_that_nobody_will_be_an_administrator(database: Database) -> None:
    until = date(2026, 12, 14)
    with database.writing() as session:
        admin = add_staff(session, "admin@example.kz", Role.ADMIN)
        add_staff(session, "auditor@example.kz", Role.AUDITOR)
        add_staff(session, "lead@example.kz", Role.LEAD, "aktau")
        session.get_one(Staff, admin).password_hash = "a hash"
        session.execute(update(RoleGrant).where(RoleGrant.staff == admin).values(until_day=until))
    for day in (date(2026, 11, 27), date(2026, 11, 30), until):
        run(database, at(day, 8))
    assert digests(database) == {
        day: {email: [["admins.end", days]] for email in ("admin@example.kz", "auditor@example.kz")}
        for day, days in (("2026-11-30", 15), ("2026-12-14", 1))
    }


def split_case(session: Session, lead: int, assessors: list[int]) -> None:
    """Let two assessors differ on a value."""
    type_in(session, YES_NO, lead, value="yes")
    give_verdict(session, YES_NO, 1, "accept", assessors[0])
    give_verdict(session, YES_NO, 2, "return", assessors[1])
    set_state(session, YES_NO, "split")


def set_state(session: Session, key: CaseKey, state: str) -> None:
    of_case = ValueCase.period == key.period, ValueCase.city == key.city, ValueCase.indicator == key.indicator
    session.execute(update(ValueCase).where(*of_case).values(state=state))


def test_accounts_are_closed_after_90_idle_days_with_a_word_14_and_3_days_before(database: Database) -> None:
    with database.writing() as session:
        admin, idle = add_staff(session, role=Role.ADMIN), add_staff(session, role=Role.AUDITOR)
        session.get_one(Staff, admin).last_seen_on = date(2099, 1, 1)
    told: dict[date, str] = {}
    for day in range(95):
        clock = FrozenClock(NOW + timedelta(days=day))
        close_idle_accounts(database, clock, Path())
        with database.reading() as session:
            told |= {row.at.date(): row.kind for row in session.scalars(select(Notice).where(Notice.staff == idle))}
    days = [(day - NOW.date()).days for day in told]
    assert days == [90 - 14, 90 - 3]
    with database.reading() as session:
        assert (session.get_one(Staff, idle).active, session.get_one(Staff, admin).active) == (False, True)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_digest_says_its_lines_in_the_language_of_who_gets_it(language: str) -> None:
    assert [line for line in wording.DIGEST if wording.digest_line(line, 4, language)[:1].islower()] == []
