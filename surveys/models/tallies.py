"""Folded counts: derived from the packed responses, disposable, exact."""

from sqlalchemy import BigInteger, Boolean, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import WITHOUT_ROWID, Base

MINIMUM = 10
"""New responses a city waits for, so that two looks at the counts cannot single a person out."""


class Tally(Base):
    """The counts of one weighting cell: `counts` is the int64 vector that surveys.tallies.cube lays out."""

    __tablename__ = "tally"
    __table_args__ = (WITHOUT_ROWID,)

    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"), primary_key=True)
    city: Mapped[str] = mapped_column(ForeignKey("city.code"), primary_key=True)
    tier: Mapped[str] = mapped_column(String(16), primary_key=True)
    cell: Mapped[str] = mapped_column(String(120), primary_key=True)
    base_weight: Mapped[int] = mapped_column(Integer, primary_key=True)
    flagged: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)
    counts: Mapped[bytes] = mapped_column(LargeBinary)
