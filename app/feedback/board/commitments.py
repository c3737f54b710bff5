"""What an administration promised, once it announced it: by when at first and by when now, and every step since."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.feedback.board.themes import UNSORTED
from app.feedback.commitment_states import BY_RESIDENTS, OPEN
from app.feedback.reply_models import Commitment, CommitmentEvent
from app.feedback.verdicts import ANSWERS, answers_of_commitments
from surveys.languages import Text3


class CommitmentStep(NamedTuple):
    """One step of a commitment, told by its day."""

    id: int
    event: str
    state: str
    day: date
    due: date | None
    percent: int | None
    body: Text3
    evidence_address: str
    is_of_residents: bool
    """Whether it follows from what those who raised it answered; else the administration did it."""


class PublicCommitment(NamedTuple):
    """A commitment; `first_due` is the day that was promised first, which never changes."""

    id: int
    city: str
    area: str
    theme: str
    """A code, or UNSORTED."""
    reply: int | None
    title: Text3
    owner_unit: Text3
    first_due: date
    due: date
    state: str
    percent: int
    answers: dict[str, int]
    """What those who raised it said since it was last reported as done."""
    steps: tuple[CommitmentStep, ...]
    """Oldest first."""

    @property
    def moved(self) -> int:
        """Count how often its day was moved."""
        return sum(step.event == "move" for step in self.steps)

    @property
    def evidence_address(self) -> str:
        """Give where anybody can see what was done, as it was said last."""
        return next((step.evidence_address for step in reversed(self.steps) if step.evidence_address), "")

    def is_overdue(self, today: date) -> bool:
        """Whether its day is past and it is not done."""
        return self.state in OPEN and self.due < today


def list_commitments(session: Session, city: str | None = None) -> list[PublicCommitment]:
    """List what a city promised, or the whole country, as it was announced: newest first."""
    said = answers_of_commitments().subquery("answers")
    statement = (
        select(Commitment, CommitmentEvent, *(func.coalesce(said.c[each], 0) for each in ANSWERS))
        .join(CommitmentEvent, CommitmentEvent.commitment == Commitment.id)
        .outerjoin(said, said.c.commitment == Commitment.id)
        .where(Commitment.state != "draft")
        .order_by(Commitment.id.desc(), CommitmentEvent.id)
    )
    if city is not None:
        statement = statement.where(Commitment.city == city)
    found: dict[int, PublicCommitment] = {}
    for row, event, *counts in session.execute(statement):
        before = found.get(row.id) or _commitment(row, dict(zip(ANSWERS, counts, strict=True)))
        found[row.id] = before._replace(steps=(*before.steps, _step(event)))
    return list(found.values())


def _commitment(row: Commitment, answers: dict[str, int]) -> PublicCommitment:
    return PublicCommitment(
        id=row.id,
        city=row.city,
        area=row.area,
        theme=row.theme or UNSORTED,
        reply=row.reply,
        title=Text3(row.title_kk, row.title_ru, row.title_en),
        owner_unit=Text3(row.owner_unit_kk, row.owner_unit_ru, ""),
        first_due=row.first_due,
        due=row.due,
        state=row.state,
        percent=row.percent,
        answers=answers,
        steps=(),
    )


def _step(event: CommitmentEvent) -> CommitmentStep:
    return CommitmentStep(
        id=event.id,
        event=event.event,
        state=event.state,
        day=event.day,
        due=event.due,
        percent=event.percent,
        body=Text3(event.body_kk, event.body_ru, event.body_en),
        evidence_address=event.evidence_address,
        is_of_residents=event.event in BY_RESIDENTS,
    )
