"""One round of the outbox: mails are taken on, handed over outside any transaction, and what came of it is written."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol

from app.accounts.models import Staff
from app.clock import Clock
from app.database import Database
from app.notices import outbox
from app.notices.mail import WAY_BACK_IN, MailError, Postal, compose
from app.notices.models import OutgoingMail

BUDGET = 45.0
"""Seconds of one round: the next one begins after a minute, and other jobs wait for this one."""


class Carrier(Protocol):
    """Takes a mail to the server (app.notices.mail.Post)."""

    def send(self, message: EmailMessage) -> None:
        """Hand a mail over; raises MailError."""


@dataclass(frozen=True, slots=True)
class Round:
    """What a round works with."""

    database: Database
    clock: Clock
    postal: Postal
    timer: Callable[[], float] = time.monotonic

    def deliver(self, carrier: Carrier) -> str:
        """Send what is due; gives how many mails were sent, will be tried again, failed and were left for later."""
        with self.database.writing() as session:
            mails = outbox.claim(session, self.clock.now())
            session.expunge_all()
        until, numbers = self.timer() + BUDGET, dict.fromkeys(("sent", "waiting", "failed", "dropped"), 0)
        while mails and self.timer() < until:
            mail, staff = mails.pop(0)
            numbers[self._deliver_one(carrier, mail, staff)] += 1
        with self.database.writing() as session:
            outbox.put_back(session, [mail for mail, _staff in mails], self.clock.now())
        said = ", ".join(f"{number} {state}" for state, number in numbers.items())
        return f"{said}, {len(mails)} left"

    def _deliver_one(self, carrier: Carrier, mail: OutgoingMail, staff: Staff) -> str:
        state, fault = "sent", ""
        if not staff.active and mail.kind not in WAY_BACK_IN:
            state = "dropped"
        else:
            try:
                carrier.send(compose(mail, staff, self.postal))
            except MailError as error:
                state, fault = outbox.state_after(mail.attempts, for_good=error.for_good), error.fault
        with self.database.writing() as session:
            outbox.note(session, mail.id, state, fault)
        return state
