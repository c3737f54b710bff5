"""What was said: one packed row per response, and the ballots that may not be used again."""

from datetime import date
from enum import IntFlag

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import WITHOUT_ROWID, Base

UNFOLDED = text("NOT folded")
"""What waits to be counted, in the very words of its index (app.models): SQLite would not recognise others."""

FULL_WEIGHT = 1000
"""Base weight of an ordinary response, in thousandths: integers keep the counts exact."""


class Flag(IntFlag):
    """What a human should look at; stored as a number beside the response."""

    SPEED = 1
    LONGSTRING = 2
    IRV = 4
    MAHALANOBIS = 8
    BURST = 16
    HONEYPOT = 32


class SpentBallot(Base):
    """A ballot that was used; its primary key is the rule that nobody votes twice."""

    __tablename__ = "spent_ballot"
    __table_args__ = (WITHOUT_ROWID,)

    ballot_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    payload_mac: Mapped[str] = mapped_column(String(64))
    """Keyed by the ballot itself, which is not stored: equal content can be recognised, never guessed."""


class Response(Base):
    """One answered questionnaire: immutable but for the mark that it was counted."""

    __tablename__ = "response"
    __table_args__ = (
        ForeignKeyConstraint(["wave", "city"], ["wave_city.wave", "wave_city.city"]),
        CheckConstraint("lang IN ('kk', 'ru', 'en')", name="lang"),
        CheckConstraint("mode IN ('web', 'paper', 'assisted')", name="mode"),
        CheckConstraint("tier IN ('open', 'verified')", name="tier"),
        WITHOUT_ROWID,
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    wave: Mapped[str] = mapped_column(String(64))
    city: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(ForeignKey("questionnaire_version.digest"))
    tier: Mapped[str] = mapped_column(String(16))
    cell: Mapped[str] = mapped_column(String(120))
    lang: Mapped[str] = mapped_column(String(2))
    channel: Mapped[str] = mapped_column(String(32))
    mode: Mapped[str] = mapped_column(String(8))
    day: Mapped[date] = mapped_column(Date)
    closed: Mapped[bytes] = mapped_column(LargeBinary)
    base_weight: Mapped[int] = mapped_column(Integer)
    flags: Mapped[int] = mapped_column(Integer)
    folded: Mapped[bool] = mapped_column(Boolean)
    links: Mapped[str] = mapped_column(String(64), server_default="")
    """Random codes of the groups this answer belongs to, such as one device or one network (surveys.quality.links)."""
    receipt: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Empty, but for an answer of format 1 (surveys.ballots.receipts): its receipt sealed under the wave's key."""
