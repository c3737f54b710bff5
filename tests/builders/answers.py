"""Answers stored without a site."""

from datetime import date
from pathlib import Path
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys.ballots import ballots
from surveys.models import Wave
from surveys.questionnaire.versions import get_compiled
from surveys.responses import intake, storing
from surveys.responses.intake import Receipt, Submission
from surveys.sql import DriverConnection


class Keys(Protocol):
    """A country: the key of its wave of residents, and the folder of all keys."""

    @property
    def key(self) -> bytes:
        """Give the wave's key."""
        ...

    @property
    def keys(self) -> Path:
        """Give the folder."""
        ...


def store_answer(session: Session, country: Keys, ballot: str, submission: Submission, *, today: date) -> Receipt:
    """Check an answer by its wave's version and store it, as a site does without looking at its surroundings.

    Raises what intake.prepare and storing.store raise.
    """
    signed = ballots.read(country.key, ballot)
    version = session.scalars(select(Wave.version).where(Wave.code == signed.ballot.wave)).first()
    if version is None:
        raise storing.WaveNotOpenError
    parcel = intake.prepare(country.key, signed, submission, get_compiled(session, version), today=today)
    connection = session.connection()
    driver = DriverConnection(connection.connection.driver_connection, connection.dialect)
    return parcel.receipt._replace(repeated=not storing.store(driver, parcel.entry, country.keys))
