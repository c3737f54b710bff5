"""The journal as a chain: one, whole after dump and restore, and whoever changes it is found."""

import random
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.audit.journal import GENESIS, canonical_hash
from app.audit.models import JournalRow
from app.audit.verify import BrokenRow, Fault, Head, HeadsFileError, read_heads, verify
from app.database import Database
from tests.app.audit.chains import COLUMNS, Row, fill, heads_of, put, rows_of, thaw
from tests.effort import by_effort

ROWS = 40


def test_an_untouched_chain_is_whole_and_an_empty_one_too(database: Database) -> None:
    with database.writing() as session:
        assert verify(session).is_whole
        fill(session, ROWS)
    with database.reading() as session:
        finding = verify(session, heads_of(rows_of(session)))
    assert (finding.rows, finding.since, finding.broken) == (ROWS, "2026-11-24T06:00:00Z", None)


@pytest.mark.parametrize("statement", ["UPDATE journal SET event = 'x'", "DELETE FROM journal WHERE seq = 3"])
def test_rows_refuse_to_be_changed(database: Database, statement: str) -> None:
    with database.writing() as session:
        fill(session, 3)
    with pytest.raises(DatabaseError, match="frozen"), database.writing() as session:
        session.execute(text(statement))


def test_a_second_row_cannot_follow_the_same_row(database: Database) -> None:
    with database.writing() as session:
        fill(session, 3)
        rows = rows_of(session)
    fork = rows[2] | {"seq": 4, "event": "value.forked"}
    fork["hash"] = canonical_hash(fork)
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(insert(JournalRow).values(**fork))


def test_mutations_are_all_found(database: Database) -> None:
    """Edits, deletions, insertions, swaps and truncations, by somebody who may know how the chain is made."""
    with database.writing() as session:
        fill(session, ROWS)
        rows = rows_of(session)
    thaw(database)
    heads, draw, missed, faults = heads_of(rows), random.Random(11), [], Counter[str]()
    number = by_effort(250, 1000)
    for turn in range(number):
        name = tuple(MUTATIONS)[turn % len(MUTATIONS)]
        changed = MUTATIONS[name](draw, [dict(row) for row in rows])
        assert changed != rows, name
        broken = found(database, changed, heads)
        faults[str(broken)] += 1
        missed += [] if broken else [f"{turn} {name}"]
    assert missed == []
    assert sum(faults.values()) == number
    assert {str(each) for each in Fault} <= faults.keys(), "each kind of fault is met"
    with database.reading() as session:
        assert verify(session, heads).is_whole


def found(database: Database, rows: list[Row], heads: list[Head]) -> str:
    """Tell how a forged journal is found: by the database itself, or by a fault; empty when it is not."""
    with database.writing() as session:
        attempt = session.begin_nested()
        try:
            put(session, rows)
        except IntegrityError:
            attempt.rollback()
            return "refused"
        broken = verify(session, heads).broken
        attempt.rollback()
        return str(broken.fault) if broken else ""


def edited(draw: random.Random, rows: list[Row]) -> list[Row]:
    """Change one column of one row."""
    row = draw.choice(rows)
    column = draw.choice([name for name in COLUMNS if name not in {"actor", "city"}])  # those name other rows
    row[column] = row[column] + 1000 if column == "seq" else _other(draw, row[column])
    return rows


def _other(draw: random.Random, value: str | None) -> str:
    if not value:
        return "x"
    at = draw.randrange(len(value))
    return value[:at] + draw.choice([letter for letter in "0123456789abcdefз" if letter != value[at]]) + value[at + 1 :]


def edited_and_hashed(draw: random.Random, rows: list[Row]) -> list[Row]:
    """Change a row and give it the hash it should have."""
    row = draw.choice(rows)
    row["object_id"] = _other(draw, row["object_id"])
    row["hash"] = canonical_hash(row)
    return rows


def rewritten(draw: random.Random, rows: list[Row]) -> list[Row]:
    """Change a row and write the chain anew from it on."""
    start = draw.randrange(len(rows))
    rows[start]["detail"] = '{"n":-1}'
    return chained(rows)


def chained(rows: list[Row]) -> list[Row]:
    """Number and link rows as if they had been written so."""
    previous = GENESIS
    for seq, row in enumerate(rows, 1):
        row |= {"seq": seq, "previous_hash": previous}
        previous = row["hash"] = canonical_hash(row)
    return rows


def deleted(draw: random.Random, rows: list[Row]) -> list[Row]:
    del rows[draw.randrange(len(rows))]
    return rows


def deleted_and_numbered(draw: random.Random, rows: list[Row]) -> list[Row]:
    rows = deleted(draw, rows)
    return [row | {"seq": seq} for seq, row in enumerate(rows, 1)]


def deleted_and_chained(draw: random.Random, rows: list[Row]) -> list[Row]:
    return chained(deleted(draw, rows))


def inserted(draw: random.Random, rows: list[Row]) -> list[Row]:
    """Put a row in between; those behind it move up."""
    at = draw.randrange(len(rows))
    forged = rows[at] | {"event": "value.forged", "hash": "f" * 64, "previous_hash": "e" * 64}
    rows.insert(at, forged)
    return [row | {"seq": seq} for seq, row in enumerate(rows, 1)]


def inserted_and_chained(draw: random.Random, rows: list[Row]) -> list[Row]:
    return chained(inserted(draw, rows))


def swapped(draw: random.Random, rows: list[Row]) -> list[Row]:
    """Let two rows change places, with or without their numbers."""
    one, other = draw.sample(range(len(rows)), 2)
    rows[one], rows[other] = rows[other], rows[one]
    return [row | {"seq": seq} for seq, row in enumerate(rows, 1)]


def swapped_and_chained(draw: random.Random, rows: list[Row]) -> list[Row]:
    return chained(swapped(draw, rows))


def truncated(draw: random.Random, rows: list[Row]) -> list[Row]:
    return rows[: draw.randrange(1, len(rows))]


MUTATIONS = {
    each.__name__: each
    for each in (
        edited, edited_and_hashed, rewritten, deleted, deleted_and_numbered, deleted_and_chained, inserted,
        inserted_and_chained, swapped, swapped_and_chained, truncated,
    )
}  # fmt: skip


def test_only_a_kept_head_tells_a_journal_that_was_written_anew(sqlite: Database) -> None:
    """What the daily file on the portal is for: nothing in the database itself could tell."""
    with sqlite.writing() as session:
        fill(session, ROWS)
        rows = rows_of(session)
    thaw(sqlite)
    forged = rewritten(random.Random(1), [dict(row) for row in rows])
    assert found(sqlite, forged, []) == ""
    assert found(sqlite, forged, heads_of(rows)) == "head"
    assert found(sqlite, rows[:-1], []) == ""
    assert found(sqlite, rows[:-1], heads_of(rows)) == "end"


def test_the_first_broken_row_is_named_and_those_before_it_hold(sqlite: Database) -> None:
    with sqlite.writing() as session:
        fill(session, ROWS)
    thaw(sqlite)
    with sqlite.writing() as session:
        session.execute(update(JournalRow).where(JournalRow.seq.in_([17, 30])).values(event="value.forged"))
        finding = verify(session)
    assert (finding.rows, finding.broken) == (16, BrokenRow(17, Fault.HASH))


def test_a_chain_is_whole_after_dump_and_restore(sqlite: Database, tmp_path: Path) -> None:
    with sqlite.writing() as session:
        fill(session, ROWS)
        heads = heads_of(rows_of(session))
    restored = tmp_path / "restored.sqlite3"
    with closing(sqlite3.connect(sqlite.file)) as old, closing(sqlite3.connect(restored)) as new:
        new.executescript("\n".join(old.iterdump()))
    database = Database(f"sqlite:///{restored}")
    with database.reading() as session:
        finding = verify(session, heads)
    database.close()
    assert (finding.rows, finding.broken) == (ROWS, None)


def test_a_saved_file_of_heads_is_read_as_a_spreadsheet_leaves_it() -> None:
    text_of_file = "\N{ZERO WIDTH NO-BREAK SPACE}day,seq,hash\r\n2026-11-24,40," + "a" * 64 + "\r\n\r\n"
    assert read_heads(text_of_file) == (Head("2026-11-24", 40, "a" * 64),)
    for wrong in ("", "seq,hash\n1,a\n", "day,seq,hash\n2026-11-24,four,a\n", "day,seq,hash\n2026-11-24,4\n"):
        with pytest.raises(HeadsFileError):
            read_heads(wrong)
