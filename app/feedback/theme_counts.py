"""How many suggestions of a city and wave are about what: one count for desk, board, feeds and files.

Public sites read here too, so nothing of this module knows staff or the journal. Only what everybody may read is
counted; each suggestion once in a theme, and once in the theme above it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, literal, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.feedback.models import CityTheme, CommentCode, SecondCoding, Theme
from app.feedback.queries import PUBLIC_TEXT, SHOWN
from surveys.languages import Text3
from surveys.models.comments import Comment

FEWEST_TOLD = 5
"""Suggestions of a theme from which on the public is told how many they are, and their share."""
MOST_TYPICAL = 3


Expression = ColumnElement[str] | InstrumentedAttribute[str]


class ThemeCount(NamedTuple):
    """A theme in a city and wave: how many suggestions that everybody may read are about it."""

    theme: str
    area: str
    parent: str | None
    """Of a city's own theme: the national one above it."""
    name: Text3
    n: int
    share: Fraction
    """Of all suggestions of the city and wave that everybody may read."""

    @property
    def told(self) -> int | None:
        """Give the number that the public is told; None for fewer than five."""
        return self.n if self.n >= FEWEST_TOLD else None


class Typical(NamedTuple):
    """A suggestion that staff picked to stand for a theme, as everybody may read it now."""

    comment: str
    lang: str
    text: str


def theme_counts(session: Session, city: str, wave: str) -> list[ThemeCount]:
    """Count the suggestions of each theme of a city and wave, the most first; themes without any are left out."""
    pairs = coded_pairs(place=(city, wave))
    n = func.count().label("n")
    shown = and_(Comment.city == city, Comment.wave == wave, Comment.state.in_(SHOWN))
    everything = select(func.count()).select_from(Comment).where(shown).scalar_subquery()
    statement = (
        select(Theme.code, Theme.area, Theme.parent, Theme.name_kk, Theme.name_ru, Theme.name_en, n, everything)
        .join(pairs, pairs.c.theme == Theme.code)
        .join(Comment, Comment.id == pairs.c.comment)
        .where(shown)
        .group_by(Theme.code, Theme.area, Theme.parent, Theme.name_kk, Theme.name_ru, Theme.name_en)
        .order_by(n.desc(), Theme.code)
    )
    return [
        ThemeCount(code, area, parent, Text3(kk, ru, en), number, Fraction(number, of))
        for code, area, parent, kk, ru, en, number, of in session.execute(statement)
    ]


def coded_pairs(viewer: int | None = None, place: tuple[str, str] | None = None) -> Subquery:
    """Select which suggestion is about which theme (columns theme, comment); one about a city's own is so for both.

    What a viewer is to code as a second person is left out: they do not see what the first one said. `place` is a city
    and wave, where no others are asked for.
    """
    seen = is_seen_by(viewer) if viewer is not None else literal(value=True)
    own = select(CommentCode.theme.label("theme"), CommentCode.comment.label("comment")).where(seen)
    above = (
        select(Theme.parent, CommentCode.comment)
        .join(Theme, Theme.code == CommentCode.theme)
        .where(Theme.parent.is_not(None), seen)
    )
    if place is not None:
        here = (Comment.id == CommentCode.comment, Comment.city == place[0], Comment.wave == place[1])
        own, above = own.join(Comment, and_(*here)), above.join(Comment, and_(*here))
    return union(own, above).subquery("coded")


def is_seen_by(viewer: int, comment: Expression | None = None) -> ColumnElement[bool]:
    """Tell whether a viewer may see the codes of a suggestion, in a statement: not before their own second coding."""
    of = CommentCode.comment if comment is None else comment
    waits = select(SecondCoding.comment).where(
        SecondCoding.comment == of, SecondCoding.coder == viewer, SecondCoding.at.is_(None)
    )
    return ~waits.exists()


def typical_suggestions(session: Session, city: str, wave: str) -> Mapping[str, list[Typical]]:
    """Give what stands for each theme of a city and wave, by its code.

    What is not shown any more, or is about something else by now, is left out at once.
    """
    rows = session.execute(select(CityTheme.theme, CityTheme.typical).where(_of(city, wave))).all()
    ids = {each for row in rows for each in row.typical.split()}
    read = _shown(session, ids)
    found: dict[str, list[Typical]] = defaultdict(list)
    for row in rows:
        found[row.theme] += [read[row.theme, each] for each in row.typical.split() if (row.theme, each) in read]
    return {theme: typical for theme, typical in found.items() if typical}


def shown_in_theme(theme: str) -> Select[str]:
    """Select the ids of the suggestions about a theme, or a city's own one below it, that everybody may read."""
    pairs = coded_pairs()
    return (
        select(Comment.id)
        .join(pairs, pairs.c.comment == Comment.id)
        .where(pairs.c.theme == theme, Comment.state.in_(SHOWN))
    )


def _of(city: str, wave: str) -> ColumnElement[bool]:
    return and_(CityTheme.city == city, CityTheme.wave == wave)


def _shown(session: Session, ids: Collection[str]) -> dict[tuple[str, str], Typical]:
    """Read those of some suggestions that everybody may read, by the themes they are about."""
    if not ids:
        return {}
    pairs = coded_pairs()
    statement = (
        select(pairs.c.theme, Comment.id, Comment.lang, PUBLIC_TEXT.label("text"))
        .join(pairs, pairs.c.comment == Comment.id)
        .where(Comment.id.in_(ids), Comment.state.in_(SHOWN))
    )
    return {(row.theme, row.id): Typical(row.id, row.lang, row.text) for row in session.execute(statement) if row.text}
