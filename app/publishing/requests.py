"""A stored official run is asked to be published, or somebody objects: where the way to a publication begins."""

from dataclasses import dataclass
from importlib import import_module

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission
from app.audit.journal import Actor, Entry, record
from app.notices.notices import notify
from app.publishing.errors import Barrier, BarrierError
from app.publishing.models import Publication, PublicationRequest
from app.publishing.persons import checked_note, checked_reason, step_begins
from app.publishing.telling import message, nothing_waits, tell_others
from app.ratings.models import OFFICIAL, Run
from app.ratings.stored import has_errors
from surveys.languages import Text3
from surveys.models import Wave

OPEN = "requested"
NOTHING = Text3("", "", "")
Detail = dict[str, str | int | bool | None]
ENDED = {"stopped": Barrier.STOPPED, "published": Barrier.PUBLISHED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is asked for: a run, a note for those who approve, and what it corrects, with the reason."""

    run: str
    note: str = ""
    corrects: int | None = None
    correction: Text3 = NOTHING


def request_publication(session: Session, proposal: Proposal, actor: Actor) -> int:
    """Ask for a run to be published; gives the number of the request. Raises BarrierError.

    The run must be official and without errors, must not have been asked for before, and its waves must take no more
    answers; those of an illustrative wave are nobody's, and every page of the publication says so.
    """
    person = step_begins(session, actor, Permission.REQUEST_RUN)
    run = _publishable(session, proposal.run)
    correction = checked_reason(proposal.correction) if proposal.corrects is not None else NOTHING
    if proposal.corrects is not None and not is_standing(session, proposal.corrects):
        raise BarrierError(Barrier.NOT_STANDING, str(proposal.corrects))
    request = PublicationRequest(
        run=run.id,
        state=OPEN,
        requested_by=person.id,
        requested_at=actor.at,
        note=checked_note(proposal.note, needed=False),
        out_of_date=False,
        stop_reason="",
        corrects=proposal.corrects,
        **_three("changed", NOTHING),
        **_three("correction", correction),
    )
    session.add(request)
    session.flush()
    detail: Detail = {"run": run.id, "corrects": proposal.corrects, **digests_approved(run)}
    asked = message("approval.asked", address_of(request.id), request=request.id)
    tell_others(session, actor, asked, person.id)
    record(session, actor, _entry("publication.requested", request, detail))
    return request.id


def object_to(session: Session, request_id: int, reason: str, actor: Actor) -> None:
    """Stop a request, for a reason that colleagues read; raises BarrierError."""
    person = step_begins(session, actor, Permission.APPROVE)
    request = open_request(session, request_id)
    request.state, request.stopped_by = "stopped", person.id
    request.stop_reason = checked_note(reason, needed=True)
    session.flush()
    nothing_waits(session, actor, "approval.asked", request.id)
    objected = message("publication.objected", address_of(request.id), request=request.id)
    notify(session, {request.requested_by}, objected, actor.at)
    record(session, actor, _entry("publication.stopped", request, {"run": request.run}))


def address_of(request_id: int) -> str:
    """Give the page of a request in the console."""
    return f"/console/publications/{request_id}"


def inputs_changed(session: Session, request_id: int) -> bool:
    """Compare everything that a request's run was made of with what there is now; takes a second, and writes nothing.

    Raises BarrierError when the request is on its way no more.
    """
    run = session.get_one(Run, open_request(session, request_id).run)
    # Scoring costs 45 MB: only a process that compares should load it.
    freshness = import_module("app.ratings.freshness")
    changed: bool = freshness.is_changed(session, run, freshness.digests_now(session, run))
    return changed


def note_changed(session: Session, request_id: int, changed: bool, actor: Actor) -> None:
    """Keep whether the inputs of a request have changed, for its pages; raises BarrierError as `inputs_changed`."""
    request = open_request(session, request_id)
    if changed != request.out_of_date:
        request.out_of_date = changed
        session.flush()
        record(session, actor, _entry("publication.out_of_date", request, {"run": request.run, "changed": changed}))


def open_requests(session: Session) -> tuple[int, ...]:
    """List the requests that are on their way."""
    on_its_way = PublicationRequest.state == OPEN
    return tuple(session.scalars(select(PublicationRequest.id).where(on_its_way).order_by(PublicationRequest.id)))


def open_request(session: Session, request_id: int) -> PublicationRequest:
    """Read a request as it is now, which must be on its way; raises BarrierError."""
    request = session.get(PublicationRequest, request_id, populate_existing=True)
    if request is None:
        raise BarrierError(Barrier.UNKNOWN, str(request_id))
    if request.state in ENDED:
        raise BarrierError(ENDED[request.state])
    return request


def request_of_run(session: Session, run_id: str) -> int | None:
    """Find the request of a run; None when nobody asked for it."""
    return session.execute(select(PublicationRequest.id).where(PublicationRequest.run == run_id)).scalar_one_or_none()


def is_standing(session: Session, number: int) -> bool:
    """Tell whether there is a publication of a number that was not withdrawn."""
    publication = session.get(Publication, number, populate_existing=True)
    return publication is not None and publication.state == "published"


def waves_taking_answers(session: Session, run: Run) -> tuple[str, ...]:
    """List the waves of a run that are not closed yet, but for those whose answers are illustrative."""
    open_ones = (
        Wave.code.in_(run.waves.split()),
        Wave.state.not_in(("closed", "frozen")),
        Wave.illustrative.is_(False),
    )
    return tuple(session.scalars(select(Wave.code).where(*open_ones).order_by(Wave.code)))


def digests_approved(run: Run) -> dict[str, str]:
    """Give what an approval binds to."""
    return {"output_digest": run.output_digest, "edition_digest": run.edition_digest}


def _publishable(session: Session, run_id: str) -> Run:
    run = session.get(Run, run_id)
    if run is None or run.kind != OFFICIAL:
        raise BarrierError(Barrier.NOT_OFFICIAL)
    if request_of_run(session, run_id) is not None:
        raise BarrierError(Barrier.ASKED_BEFORE)
    if has_errors(session, run_id):
        raise BarrierError(Barrier.NOT_OFFICIAL)
    if waves := waves_taking_answers(session, run):
        raise BarrierError(Barrier.WAVES_OPEN, ", ".join(waves))
    return run


def _three(name: str, texts: Text3) -> dict[str, str]:
    return {f"{name}_{language}": text for language, text in texts._asdict().items()}


def _entry(event: str, request: PublicationRequest, detail: Detail) -> Entry:
    return Entry(event=event, object_kind="publication_request", object_id=str(request.id), detail=detail)
