"""A folder of copies of one database: readable by its owner alone, and never the place of keys."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from app.clock import Clock
from app.jobs.runner import due_time

SHIFT = timedelta(minutes=10)
"""Copies are due that long after the jobs of the hour, which destroy the order of what came before."""

NIGHT = 0
"""Hour (UTC) whose copy is kept for a day: the daily jobs have just run."""


_HOUR = ".hour"
_KEYS = "*[.-]key*"
"""Keys of waves, days and envelopes, those included that are being written."""

_ENDINGS = ("*.key", "*.day-key", "*.envelope-key")
"""The same, finished: by these a folder is known to be one of keys."""


class BackupError(RuntimeError):
    """A copy cannot be made or used."""


def open_folder(folder: Path) -> Path:
    """Make a folder of copies if there is none, closed to all others.

    Raises BackupError where keys lie, in it or beside it in a folder of keys, and where something else lies: a folder
    named by mistake would be closed to whoever uses it. Nothing of a refused folder is changed.
    """
    folder = folder.resolve()
    if has_keys(folder) or any(any(folder.parent.glob(ending)) for ending in _ENDINGS):
        raise BackupError(f"{folder} holds keys: whoever finds both could join persons and answers")
    if folder.exists() and not has_copies(folder) and not _is_empty(folder):
        raise BackupError(f"{folder} holds something else: give copies a folder of their own")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def _is_empty(folder: Path) -> bool:
    """Tell whether nothing lies in a folder but a copy that was never finished, or what a new disk brings along."""
    return all(path.name == "lost+found" or path.name.endswith(".draft") for path in folder.iterdir())


def has_keys(folder: Path) -> bool:
    """Tell whether a folder holds keys, in itself or in a `keys` below."""
    return any(folder.glob(_KEYS)) or any(folder.glob(f"keys/{_KEYS}"))


def has_copies(folder: Path) -> bool:
    """Tell whether a folder holds copies of a database."""
    return any(folder.glob("*.sqlite3")) or any(folder.glob("base*")) or (folder / "wal").exists()


def hour_of(clock: Clock) -> datetime:
    """Give the latest hour whose copy is due."""
    return due_time(clock.now() - SHIFT, timedelta(hours=1))


def read_hour(folder: Path, copy: str) -> datetime | None:
    """Read of what hour a copy in a folder is; None when there is none."""
    file = folder / f"{copy}{_HOUR}"
    return datetime.fromisoformat(file.read_text()) if file.exists() else None


def write_hour(folder: Path, copy: str, hour: datetime) -> None:
    """Note of what hour a copy is."""
    file = folder / f"{copy}{_HOUR}"
    file.touch(mode=0o600)
    file.write_text(hour.isoformat())


def is_night(hour: datetime) -> bool:
    """Tell whether the copy of an hour is kept for a day."""
    return hour.hour == NIGHT


def close_to_others(folder: Path) -> None:
    """Let only the owner read what lies in a folder, whatever mode a program gave it."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o700 if path.is_dir() else 0o600)


def remove(path: Path) -> None:
    """Remove a file or a whole folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
