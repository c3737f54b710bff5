"""The list of jobs: what runs by itself and how often."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from app.clock import Clock
from app.database import Database
from app.jobs.tasks.fold_tallies import fold_tallies
from app.jobs.tasks.list_receipts import list_receipts
from app.jobs.tasks.review_answers import review_answers
from app.jobs.tasks.shuffle_participations import shuffle_participations
from app.jobs.tasks.tend_database import tend_database
from app.jobs.tasks.turn_waves import turn_waves


@dataclass(frozen=True, slots=True)
class Job:
    """A job and its rhythm; `run` takes the folder of the wave keys too, and says in one line what it did."""

    name: str
    every: timedelta
    run: Callable[[Database, Clock, Path], str]


JOBS = (
    Job("fold-tallies", timedelta(minutes=5), fold_tallies),
    Job("review-answers", timedelta(days=1), review_answers),
    Job("list-receipts", timedelta(days=1), list_receipts),
    Job("shuffle-participations", timedelta(hours=1), shuffle_participations),
    Job("tend-database", timedelta(days=1), tend_database),
    Job("turn-waves", timedelta(hours=1), turn_waves),
)


def get_job(name: str) -> Job | None:
    """Find a job by its name."""
    return next((job for job in JOBS if job.name == name), None)
