"""Mail that waits: written with its cause, sent by a job, tried again after 1, 5, 30 minutes, 2 and 12 hours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, func, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.audit.journal import Actor, Entry, canonical, record
from app.database import count_changed
from app.notices.models import OutgoingMail
from app.notices.wording import KINDS
from surveys.sql import insert_missing

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
"""How long after each failed attempt the next one comes; after the last of them the mail has failed."""

BATCH = 50
"""Mails that one run of the job takes on."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to be sent: its kind, what its text names, and the page its link leads to."""

    kind: str
    cause: str
    address: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    sealed: str = ""
    """What follows the address and nobody may read in the database: the token of an invitation, sealed."""


def enqueue(session: Session, staff: int, mail: Mail, at: datetime) -> None:
    """Let a mail wait for the next run of the job; the same cause goes to a person once."""
    if mail.kind != "digest":
        _ = KINDS[mail.kind]
    row = {
        "staff": staff,
        "cause": mail.cause,
        "kind": mail.kind,
        "address": mail.address,
        "parameters": canonical(dict(mail.parameters)),
        "sealed": mail.sealed,
        "state": "waiting",
        "attempts": 0,
        "next_at": at,
        "last_error": "",
        "made_at": at,
    }
    insert_missing(session, OutgoingMail, [row])


def link_use(staff: int) -> str:
    """Name the use for which the link of a person is sealed."""
    return f"mail:{staff}"


def claim(session: Session, now: datetime) -> list[tuple[OutgoingMail, Staff]]:
    """Take on mails that are due: until the next attempt's time they are nobody else's."""
    due = (
        select(OutgoingMail, Staff)
        .join(Staff, Staff.id == OutgoingMail.staff)
        .where(OutgoingMail.state == "waiting", OutgoingMail.next_at <= now)
        .order_by(OutgoingMail.next_at, OutgoingMail.id)
        .limit(BATCH)
        .with_for_update(of=OutgoingMail, skip_locked=True)
    )
    rows = [(mail, staff) for mail, staff in session.execute(due)]
    for mail, _staff in rows:
        mail.attempts += 1
        mail.next_at = now + WAITS[min(mail.attempts, len(WAITS)) - 1]
    session.flush()
    return rows


def state_after(attempts: int, *, for_good: bool) -> str:
    """Tell what becomes of a mail after a failed attempt, its `attempts`-th: it waits for the next, or has failed."""
    return "failed" if for_good or attempts > len(WAITS) else "waiting"


def note(session: Session, mail: int, state: str, fault: str) -> None:
    """Note what came of an attempt; of a mail that was sent or given up, what was sealed in it goes."""
    values = {"state": state, "last_error": fault[:200]} | ({"sealed": ""} if state in {"sent", "dropped"} else {})
    session.execute(update(OutgoingMail).where(OutgoingMail.id == mail).values(**values))


def put_back(session: Session, mails: Iterable[OutgoingMail], now: datetime) -> None:
    """Give back what a run had no time for."""
    for mail in mails:
        values = {"attempts": mail.attempts - 1, "next_at": now}
        session.execute(update(OutgoingMail).where(OutgoingMail.id == mail.id).values(**values))


def drop_waiting(session: Session) -> int:
    """Give up all that waits, where no server is set: nobody wants last month's news on the day one is."""
    waiting = update(OutgoingMail).where(OutgoingMail.state == "waiting")
    return count_changed(session, waiting.values(state="dropped", sealed=""))


def failed_mails() -> ScalarSelect[int]:
    """Count in a statement the mails that failed and that nobody has looked after."""
    return select(func.count()).where(OutgoingMail.state == "failed").scalar_subquery()


def send_again(session: Session, actor: Actor, mail: int) -> bool:
    """Let a failed mail wait for another round of attempts; False when it has not failed."""
    return _decide(session, actor, mail, "waiting", "mail.sent_again")


def give_up(session: Session, actor: Actor, mail: int) -> bool:
    """Take a failed mail off the list of those to look after; False when it has not failed."""
    return _decide(session, actor, mail, "dropped", "mail.given_up")


def _decide(session: Session, actor: Actor, mail: int, state: str, event: str) -> bool:
    failed = OutgoingMail.id == mail, OutgoingMail.state == "failed"
    values = {"state": state, "attempts": 0, "next_at": actor.at}
    if not count_changed(session, update(OutgoingMail).where(*failed).values(**values)):
        return False
    record(session, actor, Entry(event=event, object_kind="mail", object_id=str(mail)))
    return True
