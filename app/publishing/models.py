"""Publications: numbered, chained by hash, withdrawn but never changed."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base

MOST_REASON = 400
"""Signs that a reason for a withdrawal may have."""


class Publication(Base):
    """One published rating; its files are rows of PublicationFile, and its bundle names their digests."""

    __tablename__ = "publication"
    __table_args__ = (CheckConstraint("state IN ('published', 'withdrawn')", name="state"),)

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    run: Mapped[str] = mapped_column(ForeignKey("run.id"))
    edition: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    published_on: Mapped[date] = mapped_column(Date)
    bundle_sha256: Mapped[str] = mapped_column(String(64))
    previous_sha256: Mapped[str] = mapped_column(String(64))
    """Digest of the publication before; empty for the first one."""
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    reason_kk: Mapped[str | None] = mapped_column(String(MOST_REASON))
    """Why it was withdrawn; releases that asked for no reason left none."""
    reason_ru: Mapped[str | None] = mapped_column(String(MOST_REASON))
    reason_en: Mapped[str | None] = mapped_column(String(MOST_REASON))
    successor: Mapped[int | None] = mapped_column(ForeignKey("publication.number"))
    """The publication that takes its place, once there is one."""


class PublicationFile(Base):
    """One file of a publication."""

    __tablename__ = "publication_file"

    publication: Mapped[int] = mapped_column(ForeignKey("publication.number"), primary_key=True)
    path: Mapped[str] = mapped_column(String(64), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
