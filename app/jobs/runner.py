"""Runs jobs: at most once per due time however many schedulers there are."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.clock import Clock
from app.database import Database
from app.faults import describe
from app.jobs.models import JobRun
from app.jobs.registry import EPOCH, Job

logger = logging.getLogger(__name__)

Task = Callable[[Database, Clock, Path], str]
"""What a job does: takes the folder of the wave keys too, and says in one line what it did."""


def load_task(job: Job) -> Task:
    """Import the function of a job."""
    name = job.name.replace("-", "_")
    task: Task = getattr(import_module(f"app.jobs.tasks.{name}"), name)
    return task


def due_time(now: datetime, every: timedelta) -> datetime:
    """Find the latest due time of a rhythm."""
    return now - (now - EPOCH) % every


def run_due(database: Database, clock: Clock, keys: Path, job: Job, task: Task) -> bool:
    """Run a job for its latest due time; False when another process has it."""
    due = due_time(clock.now(), job.every)
    if not _claim(database, job, due):
        return False
    try:
        outcome, detail = "done", task(database, clock, keys)
    except Exception as error:  # noqa: BLE001 - a job's failure is recorded and must not stop the scheduler
        logger.error("job failed", extra={"job": job.name, "fault": describe(error)})
        outcome, detail = "failed", type(error).__name__
    with database.writing() as session:
        session.execute(
            update(JobRun)
            .where(JobRun.job == job.name, JobRun.scheduled_for == due)
            .values(outcome=outcome, detail=detail[:400], finished_at=clock.now())
        )
    return True


def _claim(database: Database, job: Job, due: datetime) -> bool:
    try:
        with database.writing() as session:
            session.add(JobRun(job=job.name, scheduled_for=due, outcome="running", detail="", finished_at=None))
    except IntegrityError:
        return False
    return True
