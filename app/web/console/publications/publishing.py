"""Publishing takes half a minute: it is computed beside the requests, and only what is ready is written.

The reason that was typed stays in its form until it is printed, and what a refusal says of the inputs is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person
from app.audit.journal import Actor
from app.clock import day_of
from app.database import Database
from app.faults import describe
from app.publishing import requests
from app.publishing.errors import Barrier, BarrierError, DisclosureError, PublicationError
from app.publishing.models import PublicationRequest
from app.web import site
from app.web.console.publications.views import BARRIERS, OTHER_ENDS
from app.web.console.selection import BulkAction
from app.web.console.services import services
from app.web.console.tables import Listing
from app.web.language import _l, _n
from app.workspace import drafts, tasks
from app.workspace.drafts import FormPlace
from app.workspace.tasks import BulkOrder, Left
from surveys.languages import Text3

if TYPE_CHECKING:
    from app.publishing.services import Prepared, PublicationDraft

REASON_FORM = "publish"
"""Name of the form that asks why a request is published though its inputs have changed."""
OF_INPUTS = {Barrier.OUT_OF_DATE.value: True, Barrier.NOT_OUT_OF_DATE.value: False}
"""What a refusal says of the inputs: whether they have changed."""

REQUESTS = Listing(name="requests", columns=(), key=(PublicationRequest.id,))
REASONS = {word.value: words for word, words in BARRIERS.items()} | OTHER_ENDS


def _nothing_left(_session: Session, _person: Person, _ids: Sequence[str]) -> Left:
    return {}


def _publish(session: Session, actor: Actor, ids: Sequence[str], values: Mapping[str, str], _bulk: str) -> Left:
    """Prepare and publish in one transaction: for work that another process has to take over."""
    number, today = int(ids[0]), day_of(actor.at)
    left = _ended(ids, lambda: _publishing().publish(session, _prepared(session, number, values, today), actor))
    _noted(session, actor, number, left)
    return left


def _redraw(session: Session, actor: Actor, ids: Sequence[str], _values: Mapping[str, str], _bulk: str) -> Left:
    number, today = int(ids[0]), day_of(actor.at)
    return _ended(
        ids, lambda: _publishing().store_draft(session, number, _publishing().make_draft(session, number, today=today))
    )


def _action(name: str, title: str, permission: Permission, work: tasks.Work) -> BulkAction:
    return BulkAction(
        name=name,
        title=title,
        permission=permission,
        listing=REQUESTS,
        statement=lambda _person: select(PublicationRequest.id),
        question=lambda n: _n("Publish %(num)s rating?", "Publish %(num)s ratings?", n),
        check=_nothing_left,
        work=work,
        reasons=REASONS,
    )


PUBLISH = _action("publications.publish", _l("Publishing"), Permission.PUBLISH, _publish)
DRAFT = _action("publications.draft", _l("Computing the preview"), Permission.REQUEST_RUN, _redraw)


def begin_publishing(actor: Actor, request_id: int, reason: Text3 | None, back: str) -> str:
    """Publish a request beside the requests; gives the id of the work."""
    values = dict(reason._asdict()) if reason else {}
    return _begin(PUBLISH, actor, BulkOrder(kind=PUBLISH.name, ids=(str(request_id),), values=values, back=back))


def begin_draft(actor: Actor, request_id: int, back: str) -> str:
    """Compute the preview of a request; gives the id of the work."""
    return _begin(DRAFT, actor, BulkOrder(kind=DRAFT.name, ids=(str(request_id),), back=back))


def _begin(action: BulkAction, actor: Actor, order: BulkOrder) -> str:
    database, clock, here = site.database(), site.clock(), services()
    with database.writing() as session:
        name = tasks.start(session, actor, order)

    def do() -> None:
        try:
            tasks.carry_out(database, clock, name, _computed_before(database, action, order, clock.today()))
        except Exception as error:
            here.fault(describe(error))
            with database.writing() as session:
                tasks.fail(session, name, clock.now())
            raise

    here.worker(do)
    return name


def _computed_before(database: Database, action: BulkAction, order: BulkOrder, today: date) -> tasks.Work:
    """Compute while nobody waits for the database's one writer; what the work still does is to write."""
    number = int(order.ids[0])
    made: list[Prepared | PublicationDraft] = []

    def make(session: Session) -> None:
        if action is PUBLISH:
            made.append(_prepared(session, number, order.values, today))
        else:
            made.append(_publishing().make_draft(session, number, today=today))

    with database.reading() as session:
        left = _ended(order.ids, lambda: make(session))
    return lambda session, actor, _ids, _values, _bulk: _written(session, actor, order, made[0] if made else left)


def _written(session: Session, actor: Actor, order: BulkOrder, made: "Prepared | PublicationDraft | Left") -> Left:
    number = int(order.ids[0])
    if isinstance(made, Mapping):
        left: Left = made
    elif isinstance(made, _publishing().PublicationDraft):
        return _ended(order.ids, lambda: _publishing().store_draft(session, number, made))
    else:
        left = _ended(order.ids, lambda: _publishing().publish(session, made, actor))
    if order.kind == PUBLISH.name:
        _noted(session, actor, number, left)
    return left


def _noted(session: Session, actor: Actor, number: int, left: Left) -> None:
    """Forget the typed reason once it is printed; else keep what the refusal tells of the inputs."""
    if not left:
        drafts.drop(session, actor.id, FormPlace(REASON_FORM, str(number)))
    elif left[str(number)] in OF_INPUTS:
        requests.note_changed(session, number, OF_INPUTS[left[str(number)]], actor)


def _prepared(session: Session, number: int, values: Mapping[str, str], today: date) -> "Prepared":
    reason = Text3(**values) if values else None
    prepared: Prepared = _publishing().prepare(session, number, today=today, reason=reason)
    return prepared


def _ended(ids: Sequence[str], step: Callable[[], object]) -> Left:
    """Take a step; gives, for a request that was left as it is, the word of the reason."""
    try:
        step()
    except BarrierError as barrier:
        return {ids[0]: barrier.why.value}
    except DisclosureError:
        return {ids[0]: "disclosure"}
    except PublicationError:
        return {ids[0]: "run"}
    except import_module("app.ratings.execution").RunError:
        return {ids[0]: "run"}
    return {}


def _publishing() -> Any:
    # Publishing computes with all of scoring, 45 MB: only a process that does it should load it.
    return import_module("app.publishing.services")
