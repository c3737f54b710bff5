"""Notices, and the mail that waits to be sent."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, UtcDateTime


class Notice(Base):
    """Something one person is told, written in the transaction of its cause."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("staff", "cause"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    cause: Mapped[str] = mapped_column(String(200))
    """What it is about, such as value.returned:2024/aktau/hlt_3/2: the same is never told twice."""
    kind: Mapped[str] = mapped_column(String(48))
    parameters: Mapped[str] = mapped_column(Text)
    """Canonical JSON: codes and counts for the sentence, which is made in the reader's language."""
    address: Mapped[str] = mapped_column(String(800))
    """Path and query below the console where it leads."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OutgoingMail(Base):
    """One mail to one member of staff: counts and links, no text of a suggestion and no value."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'failed', 'dropped')", name="state"),
        UniqueConstraint("staff", "cause"),
        Index("ix_outgoing_mail_state", "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    cause: Mapped[str] = mapped_column(String(200))
    """The same is never sent twice: digest:2027-03-01, for one."""
    kind: Mapped[str] = mapped_column(String(48))
    parameters: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(800))
    """Path and query below the console where its link leads."""
    sealed: Mapped[str] = mapped_column(String(400))
    """What follows the address in an invitation, sealed by app.accounts.sealing; empty once it was sent."""
    state: Mapped[str] = mapped_column(String(8))
    """Failed mails are shown to administrators until they send or drop them."""
    attempts: Mapped[int] = mapped_column(Integer)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
