"""Whether an installation can take answers: its database, the keys of its waves, its disk, its queue of jobs."""

import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Lock

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.clock import Clock
from app.database import Database
from app.jobs.models import JobRun
from app.jobs.registry import JOBS
from surveys.ballots import envelope_keys, keys
from surveys.ballots.envelope_keys import EnvelopeKeyError
from surveys.ballots.keys import KeyFileError
from surveys.models import Wave

logger = logging.getLogger(__name__)

CHECKS = ("database", "keys", "disk", "jobs")
LEAST_FREE = 512 * 1024 * 1024
"""Bytes: with less than that free, a wave of an afternoon could fill the disk."""

LATEST = timedelta(minutes=30)
"""How long ago the most frequent job may have been taken up: longer means that no scheduler runs."""

LIFE = 5.0
"""Seconds that a finding is given again without a new look: asking often costs nothing."""

_QUICKEST = min(JOBS, key=lambda job: job.every).name


@dataclass(slots=True)
class Readiness:
    """Looks at an installation; `failing` may be asked by anybody at any rate."""

    database: Database
    clock: Clock
    keys: Path
    timer: Callable[[], float] = time.monotonic
    _until: float = float("-inf")
    _failing: tuple[str, ...] = CHECKS
    _told: tuple[str, ...] = ()
    _lock: Lock = field(default_factory=Lock)

    def failing(self) -> tuple[str, ...]:
        """Name the failing ones of CHECKS, as they were at most LIFE seconds ago; all of them before the first look.

        While one thread looks, which takes long when the database hangs, the others give what was found before.
        """
        if self.timer() >= self._until and self._lock.acquire(blocking=False):
            try:
                self._failing, self._until = self._look(), self.timer() + LIFE
                self._tell()
            finally:
                self._lock.release()
        return self._failing

    def _tell(self) -> None:
        if self._failing != self._told:
            logger.warning("readiness changed", extra={"checks": " ".join(self._failing) or "all pass"})
            self._told = self._failing

    def _look(self) -> tuple[str, ...]:
        found = {"disk": is_roomy(self.keys)}
        try:
            with self.database.reading() as session:
                found |= {"keys": self._all_readable(_running_waves(session)), "jobs": self._jobs_run(session)}
        except SQLAlchemyError:
            found["database"] = False  # what could not be asked is no fault of its own
        return tuple(check for check in CHECKS if not found.get(check, True))

    def _jobs_run(self, session: Session) -> bool:
        latest = session.scalar(select(func.max(JobRun.scheduled_for)).where(JobRun.job == _QUICKEST))
        return latest is not None and self.clock.now() - latest <= LATEST

    def _all_readable(self, waves: list[str]) -> bool:
        try:
            for wave in waves:
                keys.load(self.keys, wave)
            if waves:
                envelope_keys.all_of(self.keys)  # none yet is as good: the first answer makes one
        except (KeyFileError, EnvelopeKeyError, OSError):
            return False
        return True


def _running_waves(session: Session) -> list[str]:
    return list(session.scalars(select(Wave.code).where(Wave.state.in_(("open", "closed")))))


def is_roomy(folder: Path) -> bool:
    """Tell whether the disk of a folder has room; a folder that is not there yet is asked for above."""
    return free_bytes(folder) >= LEAST_FREE


def free_bytes(folder: Path) -> int:
    """Give the bytes that are free where a folder is or will be."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return shutil.disk_usage(there).free
