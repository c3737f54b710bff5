"""Starts each job at its due times in a process of its own: what a job imports and fills ends with it."""

import logging
import signal
import subprocess
import sys
from datetime import UTC
from functools import partial
from threading import Lock

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger

from app.jobs.registry import EPOCH, JOBS

logger = logging.getLogger(__name__)


class Runner:
    """Runs commands of ours one at a time; after `end` there is none and none can start."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False

    def run(self, *words: str) -> int | None:
        """Run `python -m app WORDS` to its end and give its exit status; None when nothing may start any more."""
        with self._lock:
            if self._ended:
                return None
            self._process = subprocess.Popen([sys.executable, "-m", "app", *words])  # noqa: S603 - our own commands
        return self._process.wait()

    def end(self) -> None:
        """Ask the running command to end; its transaction is rolled back."""
        with self._lock:
            self._ended = True
            if self._process:
                self._process.terminate()


def serve() -> None:
    """Start all jobs at their due times, one after the other, until SIGTERM or Ctrl-C."""
    runner = Runner()
    scheduler = BlockingScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
    for job in JOBS:
        scheduler.add_job(
            partial(_start, runner, job.name),
            IntervalTrigger(seconds=int(job.every.total_seconds()), start_date=EPOCH, timezone=UTC),
            id=job.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,  # a job that waited for another's end is not missed
        )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        scheduler.start()
    except KeyboardInterrupt:
        runner.end()
        scheduler.shutdown()


def _start(runner: Runner, name: str) -> None:
    if status := runner.run("jobs", "due", name):
        logger.error("the process of a job failed", extra={"job": name, "status": status})
