"""The auditor's sample: five of a hundred decisions of each month and city, drawn by lot among those that count."""

from collections import defaultdict
from datetime import date, datetime, time
from enum import StrEnum
from math import ceil
from secrets import SystemRandom
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.audit.journal import Actor, Entry, record
from app.clock import KAZAKHSTAN, day_of
from app.feedback.errors import UnknownCommentError
from app.feedback.models import CommentAudit, CommentDecision
from app.feedback.queries import LIVE, newest_decisions
from surveys.models.comments import Comment
from surveys.sql import hold_journal, week_start

PERCENT = 5
DRAWN_STATES = ("shown", "shown_redacted", "hidden", "hidden_provisional")


class AuditFinding(StrEnum):
    """What an auditor says of a decision."""

    AGREE = "agree"
    DISAGREE = "disagree"


class Lot(Protocol):
    """What draws: the system's random numbers, or ones that a test knows."""

    def sample(self, population: list[int], k: int) -> list[int]:
        """Draw so many."""


def draw(session: Session, actor: Actor, lot: Lot | None = None) -> int:
    """Draw from the month before this one, once; gives how many decisions."""
    return draw_of(session, actor, _month_before(day_of(actor.at)), lot)


def draw_of(session: Session, actor: Actor, first: date, lot: Lot | None = None) -> int:
    """Draw from the month that begins with a day, once; gives how many decisions."""
    month = f"{first:%Y-%m}"
    hold_journal(session)
    if session.scalars(select(CommentAudit.decision).where(CommentAudit.month == month).limit(1)).first():
        return 0
    by_city: dict[str, list[int]] = defaultdict(list)
    for row in session.execute(_decided_in(first)):
        by_city[row.city].append(row.id)
    chosen = [
        each
        for _city, ids in sorted(by_city.items())
        for each in (lot or SystemRandom()).sample(sorted(ids), ceil(len(ids) * PERCENT / 100))
    ]
    session.add_all(CommentAudit(decision=each, month=month, finding=None, auditor=None, at=None) for each in chosen)
    if chosen:
        entry = Entry(event="comments.drawn", object_kind="month", object_id=month, detail={"number": len(chosen)})
        record(session, actor, entry)
    return len(chosen)


def find(session: Session, actor: Actor, decision: int, finding: AuditFinding) -> None:
    """Keep what an auditor says of a decision that was drawn; raises UnknownCommentError for one that was not."""
    hold_journal(session)
    row = session.get(CommentAudit, decision, populate_existing=True)
    if row is None:
        raise UnknownCommentError(str(decision))
    if row.finding == finding:
        return
    comment, city = session.execute(
        select(Comment.id, Comment.city)
        .join(CommentDecision, CommentDecision.comment == Comment.id)
        .where(CommentDecision.id == decision)
    ).one()
    before, row.finding, row.auditor, row.at = row.finding, finding, actor.id, actor.at
    detail = {"was": before, "finding": finding}
    entry = Entry(event="comment.audited", object_kind="comment", object_id=comment, city=city, detail=detail)
    record(session, actor, entry)


def drawn_decisions() -> Select[*tuple[Any, ...]]:
    """Select what was drawn, with the decision and who took it; no text."""
    return (
        select(
            CommentAudit.decision,
            CommentAudit.month,
            CommentAudit.finding,
            CommentDecision.event,
            CommentDecision.reason,
            CommentDecision.state,
            CommentDecision.spans,
            CommentDecision.at,
            CommentDecision.comment,
            Comment.city,
            Comment.area,
            Comment.lang,
            Comment.state.label("stands"),
            week_start(Comment.released_on).label("week"),
            Staff.name.label("name"),
        )
        .join(CommentDecision, CommentDecision.id == CommentAudit.decision)
        .join(Comment, Comment.id == CommentDecision.comment)
        .outerjoin(Staff, Staff.id == CommentDecision.moderator)
        .where(Comment.state.in_(LIVE))
    )


class AuditFigures(NamedTuple):
    """What auditors found of a city's decisions."""

    city: str
    drawn: int
    found: int
    disagreed: int


def audit_figures(session: Session) -> list[AuditFigures]:
    """Count by city what was drawn, looked at and not agreed with."""
    drawn = drawn_decisions().subquery()
    found, disagreed = (
        func.count(case((drawn.c.finding.in_(values), 1))) for values in (tuple(AuditFinding), (AuditFinding.DISAGREE,))
    )
    rows = select(drawn.c.city, func.count(), found, disagreed).group_by(drawn.c.city).order_by(drawn.c.city)
    return [AuditFigures(*row) for row in session.execute(rows)]


def count_open(session: Session) -> int:
    """Count what was drawn and no auditor has looked at."""
    open_ = drawn_decisions().where(CommentAudit.finding.is_(None)).subquery()
    return session.scalar(select(func.count()).select_from(open_)) or 0


def _decided_in(first: date) -> Select[*tuple[Any, ...]]:
    """Select the decisions of a month that count."""
    newest = newest_decisions()
    after = _first_of_next(first)
    return (
        select(CommentDecision.id, Comment.city)
        .join(newest, newest.c.id == CommentDecision.id)
        .join(Comment, Comment.id == CommentDecision.comment)
        .where(CommentDecision.at >= _midnight(first), CommentDecision.at < _midnight(after))
        .where(Comment.state.in_(DRAWN_STATES))
    )


def _month_before(day: date) -> date:
    return day.replace(year=day.year - (day.month == 1), month=(day.month - 2) % 12 + 1, day=1)


def _first_of_next(first: date) -> date:
    return first.replace(year=first.year + (first.month == 12), month=first.month % 12 + 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), KAZAKHSTAN)
