"""Answers stored as the survey does it, without a browser, hints or a watch."""

from datetime import date
from typing import cast

from sqlalchemy.orm import Session

from surveys.ballots import ballots
from surveys.models import Wave
from surveys.questionnaire.versions import get_compiled
from surveys.responses import intake
from surveys.responses.intake import Receipt, Submission
from surveys.responses.storing import Driver, WaveNotOpenError, store


def submit(session: Session, key: bytes, ballot_text: str, submission: Submission, *, today: date) -> Receipt:
    """Store an answered questionnaire; raises what intake.prepare and storing.store raise."""
    signed = ballots.read(key, ballot_text)
    wave = session.get(Wave, signed.ballot.wave)
    if wave is None:
        raise WaveNotOpenError
    parcel = intake.prepare(key, signed, submission, get_compiled(session, wave.version), today=today)
    driver = session.connection().connection.driver_connection
    return Receipt(parcel.receipt, repeated=not store(cast(Driver, driver), parcel.entry))
