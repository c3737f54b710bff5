"""Keeps a folder of copies up to date until it is told to stop; what fails is logged and tried again."""

import logging
import sqlite3
import time
from collections.abc import Callable
from subprocess import Popen, TimeoutExpired

from sqlalchemy.exc import SQLAlchemyError

from app.backup.folder import BackupError, hour_of
from app.backup.postgresql_archive import Archive
from app.backup.sqlite_copies import Copier
from app.clock import Clock
from app.faults import describe
from surveys.ballots.envelope_keys import EnvelopeKeyError
from surveys.ballots.keys import KeyFileError

logger = logging.getLogger(__name__)

MINUTE = 60.0
PATIENCE = 10
"""Seconds that the program which fetches the log may take to end."""

_LOOK = 5.0
"""Seconds between two looks at that program."""

Wait = Callable[[float], None]
CopyFiles = Callable[[], object]
"""Copies files that stand beside the database; called after the database was copied, for rows name them."""


def follow_sqlite(
    copier: Copier, clock: Clock, copy_files: CopyFiles, every: float = MINUTE, wait: Wait = time.sleep
) -> None:
    """Copy a SQLite database every so many seconds in which it changed, and the files beside it."""
    while True:
        try:
            copier.copy(hour_of(clock))
        except (OSError, sqlite3.Error) as error:
            logger.error("the database was not copied", extra={"fault": describe(error)})
        _copy(copy_files)
        wait(every)


def follow_postgresql(archive: Archive, clock: Clock, copy_files: CopyFiles, wait: Wait = time.sleep) -> None:
    """Fetch the log of a PostgreSQL server as it is written, take a base each hour, and copy the files beside it."""
    process = archive.follow()
    try:
        while True:
            if process.poll() is not None:
                logger.error("the log is not fetched", extra={"status": process.returncode})
                process = archive.follow()
            _take_base_if_due(archive, clock)
            _copy(copy_files)
            wait(_LOOK)
    finally:
        _end(process)


def follow_keys(copy: Callable[[], object], every: float = MINUTE, wait: Wait = time.sleep) -> None:
    """Copy keys every so many seconds, so that a copy is there of those that came and none of those that went."""
    while True:
        try:
            copy()
        except (OSError, SQLAlchemyError, KeyFileError, EnvelopeKeyError) as error:
            logger.error("the keys were not copied", extra={"fault": describe(error)})
        wait(every)


def _copy(copy_files: CopyFiles) -> None:
    try:
        copy_files()
    except (OSError, BackupError) as error:
        logger.error("files of evidence were not copied", extra={"fault": describe(error)})


def _take_base_if_due(archive: Archive, clock: Clock) -> None:
    hour = hour_of(clock)
    if not archive.is_due(hour):
        return
    try:
        archive.take_base(hour)
    except (OSError, BackupError) as error:
        logger.error("no base was taken", extra={"fault": describe(error)})


def _end(process: "Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=PATIENCE)
    except TimeoutExpired:
        process.kill()
        process.wait()
