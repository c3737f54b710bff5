"""Forms half typed: sealed by the edge, a row for each person, form and object; nobody reads those of others."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.workspace.models import FormDraft

LIFE = timedelta(days=7)
"""A form that was not gone on with for so long goes."""


MOST = 200
"""Forms of one person that are kept: a return has a hundred values."""


class FormPlace(NamedTuple):
    """Which form of which object: ("value", "2024/aktau/hlt_1")."""

    form: str
    object_id: str


class Kept(NamedTuple):
    """What is kept of a form, sealed, and since when."""

    sealed: bytes
    at: datetime


def keep(session: Session, actor: Actor, place: FormPlace, sealed: bytes) -> None:
    """Keep a form as it is now, in place of how it was; of too many the oldest go."""
    session.merge(FormDraft(staff=actor.id, form=place.form, object_id=place.object_id, sealed=sealed, at=actor.at))
    session.execute(delete(FormDraft).where(FormDraft.staff == actor.id, FormDraft.at < actor.at - LIFE))
    others = (FormDraft.staff == actor.id, (FormDraft.form != place.form) | (FormDraft.object_id != place.object_id))
    newest_first = (FormDraft.at.desc(), FormDraft.form, FormDraft.object_id)
    beyond = select(FormDraft.form, FormDraft.object_id).where(*others).order_by(*newest_first).offset(MOST - 1)
    for form, object_id in session.execute(beyond).all():
        drop(session, actor.id, FormPlace(form, object_id))


def read(session: Session, staff: int, place: FormPlace, at: datetime) -> Kept | None:
    """Give a person's own draft; None where there is none, or it is too old."""
    statement = select(FormDraft.sealed, FormDraft.at).where(*_own(staff, place), FormDraft.at >= at - LIFE)
    row = session.execute(statement).first()
    return Kept(row.sealed, row.at) if row else None


def places_of(staff: int) -> Select[str, str]:
    """Say how to find the places of which a person's forms are kept."""
    return select(FormDraft.form, FormDraft.object_id).where(FormDraft.staff == staff)


def drop(session: Session, staff: int | None, place: FormPlace) -> None:
    """Forget a draft: the form was sent, or its owner does not want it."""
    session.execute(delete(FormDraft).where(*_own(staff, place)))


def _own(staff: int | None, place: FormPlace) -> tuple[ColumnElement[bool], ...]:
    return FormDraft.staff == staff, FormDraft.form == place.form, FormDraft.object_id == place.object_id
