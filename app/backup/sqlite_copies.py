"""Copies of a SQLite database, taken while it is used: the newest, and that of the last night.

SQLite writes a copy anew in the order of its keys (VACUUM INTO): no place in the file says what came first, and nothing
of deleted rows is in it. A newer copy takes the place of the one before, so two of them are never a minute apart.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from app.backup.folder import BackupError, is_night, read_hour, write_hour
from surveys.ballots.keys import sync

NEWEST, LAST_NIGHT = "newest.sqlite3", "night.sqlite3"
MARK = "last-backup"
"""File in the instance's folder whose time of change is that of the last copy."""


class Copier:
    """Copies one database when something has changed in it."""

    def __init__(self, database: Path, folder: Path, mark: Path) -> None:
        """Open the database; close the copier with `closing`."""
        if not database.exists():
            raise BackupError(f"{database} is not there")
        self._connection = sqlite3.connect(database, timeout=30, isolation_level=None)
        self._folder, self._mark = folder, mark
        self._seen = -1

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def copy(self, hour: datetime) -> bool:
        """Copy the database if it changed since the last call, and keep that of the night; tells whether it had."""
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        changed = version != self._seen or not (self._folder / NEWEST).exists()
        if changed:
            self._write()
            self._seen = version
        if is_night(hour):
            self._keep(hour)
        self._mark.touch(mode=0o600)
        return changed

    def _write(self) -> None:
        draft = self._folder / f"{NEWEST}.draft"
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        self._connection.execute("VACUUM INTO ?", (str(draft),))
        sync(draft)
        draft.replace(self._folder / NEWEST)
        sync(self._folder)

    def _keep(self, hour: datetime) -> None:
        if read_hour(self._folder, LAST_NIGHT) == hour:
            return
        draft = self._folder / f"{LAST_NIGHT}.draft"
        draft.unlink(missing_ok=True)
        os.link(self._folder / NEWEST, draft)  # a later copy takes the name, not the content
        draft.replace(self._folder / LAST_NIGHT)
        write_hour(self._folder, LAST_NIGHT, hour)


def restore(folder: Path, database: Path, *, night: bool) -> None:
    """Put a copy where there is no database; raises BackupError when there is one, or the copy is damaged."""
    copy = folder / (LAST_NIGHT if night else NEWEST)
    if not copy.exists():
        raise BackupError(f"{copy} is not there")
    for path in (database, *(database.with_name(database.name + ending) for ending in ("-wal", "-shm"))):
        if path.exists():
            raise BackupError(f"{path} is there: a database is restored into an empty place only")
    database.parent.mkdir(parents=True, exist_ok=True)
    draft = database.with_name(database.name + ".draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as written, copy.open("rb") as read:
        shutil.copyfileobj(read, written, 1024 * 1024)
    _check(draft)
    sync(draft)
    draft.replace(database)
    sync(database.parent)


def _check(file: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
    except sqlite3.DatabaseError as error:
        raise BackupError("the copy is no SQLite database") from error
    if found != ["ok"]:
        raise BackupError(f"the copy is damaged: {found[0]}")
