"""A publication of the demo goes the way of all others: three persons ask, approve and publish. They are nobody."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.clock import day_of
from app.demo.persons import seed_persons
from app.publishing.approvals import Seen, approve
from app.publishing.requests import Proposal, request_publication
from app.publishing.services import make_draft, prepare, publish, store_draft
from app.ratings.models import Run

NOTE = "Көрсету нұсқасы: сұраған да, мақұлдаған да ойдан шығарылған адамдар. Демонстрация: все лица вымышлены."


class Ministry(NamedTuple):
    """Ids of the demo persons who publish."""

    requester: int
    approver: int
    publisher: int


def demo_ministry(session: Session, at: datetime) -> Ministry:
    """Give the persons of the demo who publish, and make those of its persons who are not there."""
    persons = seed_persons(session, Actor(None, at))
    return Ministry(persons["reviewer-1"], persons["reviewer-2"], persons["publisher"])


def ask(session: Session, run_id: str, ministry: Ministry, at: datetime) -> int:
    """Ask for a run in the name of a demo person, and let another one approve its preview; gives the request."""
    request = request_publication(session, Proposal(run=run_id, note=NOTE), Actor(ministry.requester, at))
    store_draft(session, request, make_draft(session, request, today=day_of(at)), Actor(ministry.requester, at))
    _approve(session, request, run_id, Actor(ministry.approver, at))
    return request


def publish_by_three(session: Session, run_id: str, ministry: Ministry, at: datetime) -> int:
    """Publish a run as three demo persons do it; gives the number of the publication."""
    request, publisher = ask(session, run_id, ministry, at), Actor(ministry.publisher, at)
    _approve(session, request, run_id, publisher)
    return publish(session, prepare(session, request, today=day_of(at)), publisher)


def _approve(session: Session, request: int, run_id: str, actor: Actor) -> None:
    run = session.get_one(Run, run_id)
    approve(session, request, Seen(run.output_digest, run.edition_digest), NOTE, actor)
