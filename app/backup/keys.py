"""Copies of the keys of waves, apart from those of the database, for as long as their waves run."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.backup.folder import BackupError, has_copies
from surveys.ballots import keys
from surveys.models import Wave


def copy_keys(session: Session, source: Path, folder: Path) -> tuple[int, int]:
    """Copy the keys of waves that are not frozen, and destroy the copies of those that are; gives both numbers.

    What the database calls frozen is destroyed, never what is merely not there: a lost disk must not take the copies
    with it. Keys of days are not copied. Raises BackupError where copies of the database lie.
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
    return copied, destroyed


def restore_keys(session: Session, folder: Path, target: Path) -> tuple[str, ...]:
    """Put back the keys of waves that are not frozen and have none; gives the waves that stay without one."""
    missing = []
    for code in session.scalars(select(Wave.code).where(Wave.state != "frozen").order_by(Wave.code)):
        if keys.exists(target, code):
            continue
        if keys.exists(folder, code):
            keys.copy(folder, target, code)
        else:
            missing.append(code)
    return tuple(missing)
