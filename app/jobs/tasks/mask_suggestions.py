"""Masks stored suggestions by the rules of this release, day by day: nearly always there is nothing to do."""

from pathlib import Path

from app.audit.journal import Actor
from app.clock import Clock
from app.database import Database
from app.feedback import masking

_AT_ONCE = 200
"""Suggestions changed in one transaction: answers must not wait for many."""


def mask_suggestions(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Mask and fold again what the rules of today mask or fold in another way, and forget how it was."""
    with database.reading() as session:
        ids = masking.outdated_comments(session)
    masked = folded = 0
    for start in range(0, len(ids), _AT_ONCE):
        with database.writing() as session:
            actor = Actor(None, clock.now())
            done = masking.mask_again(session, actor, ids[start : start + _AT_ONCE])
        masked, folded = masked + done.masked, folded + done.folded
    if ids:
        database.forget_old_rows(masking.TABLES)
    return f"masked again {masked} suggestions, folded again {folded}"
