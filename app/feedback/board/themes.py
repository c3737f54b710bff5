"""What people wrote about: themes of a city, with how many shown suggestions stand behind each."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from app.feedback.board.suggestions import is_shown
from app.feedback.models import CommentCode, Theme
from surveys.languages import Text3
from surveys.models.comments import Comment

UNSORTED = "unsorted"
"""Stands for suggestions that nobody gave a theme yet, each in its area; no theme has this code."""


FEW = 5
"""A theme with fewer suggestions says so and gives no number."""


class PublicTheme(NamedTuple):
    """A theme: how many shown suggestions bear it, and how many it or one below it; UNSORTED has no name."""

    code: str
    area: str
    parent: str | None
    name: Text3
    merged_into: str | None
    own: int
    whole: int

    @property
    def is_national(self) -> bool:
        """Whether every city has it."""
        return self.parent is None


def list_themes(session: Session, city: str) -> list[PublicTheme]:
    """List the themes of the country and of a city, and last what is unsorted, by area."""
    shown = (
        select(CommentCode.comment, CommentCode.theme)
        .join(Comment, Comment.id == CommentCode.comment)
        .where(Comment.city == city, is_shown())
        .cte("shown")
    )
    own = select(shown.c.theme, func.count().label("n")).group_by(shown.c.theme).subquery("own")
    root = func.coalesce(Theme.parent, Theme.code).label("root")
    whole = (
        select(root, func.count(shown.c.comment.distinct()).label("n"))
        .join(shown, shown.c.theme == Theme.code)
        .group_by(root)
        .subquery("whole")
    )
    names = (Theme.name_kk, Theme.name_ru, Theme.name_en)
    own_n, whole_n = func.coalesce(own.c.n, 0), func.coalesce(whole.c.n, own.c.n, 0)
    themes = (
        select(Theme.code, Theme.area, Theme.parent, *names, Theme.merged_into, own_n, whole_n)
        .outerjoin(own, own.c.theme == Theme.code)
        .outerjoin(whole, whole.c.root == Theme.code)
        .where(or_(Theme.city.is_(None), Theme.city == city))
    )
    nothing, empty = null(), literal("")
    unsorted = (
        select(literal(UNSORTED), Comment.area, nothing, empty, empty, empty, nothing, func.count(), func.count())
        .where(Comment.city == city, is_shown(), Comment.id.not_in(select(shown.c.comment)))
        .group_by(Comment.area)
    )
    found: Sequence[Any] = session.execute(union_all(themes, unsorted)).all()
    rows = [_theme(tuple(row)) for row in found]
    return sorted(rows, key=lambda theme: (theme.code == UNSORTED, theme.area, -theme.whole, theme.code))


def _theme(row: tuple[Any, ...]) -> PublicTheme:
    code, area, parent, kk, ru, en, merged_into, own, whole = row
    return PublicTheme(code, area, parent, Text3(kk, ru, en), merged_into, own, whole)
