"""Keys in files, outside the database and its backups: one per wave, destroyed when it is frozen, and one per day."""

import os
import re
import secrets
from contextlib import suppress
from datetime import date
from pathlib import Path

from surveys.errors import SurveyError

_LENGTH = 32
_DAY_SUFFIX = ".day-key"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class KeyFileError(SurveyError):
    """A key cannot be made, read or destroyed."""


def create(directory: Path, wave: str) -> bytes:
    """Make a wave's key once; raises KeyFileError when there is one already."""
    key = secrets.token_bytes(_LENGTH)
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


def load(directory: Path, wave: str) -> bytes:
    """Read a wave's key; raises KeyFileError when it is missing, destroyed or damaged."""
    try:
        # Read anew at every answer, so that a destroyed key is gone at once; a file object would cost more than that.
        descriptor = os.open(f"{directory}/{_name(wave)}", os.O_RDONLY)
        try:
            key = os.read(descriptor, _LENGTH + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise KeyFileError(f"wave {wave} has no readable key") from error
    if len(key) != _LENGTH:
        raise KeyFileError(f"the key of wave {wave} is damaged")
    return key


def destroy(directory: Path, wave: str) -> None:
    """Overwrite and remove a wave's key: from then on its contact hashes and ballots are noise."""
    _erase(_file(directory, wave))


def day_key(directory: Path, day: date) -> bytes:
    """Give the key of a day, the same to all processes that share the folder, and destroy those of other days."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = directory / f"{day.isoformat()}{_DAY_SUFFIX}"
    for other in directory.glob(f"*{_DAY_SUFFIX}*"):
        if not other.name.startswith(file.name):
            _erase(other)
    if not file.exists():
        _write_whole(file)
    key = file.read_bytes()
    if len(key) != _LENGTH:
        raise KeyFileError(f"the key of {day} is damaged")
    return key


def _write_whole(file: Path) -> None:
    """Write a key that appears whole or not at all: another process may be making the same one."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(secrets.token_bytes(_LENGTH))
        opened.flush()
        os.fsync(opened.fileno())
    # The first process to link its draft wins; the others read what it wrote.
    with suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()


def _erase(file: Path) -> None:
    """Overwrite a key's file and remove it; another process may be doing the same."""
    with suppress(FileNotFoundError):
        with file.open("r+b") as opened:
            opened.write(secrets.token_bytes(_LENGTH))
            opened.flush()
            os.fsync(opened.fileno())
        file.unlink()


def _file(directory: Path, wave: str) -> Path:
    return directory / _name(wave)


def _name(wave: str) -> str:
    if not _NAME.fullmatch(wave):
        raise KeyFileError(f"{wave[:80]!r} is not the code of a wave")
    return f"{wave}.key"
