"""Renews what is published of a wave that runs, night by night: counted receipts, and answers by mode."""

import logging
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.database import Database
from surveys.ballots import keys as wave_keys
from surveys.fieldwork import modes, passes
from surveys.models import Wave
from surveys.responses import counted_receipts, shuffling
from surveys.sql import hold_counts

logger = logging.getLogger(__name__)


def list_receipts(database: Database, clock: Clock, keys: Path) -> str:
    """Write each running wave's list and modes anew, shuffle the last days' answers, and drop keys of frozen waves."""
    with database.writing() as session:
        hold_counts(session)  # a freeze in between would find its last list written over by an older one
        states = session.execute(select(Wave.code, Wave.state).order_by(Wave.code)).all()
        running = [code for code, state in states if state in {"open", "closed"}]
        listed = sum(_write_list(session, keys, code) for code in running)
        for code in running:
            modes.write_mode_counts(session, code)
        shuffled = shuffling.shuffle_recent_responses(session, today=clock.today())
    for code, state in states:
        if state == "frozen":
            # A freeze that was interrupted between its commit and this step must not leave a key behind.
            wave_keys.destroy(keys, code)
    database.forget_old_rows((*shuffling.TABLES, *passes.TABLES))
    return f"{listed} receipts of {len(running)} waves; shuffled {shuffled} answers"


def _write_list(session: Session, keys: Path, wave: str) -> int:
    try:
        key = wave_keys.load(keys, wave)
    except wave_keys.KeyFileError:
        logger.error("the key of a wave is lost: its list stays as it is", extra={"wave": wave})
        return 0
    return counted_receipts.write_list(session, key, wave)
