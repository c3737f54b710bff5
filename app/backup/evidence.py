"""Copies of the files of evidence: by their digests, so that what is there already is never written again."""

import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.backup.folder import BackupError
from app.indicators.case_models import EvidenceFile
from app.indicators.evidence_errors import EvidenceError
from app.indicators.evidence_files import file_of, read_bytes, store_content

FOLDER = "evidence"
"""Below a folder of copies of the database."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


def copy_evidence(source: Path, target: Path) -> int:
    """Copy the files that a folder lacks, whole or not at all, and give their number; raise BackupError.

    To be done after the database was copied: a file is on the disk before a row names it. A file whose bytes are no
    longer those of its digest is not copied.
    """
    damaged, copied = [], 0
    there = set(_digests(target))
    for digest in sorted(set(_digests(source)) - there):
        try:
            store_content(target, digest, read_bytes(source, digest))
        except EvidenceError:
            if file_of(source, digest).exists():  # one that nothing named may have been removed just now
                damaged.append(digest)
        else:
            copied += 1
    if damaged:
        raise BackupError(f"damaged files of evidence: {', '.join(digest[:12] for digest in damaged)}")
    return copied


def lost_evidence(session: Session, folder: Path) -> tuple[str, ...]:
    """List the digests that the database names and whose bytes are not there or not the same; reads every file."""
    return tuple(
        digest
        for digest in session.scalars(select(EvidenceFile.sha256).order_by(EvidenceFile.sha256))
        if _is_lost(folder, digest)
    )


def _is_lost(folder: Path, digest: str) -> bool:
    try:
        read_bytes(folder, digest)
    except EvidenceError:
        return True
    return False


def _digests(folder: Path) -> Iterator[str]:
    """List what is stored in a folder; drafts that a crash left are none of it."""
    return (
        path.name for path in folder.glob("??/*") if _DIGEST.fullmatch(path.name) and path == file_of(folder, path.name)
    )
