"""Periods and the indicator values imported for them; an older value is kept, a newer one is a new revision."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.indicators.vocabulary import LONGEST_SOURCE, Status, ValueFlag
from surveys.db import Base


def _one_of(column: str, names: type[ValueFlag | Status]) -> str:
    return f"{column} IN ({', '.join(repr(str(name)) for name in names)})"


class Period(Base):
    """A reporting period ("2024", "2024-H1"), rated by one edition."""

    __tablename__ = "period"
    __table_args__ = (CheckConstraint("starts <= ends", name="days"),)

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    edition: Mapped[str] = mapped_column(String(64))
    starts: Mapped[date] = mapped_column(Date)
    ends: Mapped[date] = mapped_column(Date)


class IndicatorImport(Base):
    """One file that was imported."""

    __tablename__ = "indicator_import"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    period: Mapped[str] = mapped_column(ForeignKey("period.code"))
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int] = mapped_column(Integer)
    imported_on: Mapped[date] = mapped_column(Date)


class IndicatorValue(Base):
    """One revision of a city's value of an indicator, as an exact fraction; the highest revision is in force."""

    __tablename__ = "indicator_value"
    __table_args__ = (
        UniqueConstraint("period", "city", "indicator", "revision"),
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint(_one_of("status", Status), name="status"),
        CheckConstraint(_one_of("flag", ValueFlag), name="flag"),
        CheckConstraint("denominator > 0", name="denominator"),
        CheckConstraint("(status = 'reported') = (numerator IS NOT NULL)", name="reported_has_a_number"),
        CheckConstraint("(numerator IS NULL) = (denominator IS NULL)", name="whole_fraction"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    period: Mapped[str] = mapped_column(ForeignKey("period.code"))
    city: Mapped[str] = mapped_column(ForeignKey("city.code"))
    indicator: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(16))
    numerator: Mapped[int | None] = mapped_column(BigInteger)
    denominator: Mapped[int | None] = mapped_column(BigInteger)
    """Empty, both, unless the value was reported: nothing can take a missing value for zero or for "No"."""
    flag: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(LONGEST_SOURCE))
    imported_by: Mapped[int] = mapped_column(ForeignKey("indicator_import.id"))
    imported_on: Mapped[date] = mapped_column(Date)
