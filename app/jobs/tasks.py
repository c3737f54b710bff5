"""The tasks themselves: each opens its own transaction and says in one line what it did."""

from pathlib import Path

from sqlalchemy import select

from app.clock import Clock
from app.database import Database
from surveys.ballots import keys as wave_keys
from surveys.fieldwork import waves
from surveys.models import Wave
from surveys.quality import review
from surveys.responses import counted_receipts, shuffling
from surveys.tallies import folding


def fold_tallies(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every task has this shape
    """Add new responses to the counts; a city waits until it has ten, so that nobody can be singled out."""
    with database.writing() as session:
        report = folding.fold(session)
    return str(report)


def judge_answers(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every task has this shape
    """Judge the answers of every wave that is not frozen: caps on linked answers, flags for people to look at."""
    with database.reading() as session:
        unsettled = review.unsettled(session)
    reports = []
    for wave in unsettled:
        with database.writing() as session:
            reports.append(f"{wave}: {review.judge(session, wave)}")
    return "; ".join(reports) or "no wave to judge"


def turn_waves(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every task has this shape
    """Open the waves whose day has come and close those whose day has passed."""
    today = clock.today()
    with database.writing() as session:
        rows = session.scalars(select(Wave).order_by(Wave.code)).all()
        opened = [wave.code for wave in rows if wave.state == "planned" and wave.opens_on <= today]
        closed = [wave.code for wave in rows if wave.state == "open" and wave.closes_on < today]
        for code in opened:
            waves.open_wave(session, code)
        for code in closed:
            waves.close_wave(session, code)
    return f"opened: {', '.join(opened) or 'none'}; closed: {', '.join(closed) or 'none'}"


def list_receipts(database: Database, clock: Clock, keys: Path) -> str:
    """Write each running wave's public list anew, mix the answers of the last days, and drop keys of frozen waves."""
    with database.writing() as session:
        states = session.execute(select(Wave.code, Wave.state).order_by(Wave.code)).all()
        running = [code for code, state in states if state in {"open", "closed"}]
        listed = sum(counted_receipts.write_list(session, wave_keys.load(keys, code), code) for code in running)
        mixed = shuffling.mix_responses(session, today=clock.today())
    for code, state in states:
        if state == "frozen":
            # A freeze that was cut short between its commit and this step must not leave a key behind.
            wave_keys.destroy(keys, code)
    database.forget_old_rows(shuffling.TABLES)
    return f"{listed} receipts of {len(running)} waves; mixed {mixed} answers"


def mix_participations(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every task has this shape
    """Destroy the order in which people were let in, before anybody can compare it with that of the answers."""
    with database.writing() as session:
        mixed = shuffling.mix_participations(session)
    database.forget_old_rows(shuffling.TABLES)
    return f"mixed {mixed} participations"


def tend_database(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every task has this shape
    """Let the database refresh what it knows of its own tables."""
    statement = "PRAGMA optimize" if database.is_sqlite else "ANALYZE"
    with database.writing() as session:
        session.connection().exec_driver_sql(statement)
    return statement
