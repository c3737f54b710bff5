"""Suggestions in people's own words; they lie apart from the answers and carry no response's id."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, LargeBinary, String
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


class WithdrawnWords(Base):
    """Words that were taken back while they waited in an envelope; the next filing takes the text out of it.

    The mark is that of their follow code (surveys.ballots.follow_codes), and the row is gone after that filing.
    """

    __tablename__ = "withdrawn_words"
    __table_args__ = (WITHOUT_ROWID,)

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)


STATES = (
    "pending",
    "released",
    "shown",
    "shown_redacted",
    "second_look",
    "hidden_provisional",
    "hidden",
    "taken_back",
)
"""Where a suggestion stands; app.feedback.moderation says what leads from one to another."""
_STATES = ", ".join(map(repr, STATES))


class Comment(Base):
    """One suggestion about one area of a city, with personal data already masked."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("(state IN ('pending', 'taken_back')) = (released_on IS NULL)", name="released_on"),
        CheckConstraint("(state = 'shown_redacted') = (shown_text IS NOT NULL)", name="shown_text"),
        CheckConstraint("kind IN ('complaint', 'suggestion', 'question', 'thanks')", name="kind"),
        CheckConstraint("length(month) = 7", name="month"),
        CheckConstraint("version >= 1", name="version"),
        Index("ix_comment_city_wave_state", "city", "wave", "state"),
        WITHOUT_ROWID,
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    wave: Mapped[str] = mapped_column(ForeignKey("wave.code"))
    city: Mapped[str] = mapped_column(ForeignKey("city.code"))
    area: Mapped[str] = mapped_column(String(16))
    lang: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(String(500))
    """What was written; empty once it was purged or taken back."""
    shown_text: Mapped[str | None] = mapped_column(String(500))
    """What others may read of a redacted one."""
    folded: Mapped[str] = mapped_column(String(500))
    """The text as search compares it (surveys.responses.search_fold)."""
    month: Mapped[str] = mapped_column(String(7))
    """In which it was filed, such as 2027-03; when it was written is known to nobody."""
    released_on: Mapped[date | None] = mapped_column(Date)
    """The day on which the desk got it, with others; its term for an answer begins here. Pages show its week."""
    follow_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """sha256 of the code that the writer holds (surveys.ballots.follow_codes); none where nobody could be given one."""
    state: Mapped[str] = mapped_column(String(24))
    kind: Mapped[str | None] = mapped_column(String(16))
    """What a person at the desk took it for; none while nobody said."""
    version: Mapped[int] = mapped_column(Integer)
    """Grows with every decision and code: whoever changes an older one is told of the newer."""
