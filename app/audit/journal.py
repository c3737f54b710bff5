"""Write one event into the journal, in the transaction of the change it tells of."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.audit.models import JournalRow
from surveys.sql import hold_journal

GENESIS = "0" * 64
"""What stands in place of a hash before the first row."""

HASHED = ("seq", "at", "actor", "event", "object_kind", "object_id", "city", "detail", "bulk", "previous_hash")
"""Columns that a row's hash covers: all but the hash."""


class Actor(NamedTuple):
    """Who does something, and when: the id of a member of staff, or None for the command line and the scheduler."""

    id: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event: a word such as "value.sent", what it was done to, and ids, digests or states, never a text."""

    event: str
    object_kind: str
    object_id: str
    city: str | None = None
    detail: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    bulk: str | None = None


def record(session: Session, actor: Actor, entry: Entry) -> None:
    """Add an event to the chain; the last thing of a transaction, for others wait until it ends."""
    hold_journal(session)
    last = last_row(session)
    seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
    row = {
        "seq": seq,
        "at": actor.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "actor": actor.id,
        "event": entry.event,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        "city": entry.city,
        "detail": canonical(dict(entry.detail)),
        "bulk": entry.bulk,
        "previous_hash": previous,
    }
    session.flush()
    # By its table: a command that loads no accounts could not map the row, for it leads to them.
    session.execute(
        insert(JournalRow.metadata.tables[JournalRow.__tablename__]), [{**row, "hash": canonical_hash(row)}]
    )


class LastRow(NamedTuple):
    """Where the journal ends: the number of its last row, and its hash."""

    seq: int
    hash: str


def last_row(session: Session) -> LastRow | None:
    """Give where the journal ends; None while it is empty."""
    row = session.execute(select(JournalRow.seq, JournalRow.hash).order_by(JournalRow.seq.desc()).limit(1)).first()
    return LastRow(row.seq, row.hash) if row else None


def canonical_hash(row: Mapping[str, object]) -> str:
    """Give the sha256, in hexadecimal, of a row's texts as they are stored."""
    return hashlib.sha256(canonical({column: row[column] for column in HASHED}).encode()).hexdigest()


def canonical(data: Mapping[str, object]) -> str:
    """Write JSON in its one form: keys in order, no spaces, letters as they are."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
