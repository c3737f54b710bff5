"""Heads of the journal: the number and the hash of each day's last row, for everybody to keep.

Whoever kept a file of them sees a later rewriting of the journal: `python -m app journal verify --against FILE`. Every
publication names the last row of its moment too; what was printed of it is checked by `--head NUMBER:HASH`.
"""

import json
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.publishing.models import JournalHead, Publication, PublicationFile
from app.publishing.queries import BUNDLE


class HeadLine(NamedTuple):
    """The last row of the journal on a day (ISO)."""

    day: str
    seq: int
    hash: str


def list_heads(session: Session) -> tuple[HeadLine, ...]:
    """List all heads, oldest first."""
    rows = session.execute(select(JournalHead.day, JournalHead.seq, JournalHead.hash).order_by(JournalHead.day))
    return tuple(HeadLine(day.isoformat(), seq, digest) for day, seq, digest in rows)


def published_heads(session: Session) -> tuple[HeadLine, ...]:
    """List the heads that publications name, withdrawn ones too; those made before format 4 name none."""
    files = (
        select(Publication.published_on, PublicationFile.content)
        .join(PublicationFile, PublicationFile.publication == Publication.number)
        .where(PublicationFile.path == BUNDLE)
        .order_by(Publication.number)
    )
    # One after the other: a bundle is a megabyte, and a portal of some years has dozens.
    named = (
        (day, json.loads(text).get("journal_head"))
        for day, text in session.execute(files.execution_options(yield_per=1))
    )
    return tuple(HeadLine(day.isoformat(), head["seq"], head["hash"]) for day, head in named if head)


def last_head_day(session: Session) -> date | None:
    """Give the newest day that has a head; None when none has."""
    return session.execute(select(func.max(JournalHead.day))).scalar_one_or_none()


def store_head(session: Session, day: date, seq: int, digest: str) -> None:
    """Keep the head of a day that has none."""
    session.add(JournalHead(day=day, seq=seq, hash=digest))
    session.flush()
