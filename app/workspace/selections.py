"""Chosen objects, frozen when they were chosen: what comes or goes meanwhile changes nothing about them."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.workspace.models import Selection

LIFE = timedelta(minutes=30)
"""After so long a selection is over: the objects may have changed too much."""
KEPT = timedelta(days=1)
"""After so long it is gone. Until then it may still be read by what looks at each object anew, as a text does whose
writing takes longer than half an hour."""
MOST = 10_000
"""Objects at most."""


class Frozen(NamedTuple):
    """A selection: what kind of action it was made for, the ids in their order, and the list it was made in."""

    kind: str
    ids: tuple[str, ...]
    back: str


def freeze(session: Session, actor: Actor, frozen: Frozen) -> str:
    """Keep chosen ids, each once; gives the id of the selection. Those of the same person that are a day old go."""
    session.execute(delete(Selection).where(Selection.staff == actor.id, Selection.made_at < actor.at - KEPT))
    name = secrets.token_hex(12)
    row = Selection(
        id=name,
        staff=actor.id,
        kind=frozen.kind,
        object_ids="\n".join(dict.fromkeys(frozen.ids)),
        back=frozen.back[:800],
        made_at=actor.at,
    )
    session.add(row)
    session.flush()
    return name


def read_selection(session: Session, name: str, staff: int, at: datetime, life: timedelta = LIFE) -> Frozen | None:
    """Give a person's own selection; None when there is none, or it is over."""
    statement = select(Selection).where(Selection.id == name, Selection.staff == staff, Selection.made_at > at - life)
    row = session.scalars(statement).first()
    return Frozen(row.kind, tuple(row.object_ids.split("\n")) if row.object_ids else (), row.back) if row else None
