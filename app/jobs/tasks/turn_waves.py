"""Opens and closes waves on their days."""

from pathlib import Path

from sqlalchemy import select

from app.clock import Clock
from app.database import Database
from surveys.fieldwork import waves
from surveys.models import Wave


def turn_waves(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
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
