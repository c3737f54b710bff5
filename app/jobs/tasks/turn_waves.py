"""Opens and closes waves on their days."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.clock import Clock
from app.database import Database
from app.fieldwork import services
from surveys.fieldwork.waves import StepError
from surveys.models import Wave

Step = Callable[[Session, Actor, str], Wave]


def turn_waves(database: Database, clock: Clock, keys: Path) -> str:  # noqa: ARG001 - every job has this shape
    """Open the waves whose day has come and close those whose day has passed."""
    today, actor = clock.today(), Actor(None, clock.now())
    with database.reading() as session:
        rows = session.scalars(select(Wave).order_by(Wave.code)).all()
        due = [wave.code for wave in rows if wave.state == "planned" and wave.opens_on <= today]
        over = [wave.code for wave in rows if wave.state == "open" and wave.closes_on < today]
    opened = _step(database, actor, services.open_wave, due)
    closed = _step(database, actor, services.close_wave, over)
    return f"opened: {', '.join(opened) or 'none'}; closed: {', '.join(closed) or 'none'}"


def _step(database: Database, actor: Actor, step: Step, codes: Iterable[str]) -> list[str]:
    """Take a step with each wave, in a transaction of its own: the journal is the last that any of them waits for."""
    done = []
    for code in codes:
        with suppress(StepError), database.writing() as session:  # somebody was faster
            step(session, actor, code)
            done.append(code)
    return done
