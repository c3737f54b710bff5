"""An initiative that is finished is set beside figures of two publications by an examiner who is none of its city's."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.journal import Actor
from app.clock import day_of
from app.indicators.models import Period
from app.initiatives import telling
from app.initiatives.comparison import ComparedFigure, Occasion, Subject, as_json, compare
from app.initiatives.errors import ContentError, FieldFault, Lack, WrongStepError
from app.initiatives.examining import check_permitted
from app.initiatives.keeping import stored_content
from app.initiatives.models import InitiativeEvaluation
from app.initiatives.standing import InitiativeKey, InitiativeStanding, Told, hold, take_step
from app.initiatives.states import InitiativeStep, next_state
from app.publishing.models import Publication
from app.publishing.queries import get_bundle, get_derivation
from app.ratings.models import Run


class PublicationPair(NamedTuple):
    """Numbers of two publications."""

    before: int
    after: int


class PublicationChoice(NamedTuple):
    """A publication that stands, and the period of its values."""

    number: int
    period: str
    published_on: date


def publications_of(session: Session) -> list[PublicationChoice]:
    """List the publications that stand, the oldest first."""
    rows = session.execute(
        select(Publication.number, Run.period, Publication.published_on)
        .join(Run, Run.id == Publication.run)
        .where(Publication.state == "published")
        .order_by(Publication.number)
    )
    return [PublicationChoice(*row) for row in rows]


def figures_of(session: Session, standing: InitiativeStanding, pair: PublicationPair) -> tuple[ComparedFigure, ...]:
    """Compare an initiative by two publications; raise ContentError for numbers that are none or in the wrong order."""
    if standing.started_on is None or standing.finished_on is None:
        raise WrongStepError(standing.state, InitiativeStep.EVALUATE)
    if pair.before >= pair.after:
        raise ContentError([FieldFault("after", Lack.ORDER)])
    content = stored_content(session, standing.key, standing.revision)
    subject = Subject(
        city=standing.key.city,
        area=content.area,
        indicators=tuple(content.indicators.split()),
        started_on=standing.started_on,
        finished_on=standing.finished_on,
    )
    before = _occasion(session, standing.key.city, pair.before, "before")
    return compare(subject, before, _occasion(session, standing.key.city, pair.after, "after"))


def evaluate(
    session: Session, key: InitiativeKey, version: int, pair: PublicationPair, actor: Actor
) -> InitiativeStanding:
    """Set an initiative beside two publications for everybody to see.

    Raises ContentError, MayNotExamineError, WrongStepError, StaleInitiativeError, UnknownInitiativeError.
    """
    standing = hold(session, key, version)
    check_permitted(session, standing, actor)
    if next_state(standing.state, InitiativeStep.EVALUATE) is None:
        raise WrongStepError(standing.state, InitiativeStep.EVALUATE)
    figures = figures_of(session, standing, pair)
    newest = select(func.coalesce(func.max(InitiativeEvaluation.number), 0))
    number = 1 + session.scalars(newest.where(InitiativeEvaluation.initiative == key.id)).one()
    row = InitiativeEvaluation(
        initiative=key.id,
        number=number,
        before=pair.before,
        after=pair.after,
        figures=as_json(figures),
        evaluated_by=actor.id,
        evaluated_on=day_of(actor.at),
        at=actor.at,
    )
    session.add(row)
    session.flush()
    changed = take_step(session, standing, InitiativeStep.EVALUATE, actor, Told())
    telling.tell_evaluated(session, changed, number, actor)
    return changed


def _occasion(session: Session, city: str, number: int, field: str) -> Occasion:
    publication, bundle = session.get(Publication, number), get_bundle(session, number)
    if publication is None or bundle is None or publication.state != "published":
        raise ContentError([FieldFault(field, Lack.UNKNOWN_PUBLICATION)])
    ends = select(Period.ends).join(Run, Run.period == Period.code).where(Run.id == publication.run)
    return Occasion(bundle, get_derivation(session, number, city), session.scalars(ends).first())
