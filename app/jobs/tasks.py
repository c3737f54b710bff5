"""The tasks themselves: each opens its own transaction and says in one line what it did."""

from sqlalchemy import select

from app.clock import Clock
from app.database import Database
from surveys import fieldwork, tallies
from surveys.models import Wave


def fold_tallies(database: Database, clock: Clock) -> str:  # noqa: ARG001 - every task has this shape
    """Add new responses to the counts; a city waits until it has ten, so that nobody can be singled out."""
    with database.writing() as session:
        report = tallies.fold(session)
    return str(report)


def turn_waves(database: Database, clock: Clock) -> str:
    """Open the waves whose day has come and close those whose day has passed."""
    today = clock.today()
    with database.writing() as session:
        waves = session.scalars(select(Wave).order_by(Wave.code)).all()
        opened = [wave.code for wave in waves if wave.state == "planned" and wave.opens_on <= today]
        closed = [wave.code for wave in waves if wave.state == "open" and wave.closes_on < today]
        for code in opened:
            fieldwork.open_wave(session, code)
        for code in closed:
            fieldwork.close_wave(session, code)
    return f"opened: {', '.join(opened) or 'none'}; closed: {', '.join(closed) or 'none'}"


def tend_database(database: Database, clock: Clock) -> str:  # noqa: ARG001 - every task has this shape
    """Let the database refresh what it knows of its own tables."""
    statement = "PRAGMA optimize" if database.is_sqlite else "ANALYZE"
    with database.writing() as session:
        session.connection().exec_driver_sql(statement)
    return statement
