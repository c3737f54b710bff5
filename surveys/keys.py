"""Wave keys: one file per wave, outside the database and its backups, destroyed when the wave is frozen."""

import os
import re
import secrets
from pathlib import Path

from surveys.errors import SurveyError

_LENGTH = 32
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class KeyFileError(SurveyError):
    """A wave's key cannot be made, read or destroyed."""


def create(directory: Path, wave: str) -> bytes:
    """Make a wave's key once; raises KeyFileError when there is one already."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_bytes(_LENGTH)
    try:
        descriptor = os.open(_file(directory, wave), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeyFileError(f"wave {wave} has a key already") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key


def load(directory: Path, wave: str) -> bytes:
    """Read a wave's key; raises KeyFileError when it is missing, destroyed or damaged."""
    try:
        key = _file(directory, wave).read_bytes()
    except OSError as error:
        raise KeyFileError(f"wave {wave} has no readable key") from error
    if len(key) != _LENGTH:
        raise KeyFileError(f"the key of wave {wave} is damaged")
    return key


def destroy(directory: Path, wave: str) -> None:
    """Overwrite and remove a wave's key: from then on its contact hashes and ballots are noise."""
    file = _file(directory, wave)
    if not file.exists():
        return
    with file.open("r+b") as opened:
        opened.write(secrets.token_bytes(_LENGTH))
        opened.flush()
        os.fsync(opened.fileno())
    file.unlink()


def _file(directory: Path, wave: str) -> Path:
    if not _NAME.fullmatch(wave):
        raise KeyFileError(f"{wave[:80]!r} is not the code of a wave")
    return directory / f"{wave}.key"
