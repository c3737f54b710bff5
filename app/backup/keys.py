"""Copies of keys, apart from those of the database: of waves as long as they run, of envelopes as long as they wait."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.backup.folder import BackupError, has_copies
from surveys.ballots import envelope_keys, keys
from surveys.models import Wave
from surveys.responses import filing


def copy_keys(session: Session, source: Path, folder: Path) -> tuple[int, int]:
    """Copy keys that are in use, and destroy the copies of those that are done with; gives both numbers.

    Done with is the key of a wave that the database calls frozen, and one of envelopes that is before the first one in
    the source; never what is merely not there: a lost disk must not take the copies with it. Keys of days are not
    copied. Raises BackupError where copies of the database lie, and KeyFileError or EnvelopeKeyError for a damaged key.
    """
    if has_copies(folder):
        raise BackupError(f"{folder} holds copies of the database: whoever finds both could join persons and answers")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    copied = destroyed = 0
    for code, state in session.execute(select(Wave.code, Wave.state).order_by(Wave.code)):
        if state == "frozen":
            destroyed += keys.exists(folder, code)
            keys.destroy(folder, code)
        elif keys.exists(source, code) and not keys.exists(folder, code):
            keys.copy(source, folder, code)
            copied += 1
    if source.exists() and (first := next(iter(envelope_keys.all_of(source)), None)):
        copied += envelope_keys.copy_all(source, folder)
        destroyed += envelope_keys.erase_before(folder, first.number)
    return copied, destroyed


def count_sealed(session: Session, directory: Path) -> int:
    """Count the envelopes that no key of a folder opens: the words in them, where there are any, cannot be read."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return filing.find(session, directory, 0).lost


def restore_keys(session: Session, folder: Path, target: Path) -> tuple[str, ...]:
    """Put back the keys of waves that are not frozen and have none, and those of envelopes.

    Gives the waves that stay without one.
    """
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    envelope_keys.copy_all(folder, target)
    missing = []
    for code in session.scalars(select(Wave.code).where(Wave.state != "frozen").order_by(Wave.code)):
        if keys.exists(target, code):
            continue
        if keys.exists(folder, code):
            keys.copy(folder, target, code)
        else:
            missing.append(code)
    return tuple(missing)
