"""Removes rows of jobs that ran long ago."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.orm import Session

from app.jobs.models import JobRun

RUN_KEPT = timedelta(days=7)
"""How long a run that ended well is kept; what the metrics say is of one day."""

FAILED_KEPT = timedelta(days=90)
"""How long one is kept that failed, or never ended."""


def forget_runs(session: Session, at: datetime) -> int:
    """Remove old runs and give their number; the last of each job stays, whatever its age and end."""
    last = select(JobRun.job, func.max(JobRun.scheduled_for)).group_by(JobRun.job)
    is_old = ((JobRun.outcome == "done") & (JobRun.scheduled_for < at - RUN_KEPT)) | (
        JobRun.scheduled_for < at - FAILED_KEPT
    )
    statement = delete(JobRun).where(is_old, tuple_(JobRun.job, JobRun.scheduled_for).not_in(last))
    return len(session.execute(statement.returning(JobRun.job)).all())
