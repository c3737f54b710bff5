"""Verifies the journal, night by night, against the heads that were published."""

from pathlib import Path

from app.audit import verify
from app.audit.verify import BrokenJournalError
from app.clock import Clock
from app.database import Database
from app.publishing.journal_heads import list_heads, published_heads


def verify_journal(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Go through the whole chain and keep what was found; raises BrokenJournalError for a row that does not hold."""
    with database.reading() as session:
        heads = [verify.Head(*head) for head in (*list_heads(session), *published_heads(session))]
        finding = verify.verify(session, heads)
    with database.writing() as session:
        verify.keep_check(session, finding, clock.now())
    if finding.broken:
        raise BrokenJournalError(f"row {finding.broken.seq}: {finding.broken.fault}")
    return f"{finding.rows} rows hold"
