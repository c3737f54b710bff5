"""A run takes some seconds and 200 MB: it is made beside the requests."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from importlib import import_module

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission
from app.audit.journal import Actor, Entry, record
from app.database import Database
from app.notices.models import Notice
from app.notices.notices import Message, notify
from app.ratings.models import Run
from app.web.console import selection
from app.web.console.selection import Bound, BulkAction
from app.web.console.tables import Column, Listing, choice
from app.web.language import _l, _n
from app.workspace.tasks import BulkOrder, Left, Progress, Work, address_of
from scoring.errors import RatingError
from surveys.db import UtcDateTime

MOST_UNFINISHED = 3
"""Runs that one person may have ordered and not made yet: one process makes them all, one after the other."""

KINDS = {"trial": _l("trial, not examined"), "official": _l("official")}
_NO_MOMENT = literal(datetime(1970, 1, 1, tzinfo=UTC), UtcDateTime())
"""In place of the moment of runs of which the day alone is known."""

LISTING = Listing(
    name="runs",
    columns=(
        Column(
            "made",
            _l("Made"),
            value=lambda row: row.Run.made_at or row.Run.finished_on,
            sort=(Run.finished_on, func.coalesce(Run.made_at, _NO_MOMENT)),
        ),
        Column("period", _l("Period"), value=lambda row: row.Run.period, sort=(Run.period,)),
        Column("kind", _l("Kind"), value=lambda row: row.Run.kind, sort=(Run.kind,)),
        Column("edition", _l("Edition"), value=lambda row: row.Run.edition, sort=(Run.edition,)),
        Column("waves", _l("Waves"), value=lambda row: row.Run.waves),
        Column("request", _l("Request"), value=lambda row: row.request or ""),
        Column("publication", _l("Publication"), value=lambda row: row.publication or ""),
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
    """Leave the run unmade, and tell who ordered it that it failed: the page of the work says why."""

    def leave(session: Session, actor: Actor, _ids: Sequence[str], _values: Mapping[str, str], bulk: str) -> Left:
        detail = {"kind": order.values["kind"], "why": why}
        failed = Entry(event="run.failed", object_kind="period", object_id=order.ids[0], detail=detail, bulk=bulk)
        record(session, actor, failed)
        _tell(session, actor, Message("run.failed", f"run.failed:{bulk}", address_of(bulk), {"period": order.ids[0]}))
        return {order.ids[0]: why}

    return leave


def _tell(session: Session, actor: Actor, message: Message) -> None:
    """Tell whoever ordered a run: they may have left the page of its progress."""
    notify(session, [actor.id] if actor.id is not None else [], message, actor.at)


def _cause(task: str) -> str:
    return f"run.made:{task}"


def _address_of_made(session: Session, work: Progress) -> str:
    """Give the page of the run that was made; the notice about it knows which one that is."""
    return session.scalars(select(Notice.address).where(Notice.cause == _cause(work.id)).limit(1)).first() or ""


def _too_many(n: int) -> str:
    return _n(
        "%(num)s run that you ordered is not made yet. Please wait until it is over, then order the next one.",
        "%(num)s runs that you ordered are not made yet. Please wait until one of them is over, "
        "then order the next one.",
        n,
    )


MAKE = BulkAction(
    name="runs.make",
    title=_l("Making a run"),
    permission=Permission.REQUEST_RUN,
    listing=LISTING,
    statement=lambda _person: select(Run),
    question=lambda n: _n("Make %(num)s run?", "Make %(num)s runs?", n),
    check=lambda _session, _person, _ids: {},
    prepare=_prepare,
    bound=Bound(MOST_UNFINISHED, _too_many),
    result=selection.ResultLink(_l("Open the run"), _address_of_made),
    reasons={
        "faulty": _l("the checks of its inputs found errors: make a trial, which names them"),
        "refused": _l("there is nothing to rate in this period"),
    },
)


def begin(period: str, values: Mapping[str, str], back: str) -> str:
    """Make a run of a period beside the requests; gives the id of the work. Values: its `waves` and its `kind`.

    Raises TooMuchError where the person's runs that are ordered and not over are as many as may be.
    """
    return selection.begin_long(BulkOrder(kind=MAKE.name, ids=(period,), values=values, back=back))
