"""Cases of a small period, and what people do to them."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.audit.journal import Actor
from app.audit.models import JournalRow
from app.indicators import cases
from app.indicators.case_models import Assessment, Evidence
from app.indicators.cases import Case, get_case
from app.indicators.drafts import TypedValue, save_value
from app.indicators.keys import CaseKey
from app.indicators.openings import PeriodPlan, open_period
from app.indicators.returns import ReturnOrder, send_return

MONDAY = datetime(2026, 11, 30, 6, tzinfo=UTC)
DUE = date(2026, 12, 11)
YES_NO, RATE = CaseKey("2026", "aktau", "ctm_1"), CaseKey("2026", "aktau", "ctm_5")
REASON = "The city has no underground railway at all."
ANALYST, LEAD, FIRST, SECOND, THIRD = range(1, 6)


def by(person: int | None, at: datetime = MONDAY) -> Actor:
    """Make an actor of Monday."""
    return Actor(person, at)


def open_small_period(session: Session) -> None:
    """Open 2026 for two cities, 202 cases, and let five members of staff be there."""
    for number in (ANALYST, LEAD, FIRST, SECOND, THIRD):
        person = Staff(
            email=f"p{number}@example.kz",
            name=f"P{number}",
            language="kk",
            handle=bytes([number]) * 64,
            active=True,
            created_at=MONDAY,
            active_since=MONDAY.date(),
            keys_on=True,
            digest_on=True,
        )
        session.add(person)
        session.flush()
        assert person.id == number, "the database numbers them, so that others can follow"
    plan = PeriodPlan("2026", "standard_2019", ("aktau", "almaty"), due_on=DUE)
    assert open_period(session, plan, by(LEAD)) == 202


def type_in(session: Session, key: CaseKey, person: int = ANALYST, **typed: str) -> Case:
    """Save what an analyst types."""
    case = get_case(session, key)
    return save_value(session, key, TypedValue(**typed), case.version, by(person)).case


def add_paper(session: Session, key: CaseKey, person: int = ANALYST) -> int:
    """Add an address as evidence; gives its number."""
    paper = Evidence(
        **key._asdict(),
        kind="address",
        file_name="",
        address="https://stat.gov.kz/1",
        register="",
        extract="",
        caption="Table",
        is_public=True,
        private_reason="",
        added_by=person,
        added_at=MONDAY,
    )
    session.add(paper)
    session.flush()
    return paper.id


def send(session: Session, *keys: CaseKey, missing: int = 0, at: datetime = MONDAY) -> None:
    """Send as the lead."""
    versions = {key.indicator: get_case(session, key).version for key in keys}
    order = ReturnOrder(keys[0].period, keys[0].city, versions)
    send_return(session, order, by(LEAD, at), missing=missing, bulk="press")


def give_verdict(session: Session, key: CaseKey, slot: int, verdict: str, assessor: int) -> None:
    """Stand in for app.indicators.assessments: write one verdict down."""
    row: dict[str, Any] = {"ticks": 15, "reasons": "", "note": "", "private_note": "", "given_at": MONDAY}
    row |= {"slot": slot, "verdict": verdict, "assessor": assessor, "revision": get_case(session, key).revision}
    session.execute(insert(Assessment).values(**key._asdict(), **row))


def accept_sent(session: Session, key: CaseKey) -> Case:
    """Let two assessors accept what was sent."""
    give_verdict(session, key, 1, "accept", FIRST)
    give_verdict(session, key, 2, "accept", SECOND)
    case = get_case(session, key)
    return cases.accept(session, case, case.revision or 0, by(SECOND))


def sent_yes(session: Session, key: CaseKey = YES_NO) -> None:
    """Type "yes", add evidence, send."""
    type_in(session, key, value="yes")
    add_paper(session, key)
    send(session, key)


def events(session: Session) -> list[str]:
    """List the events of the journal."""
    return list(session.scalars(select(JournalRow.event).order_by(JournalRow.seq)))
