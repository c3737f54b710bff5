"""Files of evidence that no row names: an upload that broke off, or that the case did not take in the end."""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.indicators.case_models import EvidenceFile

WAIT = timedelta(days=1)
"""How long a file may lie there without a row: an upload writes the file first."""

_OURS = re.compile(r"([0-9a-f]{64})(\.[0-9a-f]{16})?")
"""A file under its digest, or the draft of one."""


def remove_orphans(session: Session, folder: Path, now: datetime) -> int:
    """Remove files that nothing names and nobody sent within a day; gives their number.

    Whoever sends such a file again meanwhile makes it new (evidence_files.store_content), and it stays.
    """
    limit = (now - WAIT).timestamp()
    old = [file for file in _files(folder) if _changed_at(file) < limit]
    # Read after the ages: a row that came later is of a file that is new.
    named = set(session.scalars(select(EvidenceFile.sha256))) if old else set()
    return sum(_remove(file, limit) for file in old if file.name not in named)


def _remove(file: Path, limit: float) -> bool:
    """Remove a file unless it was made new just now: aside, where nobody makes it new, that can be told for good."""
    aside = file.with_name(f"{file.name[:64]}.{secrets.token_hex(8)}")
    try:
        file.rename(aside)
    except FileNotFoundError:
        return False
    if _changed_at(aside) < limit:
        aside.unlink()
        return True
    with suppress(FileExistsError):  # it was written anew meanwhile: the same bytes
        os.link(aside, file)
    aside.unlink()
    return False


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.glob("??/*"):
        found = _OURS.fullmatch(path.name)
        if found and path.parent.name == found[1][:2] and path.is_file():
            yield path


def _changed_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
