"""The one way by which an answer, from a form, a phone or an operator, comes to be stored."""

from app.clock import KAZAKHSTAN
from app.web.resident.paradata import Paradata, flagged
from app.web.resident.services import services
from surveys.ballots.ballots import SignedBallot
from surveys.questionnaire.compiled import Compiled
from surveys.responses import intake, storing
from surveys.responses.intake import Receipt, Submission

_NOTHING = Paradata()


def submit(
    compiled: Compiled,
    key: bytes,
    ballot: SignedBallot,
    submission: Submission,
    paradata: Paradata = _NOTHING,
    *,
    after_closing: bool = False,
) -> Receipt:
    """Store an answer in one durable transaction; gives the receipt only after its commit.

    A verified ballot whose answer was taken back is used once more.
    Raises what intake.prepare and storing.store raise, and StorageError when the database fails: the same may then be
    sent again.
    """
    own = services()
    now = own.clock.now().astimezone(KAZAKHSTAN)

    def store(use: int) -> Receipt:
        parcel = intake.prepare(key, ballot, submission, compiled, today=now.date(), use=use)
        entry = flagged(parcel.entry, paradata, key, now)
        try:
            is_new = own.database.insert(
                lambda connection: storing.store(connection, entry, own.keys, after_closing=after_closing)
            )
        except storing.FormerAnswerError:
            return Receipt(parcel.former_receipt, "", repeated=True)
        if is_new:
            own.counters.acknowledged.inc()
        return parcel.receipt._replace(repeated=not is_new)

    try:
        return store(1)
    except storing.TakenBackError:
        if ballot.ballot.tier != "verified":
            raise
        return store(2)
