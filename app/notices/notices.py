"""Notices: what one person is told in the console, written in the transaction of its cause, and never twice.

    notify(session, [7, 9], Message("value.returned", cause="value.returned:2024/aktau/hlt_3/2",
           address="/console/values/2024/aktau/hlt_3",
           parameters={"period": "2024", "city": "aktau", "indicator": "hlt_3"}), actor.at)

The kinds, and what each of them names, are those of app.notices.wording; those with a subject are mailed too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select, update
from sqlalchemy.orm import Session

from app.audit.journal import canonical
from app.database import count_changed
from app.notices import outbox
from app.notices.models import Notice
from app.notices.outbox import Mail
from app.notices.wording import KINDS, sentence
from surveys.sql import insert_missing

TOGETHER = {"value.returned": ("period", "city"), "value.split": ("period",), "reply.to_release": ("city",)}
"""Kinds that come by the dozen → what one mail an hour is about; the list in the console has each of them."""


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody is told: the kind, what the kind's sentence names, the page it leads to, and its cause."""

    kind: str
    cause: str
    """The same cause is told to a person once: what happened to which object in which revision."""
    address: str
    """Path and query, which begin with /console/."""
    parameters: Mapping[str, str | int] = field(default_factory=dict)


def notify(session: Session, staff_ids: Iterable[int], message: Message, at: datetime) -> list[int]:
    """Tell persons something, in the console and, where the kind is mailed, by mail; nobody the same cause twice.

    Gives those who had not been told before.
    """
    kind = KINDS[message.kind]
    _check(message)
    ids = sorted(set(staff_ids))
    told = _not_yet_told(session, ids, message.cause)
    if not told:
        return []
    row = {
        "cause": message.cause,
        "kind": message.kind,
        "parameters": canonical(dict(message.parameters)),
        "address": message.address,
        "at": at,
        "read_at": None,
    }
    insert_missing(session, Notice, [{"staff": staff, **row} for staff in told])
    if kind.subject:
        for staff in told:
            outbox.enqueue(session, staff, _mail_of(message, at), at)
    return told


def _check(message: Message) -> None:
    """Refuse what could not be shown later; a fault of the caller's."""
    if not message.address.startswith("/console"):
        raise ValueError(message.address)
    sentence(message.kind, message.parameters, "en")


def _not_yet_told(session: Session, ids: list[int], cause: str) -> list[int]:
    """Give those who were not told: the mail of an hour is not for who knows already."""
    told = set(session.scalars(select(Notice.staff).where(Notice.staff.in_(ids), Notice.cause == cause)))
    return [staff for staff in ids if staff not in told]


def _mail_of(message: Message, at: datetime) -> Mail:
    """Give the mail of a notice; of what comes by the dozen there is one an hour, which names none of them."""
    named = TOGETHER.get(message.kind)
    if named is None:
        return Mail(message.kind, message.cause, message.address, message.parameters)
    parameters = {name: message.parameters[name] for name in named}
    about = "/".join(str(value) for value in parameters.values())
    return Mail(message.kind, f"{message.kind}:{about}@{at:%Y-%m-%dT%H}", "/console/notices", parameters)


def unread_of(staff: int) -> ScalarSelect[int]:
    """Count in a statement what a person has not read."""
    return select(func.count()).where(Notice.staff == staff, Notice.read_at.is_(None)).scalar_subquery()


def count_unread(session: Session, staff: int) -> int:
    """Count what a person has not read."""
    return session.execute(select(unread_of(staff))).scalar_one()


def list_notices(session: Session, staff: int, *, unread: bool = False, before: int | None = None) -> list[Notice]:
    """List 50 notices of a person, newest first; those older than one, where its number is given."""
    rows = select(Notice).where(Notice.staff == staff).order_by(Notice.id.desc()).limit(PAGE)
    if unread:
        rows = rows.where(Notice.read_at.is_(None))
    if before is not None:
        rows = rows.where(Notice.id < before)
    return list(session.scalars(rows))


PAGE = 50


def close(session: Session, cause: str, at: datetime, *, staff: int | None = None) -> None:
    """Mark a notice as read for all who were told it, or for one: what it asks for is done."""
    told = [Notice.cause == cause, Notice.read_at.is_(None), *([Notice.staff == staff] if staff is not None else [])]
    session.execute(update(Notice).where(*told).values(read_at=at))


def follow(session: Session, staff: int, notice: int, at: datetime) -> str:
    """Mark a notice as read and give where it leads; empty for one of somebody else."""
    row = session.scalars(select(Notice).where(Notice.staff == staff, Notice.id == notice)).first()
    if row is None:
        return ""
    row.read_at = row.read_at or at
    return row.address


def mark_all_read(session: Session, staff: int, at: datetime, *, until: int) -> int:
    """Mark a person's notices as read, up to the newest that the page showed; gives how many were unread."""
    wanted = Notice.staff == staff, Notice.id <= until, Notice.read_at.is_(None)
    return count_changed(session, update(Notice).where(*wanted).values(read_at=at))
