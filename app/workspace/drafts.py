"""Forms half typed: sealed by the edge, a row for each person, form and object; nobody reads those of others."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.workspace.models import FormDraft
from surveys.sql import put_row

LIFE = timedelta(days=7)
"""A form that was not gone on with for so long goes."""


MOST = 200
"""Forms of one person that are kept: a return has a hundred values."""

MOST_BYTES = 4_000_000
"""Bytes of all of them, sealed, which every page of their owner reads: four of the longest, thousands of others."""


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
    key = {"staff": actor.id, "form": place.form, "object_id": place.object_id}
    put_row(session, FormDraft, key, {"sealed": sealed, "at": actor.at})
    session.execute(delete(FormDraft).where(FormDraft.staff == actor.id, FormDraft.at < actor.at - LIFE))
    for form, object_id in session.execute(_beyond(actor.id, place)).all():
        drop(session, actor.id, FormPlace(form, object_id))


def _beyond(staff: int | None, place: FormPlace) -> Select[str, str]:
    """Say how to find the forms that are too many beside this one, which stays whatever its age."""
    is_other = (FormDraft.form != place.form) | (FormDraft.object_id != place.object_id)
    newest_first = (is_other, FormDraft.at.desc(), FormDraft.form, FormDraft.object_id)
    number = func.row_number().over(order_by=newest_first).label("number")
    size = func.sum(func.length(FormDraft.sealed)).over(order_by=newest_first).label("size")
    own = select(FormDraft.form, FormDraft.object_id, number, size).where(FormDraft.staff == staff).subquery()
    is_beyond = (own.c.number > MOST) | ((own.c.size > MOST_BYTES) & (own.c.number > 1))
    return select(own.c.form, own.c.object_id).where(is_beyond)


def read(session: Session, staff: int, place: FormPlace, at: datetime) -> Kept | None:
    """Give a person's own draft; None where there is none, or it is too old."""
    statement = select(FormDraft.sealed, FormDraft.at).where(*_own(staff, place), FormDraft.at >= at - LIFE)
    row = session.execute(statement).first()
    return Kept(row.sealed, row.at) if row else None


def all_of(staff: int, at: datetime) -> Select[str, str, bytes, datetime]:
    """Say how to find all drafts of a person, each as its place and what is kept, without those that are too old."""
    columns = select(FormDraft.form, FormDraft.object_id, FormDraft.sealed, FormDraft.at)
    return columns.where(FormDraft.staff == staff, FormDraft.at >= at - LIFE)


def drop(session: Session, staff: int | None, place: FormPlace) -> None:
    """Forget a draft: the form was sent, or its owner does not want it."""
    session.execute(delete(FormDraft).where(*_own(staff, place)))


def _own(staff: int | None, place: FormPlace) -> tuple[ColumnElement[bool], ...]:
    return FormDraft.staff == staff, FormDraft.form == place.form, FormDraft.object_id == place.object_id
