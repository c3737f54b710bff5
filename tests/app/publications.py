"""Publications for tests, made through the one door: three persons, of whom two approve."""

from datetime import UTC, date, datetime, time
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.permissions import Role
from app.audit.journal import Actor
from app.clock import KAZAKHSTAN
from app.database import Database
from app.publishing.approvals import Seen, approve
from app.publishing.corrections import ask_withdrawal, confirm_withdrawal
from app.publishing.models import Publication, PublicationFile, PublicationRequest
from app.publishing.requests import Proposal, request_publication
from app.publishing.services import PublicationDraft, prepare, publish, store_draft
from app.ratings.execution import RunOrder, execute_run
from app.ratings.models import Run, RunFrame
from surveys.languages import Text3
from surveys.models import Wave
from tests.builders.staff import make_staff


class Three(NamedTuple):
    """Who asks, who approves first, and who approves second and publishes."""

    requester: int
    approver: int
    publisher: int


def make_three(session: Session) -> Three:
    """Store the persons that a publication needs at least."""
    return Three(*(make_staff(session, role).id for role in (Role.REVIEWER, Role.REVIEWER, Role.PUBLISHER)))


def noon(day: date) -> datetime:
    """Give the middle of a day in Kazakhstan."""
    return datetime.combine(day, time(12), KAZAKHSTAN).astimezone(UTC)


def see(session: Session, run_id: str) -> Seen:
    """Give what the page of a run shows of its bytes."""
    run = session.get_one(Run, run_id)
    return Seen(run.output_digest, run.edition_digest)


def approved_request(
    session: Session, run_id: str, three: Three, at: datetime, proposal: Proposal | None = None
) -> int:
    """Ask for a run and let two approve it; gives the number of the request. Its waves are closed first."""
    run = session.get_one(Run, run_id)
    closing = (Wave.code.in_(run.waves.split()), Wave.state == "open", Wave.illustrative.is_(False))
    session.execute(update(Wave).where(*closing).values(state="closed"))
    request = checked_request(session, proposal or Proposal(run=run_id), Actor(three.requester, at))
    for staff in (three.approver, three.publisher):
        approve(session, request, see(session, run_id), "", Actor(staff, at))
    return request


def checked_request(session: Session, proposal: Proposal, actor: Actor) -> int:
    """Ask for a run, and let the attack on its preview have found no group of few people, without computing it."""
    request = request_publication(session, proposal, actor)
    session.get_one(PublicationRequest, request).few_people = 0
    session.flush()
    return request


def publish_run(session: Session, run_id: str, today: date, proposal: Proposal | None = None) -> int:
    """Publish a stored run by three made persons; gives the number of the publication."""
    three, at = make_three(session), noon(today)
    request = approved_request(session, run_id, three, at, proposal)
    return publish(session, prepare(session, request, today=today), Actor(three.publisher, at))


def publish_order(session: Session, order: RunOrder, today: date) -> int:
    """Make a run and publish it; gives the number of the publication."""
    return publish_run(session, execute_run(session, order, Actor(None, noon(today))), today)


def withdraw(session: Session, number: int, reason: Text3, at: datetime) -> None:
    """Withdraw a publication as two persons do it."""
    publisher, other = (make_staff(session, role, from_day=at.date()).id for role in (Role.PUBLISHER, Role.REVIEWER))
    confirm_withdrawal(session, number, ask_withdrawal(session, number, reason, Actor(publisher, at)), Actor(other, at))


def publish_copy(database: Database, number: int, **changed: str) -> None:
    """Store a publication of a run like the first, but of another edition or period."""
    with database.writing() as session:
        first = session.get_one(Publication, 1)
        run = copy_run(session, f"copy-{number}", **changed)
        own = {"state": "published", "published_on": first.published_on, "previous_sha256": ""}
        session.add(Publication(number=number, run=run.id, edition=run.edition, bundle_sha256=str(number) * 64, **own))


def copy_run(session: Session, name: str, **changed: str) -> Run:
    """Store a run like that of the first publication under a name, without computing anything."""
    run = session.get_one(Run, session.get_one(Publication, 1).run)
    words = {column.name: getattr(run, column.name) for column in Run.__table__.columns}
    copy = Run(**(words | {"id": name} | changed))
    session.add(copy)
    session.flush()
    for frame in session.scalars(select(RunFrame).where(RunFrame.run == run.id)).all():
        own = {field: getattr(frame, field) for field in ("side", "kind", "rows", "sha256", "csv_gz")}
        session.add(RunFrame(run=name, **own))
    session.flush()
    return copy


def draft_copy(session: Session, run: Run, requester: Actor) -> int:
    """Ask for a run that is a copy of the published one, with the files of that as its preview; gives the number."""
    request = checked_request(session, Proposal(run=run.id), requester)
    files = session.scalars(select(PublicationFile).where(PublicationFile.publication == 1)).all()
    draft = PublicationDraft({file.path: file.content for file in files}, few_people=0)
    store_draft(session, request, draft, requester)
    return request
