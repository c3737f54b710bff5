"""Lets people in. Who took part is committed here, in a transaction of its own, before anything is said."""

from sqlalchemy.orm import Session

from surveys.ballots.ballots import Ballot, contact_nonce, mint
from surveys.ballots.macs import mac
from surveys.errors import SurveyError
from surveys.models.fieldwork import Wave, WaveCity
from surveys.models.identity import Participation
from surveys.sql import insert_unless_there


class NotAdmittedError(SurveyError):
    """The wave does not let this person in by this way."""


def contact_hash(key: bytes, kind: str, contact: str) -> str:
    """Hash a contact in canonical form under the wave's key: `kind` keeps a telephone and a code of one text apart."""
    return mac(key, b"contact", f"{kind}\x1f{contact}".encode()).hex()


def admit(session: Session, key: bytes, wave: Wave, city: str, contact: str) -> str:
    """Record that a contact, given by its hash, takes part, and give its ballot: the same right each time it asks.

    Raises NotAdmittedError when the wave opens no way to known contacts, is not open, or does not ask in this city.
    """
    if wave.gates == {"open"} or wave.state != "open" or session.get(WaveCity, (wave.code, city)) is None:
        raise NotAdmittedError("this wave does not ask this contact in this city")
    # Two tabs may ask at once: the second finds the row there.
    once = insert_unless_there(Participation, ("wave", "contact_hash"), None, session.get_bind().dialect.name)
    session.execute(once, {"wave": wave.code, "contact_hash": contact})
    return mint(key, Ballot(wave.code, city, wave.audience, "verified", contact_nonce(key, contact)))
