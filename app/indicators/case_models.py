"""A city's return: a case for each indicator of a period, its evidence, and what two assessors said of it."""

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, UtcDateTime

STATES = ("open", "draft", "sent", "split", "accepted", "returned", "refused", "locked")
_CASE = ("period", "city", "indicator")
_CASE_OF = tuple(f"value_case.{column}" for column in _CASE)
_REVISION_OF = tuple(f"indicator_value.{column}" for column in (*_CASE, "revision"))


class ValueCase(Base):
    """One indicator of one city in one period; every case exists when the period opens.

    `revision` is what the city says last; `accepted_revision` is what official ratings count, until another one is.
    """

    __tablename__ = "value_case"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(map(repr, STATES))})", name="state"),
        CheckConstraint("accepted_revision <= revision", name="accepted_revision"),
        CheckConstraint("version >= 1", name="version"),
        ForeignKeyConstraint([*_CASE, "revision"], _REVISION_OF),
        ForeignKeyConstraint([*_CASE, "accepted_revision"], _REVISION_OF),
        Index("ix_value_case_city_indicator", "city", "indicator"),
    )

    period: Mapped[str] = mapped_column(ForeignKey("period.code"), primary_key=True)
    city: Mapped[str] = mapped_column(ForeignKey("city.code"), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int | None] = mapped_column(Integer)
    accepted_revision: Mapped[int | None] = mapped_column(Integer)
    due_on: Mapped[date | None] = mapped_column(Date)
    """The last day in time; for a returned case the last day of the correction."""
    late: Mapped[bool] = mapped_column(Boolean)
    """It was sent after its day; everybody is told."""
    unreviewed: Mapped[bool] = mapped_column(Boolean)
    """Its accepted revision stood before values were examined; everybody is told."""
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reopened_reason: Mapped[str] = mapped_column(String(400))
    """Why the ministry last let a decided value be changed."""
    asked_reason: Mapped[str] = mapped_column(String(400))
    """Why the city asks for that; empty when it does not."""
    oddities: Mapped[str] = mapped_column(String(120))
    """What assessors should look at (app.indicators.risk.Oddity), worst first with spaces between, as of the last
    return that was sent; empty for nothing."""
    version: Mapped[int] = mapped_column(Integer)
    """Grows with every change: whoever changes an older one is told of the newer."""


class PeriodExtension(Base):
    """A later day for one city, and why; everybody is told."""

    __tablename__ = "period_extension"

    period: Mapped[str] = mapped_column(ForeignKey("period.code"), primary_key=True)
    city: Mapped[str] = mapped_column(ForeignKey("city.code"), primary_key=True)
    until: Mapped[date] = mapped_column(Date)
    reason_kk: Mapped[str] = mapped_column(String(400))
    reason_ru: Mapped[str] = mapped_column(String(400))
    reason_en: Mapped[str] = mapped_column(String(400))
    extended_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class EvidenceFile(Base):
    """A file under INSTANCE/evidence by its digest; the bytes are there once, whoever added them."""

    __tablename__ = "evidence_file"
    __table_args__ = (CheckConstraint("scan IN ('clean', 'infected', 'unscanned')", name="scan"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    media_type: Mapped[str] = mapped_column(String(80))
    scan: Mapped[str] = mapped_column(String(16))


class Evidence(Base):
    """A paper behind a case: a file, an address, or an extract of a register. Withdrawn, it stays for the auditor."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("kind IN ('file', 'address', 'register')", name="kind"),
        CheckConstraint("(kind = 'file') = (sha256 IS NOT NULL AND address = '')", name="file"),
        CheckConstraint("(kind = 'address') = (address <> '')", name="address"),
        CheckConstraint("(kind = 'register') = (register <> '')", name="register"),
        CheckConstraint("is_public OR private_reason <> ''", name="private_reason"),
        ForeignKeyConstraint(_CASE, _CASE_OF),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    period: Mapped[str] = mapped_column(String(32))
    city: Mapped[str] = mapped_column(String(32))
    indicator: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    sha256: Mapped[str | None] = mapped_column(ForeignKey("evidence_file.sha256"))
    file_name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(800))
    register: Mapped[str] = mapped_column(String(200))
    """Name of the register; the number of the extract beside it."""
    extract: Mapped[str] = mapped_column(String(80))
    caption: Mapped[str] = mapped_column(String(200))
    document_day: Mapped[date | None] = mapped_column(Date)
    is_public: Mapped[bool] = mapped_column(Boolean)
    private_reason: Mapped[str] = mapped_column(String(200))
    added_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ValueEvidence(Base):
    """What evidence stood behind a revision when it was sent."""

    __tablename__ = "value_evidence"
    __table_args__ = (ForeignKeyConstraint([*_CASE, "revision"], _REVISION_OF),)

    period: Mapped[str] = mapped_column(String(32), primary_key=True)
    city: Mapped[str] = mapped_column(String(32), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(64), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    evidence: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)


class Assessment(Base):
    """What one assessor said of one revision. Frozen; a newer revision makes it stale."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint("slot BETWEEN 1 AND 3", name="slot"),
        CheckConstraint("verdict IN ('accept', 'return', 'cannot_judge')", name="verdict"),
        CheckConstraint("(verdict = 'cannot_judge') = (slot IS NULL)", name="slot_of_verdict"),
        UniqueConstraint("period", "city", "indicator", "revision", "assessor"),
        UniqueConstraint("period", "city", "indicator", "revision", "slot"),
        ForeignKeyConstraint([*_CASE, "revision"], _REVISION_OF),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    period: Mapped[str] = mapped_column(String(32))
    city: Mapped[str] = mapped_column(String(32))
    indicator: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(Integer)
    assessor: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    slot: Mapped[int | None] = mapped_column(Integer)
    """1 and 2 for the two who look without seeing each other, 3 for who settles; none for who cannot judge."""
    ticks: Mapped[int] = mapped_column(Integer)
    """Four bits: is what it says, covers the period, covers the city, supports the value."""
    verdict: Mapped[str] = mapped_column(String(16))
    reasons: Mapped[str] = mapped_column(String(200))
    """Codes with spaces between."""
    note: Mapped[str] = mapped_column(String(400))
    """For the city to read."""
    private_note: Mapped[str] = mapped_column(String(400))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Assignment(Base):
    """A case that an assessor is asked to look at."""

    __tablename__ = "assignment"
    __table_args__ = (ForeignKeyConstraint(_CASE, _CASE_OF),)

    period: Mapped[str] = mapped_column(String(32), primary_key=True)
    city: Mapped[str] = mapped_column(String(32), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(64), primary_key=True)
    assessor: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)


class ImportStage(Base):
    """A file that was read and waits to be confirmed; goes after a day."""

    __tablename__ = "import_stage"
    __table_args__ = (
        CheckConstraint("(confirmed_at IS NULL) = (imported IS NULL)", name="confirmed"),
        CheckConstraint("imported IS NOT NULL OR NOT undone", name="undone"),
    )

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    period: Mapped[str] = mapped_column(ForeignKey("period.code"))
    city: Mapped[str] = mapped_column(ForeignKey("city.code"))
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """The file, compressed (zlib): what is written here keeps others from writing meanwhile."""
    report: Mapped[str] = mapped_column(Text)
    """Canonical JSON of what the file says, or of what is wrong with it."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    imported: Mapped[int | None] = mapped_column(ForeignKey("indicator_import.id"))
    undone: Mapped[bool] = mapped_column(Boolean)
