"""Files suggestions apart from the answers they came with, hour by hour."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Protocol

from sqlalchemy.orm import Session

from app.clock import Clock
from app.database import Database
from surveys.ballots import envelope_keys
from surveys.responses import filing
from surveys.responses.filing import Waiting

_BLANKS = 2_000
"""Blank envelopes removed in one transaction: answers must not wait for many."""


class Filing(Protocol):
    """Which letters are filed: filing.file_batches, or filing.file_all."""

    def __call__(self, session: Session, directory: Path, letters: Iterable[Waiting], *, today: date) -> int:
        """File letters; gives the number of suggestions."""
        ...


def file_suggestions(database: Database, clock: Clock, keys: Path) -> str:
    """Open all envelopes; file by lot at least five together of a wave, city and language, and seal the others anew."""
    return file_waiting(database, clock, keys, filing.file_batches)


def file_waiting(database: Database, clock: Clock, keys: Path, file: Filing) -> str:
    """Do all steps of a filing (surveys.responses.filing); gives what was done."""
    with database.writing() as session:
        number = filing.turn_key(session, keys)
    with database.reading() as session:
        found = filing.find(session, keys, number)
    with database.writing() as session:
        filed = file(session, keys, found.letters, today=clock.today())
    for start in range(0, len(found.blanks), _BLANKS):
        with database.writing() as session:
            filing.drop_blanks(session, found.blanks[start : start + _BLANKS])
    envelope_keys.erase_before(keys, number)
    database.forget_old_rows(filing.TABLES)
    lost = f"; no key opens {found.lost} envelopes" if found.lost else ""
    return f"filed {filed} suggestions{lost}"
