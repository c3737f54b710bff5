"""The themes of a city and wave as the desk's list has them: how much is about each, and what nobody answered yet."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Select, and_, case, exists, func, literal, select
from sqlalchemy.orm import Session

from app.feedback.models import CityTheme, CommentCode, SecondCoding, Theme
from app.feedback.queries import LIVE, SHOWN
from app.feedback.reply_models import Reply, ReplyRelease, ReplyTarget
from app.feedback.second_coding import CODABLE
from app.feedback.theme_counts import coded_pairs, is_seen_by
from surveys.models.comments import Comment
from surveys.models.fieldwork import Wave

IS_ANSWERED = exists().where(
    ReplyTarget.comment == Comment.id,
    ReplyTarget.reply == Reply.id,
    Reply.state != "withdrawn",
    Reply.kind != "being_looked_at",
    ReplyRelease.reply == Reply.id,
)
"""Whether a reply reached it that says more than that it is looked at."""


NO_DAY = date(9999, 12, 31)
"""Where everything is answered."""


class PlaceOfThemes(NamedTuple):
    """A city and wave from which the desk has suggestions; who was asked in it, from when to when."""

    city: str
    wave: str
    audience: str
    opens_on: date
    closes_on: date


class CodingProgress(NamedTuple):
    """How far the coding of a city and wave is, as one viewer may know it."""

    shown: int
    """What everybody may read."""
    coded: int
    """Of them, with a theme."""
    to_code: int
    """Of all that can be coded, without one."""
    asked: int
    """Of those, for the viewer as the second person."""


def list_places(session: Session, cities: Collection[str] | None) -> list[PlaceOfThemes]:
    """List the cities and waves from which the desk has suggestions, the newest wave of each city first."""
    there = select(Comment.city, Comment.wave).where(Comment.state.in_(LIVE))
    if cities is not None:
        there = there.where(Comment.city.in_(sorted(cities)))
    of = there.distinct().subquery()
    rows = select(of.c.city, of.c.wave, Wave.audience, Wave.opens_on, Wave.closes_on)
    ordered = rows.join(Wave, Wave.code == of.c.wave).order_by(
        of.c.city, Wave.opens_on.desc(), Wave.audience.desc(), of.c.wave
    )
    return [PlaceOfThemes(*row) for row in session.execute(ordered)]


def read_coding_progress(session: Session, city: str, wave: str, viewer: int) -> CodingProgress:
    """Count how far the coding is, in one statement."""
    has_theme = exists().where(CommentCode.comment == Comment.id, is_seen_by(viewer))
    is_asked = exists().where(
        SecondCoding.comment == Comment.id, SecondCoding.coder == viewer, SecondCoding.at.is_(None)
    )
    is_shown, can_be = Comment.state.in_(SHOWN), Comment.state.in_(CODABLE)
    statement = select(
        _number(is_shown), _number(and_(is_shown, has_theme)), _number(and_(can_be, ~has_theme)),
        _number(and_(can_be, is_asked)),
    ).where(Comment.city == city, Comment.wave == wave)  # fmt: skip
    return CodingProgress(*session.execute(statement).one())


class ThemesOf(NamedTuple):
    """The statement of a list of themes, and what it can be sorted by.

    Columns: code, area, parent, name, retired, n, waiting (shown ones without an answer), oldest (their first release),
    typical (ids of what stands for it).
    """

    statement: Select[*tuple[Any, ...]]
    n: ColumnElement[int]
    waiting: ColumnElement[int]
    oldest: ColumnElement[date]


def themes_in(city: str, wave: str, viewer: int, name: ColumnElement[str], *, empty: bool = False) -> ThemesOf:
    """Select the themes of a city and wave, with `name` as what they are called; `empty` takes those of nothing too."""
    pairs = coded_pairs(viewer, (city, wave))
    waits = ~IS_ANSWERED
    counts = (
        select(
            pairs.c.theme,
            func.count().label("n"),
            func.sum(case((waits, 1), else_=0)).label("waiting"),
            func.min(case((waits, Comment.released_on))).label("oldest"),
        )
        .join(Comment, Comment.id == pairs.c.comment)
        .where(Comment.city == city, Comment.wave == wave, Comment.state.in_(SHOWN))
        .group_by(pairs.c.theme)
        .subquery("counts")
    )
    picks = and_(CityTheme.theme == Theme.code, CityTheme.city == city, CityTheme.wave == wave)
    n, waiting = func.coalesce(counts.c.n, 0), func.coalesce(counts.c.waiting, 0)
    oldest = func.coalesce(counts.c.oldest, literal(NO_DAY, Date))
    statement = (
        select(
            Theme.code,
            Theme.area,
            Theme.parent,
            name.label("name"),
            Theme.retired,
            n.label("n"),
            waiting.label("waiting"),
            oldest.label("oldest"),
            func.coalesce(CityTheme.typical, "").label("typical"),
        )
        .outerjoin(counts, counts.c.theme == Theme.code)
        .outerjoin(CityTheme, picks)
    )
    visible = Theme.city.is_(None) | (Theme.city == city)
    return ThemesOf(statement.where(visible) if empty else statement.where(n > 0), n, waiting, oldest)


class ThemeFigures(NamedTuple):
    """A theme in a city and wave, as one viewer may know it."""

    place: PlaceOfThemes
    shown: int
    """Of the city and wave, whatever they are about."""
    n: int
    waiting: int
    oldest: date | None
    typical: str
    """Ids of what stands for it, with spaces between."""


def read_figures(
    session: Session, theme: str, city: str, wave: str, viewer: int
) -> tuple[dict[str, Theme], ThemeFigures] | None:
    """Read the themes of a city by their codes, and the figures of one, in one statement; None for no such wave."""
    pairs = coded_pairs(viewer, (city, wave))
    is_here = and_(Comment.city == city, Comment.wave == wave, Comment.state.in_(SHOWN))
    about = Comment.id.in_(select(pairs.c.comment).where(pairs.c.theme == theme))
    waits = and_(about, ~IS_ANSWERED)
    counts = select(
        func.count().label("shown"), _number(about).label("n"), _number(waits).label("waiting"),
        func.min(case((waits, Comment.released_on))).label("oldest"),
    ).where(is_here).subquery("counts")  # fmt: skip
    picked = and_(CityTheme.theme == theme, CityTheme.city == city, CityTheme.wave == wave)
    typical = select(CityTheme.typical).where(picked).scalar_subquery()
    figures = (
        select(Wave.audience, Wave.opens_on, Wave.closes_on, counts, func.coalesce(typical, "").label("typical"))
        .join(counts, literal(value=True))
        .where(Wave.code == wave)
        .subquery("figures")
    )
    visible = Theme.city.is_(None) | (Theme.city == city)
    rows = session.execute(select(Theme, figures).join(figures, literal(value=True)).where(visible)).all()
    if not rows:
        return None
    row = rows[0]
    place = PlaceOfThemes(city, wave, row.audience, row.opens_on, row.closes_on)
    found = {each.Theme.code: each.Theme for each in sorted(rows, key=lambda each: str(each.Theme.code))}
    return found, ThemeFigures(place, row.shown, row.n, row.waiting, row.oldest, row.typical)


def in_place(session: Session, ids: Collection[str], city: str, wave: str) -> list[str]:
    """Keep those of some suggestions that are of a city and wave, and can be coded."""
    own = and_(Comment.city == city, Comment.wave == wave, Comment.state.in_(CODABLE))
    there = set(session.scalars(select(Comment.id).where(Comment.id.in_(ids), own)))
    return [each for each in ids if each in there]


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
