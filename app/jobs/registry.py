"""The list of jobs: what runs by itself and how often."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from app.clock import Clock
from app.database import Database
from app.jobs import tasks


@dataclass(frozen=True, slots=True)
class Job:
    """A task and its rhythm; `run` takes the folder of the wave keys too, and says in one line what it did."""

    name: str
    every: timedelta
    run: Callable[[Database, Clock, Path], str]


JOBS = (
    Job("fold-tallies", timedelta(minutes=5), tasks.fold_tallies),
    Job("judge-answers", timedelta(days=1), tasks.judge_answers),
    Job("list-receipts", timedelta(days=1), tasks.list_receipts),
    Job("mix-participations", timedelta(hours=1), tasks.mix_participations),
    Job("tend-database", timedelta(days=1), tasks.tend_database),
    Job("turn-waves", timedelta(hours=1), tasks.turn_waves),
)


def get_job(name: str) -> Job | None:
    """Find a job by its name."""
    return next((job for job in JOBS if job.name == name), None)
