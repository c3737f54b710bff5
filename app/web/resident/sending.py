"""The one way by which an answer, from a form or from a phone's queue, comes to be stored."""

from app.web import site
from surveys import intake, storing
from surveys.compiled import Compiled
from surveys.intake import Receipt, Submission


def send(
    compiled: Compiled, key: bytes, ballot: str, submission: Submission, *, after_closing: bool = False
) -> Receipt:
    """Store an answer in one durable transaction; gives the receipt only after its commit.

    Raises what intake.prepare and storing.store raise, and StorageError when the database fails.
    """
    parcel = intake.prepare(key, ballot, submission, compiled, today=site.clock().today())
    stored = site.database().record(lambda driver: storing.store(driver, parcel.entry, after_closing=after_closing))
    return Receipt(parcel.receipt, repeated=not stored)
