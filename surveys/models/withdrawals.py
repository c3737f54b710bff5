"""Answers taken back: how many each day, and those that wait for a person."""

from datetime import date

from sqlalchemy import Boolean, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import WITHOUT_ROWID, Base


class WithdrawalCount(Base):
    """How many answers of a wave were taken back on a day; published, so that nobody can delete many in silence."""

    __tablename__ = "withdrawal_count"
    __table_args__ = (WITHOUT_ROWID,)

    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    n: Mapped[int] = mapped_column(Integer)


class WithdrawnAnswer(Base):
    """An answer that was taken back, or that waits for it because too many were taken back in one hour.

    The id leads nowhere without the wave's key; with it, a verified ballot shows that it may be used once more. The
    freeze forgets it.
    """

    __tablename__ = "withdrawn_answer"
    __table_args__ = (WITHOUT_ROWID,)

    response: Mapped[str] = mapped_column(String(32), primary_key=True)
    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"))
    is_done: Mapped[bool] = mapped_column(Boolean)
