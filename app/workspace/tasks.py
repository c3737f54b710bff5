"""Work on many objects, a piece at a time: each piece is a transaction of its own that also says how far it is.

So whoever takes over from a process that ended goes on where it was, and no object is changed twice.
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.audit.journal import Actor, Entry, canonical, record
from app.clock import Clock
from app.database import Database
from app.workspace.models import Task

PIECE = 100
"""Objects of one transaction."""
SILENT = timedelta(minutes=1)
"""Work of which nothing was heard for so long is taken over."""
UNDO = timedelta(minutes=10)
"""How long it can be undone."""

_OVER = frozenset({"done", "failed"})

Left = Mapping[str, str]
"""Ids that were left as they are, each with the word of its reason."""
Work = Callable[[Session, Actor, Sequence[str], Mapping[str, str], str], Left]
"""Changes objects: takes ids, what was typed in the confirmation, and the id that its rows of the journal carry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkOrder:
    """What is to be done: the kind of action, the ids, what was typed, and the list it came from."""

    kind: str
    ids: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    back: str = ""
    undoes: str = ""
    """The id of the work that this one takes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far work is; `left` are the ids that were left as they are."""

    id: str
    order: BulkOrder
    state: str
    """waiting, running, done or failed."""
    done: int
    total: int
    left: Left
    undone_by: str
    touched_at: datetime
    ended_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens."""
        return self.state in _OVER

    @property
    def changed(self) -> tuple[str, ...]:
        """Ids that were changed."""
        return tuple(each for each in self.order.ids[: self.done] if each not in self.left)

    def may_be_undone(self, at: datetime) -> bool:
        """Tell whether there is something to take back, and still time for it."""
        ended = self.ended_at is not None and at - self.ended_at < UNDO
        return ended and bool(self.changed) and not self.undone_by and not self.order.undoes


class TooMuchError(RuntimeError):
    """A person has ordered as much work of a kind as may be at a time; `open` are the ids of what is not over."""

    def __init__(self, open_work: Sequence[str]) -> None:
        """Keep the ids."""
        super().__init__(f"{len(open_work)} are not over")
        self.open = tuple(open_work)


def start(session: Session, actor: Actor, order: BulkOrder, most: int | None = None) -> str:
    """Order work; gives its id, which is that of all journal rows of it too.

    Raises TooMuchError where the person has `most` of its kind that are not over. None: there is no bound.
    """
    if most is not None and actor.id is not None:
        _check_room(session, order.kind, actor.id, most)
    name = secrets.token_hex(12)
    parameters = {"ids": list(order.ids), "values": dict(order.values), "back": order.back, "undoes": order.undoes}
    task = Task(
        id=name,
        staff=actor.id,
        kind=order.kind,
        parameters=canonical(parameters),
        state="waiting",
        done=0,
        total=len(order.ids),
        result=canonical({"left": {}, "undone_by": ""}),
        file_name="",
        file=None,
        made_at=actor.at,
        touched_at=actor.at,
        ended_at=None,
    )
    session.add(task)
    if order.undoes:
        undone = session.get_one(Task, order.undoes)
        undone.result = canonical(json.loads(undone.result) | {"undone_by": name})
    session.flush()
    detail: dict[str, str | int | bool | None] = {"number": len(order.ids), "undoes": order.undoes or None}
    record(
        session, actor, Entry(event="bulk.ordered", object_kind="bulk", object_id=order.kind, detail=detail, bulk=name)
    )
    return name


def _check_room(session: Session, kind: str, staff: int, most: int) -> None:
    # Of two orders at once each would count without the other: the second waits here for the first.
    session.execute(select(Staff.id).where(Staff.id == staff).with_for_update(key_share=True))
    waiting = list_open(session, kind, staff)
    if len(waiting) >= most:
        raise TooMuchError(waiting)


def address_of(name: str) -> str:
    """Give the page of work, which its own person alone sees."""
    return f"/console/tasks/{name}"


def list_open(session: Session, kind: str, staff: int) -> list[str]:
    """List a person's work of a kind that is not over, the oldest first, by its ids."""
    mine = (Task.kind == kind, Task.staff == staff, Task.state.in_(("waiting", "running")))
    return list(session.scalars(select(Task.id).where(*mine).order_by(Task.made_at, Task.id)))


def read_progress(session: Session, name: str, staff: int) -> Progress | None:
    """Give a person's own work; None when there is none of that id."""
    task = session.scalars(select(Task).where(Task.id == name, Task.staff == staff)).first()
    return _progress(task) if task else None


def read_any(session: Session, name: str) -> Progress | None:
    """Give work whoever ordered it, for the process that does it; None when there is none of that id."""
    task = session.get(Task, name)
    return _progress(task) if task else None


def is_under_way(session: Session, kind: str, object_id: str, at: datetime) -> bool:
    """Tell whether work of a kind on one object is going on, whoever ordered it; not where nothing is heard of it."""
    going_on = (Task.kind == kind, Task.state.in_(("waiting", "running")), Task.touched_at > at - SILENT)
    parameters = session.scalars(select(Task.parameters).where(*going_on))
    return any(object_id in json.loads(each)["ids"] for each in parameters)


def touch(session: Session, name: str, at: datetime) -> None:
    """Note that somebody is at work: it is not taken over."""
    session.execute(update(Task).where(Task.id == name, Task.state.in_(("waiting", "running"))).values(touched_at=at))


def take_over(session: Session, name: str, at: datetime) -> bool:
    """Claim work of which nothing was heard for a minute; False when another has it, or it is over."""
    statement = (
        update(Task)
        .where(Task.id == name, Task.state.in_(("waiting", "running")), Task.touched_at <= at - SILENT)
        .values(touched_at=at)
    )
    return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def carry_out(database: Database, clock: Clock, name: str, work: Work) -> None:
    """Do ordered work to its end, a piece at a time."""
    while True:
        with database.writing() as session:
            task = session.scalars(select(Task).where(Task.id == name).with_for_update()).one()
            if not _do_piece(session, task, work, clock.now()):
                return


def fail(session: Session, name: str, at: datetime) -> int | None:
    """Note that work broke off: what was done stays, the rest was not touched. Gives who ordered it; None for none."""
    task = session.scalars(select(Task).where(Task.id == name).with_for_update()).first()
    if task is None or task.state in _OVER:
        return None
    task.state, task.ended_at, task.touched_at = "failed", at, at
    return task.staff


def _do_piece(session: Session, task: Task, work: Work, at: datetime) -> bool:
    """Do the next piece; False when there is none."""
    progress = _progress(task)
    if progress.is_over:
        return False
    ids = progress.order.ids[task.done : task.done + PIECE]
    task.touched_at = at
    if ids:
        left = work(session, Actor(task.staff, at), ids, progress.order.values, task.id)
        result: dict[str, Any] = json.loads(task.result)
        task.result = canonical(result | {"left": result["left"] | dict(left)})
        task.state, task.done = "running", task.done + len(ids)
    if task.done == task.total:
        task.state, task.ended_at = "done", at
    return task.state != "done"


def _progress(task: Task) -> Progress:
    parameters, result = json.loads(task.parameters), json.loads(task.result)
    order = BulkOrder(
        kind=task.kind,
        ids=tuple(parameters["ids"]),
        values=parameters["values"],
        back=parameters["back"],
        undoes=parameters["undoes"],
    )
    return Progress(
        id=task.id,
        order=order,
        state=task.state,
        done=task.done,
        total=task.total,
        left=result["left"],
        undone_by=result["undone_by"],
        touched_at=task.touched_at,
        ended_at=task.ended_at,
    )
