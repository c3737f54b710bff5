"""Publishes the last row of the journal of each day that is over."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import JournalRow
from app.clock import KAZAKHSTAN, Clock
from app.database import Database
from app.publishing.journal_heads import last_head_day, store_head


def list_journal_heads(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Write the head of every day that is over and has none, also of days on which no scheduler ran."""
    with database.writing() as session:
        days = list(_days_without(session, clock.today()))
        for day in days:
            _write_head(session, day)
    return f"heads of {len(days)} days"


def _days_without(session: Session, today: date) -> list[date]:
    last = last_head_day(session)
    if last is None:
        first = session.scalar(select(JournalRow.at).order_by(JournalRow.seq).limit(1))
        if first is None:
            return []
        last = datetime.fromisoformat(first).astimezone(KAZAKHSTAN).date() - timedelta(days=1)
    return [last + timedelta(days=n) for n in range(1, (today - last).days)]


def _write_head(session: Session, day: date) -> None:
    """Write the head of a day: the last row from before its end in Kazakhstan."""
    midnight = datetime.combine(day + timedelta(days=1), time(), KAZAKHSTAN).astimezone(UTC)
    rows = select(JournalRow.seq, JournalRow.hash).where(JournalRow.at < f"{midnight:%Y-%m-%dT%H:%M:%SZ}")
    row = session.execute(rows.order_by(JournalRow.seq.desc()).limit(1)).first()
    if row:
        store_head(session, day, row.seq, row.hash)
