"""Keys in files, outside the database and its backups.

One per wave, destroyed when it is frozen; one per day, destroyed when the day is over or any wave is frozen; and those
of envelopes (surveys.ballots.envelope_keys).
"""

import os
import re
import secrets
from contextlib import suppress
from datetime import date
from pathlib import Path

from surveys.errors import SurveyError

LENGTH = 32
"""Bytes of every key."""

_DAY_SUFFIX = ".day-key"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class KeyFileError(SurveyError):
    """A key cannot be made, read or destroyed."""


def create(directory: Path, wave: str) -> bytes:
    """Make a wave's key once; raises KeyFileError when there is one already."""
    key = secrets.token_bytes(LENGTH)
    _write_new(directory, wave, key)
    return key


def copy(source: Path, target: Path, wave: str) -> None:
    """Copy a wave's key into another folder; raises KeyFileError when it is not readable, or there is one already."""
    _write_new(target, wave, load(source, wave))


def exists(directory: Path, wave: str) -> bool:
    """Tell whether a folder has the key of a wave."""
    return _file(directory, wave).exists()


def _write_new(directory: Path, wave: str, key: bytes) -> None:
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(_file(directory, wave), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeyFileError(f"wave {wave} has a key already") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    sync(directory)


def load(directory: Path, wave: str) -> bytes:
    """Read a wave's key; raises KeyFileError when it is missing, destroyed or damaged."""
    try:
        # Read anew at every answer, so that a destroyed key is gone at once.
        key = read(f"{directory}/{_name(wave)}")
    except OSError as error:
        raise KeyFileError(f"wave {wave} has no readable key") from error
    if len(key) != LENGTH:
        raise KeyFileError(f"the key of wave {wave} is damaged")
    return key


def read(file: str) -> bytes:
    """Give the LENGTH bytes of a key's file, or more or fewer of a damaged one; raises OSError."""
    descriptor = os.open(file, os.O_RDONLY)  # a file object would cost more than the reading
    try:
        return os.read(descriptor, LENGTH + 1)
    finally:
        os.close(descriptor)


def destroy(directory: Path, wave: str) -> None:
    """Overwrite and remove a wave's key: from then on its contact hashes and ballots are noise."""
    erase(_file(directory, wave))


def day_key(directory: Path, day: date) -> bytes:
    """Give the key of a day, the same to all processes that share the folder, and destroy those of other days."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    erase_day_keys(directory, but=day)
    file = _day_file(directory, day)
    if not file.exists():
        write_whole(file)
    key = file.read_bytes()
    if len(key) != LENGTH:
        raise KeyFileError(f"the key of {day} is damaged")
    return key


def day_key_mark(directory: Path, day: date) -> tuple[int, int] | None:
    """Give what tells the key of a day from one that was made after it was destroyed; None when there is none."""
    try:
        status = os.stat(f"{directory}/{day}{_DAY_SUFFIX}")  # noqa: PTH116 - at every answer, and a Path costs as much again
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns


def erase_day_keys(directory: Path, *, but: date | None = None) -> int:
    """Destroy the keys of days, of all but one if it is given; gives how many there were.

    From then on nobody can try out which network and hour an answer of those days came from.
    """
    kept = f"{but.isoformat()}{_DAY_SUFFIX}" if but else None
    others = [file for file in directory.glob(f"*{_DAY_SUFFIX}*") if not kept or not file.name.startswith(kept)]
    for file in others:
        erase(file)
    return len(others)


def write_whole(file: Path, key: bytes = b"") -> None:
    """Write a key, a new one unless it is given, that appears whole or not at all.

    Another process may be making the same one: the first one stays.
    """
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(key or secrets.token_bytes(LENGTH))
        opened.flush()
        os.fsync(opened.fileno())
    # The first process to link its draft wins; the others read what it wrote.
    with suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()
    sync(file.parent)


def erase(file: Path) -> None:
    """Overwrite a key's file and remove it; another process may be doing the same."""
    with suppress(FileNotFoundError):
        with file.open("r+b") as opened:
            opened.write(secrets.token_bytes(LENGTH))
            opened.flush()
            os.fsync(opened.fileno())
        file.unlink()


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk before going on: what a new key seals is acknowledged."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _day_file(directory: Path, day: date) -> Path:
    return directory / f"{day.isoformat()}{_DAY_SUFFIX}"


def _file(directory: Path, wave: str) -> Path:
    return directory / _name(wave)


def _name(wave: str) -> str:
    if not _NAME.fullmatch(wave):
        raise KeyFileError(f"{wave[:80]!r} is not the code of a wave")
    return f"{wave}.key"
