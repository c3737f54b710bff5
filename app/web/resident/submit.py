"""The one way by which an answer, from a form or from a phone's queue, comes to be stored."""

from typing import NamedTuple, cast

from flask import Flask, current_app, request

from app.clock import KAZAKHSTAN, Clock
from app.database import Database
from app.web import site
from app.web.resident.paradata import NO_HINTS, Hints, judged
from surveys.ballots import ballots
from surveys.ballots.ballots import SignedBallot
from surveys.quality.signals import Watch
from surveys.questionnaire.compiled import Compiled
from surveys.responses import intake, storing
from surveys.responses.intake import Receipt, Submission


class Desk(NamedTuple):
    """Where answers are handed in: a database, a clock, and the watch that remembers what came before."""

    database: Database
    clock: Clock
    watch: Watch

    def send(
        self,
        compiled: Compiled,
        key: bytes,
        ballot: SignedBallot,
        submission: Submission,
        hints: Hints,
        *,
        address: str,
        after_closing: bool = False,
    ) -> Receipt:
        """Store an answer in one durable transaction; gives the receipt only after its commit.

        Raises what intake.prepare and storing.store raise, and StorageError when the database fails.
        """
        now = self.clock.now().astimezone(KAZAKHSTAN)
        parcel = intake.prepare(key, ballot, submission, compiled, today=now.date())
        entry = judged(self.watch, parcel.entry, hints, address, now)
        stored = self.database.record(lambda driver: storing.store(driver, entry, after_closing=after_closing))
        return Receipt(parcel.receipt, repeated=not stored)


def init_app(app: Flask) -> Desk:
    """Give a site its desk; its watch remembers for as long as the process lives."""
    watch = Watch(site.settings_of(app).keys)
    desk = Desk(app.extensions["city_database"], app.extensions["city_clock"], watch)
    app.extensions["city_desk"] = desk
    return desk


def send(compiled: Compiled, key: bytes, ballot: str, submission: Submission, *, hints: Hints = NO_HINTS) -> Receipt:
    """Hand in the answer of this request's form, as Desk.send does; raises BallotError for a ballot not of the key."""
    desk = cast(Desk, current_app.extensions["city_desk"])
    signed = ballots.read(key, ballot)
    return desk.send(compiled, key, signed, submission, hints, address=request.remote_addr or "")
