"""One suggestion as the desk reads it: what was decided about it, what it is like, and what stands around it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, Select, and_, func, literal, or_, select, true, union_all
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Staff
from app.accounts.permissions import Role
from app.feedback.listing import SEEN_TEXT, UNDECIDED, WEEK, almost_like
from app.feedback.models import CommentCode, CommentDecision, CommentGroup, CommentInGroup, CommentNeighbour, Theme
from app.feedback.queries import LIVE, decision_in_force
from app.feedback.second_looks import is_held
from app.feedback.theme_counts import is_seen_by
from surveys.models.comments import Comment
from surveys.sql import week_start

BEFORE, AFTER = 5, 20
"""Rows of the list that stand around the open suggestion."""
MOST_NEIGHBOURS = 25


class DecisionLine(NamedTuple):
    """One decision about a suggestion, and who took it (empty for a job)."""

    id: int
    event: str
    reason: str | None
    state: str
    staff: int | None
    name: str
    at: datetime
    spans: str
    undoes: int | None


def list_decisions(session: Session, comment: str) -> list[DecisionLine]:
    """List all decisions about a suggestion, the first one first."""
    rows = (
        select(CommentDecision, Staff.name)
        .outerjoin(Staff, Staff.id == CommentDecision.moderator)
        .where(CommentDecision.comment == comment)
        .order_by(CommentDecision.id)
    )
    return [
        DecisionLine(d.id, d.event, d.reason, d.state, d.moderator, name or "", d.at, d.spans, d.undoes)
        for d, name in session.execute(rows)
    ]


class OwnDecision(NamedTuple):
    """What a person decided last: of which suggestion, and what of its text may be read now."""

    comment: str
    event: str
    text: str


def last_own_decision(session: Session, staff: int, city: str) -> OwnDecision | None:
    """Find what a person decided last in a city, where it still counts."""
    row = session.execute(_last_own(staff, city)).first()
    return OwnDecision(row.comment, row.event, row.text or "") if row else None


def _last_own(staff: int, city: str) -> Select[*tuple[Any, ...]]:
    own = CommentDecision.moderator == staff, CommentDecision.id == decision_in_force()
    return (
        select(CommentDecision.comment, CommentDecision.event, SEEN_TEXT.label("text"))
        .join(Comment, Comment.id == CommentDecision.comment)
        .where(*own, Comment.state.in_(LIVE), Comment.city == city)
        .order_by(CommentDecision.id.desc())
        .limit(1)
    )


class Neighbour(NamedTuple):
    """A suggestion that a computer finds alike, as the desk may read it."""

    id: str
    city: str
    state: str
    text: str
    score: float


def list_neighbours(session: Session, comment: str) -> list[Neighbour]:
    """List what is alike, most alike first; hidden ones without their text."""
    rows = (
        select(Comment.id, Comment.city, Comment.state, SEEN_TEXT.label("text"), CommentNeighbour.score)
        .join(CommentNeighbour, CommentNeighbour.other == Comment.id)
        .where(CommentNeighbour.comment == comment)
        .order_by(CommentNeighbour.score.desc(), Comment.id)
        .limit(MOST_NEIGHBOURS)
    )
    return [Neighbour(*row) for row in session.execute(rows)]


class CityFacts(NamedTuple):
    """What somebody of the city has to know beside an open suggestion."""

    has_colleague: bool
    """Whether the city has a moderator besides this person."""
    has_lead: bool
    waiting_copies: int
    """How many of those that are almost the same wait to be decided, with the open one."""
    last: OwnDecision | None
    """What this person decided last in the city, where it still counts."""


def read_city_facts(session: Session, staff: int, city: str, comment: str, day: date) -> CityFacts:
    """Read them, in one statement."""
    own = _last_own(staff, city).subquery("own")
    copies = select(func.count()).where(almost_like(comment), Comment.state.in_(UNDECIDED)).scalar_subquery()
    columns = (
        is_held(Role.MODERATOR, city, day, besides=staff).label("colleague"),
        is_held(Role.LEAD, city, day).label("lead"),
        copies.label("copies"),
        *own.c,
    )
    one = select(literal(1).label("one")).subquery("one")
    row = session.execute(select(*columns).select_from(one.outerjoin(own, true()))).one()
    last = OwnDecision(row.comment, row.event, row.text or "") if row.comment else None
    return CityFacts(row.colleague, row.lead, row.copies, last)


class CodeLine(NamedTuple):
    """A theme of a suggestion, or the group it is in."""

    kind: str
    code: str
    kk: str
    ru: str
    en: str


def list_codes(session: Session, comment: str, viewer: int) -> list[CodeLine]:
    """List the themes of a suggestion, as a viewer may know them, and its group, in one statement."""
    themes = (
        select(literal("theme"), Theme.code, Theme.name_kk, Theme.name_ru, Theme.name_en)
        .join(CommentCode, CommentCode.theme == Theme.code)
        .where(CommentCode.comment == comment, is_seen_by(viewer))
    )
    title = CommentGroup.title
    groups = (
        select(literal("group"), literal(""), title, title, title)
        .join(CommentInGroup, CommentInGroup.grp == CommentGroup.id)
        .where(CommentInGroup.comment == comment)
    )
    return sorted(CodeLine(*row) for row in session.execute(union_all(themes, groups)))


class Surroundings(NamedTuple):
    """The open suggestion, and the rows of the list around it in their order."""

    row: Any
    before: Sequence[Any]
    after: Sequence[Any]


def read_around(
    session: Session, seen: Select[*tuple[Any, ...]], wanted: Select[*tuple[Any, ...]], comment: str, *, newest: bool
) -> Surroundings | None:
    """Read a suggestion and the rows of a list before and after it, in one statement; None where it is not seen.

    `seen` is all that a person sees, `wanted` what of it the list's filters leave; the open one need not be among them.
    """
    parts = [
        _part("open", seen.where(Comment.id == comment)),
        _part("after", _beside(wanted, comment, up=not newest, number=AFTER)),
        _part("before", _beside(wanted, comment, up=newest, number=BEFORE)),
    ]
    rows = session.execute(union_all(*parts)).all()
    row = next((each for each in rows if each.part == "open"), None)
    if row is None:
        return None
    after, before = ([each for each in rows if each.part == part] for part in ("after", "before"))
    return Surroundings(row, _sorted(before, newest=newest), _sorted(after, newest=newest))


def first_of(session: Session, wanted: Select[*tuple[Any, ...]], *, newest: bool) -> Any:
    """Read the first row of a list; None of an empty one."""
    order = (WEEK.desc(), Comment.id.desc()) if newest else (WEEK, Comment.id)
    return session.execute(wanted.order_by(None).order_by(*order).limit(1)).first()


def _beside(wanted: Select[*tuple[Any, ...]], comment: str, *, up: bool, number: int) -> Select[*tuple[Any, ...]]:
    week = _week_of(comment)
    if up:
        beyond = or_(week < WEEK, and_(week == WEEK, Comment.id > comment))
        return wanted.where(beyond).order_by(None).order_by(WEEK, Comment.id).limit(number)
    beyond = or_(week > WEEK, and_(week == WEEK, Comment.id < comment))
    return wanted.where(beyond).order_by(None).order_by(WEEK.desc(), Comment.id.desc()).limit(number)


_OPEN = aliased(Comment)


def _week_of(comment: str) -> ScalarSelect[str]:
    return select(week_start(_OPEN.released_on)).where(_OPEN.id == comment).scalar_subquery()


def _part(name: str, statement: Select[*tuple[Any, ...]]) -> Any:
    inner = statement.subquery()
    return select(literal(name).label("part"), *inner.c)


def _sorted(rows: Sequence[Any], *, newest: bool) -> Sequence[Any]:
    return sorted(rows, key=lambda row: (row.week, row.id), reverse=newest)
