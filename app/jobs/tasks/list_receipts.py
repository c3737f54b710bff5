"""Renews what is published of a wave that runs, night by night: counted receipts, and answers by mode."""

from pathlib import Path

from sqlalchemy import select

from app.clock import Clock
from app.database import Database
from surveys.ballots import keys as wave_keys
from surveys.fieldwork import modes, passes
from surveys.models import Wave
from surveys.responses import counted_receipts, shuffling


def list_receipts(database: Database, clock: Clock, keys: Path) -> str:
    """Write each running wave's list and modes anew, shuffle the last days' answers, and drop keys of frozen waves."""
    with database.writing() as session:
        states = session.execute(select(Wave.code, Wave.state).order_by(Wave.code)).all()
        running = [code for code, state in states if state in {"open", "closed"}]
        listed = sum(counted_receipts.write_list(session, wave_keys.load(keys, code), code) for code in running)
        for code in running:
            modes.write_mode_counts(session, code)
        shuffled = shuffling.shuffle_recent_responses(session, today=clock.today())
    for code, state in states:
        if state == "frozen":
            # A freeze that was interrupted between its commit and this step must not leave a key behind.
            wave_keys.destroy(keys, code)
    database.forget_old_rows((*shuffling.TABLES, *passes.TABLES))
    return f"{listed} receipts of {len(running)} waves; shuffled {shuffled} answers"
