"""Periods and the indicator values imported for them; an older value is kept, a newer one is a new revision."""

from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.indicators.vocabulary import LONGEST_NOTE, LONGEST_SOURCE, Basis, Status, ValueFlag
from surveys.db import Base


def _one_of(column: str, names: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(name)) for name in names)})"


class Period(Base):
    """A reporting period ("2024", "2024-H1"), rated by one edition."""

    __tablename__ = "period"
    __table_args__ = (
        CheckConstraint("starts <= ends", name="days"),
        CheckConstraint("state IN ('planned', 'open', 'closed')", name="state"),
        CheckConstraint("correction_days BETWEEN 1 AND 60", name="correction_days"),
    )

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    edition: Mapped[str] = mapped_column(String(64))
    starts: Mapped[date] = mapped_column(Date)
    ends: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(8))
    opens_on: Mapped[date | None] = mapped_column(Date)
    """The day from which values are taken; none for periods that no return was asked for."""
    due_on: Mapped[date | None] = mapped_column(Date)
    """The last day on which a return is in time; none for periods that no return was asked for."""
    correction_days: Mapped[int] = mapped_column(Integer)
    """Working days in which a city mends a value that came back."""


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
        CheckConstraint(_one_of("basis", Basis), name="basis"),
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
    imported_by: Mapped[int | None] = mapped_column(ForeignKey("indicator_import.id"))
    """The file it came in; empty for a value that was typed."""
    imported_on: Mapped[date] = mapped_column(Date)
    basis: Mapped[str] = mapped_column(String(16))
    """What kind of source it rests on (app.indicators.vocabulary.Basis); empty where nobody said."""
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE))
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Empty for what the command line imported."""
