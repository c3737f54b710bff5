"""What staff read of initiatives: lists, the page of one, whom to talk to, the coordination board.

A city reads its own, and of other cities' what was submitted or is public: title, state and how to reach the unit. That
two examiners differ is told to nobody of the city. The ministry reads none that was not submitted yet.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Staff
from app.initiatives.contents import InitiativeContent, content_of, titled
from app.initiatives.errors import UnknownInitiativeError
from app.initiatives.models import (
    CityInitiative,
    InitiativeEvaluation,
    InitiativeEvent,
    InitiativeExamination,
    InitiativeNeighbour,
    InitiativeText,
)
from app.initiatives.standing import InitiativeKey, InitiativeStanding, standing_of
from app.initiatives.states import BY_MINISTRY, InitiativeState, InitiativeStep, shown_to_city
from surveys.languages import Text3

UNSEEN = (InitiativeState.PLANNED, InitiativeState.WITHDRAWN)
"""States in which nobody but the city knows of an initiative."""

NOT_TOLD = (*UNSEEN, InitiativeState.NOT_SUPPORTED)
"""States of which other cities are not told."""


_OTHER = aliased(CityInitiative)
LIKE = (
    select(func.count())
    .select_from(InitiativeNeighbour)
    .join(_OTHER, _OTHER.id == InitiativeNeighbour.other)
    .where(InitiativeNeighbour.initiative == CityInitiative.id, _OTHER.state.not_in(NOT_TOLD))
    .correlate(CityInitiative)
    .scalar_subquery()
)
"""How many initiatives of other cities say nearly the same, of those that are told of."""


class Readership(NamedTuple):
    """Whose eyes read: the cities of a person, and whether they read those of all cities."""

    own: frozenset[str]
    is_ministry: bool = False
    reads_drafts: bool = False
    """Auditors read everything."""


class LikeOne(NamedTuple):
    """An initiative of another city that says nearly the same, and whom to talk to."""

    key: InitiativeKey
    title: Text3
    state: InitiativeState
    keeper_kk: str
    keeper_ru: str
    contact: str
    score: float
    same_code: bool


class BoardRow(NamedTuple):
    """An initiative on the coordination board."""

    key: InitiativeKey
    area: str
    title: Text3
    state: InitiativeState


class ReadInitiative(NamedTuple):
    """An initiative with the text that somebody may read, and the newest figures before and after."""

    standing: InitiativeStanding
    content: InitiativeContent
    evaluation: InitiativeEvaluation | None


class HistoryStep(NamedTuple):
    """One step as the page of an initiative tells it; without a name where the reader is of a city."""

    step: InitiativeStep
    state: InitiativeState
    day: date
    at: datetime
    by: int | None
    name: str
    body_kk: str
    body_ru: str
    address: str


def is_newest() -> ColumnElement[bool]:
    """Join initiatives with the newest of their texts."""
    return (InitiativeText.initiative == CityInitiative.id) & (InitiativeText.revision == CityInitiative.revision)


def shown_state(own: Collection[str]) -> ColumnElement[str]:
    """Give the state as somebody of some cities is told it."""
    hidden = and_(CityInitiative.state == InitiativeState.EXAMINED, CityInitiative.city.in_(sorted(own)))
    return case((hidden, literal(str(InitiativeState.SUBMITTED))), else_=CityInitiative.state)


def readable(eyes: Readership) -> ColumnElement[bool]:
    """Say which initiatives somebody reads whole."""
    of_own = CityInitiative.city.in_(sorted(eyes.own))
    if eyes.reads_drafts:
        return or_(of_own, CityInitiative.id.is_not(None))
    return or_(of_own, CityInitiative.state.not_in(UNSEEN)) if eyes.is_ministry else of_own


def list_statement(eyes: Readership) -> Select[*tuple[Any, ...]]:
    """Select the initiatives that somebody reads, each with its newest text and the number of those like it."""
    return (
        select(
            CityInitiative.id,
            CityInitiative.city,
            CityInitiative.edition,
            shown_state(eyes.own).label("state"),
            CityInitiative.submitted_on,
            InitiativeText.area,
            InitiativeText.code,
            InitiativeText.title_kk,
            InitiativeText.title_ru,
            InitiativeText.title_en,
            InitiativeText.cost,
            InitiativeText.year_from,
            InitiativeText.year_to,
            LIKE.label("like"),
        )
        .select_from(CityInitiative)
        .join(InitiativeText, is_newest())
        .where(readable(eyes))
    )


def read_one(session: Session, key: InitiativeKey, eyes: Readership) -> ReadInitiative:
    """Read an initiative as somebody may read it, in one statement; raise UnknownInitiativeError.

    What a city changes in one that came back is for the ministry to read once it is submitted again.
    """
    row = session.execute(_one(eyes).where(CityInitiative.id == key.id, CityInitiative.city == key.city)).first()
    if row is None:
        raise UnknownInitiativeError(key)
    return ReadInitiative(standing_of(row[0]), content_of(row[1]), row[2])


def _one(eyes: Readership) -> Select[CityInitiative, InitiativeText, InitiativeEvaluation]:
    examined = select(func.max(InitiativeExamination.revision))
    examined = examined.where(InitiativeExamination.initiative == CityInitiative.id)
    came_back = (CityInitiative.state == InitiativeState.RETURNED) & CityInitiative.city.not_in(sorted(eyes.own))
    last_examined = func.coalesce(examined.correlate(CityInitiative).scalar_subquery(), CityInitiative.revision)
    revision = case((came_back, last_examined), else_=CityInitiative.revision)
    newest = select(func.max(InitiativeEvaluation.number)).where(InitiativeEvaluation.initiative == CityInitiative.id)
    of_evaluation = (InitiativeEvaluation.initiative == CityInitiative.id) & (
        InitiativeEvaluation.number == newest.correlate(CityInitiative).scalar_subquery()
    )
    return (
        select(CityInitiative, InitiativeText, InitiativeEvaluation)
        .select_from(CityInitiative)
        .join(InitiativeText, (InitiativeText.initiative == CityInitiative.id) & (InitiativeText.revision == revision))
        .outerjoin(InitiativeEvaluation, of_evaluation)
        .where(readable(eyes))
    )


def history_of(session: Session, key: InitiativeKey, *, for_city: bool) -> list[HistoryStep]:
    """List what happened to an initiative, the newest first: texts that were kept one after the other are one line."""
    rows = session.execute(
        select(InitiativeEvent, Staff.name)
        .outerjoin(Staff, Staff.id == InitiativeEvent.by)
        .where(InitiativeEvent.initiative == key.id)
        .order_by(InitiativeEvent.id.desc())
    )
    found: list[HistoryStep] = []
    for row, name in rows:
        step = InitiativeStep(row.step)
        if for_city and step is InitiativeStep.DIFFER:
            continue
        if found and step is InitiativeStep.SAVE and found[-1].step is step and found[-1].by == row.by:
            continue
        hidden = for_city and step in BY_MINISTRY
        texts = (row.body_kk, row.body_ru, row.address)
        state = InitiativeState(row.state)
        told = shown_to_city(state) if for_city else state
        found.append(HistoryStep(step, told, row.day, row.at, row.by, "" if hidden else name or "", *texts))
    return found


def like_one(session: Session, key: InitiativeKey) -> list[LikeOne]:
    """List initiatives of other cities that say nearly the same, the nearest first."""
    own_text = aliased(InitiativeText)
    own = aliased(CityInitiative)
    rows = session.execute(
        select(CityInitiative, InitiativeText, InitiativeNeighbour.score, own_text.code)
        .select_from(CityInitiative)
        .join(InitiativeNeighbour, InitiativeNeighbour.other == CityInitiative.id)
        .join(InitiativeText, is_newest())
        .join(own, own.id == InitiativeNeighbour.initiative)
        .join(own_text, (own_text.initiative == own.id) & (own_text.revision == own.revision))
        .where(InitiativeNeighbour.initiative == key.id, CityInitiative.state.not_in(NOT_TOLD))
        .order_by(InitiativeNeighbour.score.desc(), CityInitiative.id)
    )
    return [
        LikeOne(
            InitiativeKey(row.city, row.id),
            _title(text),
            shown_to_city(InitiativeState(row.state)),
            text.keeper_kk,
            text.keeper_ru,
            text.contact,
            score,
            bool(code) and code == text.code,
        )
        for row, text, score, code in rows
    ]


def board_rows(session: Session, eyes: Readership, edition: str) -> list[BoardRow]:
    """List the initiatives of all cities that stand on the board: of one's own city also what is only planned."""
    own = and_(CityInitiative.city.in_(sorted(eyes.own)), CityInitiative.state != InitiativeState.WITHDRAWN)
    rows = session.execute(
        select(CityInitiative, InitiativeText)
        .select_from(CityInitiative)
        .join(InitiativeText, is_newest())
        .where(CityInitiative.edition == edition, or_(CityInitiative.state.not_in(NOT_TOLD), own))
        .order_by(CityInitiative.city, CityInitiative.id)
    )
    return [
        BoardRow(InitiativeKey(row.city, row.id), text.area, _title(text), shown_to_city(InitiativeState(row.state)))
        for row, text in rows
    ]


def pairs_among(session: Session, rows: Iterable[BoardRow]) -> Mapping[int, list[int]]:
    """Tell of rows of the board which others of it say nearly the same, the nearest first."""
    there = {row.key.id for row in rows}
    found: dict[int, list[int]] = defaultdict(list)
    pairs = select(InitiativeNeighbour).order_by(
        InitiativeNeighbour.initiative, InitiativeNeighbour.score.desc(), InitiativeNeighbour.other
    )
    for pair in session.scalars(pairs):
        if pair.initiative in there and pair.other in there:
            found[pair.initiative].append(pair.other)
    return found


def queue_statement(viewer: int) -> Select[*tuple[Any, ...]]:
    """Select what waits for examiners, with how many words are in and what the viewer has given."""
    of_text = (
        InitiativeExamination.initiative == CityInitiative.id,
        InitiativeExamination.revision == CityInitiative.revision,
    )
    given = select(func.count()).where(*of_text, InitiativeExamination.slot.is_not(None))
    mine = select(InitiativeExamination.opinion).where(*of_text, InitiativeExamination.examiner == viewer)
    return (
        select(
            CityInitiative.id,
            CityInitiative.city,
            CityInitiative.edition,
            CityInitiative.state,
            CityInitiative.submitted_on,
            InitiativeText.area,
            InitiativeText.title_kk,
            InitiativeText.title_ru,
            InitiativeText.title_en,
            InitiativeText.cost,
            given.correlate(CityInitiative).scalar_subquery().label("given"),
            mine.correlate(CityInitiative).scalar_subquery().label("mine"),
            LIKE.label("like"),
        )
        .select_from(CityInitiative)
        .join(InitiativeText, is_newest())
        .where(CityInitiative.state.in_((InitiativeState.SUBMITTED, InitiativeState.EXAMINED)))
    )


def _title(text: InitiativeText) -> Text3:
    return titled(text.title_kk, text.title_ru, text.title_en)
