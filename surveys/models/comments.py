"""Suggestions in people's own words; they lie apart from the answers and carry no response's id."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import WITHOUT_ROWID, Base


class Comment(Base):
    """One suggestion about one area of a city, with personal data already masked."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'published', 'rejected')", name="state"),
        WITHOUT_ROWID,
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"))
    city: Mapped[str] = mapped_column(ForeignKey("city.code"))
    area: Mapped[str] = mapped_column(String(16))
    lang: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(String(500))
    day: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(16))
