"""What every page of somebody who is signed in needs from the database, read in one statement."""

from datetime import datetime
from typing import NamedTuple, cast

from flask import g
from sqlalchemy import select, true

from app.accounts.permissions import Person
from app.audit.models import JournalCheck
from app.notices.notices import unread_of
from app.notices.outbox import failed_mails
from app.web import site
from app.workspace import drafts
from app.workspace.drafts import FormPlace, Kept


class HeadFacts(NamedTuple):
    """What the head of a page says and what raises an alarm."""

    unread: int
    """Notices that whoever is signed in has not read."""
    failed_mails: int
    checked_at: datetime | None
    """When the journal was verified last."""
    broken_seq: int | None
    """The row of the journal that failed then."""
    kept_forms: dict[FormPlace, Kept]
    """What is kept of forms that their pages have to be filled with."""


def kept_forms() -> dict[FormPlace, Kept]:
    """Give what is kept of forms of whoever is signed in; nothing where no page was drawn."""
    found: HeadFacts | None = g.get("head_facts")
    return found.kept_forms if found else {}


def read(person: Person) -> HeadFacts:
    """Read it once a page."""
    if "head_facts" not in g:
        newest = JournalCheck.checked_at.desc()
        facts = select(
            unread_of(person.id).label("unread"),
            failed_mails().label("failed_mails"),
            select(JournalCheck.checked_at).order_by(newest).limit(1).scalar_subquery().label("checked_at"),
            select(JournalCheck.broken_seq).order_by(newest).limit(1).scalar_subquery().label("broken_seq"),
        ).subquery()
        forms = drafts.all_of(person.id, site.clock().now()).subquery()
        statement = select(facts, forms).select_from(facts.outerjoin(forms, true()))
        with site.database().reading() as session:
            rows = session.execute(statement).all()
        unread, failed, checked_at, broken_seq, *_form = rows[0]
        kept = {FormPlace(form, of): Kept(sealed, at) for *_facts, form, of, sealed, at in rows if form}
        g.head_facts = HeadFacts(unread, failed, checked_at, broken_seq, kept)
    return cast(HeadFacts, g.head_facts)
