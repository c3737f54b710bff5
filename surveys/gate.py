"""Lets people in. Who took part is committed here, in a transaction of its own, before anything is said."""

import hmac
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys.ballots import Ballot, contact_nonce, mint, random_nonce
from surveys.errors import SurveyError
from surveys.models import Participation, Wave, WaveCity


class NotAdmittedError(SurveyError):
    """The wave does not let this person in by this way."""


def open_ballot(key: bytes, wave: Wave, city: str) -> str:
    """Give a ballot to whoever follows an open link; nothing is stored."""
    if "open" not in wave.gates:
        raise NotAdmittedError("this wave is by invitation")
    return mint(key, Ballot(wave.code, city, wave.audience, "open", random_nonce()))


def admit(session: Session, key: bytes, wave: Wave, city: str, *, contact: str, today: date) -> str:
    """Record a contact's participation and give its ballot: the same one each time it asks.

    `contact` is a telephone number, a BIN or a letter's code in canonical digits; only its keyed hash is stored.
    """
    if wave.gates == {"open"} or session.get(WaveCity, (wave.code, city)) is None:
        raise NotAdmittedError("this wave does not ask this contact in this city")
    contact_hash = hmac.new(key, b"contact" + contact.encode(), "sha256").hexdigest()
    seen = session.execute(
        select(Participation.city).where(Participation.wave == wave.code, Participation.contact_hash == contact_hash)
    ).scalar_one_or_none()
    if seen is None:
        session.add(Participation(wave=wave.code, contact_hash=contact_hash, city=city, day=today))
    return mint(key, Ballot(wave.code, seen or city, wave.audience, "verified", contact_nonce(key, contact_hash)))
