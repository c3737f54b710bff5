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
from app.database import Database
from app.publishing import requests
from app.publishing.errors import Barrier, BarrierError, DisclosureError, PublicationError
from app.publishing.models import PublicationRequest
from app.ratings.stored import RunError
from app.web import site
from app.web.console import selection
from app.web.console.publications.views import BARRIERS, OTHER_ENDS
from app.web.console.selection import BulkAction, Prepare
from app.web.console.tables import Listing
from app.web.language import _l, _n
from app.workspace import drafts, tasks
from app.workspace.drafts import FormPlace
from app.workspace.tasks import BulkOrder, Left, Work
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


def _prepare(database: Database, order: BulkOrder, today: date) -> Work:
    """Compute a publication; what the work still does is to write it."""
    return _computed_before(database, order, lambda session, number: _prepared(session, number, order.values, today))


def _draw(database: Database, order: BulkOrder, today: date) -> Work:
    """Compute a preview."""
    return _computed_before(
        database, order, lambda session, number: _publishing().make_draft(session, number, today=today)
    )


def _action(name: str, title: str, permission: Permission, prepare: Prepare) -> BulkAction:
    return BulkAction(
        name=name,
        title=title,
        permission=permission,
        listing=REQUESTS,
        statement=lambda _person: select(PublicationRequest.id),
        question=lambda n: _n("Publish %(num)s rating?", "Publish %(num)s ratings?", n),
        check=_nothing_left,
        prepare=prepare,
        reasons=REASONS,
    )


PUBLISH = _action("publications.publish", _l("Publishing"), Permission.PUBLISH, _prepare)
DRAFT = _action("publications.draft", _l("Computing the preview"), Permission.REQUEST_RUN, _draw)


def begin_publishing(request_id: int, reason: Text3 | None, back: str) -> str:
    """Publish a request beside the requests; gives the id of the work."""
    values = dict(reason._asdict()) if reason else {}
    return selection.begin_long(BulkOrder(kind=PUBLISH.name, ids=(str(request_id),), values=values, back=back))


def begin_draft(request_id: int, back: str) -> str:
    """Compute the preview of a request; gives the id of the work."""
    return selection.begin_long(BulkOrder(kind=DRAFT.name, ids=(str(request_id),), back=back))


def is_being_drawn(request_id: int) -> bool:
    """Tell whether somebody's order to compute the preview of a request is being carried out."""
    with site.database().reading() as session:
        return tasks.is_under_way(session, DRAFT.name, str(request_id), site.clock().now())


def _computed_before(
    database: Database, order: BulkOrder, make: "Callable[[Session, int], Prepared | PublicationDraft]"
) -> Work:
    made: list[Prepared | PublicationDraft] = []
    with database.reading() as session:
        left = _ended(order.ids, lambda: made.append(make(session, int(order.ids[0]))))
    return lambda session, actor, _ids, _values, _bulk: _written(session, actor, order, made[0] if made else left)


def _written(session: Session, actor: Actor, order: BulkOrder, made: "Prepared | PublicationDraft | Left") -> Left:
    number = int(order.ids[0])
    if isinstance(made, Mapping):
        left: Left = made
    elif isinstance(made, _publishing().PublicationDraft):
        return _ended(order.ids, lambda: _publishing().store_draft(session, number, made, actor))
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
    except RunError:
        return {ids[0]: "run"}
    return {}


def _publishing() -> Any:
    # Publishing computes with all of scoring, 45 MB: only a process that does it should load it.
    return import_module("app.publishing.services")
