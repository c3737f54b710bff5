"""A city's own themes, or the national ones: how they are called, what became of them, and forms to change them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask import abort
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.permissions import Permission, Person
from app.feedback.models import CommentCode, Theme, ThemeChange
from app.feedback.themes import list_themes, name_of
from app.web.console.themes.scope import areas, called
from app.web.console.themes.theme_page import ThemeLink
from app.web.console.themes.words import CHANGES
from app.web.language import current_language
from surveys.languages import Text3


class ThemeChangeLine(NamedTuple):
    """One change of a theme in words: what, how it was called or where it went, who and when."""

    words: str
    detail: str
    name: str
    at: datetime


class KeptTheme(NamedTuple):
    """A theme as it is kept."""

    code: str
    name: str
    names: Text3
    parent: str
    """Name of the national one above a city's own."""
    n: int
    """Suggestions that are coded with it, of whatever city and wave."""
    is_retired: bool
    merged_into: str
    targets: Sequence[ThemeLink]
    changes: Sequence[ThemeChangeLine]


class AreaOfThemes(NamedTuple):
    """The themes of an area."""

    code: str
    name: str
    themes: Sequence[KeptTheme]


@dataclass(frozen=True, slots=True)
class KeepingPage:
    """What is kept, of a city or (empty) of the country."""

    city: str
    areas: Sequence[AreaOfThemes]
    parents: Sequence[tuple[str, Sequence[ThemeLink]]]
    """National themes in use by the names of their areas: what a new theme of a city can stand below."""
    may_change: bool


def read_keeping(session: Session, person: Person, city: str) -> KeepingPage:
    """Read the themes of a city (or the national ones) with their history, in three statements."""
    themes = list_themes(session, city or None)
    own = [theme for theme in themes if theme.city == (city or None)]
    rows = session.execute(select(CommentCode.theme, func.count()).group_by(CommentCode.theme))
    numbers: dict[str, int] = {theme: number for theme, number in rows}  # noqa: C416 - rows are not pairs to mypy
    by_code = {theme.code: theme for theme in themes}
    changes = _changes(session, by_code, [theme.code for theme in own])
    kept = [_kept(theme, by_code, numbers, changes) for theme in own]
    names = areas()
    return KeepingPage(
        city=city,
        areas=[
            AreaOfThemes(area, name, found)
            for area, name in names.items()
            if (found := [each for each in kept if by_code[each.code].area == area])
        ],
        parents=[
            (
                name,
                [_as_target(each) for each in themes if each.area == area and each.city is None and not each.retired],
            )
            for area, name in names.items()
        ],
        may_change=person.may(Permission.CODE_COMMENTS, city) if city else person.may(Permission.MANAGE_THEMES),
    )


def check_owner(session: Session, code: str, city: str) -> None:
    """Answer 404 for a theme of somebody else."""
    theme = session.get(Theme, code)
    if theme is None or theme.city != (city or None):
        abort(404)


def _kept(
    theme: Theme, by_code: dict[str, Theme], numbers: dict[str, int], changes: dict[str, list[ThemeChangeLine]]
) -> KeptTheme:
    above, into = by_code.get(theme.parent or ""), by_code.get(theme.merged_into or "")
    fit = [
        each
        for each in by_code.values()
        if each.area == theme.area and not each.retired and each.code != theme.code and each.city in {None, theme.city}
    ]
    return KeptTheme(
        code=theme.code,
        name=called(theme),
        names=name_of(theme),
        parent=called(above) if above else "",
        n=numbers.get(theme.code, 0),
        is_retired=theme.retired,
        merged_into=called(into) if into else "",
        targets=[_as_target(each) for each in fit],
        changes=changes.get(theme.code, []),
    )


def _as_target(theme: Theme) -> ThemeLink:
    return ThemeLink(theme.code, called(theme))


def _changes(session: Session, by_code: dict[str, Theme], codes: Sequence[str]) -> dict[str, list[ThemeChangeLine]]:
    rows = (
        select(ThemeChange, Staff.name)
        .join(Staff, Staff.id == ThemeChange.staff)
        .where(ThemeChange.theme.in_(codes))
        .order_by(ThemeChange.id)
    )
    found: dict[str, list[ThemeChangeLine]] = {}
    for change, name in session.execute(rows):
        other = by_code.get(change.other or "")
        before = str(getattr(change, f"name_{current_language()}"))
        detail = called(other) if other else before if change.event == "renamed" else ""
        detail = f"{detail} ({change.suggestions})" if change.suggestions else detail
        found.setdefault(change.theme, []).append(ThemeChangeLine(str(CHANGES[change.event]), detail, name, change.at))
    return found
