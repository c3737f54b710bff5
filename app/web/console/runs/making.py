"""A run takes some seconds and 200 MB: it is made beside the requests."""

from collections.abc import Mapping, Sequence
from datetime import date
from importlib import import_module

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission
from app.audit.journal import Actor
from app.database import Database
from app.notices.models import Notice
from app.notices.notices import Message, notify
from app.ratings.models import Run
from app.web.console import selection
from app.web.console.selection import BulkAction
from app.web.console.tables import Column, Listing, choice
from app.web.language import _l, _n
from app.workspace.tasks import BulkOrder, Left, Progress, Work
from scoring.errors import RatingError

KINDS = {"trial": _l("trial, not examined"), "official": _l("official")}
LISTING = Listing(
    name="runs",
    columns=(
        Column("made", _l("Made on"), value=lambda row: row.Run.finished_on, sort=(Run.finished_on,)),
        Column("period", _l("Period"), value=lambda row: row.Run.period, sort=(Run.period,)),
        Column("kind", _l("Kind"), value=lambda row: row.Run.kind, sort=(Run.kind,)),
        Column("edition", _l("Edition"), value=lambda row: row.Run.edition, sort=(Run.edition,)),
        Column("waves", _l("Waves"), value=lambda row: row.Run.waves),
        Column("state", _l("Publication"), value=lambda row: row.publication or row.request or ""),
        Column("run", _l("Run"), value=lambda row: row.Run.id),
    ),
    filters=(choice("kind", _l("Kind"), Run.kind, KINDS),),
    key=(Run.id,),
    sort="-made",
)


def _prepare(database: Database, order: BulkOrder, today: date) -> Work:
    """Review and compute; what the work still does is to write the run."""
    # Scoring costs 45 MB: only a process that makes a run should load it.
    execution = import_module("app.ratings.execution")
    asked = execution.RunOrder(
        period=order.ids[0], waves=tuple(order.values["waves"].split()), kind=order.values["kind"]
    )
    try:
        computed = execution.prepare_run(database, asked, today)
    except execution.FaultyRunError:
        return _left(order, "faulty")
    except (execution.RunError, RatingError):
        return _left(order, "refused")

    def store(session: Session, actor: Actor, _ids: Sequence[str], _values: Mapping[str, str], bulk: str) -> Left:
        run = execution.store_run(session, computed, actor)
        _tell(session, actor, Message("run.made", _cause(bulk), f"/console/runs/{run}", {"period": order.ids[0]}))
        return {}

    return store


def _left(order: BulkOrder, why: str) -> Work:
    return lambda _session, _actor, _ids, _values, _bulk: {order.ids[0]: why}


def _tell(session: Session, actor: Actor, message: Message) -> None:
    """Tell whoever ordered a run: they may have left the page of its progress."""
    notify(session, [actor.id] if actor.id is not None else [], message, actor.at)


def _cause(task: str) -> str:
    return f"run.made:{task}"


def _address_of_made(session: Session, work: Progress) -> str:
    """Give the page of the run that was made; the notice about it knows which one that is."""
    return session.scalars(select(Notice.address).where(Notice.cause == _cause(work.id)).limit(1)).first() or ""


MAKE = BulkAction(
    name="runs.make",
    title=_l("Making a run"),
    permission=Permission.REQUEST_RUN,
    listing=LISTING,
    statement=lambda _person: select(Run),
    question=lambda n: _n("Make %(num)s run?", "Make %(num)s runs?", n),
    check=lambda _session, _person, _ids: {},
    prepare=_prepare,
    result=selection.ResultLink(_l("Open the run"), _address_of_made),
    reasons={
        "faulty": _l("the checks of its inputs found errors: make a trial, which names them"),
        "refused": _l("there is nothing to rate in this period"),
    },
)


def begin(period: str, values: Mapping[str, str], back: str) -> str:
    """Make a run of a period beside the requests; gives the id of the work. Values: its `waves` and its `kind`."""
    return selection.begin_long(BulkOrder(kind=MAKE.name, ids=(period,), values=values, back=back))
