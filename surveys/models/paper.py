"""Paper in the field: how many forms were printed, who types them in, and how many a day."""

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import WITHOUT_ROWID, Base


class FormSeries(Base):
    """The printed forms of a wave; a wave without a row takes answers on the web alone."""

    __tablename__ = "form_series"
    __table_args__ = (CheckConstraint("printed >= 0", name="printed"),)

    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"), primary_key=True)
    printed: Mapped[int] = mapped_column(Integer)
    """Serial number of the last form: the next one gets the next, so no two are alike."""
    reads_first_format: Mapped[bool] = mapped_column(Boolean)
    """Whether forms and passes of the release of November 2026 may be in people's hands."""


class PassRecord(Base):
    """A pass that was given to an operator; its own text is not stored."""

    __tablename__ = "operator_pass"
    __table_args__ = (
        ForeignKeyConstraint(["wave", "city"], ["wave_city.wave", "wave_city.city"]),
        CheckConstraint("per_day > 0", name="per_day"),
        WITHOUT_ROWID,
    )

    wave: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    """What the organiser calls it; it opens nothing."""
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    """Keyed hash of the pass under the wave's key: noise once that key is gone."""
    operator: Mapped[str] = mapped_column(String(80))
    city: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(32))
    until: Mapped[date] = mapped_column(Date)
    per_day: Mapped[int] = mapped_column(Integer)
    revoked_on: Mapped[date | None] = mapped_column(Date)


class OperatorDay(Base):
    """How many answers came under a pass on a day: never when, nor which."""

    __tablename__ = "operator_day"
    __table_args__ = (
        ForeignKeyConstraint(["wave", "operator_pass"], ["operator_pass.wave", "operator_pass.code"]),
        CheckConstraint("forms >= 0", name="forms"),
        WITHOUT_ROWID,
    )

    wave: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    operator_pass: Mapped[str] = mapped_column(String(8), primary_key=True)
    forms: Mapped[int] = mapped_column(Integer)


class ModeCount(Base):
    """Folded answers of a wave by the way they came, as of last night; what is shown of it is merged and in tens."""

    __tablename__ = "mode_count"
    __table_args__ = (CheckConstraint("n >= 0", name="n"),)

    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"), primary_key=True)
    mode: Mapped[str] = mapped_column(String(8), primary_key=True)
    n: Mapped[int] = mapped_column(Integer)
