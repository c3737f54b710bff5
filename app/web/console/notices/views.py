"""What the pages of notices and of outgoing mail show."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.permissions import Person
from app.notices import notices
from app.notices.models import Notice, OutgoingMail
from app.notices.wording import sentence
from app.web.console.tables import Column, Listing, choice, search
from app.web.language import _l, current_language

STATES: Mapping[str, str] = {
    "failed": _l("failed"),
    "waiting": _l("waiting"),
    "sent": _l("sent"),
    "dropped": _l("not sent"),
}
LOOKS: Mapping[str, str] = {"failed": "bad", "waiting": "new", "sent": "good", "dropped": ""}
"""State of a mail → colour beside the word."""

KINDS: Mapping[str, str] = {
    "digest": _l("the morning mail"),
    "value.returned": _l("values came back"),
    "value.split": _l("a third assessor is needed"),
    "approval.asked": _l("an approval is asked for"),
    "publication.published": _l("a rating was published"),
    "withdrawal.asked": _l("a withdrawal is asked for"),
    "publication.withdrawn": _l("a publication was withdrawn"),
    "role.granted": _l("a role was given"),
    "role.revoked": _l("a role was taken back"),
    "device.new": _l("a new way to sign in"),
    "account.invited": _l("an invitation"),
    "reset.asked": _l("a reset is asked for"),
    "factor.reset": _l("an account was reset"),
    "account.idle": _l("an account is soon closed"),
    "initiative.differs": _l("a third examiner of an initiative is needed"),
    "initiative.decided": _l("an initiative was decided on"),
    "comment.urgent": _l("an urgent suggestion"),
    "reply.to_release": _l("replies wait to be released"),
    "commitment.disputed": _l("a commitment is disputed"),
    "return.due": _l("a return is due"),
    "return.overdue": _l("a return is overdue"),
}
"""Kinds of mail, as the administrator reads them: what it is about, never whom it names."""

MAILS = select(
    OutgoingMail.made_at, Staff.name, Staff.email, OutgoingMail.kind, OutgoingMail.state, OutgoingMail.attempts,
    OutgoingMail.next_at, OutgoingMail.last_error, OutgoingMail.id,
).join(Staff, Staff.id == OutgoingMail.staff)  # fmt: skip

LISTING = Listing(
    name="mail",
    columns=(
        Column("made", _l("Written"), lambda row: row.made_at, sort=(OutgoingMail.made_at,)),
        Column("to", _l("To"), lambda row: row.email, sort=(Staff.email,)),
        Column("kind", _l("About"), lambda row: row.kind, sort=(OutgoingMail.kind,)),
        Column("state", _l("State"), lambda row: row.state, sort=(OutgoingMail.state,)),
        Column("attempts", _l("Attempts"), lambda row: row.attempts, is_number=True),
        Column("error", _l("What the server said"), lambda row: row.last_error),
    ),
    filters=(
        choice("state", _l("State"), OutgoingMail.state, STATES),
        choice("kind", _l("About"), OutgoingMail.kind, KINDS),
        search("to", _l("To"), Staff.email, Staff.name),
    ),
    key=(OutgoingMail.id,),
    sort="-made",
)


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as it is read."""

    id: int
    words: str
    at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class NoticesPage:
    """Fifty notices, and where older ones begin (0 for nowhere)."""

    lines: tuple[NoticeView, ...]
    unread: int
    newest: int
    older: int


def notices_page(session: Session, person: Person, *, unread: bool, before: int | None) -> NoticesPage:
    """Read a page of a person's notices."""
    rows = notices.list_notices(session, person.id, unread=unread, before=before)
    lines = tuple(
        NoticeView(
            row.id,
            sentence(row.kind, _named(row), current_language()),
            row.at,
            row.read_at is not None,
        )
        for row in rows
    )
    older = rows[-1].id if len(rows) == notices.PAGE else 0
    return NoticesPage(lines, notices.count_unread(session, person.id), rows[0].id if rows else 0, older)


def _named(row: Notice) -> dict[str, str | int]:
    """Give what a notice names; earlier ones about a reply have its number in their address alone."""
    parameters: dict[str, str | int] = json.loads(row.parameters)
    return {"number": row.address.rpartition("/")[2], **parameters}
