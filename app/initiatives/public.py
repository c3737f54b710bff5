"""What everybody can read of initiatives and documents; public sites import this, which knows no staff and no journal.

Only what was supported, and what became of it; of documents what was released. No person, no moment, no draft.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.initiatives.comparison import ComparedFigure, from_json
from app.initiatives.models import (
    SHOWN_STATES,
    CityDocument,
    CityInitiative,
    InitiativeEvaluation,
    InitiativeEvent,
    InitiativeExamination,
    InitiativeText,
)
from app.publishing.models import Publication
from surveys.languages import Text3

TOLD_STEPS = ("support", "start", "report", "finish", "stop", "evaluate")
SHOWN_DOCUMENTS = ("released", "replaced", "withdrawn")


class PublicStep(NamedTuple):
    """One thing that happened, with what the city said of it."""

    step: str
    day: date
    body_kk: str
    body_ru: str
    address: str


class PublicEvaluation(NamedTuple):
    """Figures before and after, and the publications that they are of; a withdrawn one is named."""

    before: int
    after: int
    evaluated_on: date
    figures: tuple[ComparedFigure, ...]
    withdrawn: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicInitiative:
    """An initiative as everybody reads it."""

    number: int
    city: str
    edition: str
    area: str
    code: str
    state: str
    title: Text3
    what: Text3
    indicators: tuple[str, ...]
    cost: int | None
    year_from: int | None
    year_to: int | None
    keeper_kk: str
    keeper_ru: str
    decided_on: date | None
    started_on: date | None
    finished_on: date | None
    conditions: tuple[tuple[str, str], ...] = ()
    steps: tuple[PublicStep, ...] = ()
    evaluation: PublicEvaluation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDocument:
    """A document as everybody reads of it."""

    number: int
    city: str
    kind: str
    state: str
    title: Text3
    document_day: date
    is_approved: bool
    approved_on: date | None
    approved_by: Text3
    decision: str
    until_year: int | None
    address: str
    released_on: date
    ended_on: date | None
    reason_kk: str
    reason_ru: str


def count_initiatives(session: Session) -> dict[str, dict[str, int]]:
    """Count initiatives that everybody can read, by city and state."""
    counts = (
        select(CityInitiative.city, CityInitiative.state, func.count())
        .where(CityInitiative.state.in_(SHOWN_STATES))
        .group_by(CityInitiative.city, CityInitiative.state)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for city, state, number in session.execute(counts):
        found[city][state] = number
    return dict(found)


def list_initiatives(session: Session, city: str | None = None) -> list[PublicInitiative]:
    """List initiatives that everybody can read, of one city or of all: by city, and the newest decision first."""
    rows = session.execute(_shown(city)).all()
    return [_initiative(row, text) for row, text in rows]


def read_city(session: Session, city: str) -> list[PublicInitiative]:
    """List a city's with what happened, their conditions and figures, in four statements."""
    rows = session.execute(_shown(city)).all()
    ids = [row.id for row, _text in rows]
    steps, conditions, evaluations = _steps(session, ids), _conditions(session, ids), _evaluations(session, ids)
    return [
        _initiative(
            row,
            text,
            steps=tuple(steps.get(row.id, ())),
            conditions=tuple(conditions.get(row.id, ())),
            evaluation=evaluations.get(row.id),
        )
        for row, text in rows
    ]


def list_documents(session: Session, city: str | None = None) -> list[PublicDocument]:
    """List documents that were released, of one city or of all; those in force first, then the newest."""
    shown = select(CityDocument).where(CityDocument.state.in_(SHOWN_DOCUMENTS))
    if city is not None:
        shown = shown.where(CityDocument.city == city)
    rows = list(session.scalars(shown.order_by(CityDocument.city, CityDocument.document_day.desc(), CityDocument.id)))
    order = {state: number for number, state in enumerate(SHOWN_DOCUMENTS)}
    return [_document(row) for row in sorted(rows, key=lambda row: (row.city, order[row.state]))]


def _shown(city: str | None) -> Select[CityInitiative, InitiativeText]:
    shown = (
        select(CityInitiative, InitiativeText)
        .join(
            InitiativeText,
            (InitiativeText.initiative == CityInitiative.id) & (InitiativeText.revision == CityInitiative.revision),
        )
        .where(CityInitiative.state.in_(SHOWN_STATES))
    )
    if city is not None:
        shown = shown.where(CityInitiative.city == city)
    return shown.order_by(CityInitiative.city, CityInitiative.decided_on.desc(), CityInitiative.id)


def _initiative(row: CityInitiative, text: InitiativeText, **more: Any) -> PublicInitiative:
    return PublicInitiative(
        number=row.id,
        city=row.city,
        edition=row.edition,
        area=text.area,
        code=text.code,
        state=row.state,
        title=Text3(text.title_kk, text.title_ru, text.title_en),
        what=Text3(text.what_kk, text.what_ru, text.what_en),
        indicators=tuple(text.indicators.split()),
        cost=text.cost,
        year_from=text.year_from,
        year_to=text.year_to,
        keeper_kk=text.keeper_kk,
        keeper_ru=text.keeper_ru,
        decided_on=row.decided_on,
        started_on=row.started_on,
        finished_on=row.finished_on,
        **more,
    )


def _steps(session: Session, ids: list[int]) -> dict[int, list[PublicStep]]:
    told = (
        select(
            InitiativeEvent.initiative,
            InitiativeEvent.step,
            InitiativeEvent.day,
            InitiativeEvent.body_kk,
            InitiativeEvent.body_ru,
            InitiativeEvent.address,
        )
        .where(InitiativeEvent.initiative.in_(ids), InitiativeEvent.step.in_(TOLD_STEPS))
        .order_by(InitiativeEvent.id)
    )
    found: dict[int, list[PublicStep]] = defaultdict(list)
    for row in session.execute(told):
        found[row.initiative].append(PublicStep(row.step, row.day, row.body_kk, row.body_ru, row.address))
    return found


def _conditions(session: Session, ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    """Read the conditions of those whose word it became: where a third decided, of the third and who agreed."""
    given = (
        select(
            InitiativeExamination.initiative, InitiativeExamination.conditions_kk, InitiativeExamination.conditions_ru
        )
        .join(
            CityInitiative,
            (CityInitiative.id == InitiativeExamination.initiative)
            & (CityInitiative.revision == InitiativeExamination.revision),
        )
        .where(InitiativeExamination.initiative.in_(ids), InitiativeExamination.conditions_kk != "")
        .order_by(InitiativeExamination.initiative, InitiativeExamination.slot)
    )
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for initiative, kk, ru in session.execute(given):
        found[initiative].append((kk, ru))
    return found


def _evaluations(session: Session, ids: list[int]) -> dict[int, PublicEvaluation]:
    newest = (
        select(InitiativeEvaluation.initiative, func.max(InitiativeEvaluation.number).label("number"))
        .where(InitiativeEvaluation.initiative.in_(ids))
        .group_by(InitiativeEvaluation.initiative)
        .subquery()
    )
    withdrawn = select(Publication.number).where(Publication.state == "withdrawn")
    first = withdrawn.where(Publication.number == InitiativeEvaluation.before).scalar_subquery()
    second = withdrawn.where(Publication.number == InitiativeEvaluation.after).scalar_subquery()
    rows = session.execute(
        select(InitiativeEvaluation, first.label("first"), second.label("second")).join(
            newest,
            (newest.c.initiative == InitiativeEvaluation.initiative) & (newest.c.number == InitiativeEvaluation.number),
        )
    )
    return {
        row.initiative: PublicEvaluation(
            row.before,
            row.after,
            row.evaluated_on,
            from_json(row.figures),
            tuple(number for number in numbers if number is not None),
        )
        for row, *numbers in rows
    }


def _document(row: CityDocument) -> PublicDocument:
    return PublicDocument(
        number=row.id,
        city=row.city,
        kind=row.kind,
        state=row.state,
        title=Text3(row.title_kk, row.title_ru, row.title_en),
        document_day=row.document_day,
        is_approved=row.is_approved,
        approved_on=row.approved_on,
        approved_by=Text3(row.approved_by_kk, row.approved_by_ru, row.approved_by_en),
        decision=row.decision,
        until_year=row.until_year,
        address=row.address,
        released_on=row.released_on or row.document_day,
        ended_on=row.ended_on,
        reason_kk=row.reason_kk,
        reason_ru=row.reason_ru,
    )
