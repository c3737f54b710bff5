"""Rating runs: stored whole, inputs and outputs, and never changed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, UtcDateTime

OFFICIAL = "official"
EXAMINATION = "examination"
"""Name of the table of a run that says how its values were examined."""

REVISIONS = "revisions"
"""Name of the table of a run that says which revision of each value it counted; not of runs of an earlier release."""


class Run(Base):
    """One computation of the rating from frozen inputs."""

    __tablename__ = "run"
    __table_args__ = (CheckConstraint("kind IN ('trial', 'official')", name="kind"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    edition: Mapped[str] = mapped_column(String(64))
    edition_digest: Mapped[str] = mapped_column(String(64))
    period: Mapped[str] = mapped_column(String(32))
    waves: Mapped[str] = mapped_column(String(400))
    alpha: Mapped[str] = mapped_column(String(32))
    code_digest: Mapped[str] = mapped_column(String(64))
    input_digest: Mapped[str] = mapped_column(String(64))
    output_digest: Mapped[str] = mapped_column(String(64))
    finished_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was stored; releases before this one kept the day alone."""


class RunFrame(Base):
    """One input or output table of a run, as gzipped canonical CSV."""

    __tablename__ = "run_frame"
    __table_args__ = (CheckConstraint("side IN ('input', 'output')", name="side"),)

    run: Mapped[str] = mapped_column(ForeignKey("run.id"), primary_key=True)
    side: Mapped[str] = mapped_column(String(8), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    rows: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    csv_gz: Mapped[bytes] = mapped_column(LargeBinary)
