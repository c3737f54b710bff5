"""Suggestions in people's own words; they lie apart from the answers and carry no response's id."""

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import WITHOUT_ROWID, Base


class Envelope(Base):
    """Words on their way: stored with the answer, so that nothing acknowledged is lost, and sealed for whoever looks.

    Every answer brings one, with words in it or without, of one length. What is inside lies in `comment` after the
    next filing, and this row is gone (surveys.responses.filing).
    """

    __tablename__ = "envelope"
    __table_args__ = (WITHOUT_ROWID,)

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Comment(Base):
    """One suggestion about one area of a city, with personal data already masked."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'published', 'rejected')", name="state"),
        CheckConstraint("length(month) = 7", name="month"),
        WITHOUT_ROWID,
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"))
    city: Mapped[str] = mapped_column(ForeignKey("city.code"))
    area: Mapped[str] = mapped_column(String(16))
    lang: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(String(500))
    month: Mapped[str] = mapped_column(String(7))
    """In which it was filed, such as 2027-03; when it was written is known to nobody."""
    state: Mapped[str] = mapped_column(String(16))
