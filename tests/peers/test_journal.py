"""Defects that other products had where staff work: none of them may come back here. One test a complaint."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from app.audit.journal import Actor, Entry, canonical_hash, record
from app.audit.models import JournalRow
from app.audit.verify import verify
from app.database import Database


def test_a_journal_holds_what_was_hashed_and_never_forks(database: Database) -> None:
    """Containarium 1326: the chain never verified (nanoseconds hashed, microseconds stored), and it forked
    (`ORDER BY id DESC FOR UPDATE` locks the old tail only).
    """
    moment = datetime(2026, 11, 24, 6, 0, 0, 123456, tzinfo=UTC)  # finer than what is stored
    entry = Entry(event="value.sent", object_kind="case", object_id="2024/aktau/hlt_3", detail={"текст": "ё", "n": 1})
    with database.writing() as session:
        record(session, Actor(None, moment), entry)
    together = threading.Barrier(4)

    def write() -> None:
        together.wait()
        for _ in range(10):
            with database.writing() as session:
                record(session, Actor(None, moment), entry)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        finding = verify(session)
        tail = session.execute(select(JournalRow.__table__).order_by(JournalRow.seq.desc()).limit(1)).one()
    assert (finding.rows, finding.broken) == (41, None)
    # And whoever takes no lock at all is refused by the table itself.
    fork = {**tail._mapping, "seq": tail.seq + 1, "object_id": "2024/aktau/hlt_4"}
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(insert(JournalRow.__table__), [fork | {"hash": canonical_hash(fork)}])
