"""Commitments as staff read them: the list, how many stand where, and one with everything that happened to it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, func, or_, select, true
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.audit.models import JournalRow
from app.feedback.commitment_states import OPEN, CommitmentAct, CommitmentState
from app.feedback.models import Theme
from app.feedback.reply_errors import UnknownAnswerError
from app.feedback.reply_models import Commitment, CommitmentEvent, Reply

SOON = timedelta(days=7)
"""What is due within so many days is due soon."""

IS_OVER = case(
    (Commitment.state.in_((CommitmentState.AGREED, CommitmentState.DROPPED)), 2),
    (Commitment.state == CommitmentState.REPORTED_DONE, 1),
    else_=0,
)
"""Where it stands in the list: 0 what the administration has to do, 1 what waits for residents, 2 what is over."""
MOVED = (
    select(func.count())
    .where(CommitmentEvent.commitment == Commitment.id, CommitmentEvent.event == CommitmentAct.MOVE)
    .correlate(Commitment)
    .scalar_subquery()
)
"""How often its day was moved."""


class CommitmentTally(NamedTuple):
    """How many commitments stand in each state, and how many of those still to be kept are late or soon due."""

    by_state: dict[str, int]
    overdue: int
    soon: int


class ReadCommitment(NamedTuple):
    """A commitment with its theme (None where it has none) and the state of the reply that opened it ("" for none)."""

    row: Commitment
    theme: Theme | None
    reply_state: str
    events: tuple[CommitmentEvent, ...]
    """Oldest first."""


class LastChange(NamedTuple):
    """Who changed something last, None being residents by their answers, and when."""

    name: str | None
    at: datetime


def is_overdue(today: date) -> ColumnElement[bool]:
    """Select what is still to be kept and whose day is past."""
    return and_(Commitment.state.in_(OPEN), Commitment.due < today)


def is_due_soon(today: date) -> ColumnElement[bool]:
    """Select what is still to be kept, and due today or within a week."""
    return and_(Commitment.state.in_(OPEN), Commitment.due.between(today, today + SOON))


def list_statement(cities: Collection[str] | None, drafts: Collection[str] | None) -> Select[*tuple[Any, ...]]:
    """Select the commitments of some cities (None for all), and drafts of those cities whose drafts are read too."""
    columns = (
        Commitment.id, Commitment.city, Commitment.area, Commitment.title_kk, Commitment.title_ru, Commitment.title_en,
        Commitment.owner_unit_kk, Commitment.owner_unit_ru, Commitment.first_due, Commitment.due, Commitment.state,
        Commitment.percent, MOVED.label("moved"),
    )  # fmt: skip
    statement = select(*columns).where(_may_be_read(drafts))
    return statement if cities is None else statement.where(Commitment.city.in_(sorted(cities)))


def tally(session: Session, statement: Select[*tuple[Any, ...]], today: date) -> CommitmentTally:
    """Count the rows of such a statement by state."""
    late, soon = (func.sum(cast(each, Integer)) for each in (is_overdue(today), is_due_soon(today)))
    grouped = statement.with_only_columns(Commitment.state, func.count(), late, soon, maintain_column_froms=True)
    rows = session.execute(grouped.order_by(None).group_by(Commitment.state)).all()
    return CommitmentTally(
        {state: number for state, number, _late, _soon in rows},
        sum(late or 0 for _state, _number, late, _soon in rows),
        sum(soon or 0 for _state, _number, _late, soon in rows),
    )


def read_commitment(session: Session, city: str, number: int, drafts: Collection[str] | None) -> ReadCommitment:
    """Read one of a city with its steps, in two statements; raises UnknownAnswerError."""
    found = session.execute(
        select(Commitment, Theme, Reply.state)
        .outerjoin(Theme, Theme.code == Commitment.theme)
        .outerjoin(Reply, Reply.id == Commitment.reply)
        .where(Commitment.id == number, Commitment.city == city, _may_be_read(drafts))
    ).first()
    if found is None:
        raise UnknownAnswerError(number)
    row, theme, reply_state = found
    events = select(CommitmentEvent).where(CommitmentEvent.commitment == number).order_by(CommitmentEvent.id)
    return ReadCommitment(row, theme, reply_state or "", tuple(session.scalars(events)))


def last_change(session: Session, number: int) -> LastChange:
    """Tell who changed a commitment last, as the journal has it."""
    row = session.execute(
        select(Staff.name, JournalRow.at)
        .select_from(JournalRow)
        .outerjoin(Staff, Staff.id == JournalRow.actor)
        .where(JournalRow.object_kind == "commitment", JournalRow.object_id == str(number))
        .order_by(JournalRow.seq.desc())
        .limit(1)
    ).one()
    return LastChange(row.name, datetime.fromisoformat(row.at))


def _may_be_read(drafts: Collection[str] | None) -> ColumnElement[bool]:
    if drafts is None:
        return true()
    return or_(Commitment.state != CommitmentState.DRAFT, Commitment.city.in_(sorted(drafts)))
