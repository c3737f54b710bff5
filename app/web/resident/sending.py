"""The one way by which an answer, from a form or from a phone's queue, comes to be stored."""

from app.web import site
from app.web.resident import watching
from app.web.resident.watching import Hints
from surveys import intake, storing
from surveys.compiled import Compiled
from surveys.intake import Receipt, Submission

NO_HINTS = Hints()


def send(
    compiled: Compiled,
    key: bytes,
    ballot: str,
    submission: Submission,
    *,
    hints: Hints = NO_HINTS,
    after_closing: bool = False,
) -> Receipt:
    """Store an answer in one durable transaction; gives the receipt only after its commit.

    Raises what intake.prepare and storing.store raise, and StorageError when the database fails.
    """
    parcel = intake.prepare(key, ballot, submission, compiled, today=site.clock().today())
    entry = watching.judged(parcel.entry, hints)
    stored = site.database().record(lambda driver: storing.store(driver, entry, after_closing=after_closing))
    return Receipt(parcel.receipt, repeated=not stored)
