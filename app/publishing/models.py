"""Publications: numbered, chained by hash, withdrawn but never changed."""

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, UtcDateTime

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


class PublicationRequest(Base):
    """A stored run that somebody asks to publish; others approve exactly its bytes.

    Whether it is approved is not stored: its approvals say so, and they count while who gave them may approve.
    """

    __tablename__ = "publication_request"
    __table_args__ = (
        CheckConstraint("state IN ('requested', 'stopped', 'published')", name="state"),
        CheckConstraint("(state = 'published') = (publication IS NOT NULL)", name="publication"),
        CheckConstraint("(state = 'published') = (published_by IS NOT NULL)", name="published_by"),
        CheckConstraint("(state = 'stopped') = (stopped_by IS NOT NULL)", name="stopped_by"),
        CheckConstraint("published_by <> requested_by", name="not_the_requester"),
        CheckConstraint("(corrects IS NULL) = (correction_kk = '')", name="correction"),
        UniqueConstraint("id", "requested_by"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    run: Mapped[str] = mapped_column(ForeignKey("run.id"), unique=True)
    state: Mapped[str] = mapped_column(String(16))
    requested_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(String(MOST_REASON))
    few_people: Mapped[int | None] = mapped_column(Integer)
    """Groups of fewer than ten people of which the draft would tell; empty until it was attacked."""
    out_of_date: Mapped[bool] = mapped_column(Boolean)
    """Whether its inputs had changed when everything was last compared, which takes a second: every night."""
    stopped_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    stop_reason: Mapped[str] = mapped_column(String(MOST_REASON))
    changed_kk: Mapped[str] = mapped_column(String(MOST_REASON))
    """Why it was published though its inputs had changed, as the publication prints it; empty where they had not."""
    changed_ru: Mapped[str] = mapped_column(String(MOST_REASON))
    changed_en: Mapped[str] = mapped_column(String(MOST_REASON))
    corrects: Mapped[int | None] = mapped_column(ForeignKey("publication.number"))
    """The publication it corrects, and why."""
    correction_kk: Mapped[str] = mapped_column(String(MOST_REASON))
    correction_ru: Mapped[str] = mapped_column(String(MOST_REASON))
    correction_en: Mapped[str] = mapped_column(String(MOST_REASON))
    publication: Mapped[int | None] = mapped_column(ForeignKey("publication.number"), unique=True)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class DraftFile(Base):
    """A file of a publication as it would be: for those who approve, and for nobody outside before it is made."""

    __tablename__ = "publication_draft_file"

    request: Mapped[int] = mapped_column(ForeignKey("publication_request.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(64), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Approval(Base):
    """One person approves a request: of the run's output and of the edition, by their digests. Frozen."""

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint("staff <> requested_by", name="not_the_requester"),
        ForeignKeyConstraint(
            ["request", "requested_by"], ["publication_request.id", "publication_request.requested_by"]
        ),
    )

    request: Mapped[int] = mapped_column(Integer, primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    requested_by: Mapped[int] = mapped_column(Integer)
    """Who asked, as the request says: nobody approves their own."""
    output_digest: Mapped[str] = mapped_column(String(64))
    edition_digest: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(MOST_REASON))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class WithdrawalRequest(Base):
    """One publisher asks to withdraw a publication, with the reason; it happens when another person confirms."""

    __tablename__ = "withdrawal_request"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'confirmed', 'cancelled')", name="state"),
        CheckConstraint("asked_by <> confirmed_by", name="two_persons"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    publication: Mapped[int] = mapped_column(ForeignKey("publication.number"))
    state: Mapped[str] = mapped_column(String(16))
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason_kk: Mapped[str] = mapped_column(String(MOST_REASON))
    reason_ru: Mapped[str] = mapped_column(String(MOST_REASON))
    reason_en: Mapped[str] = mapped_column(String(MOST_REASON))
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JournalHead(Base):
    """The last row of the journal on a day, as everybody may read it: whoever kept it sees a later rewriting."""

    __tablename__ = "journal_head"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    seq: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))
