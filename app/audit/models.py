"""The journal, whose rows are frozen, and what the nightly look at it found."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, UtcDateTime


class JournalRow(Base):
    """One event. The hash covers the texts as they are stored, and the hash of the row before."""

    __tablename__ = "journal"
    __table_args__ = (
        CheckConstraint("length(hash) = 64", name="hash"),
        CheckConstraint("length(previous_hash) = 64", name="previous_hash"),
    )

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(20))
    """UTC to the second, such as 2027-03-01T08:15:00Z."""
    actor: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Empty for what the command line and the scheduler do."""
    event: Mapped[str] = mapped_column(String(48))
    object_kind: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[str] = mapped_column(String(200))
    city: Mapped[str | None] = mapped_column(ForeignKey("city.code"))
    detail: Mapped[str] = mapped_column(Text)
    """Canonical JSON: ids, digests, states before and after; never what somebody wrote, nothing of a person."""
    bulk: Mapped[str | None] = mapped_column(String(32))
    """The same for all rows of one press."""
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """One row can follow another once: the chain cannot fork."""
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class JournalCheck(Base):
    """One verification of the whole chain: how many rows it had, and the first one that does not hold, if any."""

    __tablename__ = "journal_check"

    checked_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    rows: Mapped[int] = mapped_column(Integer)
    broken_seq: Mapped[int | None] = mapped_column(Integer)
    fault: Mapped[str] = mapped_column(String(16))
    """What is wrong with that row (app.audit.verify.Fault); empty for a whole chain."""
