"""Values in force that nobody examined: for the demo country and for tests, and for no installation."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.indicators.case_models import ValueCase
from app.indicators.states import State


def accept_unexamined(session: Session, period: str, actor: Actor) -> int:
    """Put the drafts of a period in force as values that stood before there were examinations; gives how many.

    They say of themselves that nobody examined them, wherever they are published.
    """
    drafts = (ValueCase.period == period, ValueCase.state == State.DRAFT)
    n = session.scalars(select(func.count()).select_from(ValueCase).where(*drafts)).one()
    columns = {"state": State.ACCEPTED, "accepted_revision": ValueCase.revision, "unreviewed": True}
    session.execute(update(ValueCase).where(*drafts).values(**columns, version=ValueCase.version + 1))
    detail = {"values": n}
    record(session, actor, Entry(event="values.demo", object_kind="period", object_id=period, detail=detail))
    return n
