"""What the scheduler did: the row of a due time is the claim that keeps a job from running twice."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, UtcDateTime


class JobRun(Base):
    """One due time of one job: whoever inserts the row first runs it."""

    __tablename__ = "job_run"
    __table_args__ = (CheckConstraint("outcome IN ('running', 'done', 'failed')", name="outcome"),)

    job: Mapped[str] = mapped_column(String(64), primary_key=True)
    scheduled_for: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    outcome: Mapped[str] = mapped_column(String(16))
    detail: Mapped[str] = mapped_column(String(400))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
