"""Runs jobs: at most once per due time however many schedulers there are."""

import logging
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.clock import Clock
from app.database import Database
from app.jobs.models import JobRun
from app.jobs.registry import JOBS, Job

logger = logging.getLogger(__name__)

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
"""All rhythms count from here, so that every process agrees on the due times."""


def due_time(now: datetime, every: timedelta) -> datetime:
    """Find the latest due time of a rhythm."""
    return now - (now - EPOCH) % every


def run_due(database: Database, clock: Clock, keys: Path, job: Job) -> bool:
    """Run a job for its latest due time; False when another process has it."""
    due = due_time(clock.now(), job.every)
    if not _claim(database, job, due):
        return False
    try:
        outcome, detail = "done", job.run(database, clock, keys)
    except Exception as error:  # a job's failure is recorded and must not stop the scheduler
        logger.exception("job %s failed", job.name)
        outcome, detail = "failed", type(error).__name__
    with database.writing() as session:
        session.execute(
            update(JobRun)
            .where(JobRun.job == job.name, JobRun.scheduled_for == due)
            .values(outcome=outcome, detail=detail[:400], finished_at=clock.now())
        )
    return True


def serve(database: Database, clock: Clock, keys: Path) -> None:
    """Keep running all jobs at their due times until the process is told to stop."""
    scheduler = BlockingScheduler(timezone=UTC)
    for job in JOBS:
        scheduler.add_job(
            partial(run_due, database, clock, keys, job),
            IntervalTrigger(seconds=int(job.every.total_seconds()), start_date=EPOCH, timezone=UTC),
            id=job.name,
            coalesce=True,
            max_instances=1,
        )
    scheduler.start()


def _claim(database: Database, job: Job, due: datetime) -> bool:
    try:
        with database.writing() as session:
            session.add(JobRun(job=job.name, scheduled_for=due, outcome="running", detail="", finished_at=None))
    except IntegrityError:
        return False
    return True
