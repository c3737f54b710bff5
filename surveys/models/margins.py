"""Published population counts that answers are weighted to."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base


class MarginSource(Base):
    """Where a set of counts was published, for which universe and which day."""

    __tablename__ = "margin_source"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str] = mapped_column(String(200), unique=True)
    universe: Mapped[str] = mapped_column(String(64))
    as_of: Mapped[date] = mapped_column(Date)
    sha256: Mapped[str] = mapped_column(String(64))


class MarginRecord(Base):
    """People of one category of one dimension in one city."""

    __tablename__ = "margin"
    __table_args__ = (CheckConstraint("people >= 0", name="people"),)

    source: Mapped[int] = mapped_column(ForeignKey("margin_source.id"), primary_key=True)
    city: Mapped[str] = mapped_column(ForeignKey("city.code"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(16), primary_key=True)
    dimension: Mapped[str] = mapped_column(String(32), primary_key=True)
    category: Mapped[str] = mapped_column(String(64), primary_key=True)
    people: Mapped[int] = mapped_column(BigInteger)
