"""Answers taken back: how many each day, and those that wait for a person."""

from datetime import date

from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import WITHOUT_ROWID, Base


class WithdrawalCount(Base):
    """How many answers of a wave were taken back on a day; published, so that nobody can delete many in silence."""

    __tablename__ = "withdrawal_count"
    __table_args__ = (WITHOUT_ROWID,)

    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    n: Mapped[int] = mapped_column(Integer)


class WaitingWithdrawal(Base):
    """An answer that somebody asked to take back when too many were taken back in one hour."""

    __tablename__ = "waiting_withdrawal"
    __table_args__ = (WITHOUT_ROWID,)

    response: Mapped[str] = mapped_column(String(32), primary_key=True)
    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"))
