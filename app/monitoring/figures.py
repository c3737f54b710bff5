"""Figures of an installation that are read from its database when Prometheus asks, and remembered for a while."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.backup.postgresql_archive import SLOT
from app.backup.sqlite_copies import MARK
from app.clock import Clock
from app.config import Settings
from app.database import Database
from app.jobs.models import JobRun
from app.jobs.registry import JOBS, Job
from app.jobs.runner import due_time
from app.monitoring import counters
from app.monitoring.readiness import CHECKS, Readiness, free_bytes
from app.process_counts import start_of
from surveys.models import Response, Tally, WithdrawalCount
from surveys.models.responses import UNFOLDED

LIFE = 15.0
"""Seconds that figures are given again without a new look."""

WINDOW = timedelta(days=1)
"""Due times of jobs are compared with their runs over the last day."""

GRACE = timedelta(minutes=10)
"""Time that a job has from its due time until it must have run; jobs wait for one another."""

FOLD = "fold-tallies"


@dataclass(slots=True, eq=False)
class Figures:
    """A collector for prometheus_client."""

    settings: Settings
    database: Database
    clock: Clock
    timer: Callable[[], float] = time.monotonic
    readiness: Readiness = field(init=False)
    _until: float = float("-inf")
    _found: list[Metric] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)
    _since: tuple[str, float] | None = None

    def __post_init__(self) -> None:
        """Look at the installation as its web processes do."""
        self.readiness = Readiness(self.database, self.clock, self.settings.keys)

    def collect(self) -> Iterator[Metric]:
        """Give the figures, at most LIFE seconds old."""
        with self._lock:
            if self.timer() >= self._until:
                self._found = list(self._look())
                self._until = self.timer() + LIFE
            yield from self._found

    def _look(self) -> Iterator[Metric]:
        yield from _health(self.readiness.failing(), self.settings.instance)
        try:
            # Before the database: an answer is acknowledged after it is stored, and so never seems to be missing.
            acknowledged = counters.acknowledged(self.settings.metrics)
            with self.database.reading() as session:
                now = self.clock.now()
                found = _answers(session)
                yield from _answer_figures(found)
                yield from _lag(session, now)
                yield from _copies(session, now, self.settings.instance / MARK)
                yield from _job_figures(session, now)
        except SQLAlchemyError:
            return  # which city_ready says
        yield GaugeMetricFamily(
            "city_answers_missing",
            "Answers acknowledged and not withdrawn that are not stored, since the web server started: must be 0.",
            self._missing(acknowledged, found.stored + found.withdrawn),
        )

    def _missing(self, acknowledged: float, known: int) -> float:
        start, surplus = start_of(self.settings.metrics), known - acknowledged
        if self._since is None or self._since[0] != start:
            self._since = (start, surplus)
        # Answers may come by other ways than the web, never go by them.
        return max(0.0, self._since[1] - surplus)


def _health(failing: tuple[str, ...], instance: Path) -> Iterator[Metric]:
    ready = GaugeMetricFamily("city_ready", "Whether a check of /readyz passes.", labels=("check",))
    for check in CHECKS:
        ready.add_metric((check,), float(check not in failing))
    yield ready
    yield GaugeMetricFamily("city_disk_free_bytes", "Bytes free in the folder of the instance.", free_bytes(instance))


class Answers(NamedTuple):
    """What became of the answers that were ever stored."""

    waiting: int
    """Not in the counts yet."""
    folded: int
    withdrawn: int

    @property
    def stored(self) -> int:
        """Answers that are there."""
        return self.waiting + self.folded


def _answers(session: Session) -> Answers:
    """Look at all in one statement, between whose parts nothing can change; no look at a million answers."""
    waiting = select(func.count()).select_from(Response).where(UNFOLDED)
    folded, withdrawn = (select(func.coalesce(func.sum(table.n), 0)) for table in (Tally, WithdrawalCount))
    row = session.execute(select(*(part.scalar_subquery() for part in (waiting, folded, withdrawn)))).one()
    return Answers(*map(int, row))


def _answer_figures(found: Answers) -> Iterator[Metric]:
    yield GaugeMetricFamily("city_answers_stored", "Answers in the database.", found.stored)
    yield GaugeMetricFamily("city_fold_waiting", "Answers that are not in the counts yet.", found.waiting)
    yield CounterMetricFamily("city_answers_withdrawn", "Answers taken back, in all waves.", found.withdrawn)


def _lag(session: Session, now: datetime) -> Iterator[Metric]:
    done = select(func.max(JobRun.finished_at)).where(JobRun.job == FOLD, JobRun.outcome == "done")
    if latest := session.scalar(done.where(JobRun.scheduled_for >= now - WINDOW)):
        lag = (now - latest).total_seconds()
        yield GaugeMetricFamily("city_fold_lag_seconds", "Seconds since answers were last counted.", lag)


def _copies(session: Session, now: datetime, mark: Path) -> Iterator[Metric]:
    """Tell how far the copies are behind; nothing where none are made of this database."""
    if session.get_bind().dialect.name == "sqlite":
        if mark.exists():
            age = max(0.0, now.timestamp() - mark.stat().st_mtime)
            yield GaugeMetricFamily("city_backup_age_seconds", "Seconds since the copy of SQLite was up to date.", age)
        return
    slot = session.execute(_SLOT, {"slot": SLOT}).one_or_none()
    if slot is not None:
        following, behind = slot
        yield GaugeMetricFamily("city_backup_following", "Whether PostgreSQL's log is being fetched.", float(following))
        yield GaugeMetricFamily("city_backup_behind_bytes", "Bytes of the log not fetched.", float(behind or 0))


_SLOT = text(
    "SELECT active, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) FROM pg_replication_slots"
    " WHERE slot_name = :slot"
)


def _job_figures(session: Session, now: datetime) -> Iterator[Metric]:
    names = ("job",)
    due = GaugeMetricFamily("city_jobs_due", "Due times of a job in the last day.", labels=names)
    run = GaugeMetricFamily("city_jobs_run", "Those of them at which it ran to its end.", labels=names)
    failed = GaugeMetricFamily("city_jobs_failed", "Those of them at which it failed.", labels=names)
    end = now - GRACE
    begin = max(end - WINDOW, session.scalar(select(func.min(JobRun.scheduled_for))) or end)
    rows = session.execute(
        select(JobRun.job, JobRun.outcome, func.count())
        .where(JobRun.scheduled_for > begin, JobRun.scheduled_for <= end)
        .group_by(JobRun.job, JobRun.outcome)
    )
    counts = {(job, outcome): n for job, outcome, n in rows}
    for job in JOBS:
        due.add_metric((job.name,), _due_times(job, begin, end))
        run.add_metric((job.name,), counts.get((job.name, "done"), 0))
        failed.add_metric((job.name,), counts.get((job.name, "failed"), 0))
    yield from (due, run, failed)


def _due_times(job: Job, begin: datetime, end: datetime) -> int:
    """Count the due times after `begin` and until `end`."""
    return max(0, (due_time(end, job.every) - due_time(begin, job.every)) // job.every)
