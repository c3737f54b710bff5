"""What is said of one suggestion, and what can be said of it: as one viewer may see it."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Staff
from app.feedback.listing import SEEN_TEXT
from app.feedback.models import (
    CommentCode,
    CommentCoding,
    CommentGroup,
    CommentInGroup,
    CommentNeighbour,
    SecondCoding,
    Theme,
)
from app.feedback.second_coding import CODABLE
from app.feedback.theme_counts import coded_pairs, is_seen_by
from surveys.models.comments import Comment

MOST_NEIGHBOURS = 20

CODES: ColumnElement[str] = (
    select(func.aggregate_strings(CommentCode.theme, " ")).where(CommentCode.comment == Comment.id).scalar_subquery()
)
"""The themes of a suggestion, with spaces between; who looks must be one who may see them."""
GROUP_ID = select(CommentInGroup.grp).where(CommentInGroup.comment == Comment.id).scalar_subquery()
GROUP_TITLE = (
    select(CommentGroup.title)
    .join(CommentInGroup, CommentInGroup.grp == CommentGroup.id)
    .where(CommentInGroup.comment == Comment.id)
    .scalar_subquery()
)


class OfferedTheme(NamedTuple):
    """A theme that a suggestion has or can get; and, the same for all, its group and the coding that counts."""

    code: str
    area: str
    parent: str | None
    name_kk: str
    name_ru: str
    name_en: str
    retired: bool
    is_chosen: bool
    is_seen: bool
    """False for whoever is to code it as the second person: to them nothing is said of it."""
    coding: int
    """Number of the newest coding; 0 for none, or none that is seen."""
    group: int | None
    group_title: str | None


class CodingLine(NamedTuple):
    """What somebody said of a suggestion once."""

    event: str
    themes: str
    kind: str | None
    name: str
    at: datetime


class Alike(NamedTuple):
    """A suggestion that a computer finds alike, and its themes as the viewer may see them."""

    id: str
    lang: str
    text: str
    score: float
    themes: str | None


def offered_themes(session: Session, comment: str, city: str, viewer: int) -> list[OfferedTheme]:
    """List all themes that a suggestion of a city has or can get, in one statement."""
    seen = is_seen_by(viewer, literal(comment, String))
    chosen = and_(CommentCode.comment == comment, CommentCode.theme == Theme.code, seen)
    newest = select(func.max(CommentCoding.id)).where(CommentCoding.comment == comment).scalar_subquery()
    in_group = select(CommentInGroup.grp).where(CommentInGroup.comment == comment).scalar_subquery()
    title = select(CommentGroup.title).where(CommentGroup.id == in_group).scalar_subquery()
    statement = (
        select(
            Theme.code, Theme.area, Theme.parent, Theme.name_kk, Theme.name_ru, Theme.name_en, Theme.retired,
            CommentCode.theme.is_not(None), seen, case((seen, func.coalesce(newest, 0)), else_=0), in_group, title,
        )
        .outerjoin(CommentCode, chosen)
        .where(or_(Theme.city.is_(None), Theme.city == city))
        .where(or_(Theme.retired.is_(False), CommentCode.theme.is_not(None)))
    )  # fmt: skip
    return sorted(OfferedTheme(*row) for row in session.execute(statement))


def list_codings(session: Session, comment: str, viewer: int) -> list[CodingLine]:
    """List what was said of a suggestion over time, the first one first; nothing to whoever is to say theirs yet."""
    rows = (
        select(CommentCoding.event, CommentCoding.themes, CommentCoding.kind, Staff.name, CommentCoding.at)
        .join(Staff, Staff.id == CommentCoding.coder)
        .where(CommentCoding.comment == comment, is_seen_by(viewer, literal(comment, String)))
        .order_by(CommentCoding.id)
    )
    return [CodingLine(*row) for row in session.execute(rows)]


def last_own_coding(session: Session, staff: int, city: str) -> str | None:
    """Find the suggestion of a city that a person coded last, by itself."""
    own = (
        select(CommentCoding.comment)
        .join(Comment, Comment.id == CommentCoding.comment)
        .where(CommentCoding.coder == staff, CommentCoding.event == "coded", Comment.city == city)
        .order_by(CommentCoding.id.desc())
    )
    return session.scalars(own.limit(1)).first()


def who_coded_last(session: Session, comment: str) -> tuple[str, datetime] | None:
    """Tell who said last what a suggestion is about, and when."""
    row = session.execute(
        select(Staff.name, CommentCoding.at)
        .join(Staff, Staff.id == CommentCoding.coder)
        .where(CommentCoding.comment == comment)
        .order_by(CommentCoding.id.desc())
        .limit(1)
    ).first()
    return (row.name, row.at) if row else None


def newest_coding(session: Session, comment: str) -> int:
    """Give the number of the newest coding of a suggestion; 0 for none."""
    newest = select(func.coalesce(func.max(CommentCoding.id), 0)).where(CommentCoding.comment == comment)
    return session.execute(newest).scalar_one()


def list_alike(session: Session, comment: str, viewer: int) -> list[Alike]:
    """List what is alike and can be read, most alike first, each with its themes."""
    other = aliased(Comment)
    themes = (
        select(func.aggregate_strings(CommentCode.theme, " "))
        .where(CommentCode.comment == other.id, is_seen_by(viewer))
        .scalar_subquery()
    )
    text = case((other.state == "shown_redacted", other.shown_text), else_=other.text)
    rows = (
        select(other.id, other.lang, text, CommentNeighbour.score, themes)
        .join(CommentNeighbour, CommentNeighbour.other == other.id)
        .where(CommentNeighbour.comment == comment, other.state.in_(CODABLE))
        .order_by(CommentNeighbour.score.desc(), other.id)
        .limit(MOST_NEIGHBOURS)
    )
    return [Alike(*row) for row in session.execute(rows)]


def has_no_theme(viewer: int) -> ColumnElement[bool]:
    """Find what can be coded and is about nothing yet, to a viewer: what they are to code as the second person too."""
    coded = exists().where(CommentCode.comment == Comment.id, is_seen_by(viewer))
    return and_(Comment.state.in_(CODABLE), ~coded)


def is_asked_of(viewer: int) -> ColumnElement[bool]:
    """Find what a viewer is asked to code as the second person."""
    return exists().where(SecondCoding.comment == Comment.id, SecondCoding.coder == viewer, SecondCoding.at.is_(None))


def is_about(theme: str, viewer: int, place: tuple[str, str] | None = None) -> ColumnElement[bool]:
    """Find what is about a theme, or a city's own one below it, as a viewer may know it; of a city and wave."""
    pairs = coded_pairs(viewer, place)
    return Comment.id.in_(select(pairs.c.comment).where(pairs.c.theme == theme))


class BesideTheme(NamedTuple):
    """A suggestion beside a theme: one that stands for it (`typical`), or one alike without a theme (`near`)."""

    kind: str
    id: str
    lang: str
    text: str
    score: float


def beside_theme(theme: str, city: str, wave: str, viewer: int, typical: list[str]) -> Select[*tuple[Any, ...]]:
    """Select what stands for a theme, and what is like its suggestions and is about nothing yet, most alike first."""
    pairs = coded_pairs(viewer, (city, wave))
    near = (
        select(CommentNeighbour.other.label("id"), func.max(CommentNeighbour.score).label("score"))
        .join(pairs, pairs.c.comment == CommentNeighbour.comment)
        .join(Comment, Comment.id == CommentNeighbour.other)
        .where(pairs.c.theme == theme, Comment.city == city, Comment.wave == wave, has_no_theme(viewer))
        .group_by(CommentNeighbour.other)
        .order_by(func.max(CommentNeighbour.score).desc(), CommentNeighbour.other)
        .limit(MOST_NEIGHBOURS)
        .subquery("near")
    )
    kind = case((Comment.id.in_(typical), "typical"), else_="near")
    score = func.coalesce(near.c.score, 0.0)
    return (
        select(kind.label("kind"), Comment.id, Comment.lang, SEEN_TEXT.label("text"), score.label("score"))
        .outerjoin(near, near.c.id == Comment.id)
        .where(or_(near.c.id.is_not(None), and_(Comment.id.in_(typical), is_seen_by(viewer, Comment.id))))
        .order_by(score.desc(), Comment.id)
    )
