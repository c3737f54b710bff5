"""Lists with their filters, kept by a name: one's own, and those that colleagues share with their city."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Person
from app.audit.journal import Actor, Entry, record
from app.workspace.models import SavedView
from surveys.sql import hold_journal

MOST = 50
"""Views of one person: colleagues read them all at the list."""


class TooManyViewsError(Exception):
    """Somebody has as many views as there may be."""


class KeptView(NamedTuple):
    """A view as its list shows it."""

    id: int
    name: str
    address: str
    is_own: bool


def list_views(session: Session, person: Person, path: str) -> list[KeptView]:
    """List the views of a list that a person sees, their own first."""
    statement = (
        select(SavedView)
        .where(
            or_(SavedView.address == path, SavedView.address.startswith(f"{path}?", autoescape=True)),
            or_(SavedView.staff == person.id, and_(SavedView.shared, SavedView.city.in_(_cities(person)))),
        )
        .order_by(SavedView.name)
    )
    views = [KeptView(row.id, row.name, row.address, row.staff == person.id) for row in session.scalars(statement)]
    return sorted(views, key=lambda view: not view.is_own)


def keep_view(session: Session, actor: Actor, name: str, address: str, *, city: str | None) -> None:
    """Keep an address under a name, in place of one's own view of that name; `city` is with whom it is shared.

    Raises TooManyViewsError.
    """
    hold_journal(session)  # of two requests with one name the second finds the view of the first
    own = {row.name: row for row in session.scalars(select(SavedView).where(SavedView.staff == actor.id))}
    if name not in own and len(own) >= MOST:
        raise TooManyViewsError
    row = own.get(name) or SavedView(staff=actor.id, name=name)
    row.address, row.city, row.shared = address, city, city is not None
    session.add(row)
    session.flush()
    record(session, actor, Entry(event="view.kept", object_kind="view", object_id=str(row.id), city=city))


def remove_view(session: Session, actor: Actor, number: int) -> bool:
    """Remove one's own view; False where there is none."""
    own = delete(SavedView).where(SavedView.id == number, SavedView.staff == actor.id).returning(SavedView.id)
    if session.execute(own).first() is None:
        return False
    record(session, actor, Entry(event="view.removed", object_kind="view", object_id=str(number)))
    return True


def _cities(person: Person) -> Collection[str]:
    return {grant.city for grant in person.grants if grant.city}
