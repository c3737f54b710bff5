"""Who is told what of an initiative: examiners that one waits, its city what became of it."""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.clock import day_of
from app.indicators.assessors import list_assessors
from app.initiatives.models import CityInitiative, InitiativeExamination
from app.initiatives.standing import InitiativeStanding
from app.initiatives.states import WITH_EXAMINERS, InitiativeState
from app.notices.digests import DigestLine
from app.notices.notices import Message, notify
from app.notices.recipients import ENTERING, list_holders


def tell_examiners(session: Session, standing: InitiativeStanding, actor: Actor) -> None:
    """Tell everybody who may examine an initiative that it waits."""
    free = [each.id for each in list_assessors(session, day_of(actor.at)) if standing.key.city not in each.barred]
    _tell(session, "initiative.submitted", free, standing, at=actor.at)


def tell_third(session: Session, standing: InitiativeStanding, given: Collection[int], actor: Actor) -> None:
    """Tell those who may decide between two that they differ."""
    people = list_assessors(session, day_of(actor.at))
    free = [each.id for each in people if standing.key.city not in each.barred and each.id not in given]
    _tell(session, "initiative.differs", free, standing, at=actor.at)


def tell_city(session: Session, standing: InitiativeStanding, actor: Actor) -> None:
    """Tell the city what became of its initiative."""
    people = list_holders(session, ENTERING, day_of(actor.at), city=standing.key.city)
    _tell(session, "initiative.decided", people, standing, at=actor.at)


def tell_evaluated(session: Session, standing: InitiativeStanding, number: int, actor: Actor) -> None:
    """Tell the city that figures from before and after stand beside its initiative; `number` of them."""
    people = list_holders(session, ENTERING, day_of(actor.at), city=standing.key.city)
    _tell(session, "initiative.evaluated", people, standing, at=actor.at, turn=number)


def digest_lines(session: Session, today: date) -> Iterator[DigestLine]:
    """Give the lines of the morning's mail: initiatives that wait for an examiner's word."""
    waiting = session.execute(
        select(CityInitiative.id, CityInitiative.city, CityInitiative.revision, CityInitiative.state).where(
            CityInitiative.state.in_(sorted(WITH_EXAMINERS))
        )
    ).all()
    if not waiting:
        return
    words = session.execute(
        select(InitiativeExamination.initiative, InitiativeExamination.revision, InitiativeExamination.examiner)
    ).all()
    given = {(each.initiative, each.revision, each.examiner) for each in words}
    for person in list_assessors(session, today):
        free = [each for each in waiting if each.city not in person.barred]
        own = [each for each in free if (each.id, each.revision, person.id) not in given]
        splits = sum(each.state == InitiativeState.EXAMINED for each in own)
        yield DigestLine(person.id, "initiatives.to_examine", len(own) - splits)
        yield DigestLine(person.id, "initiatives.differ", splits)


def _tell(
    session: Session, kind: str, staff: Collection[int], standing: InitiativeStanding, *, at: datetime, turn: int = 0
) -> None:
    city, number = standing.key
    at_examiners = kind in {"initiative.submitted", "initiative.differs"}
    message = Message(
        kind,
        cause=f"{kind}:{number}/{standing.revision}{f'/{turn}' if turn else ''}",
        address=f"/console/initiatives/{city}/{number}{'/examine' if at_examiners else ''}",
        parameters={"city": city, "number": number},
    )
    notify(session, staff, message, at)
