"""Themes are made, renamed, merged, split and retired; what was coded with them stays, and each change is a row.

National themes are the publisher's, a city's own ones below them its staff's; who may is asked at the edge. A theme
that was merged is retired and knows where its suggestions went: their codes, what stands for it and what was answered
to it go there too. A split makes a city's own theme below the national one and moves the suggestions that were chosen.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.feedback.coding import keep_moved
from app.feedback.errors import ThemeError, ThemeFault
from app.feedback.models import CityTheme, CommentCode, Theme, ThemeChange
from app.feedback.reply_models import Commitment, Reply
from app.feedback.theme_counts import MOST_TYPICAL, ThemeCount, shown_in_theme, theme_counts, typical_suggestions
from app.feedback.theme_names import CODE, LONGEST_CODE, LONGEST_NAME
from surveys.languages import Text3
from surveys.models.comments import Comment
from surveys.sql import hold_journal

__all__ = ["ThemeCount", "theme_counts", "typical_suggestions"]

_WORDS = {
    "made": "theme.made",
    "renamed": "theme.renamed",
    "merged": "theme.merged",
    "split": "theme.split",
    "retired": "theme.retired",
    "restored": "theme.restored",
}


def list_themes(session: Session, city: str | None = None) -> list[Theme]:
    """List the national themes, and those of a city, in the order of their codes: each city's own below its own."""
    of_city = Theme.city.is_(None) if city is None else Theme.city.is_(None) | (Theme.city == city)
    return sorted(session.scalars(select(Theme).where(of_city)), key=lambda theme: theme.code)


def make_city_theme(session: Session, actor: Actor, city: str, parent: str, name: Text3) -> Theme:
    """Make a theme of a city below a national one; raises ThemeError."""
    above = _held(session, parent)
    if above.city is not None or above.retired:
        raise ThemeError(ThemeFault.WRONG_PARENT)
    theme = _new(session, f"{parent}.{city}.{_next_number(session, parent, city)}", above.area, name, (parent, city))
    _keep_change(session, actor, theme, "made")
    return theme


def make_national_theme(session: Session, actor: Actor, code: str, areas: Collection[str], name: Text3) -> Theme:
    """Make a theme of all cities; its code begins with that of one of `areas`. Raises ThemeError."""
    hold_journal(session)
    found = CODE.fullmatch(code)
    if not found or found["area"] not in areas or len(code) > LONGEST_CODE:
        raise ThemeError(ThemeFault.WRONG_CODE)
    if session.get(Theme, code) is not None:
        raise ThemeError(ThemeFault.CODE_TAKEN)
    theme = _new(session, code, found["area"], name, (None, None))
    _keep_change(session, actor, theme, "made")
    return theme


def rename_theme(session: Session, actor: Actor, code: str, name: Text3) -> Theme:
    """Call a theme otherwise, in all three languages; the same again changes nothing. Raises ThemeError."""
    theme = _held(session, code)
    tidy = _checked_name(session, name, theme.area, theme.city, code)
    if tidy != name_of(theme):
        _keep_change(session, actor, theme, "renamed")
        theme.name_kk, theme.name_ru, theme.name_en = tidy
        theme.from_file = False
        session.flush()
    return theme


def merge_themes(session: Session, actor: Actor, code: str, target: str) -> int:
    """Let what is about one theme be about another, and retire it; gives how many suggestions went there.

    Both are of one area; a national theme goes into a national one, a city's own into one of that city or a national
    one. Raises ThemeError.
    """
    theme, into = _held(session, code), _held(session, target)
    if theme.code == into.code:
        raise ThemeError(ThemeFault.INTO_ITSELF)
    if theme.merged_into is not None:
        raise ThemeError(ThemeFault.MERGED)
    if into.retired or theme.area != into.area or into.city not in {None, theme.city}:
        raise ThemeError(ThemeFault.WRONG_TARGET)
    ids = session.scalars(select(CommentCode.comment).where(CommentCode.theme == code)).all()
    session.execute(update(Theme).where(Theme.parent == code).values(parent=target))
    moved = keep_moved(session, actor, ids, "merged", source=code, target=target)
    _move_picks(session, code, target)
    for table in (Reply, Commitment):
        session.execute(update(table).where(table.theme == code).values(theme=target))
    _keep_change(session, actor, theme, "merged", other=target, suggestions=moved)
    theme.retired, theme.merged_into, theme.from_file = True, target, False
    session.flush()
    return moved


def split_theme(session: Session, actor: Actor, code: str, city: str, *, name: Text3, ids: Collection[str]) -> Theme:
    """Make a city's own theme of some suggestions about another one; raises ThemeError."""
    theme = _held(session, code)
    if theme.city not in {None, city}:
        raise ThemeError(ThemeFault.UNKNOWN)
    if not ids:
        raise ThemeError(ThemeFault.NOTHING_CHOSEN)
    coded = select(CommentCode.comment).join(Comment, Comment.id == CommentCode.comment)
    own = session.scalars(coded.where(CommentCode.theme == code, Comment.city == city, CommentCode.comment.in_(ids)))
    chosen = own.all()
    if not chosen:
        raise ThemeError(ThemeFault.NOTHING_CHOSEN)
    new = make_city_theme(session, actor, city, theme.parent or theme.code, name)
    moved = keep_moved(session, actor, chosen, "split", source=code, target=new.code)
    _keep_change(session, actor, theme, "split", other=new.code, suggestions=moved)
    return new


def retire_theme(session: Session, actor: Actor, code: str) -> None:
    """Let nothing new be coded with a theme; what is coded with it stays. Raises ThemeError."""
    theme = _held(session, code)
    if not theme.retired:
        _keep_change(session, actor, theme, "retired")
        theme.retired, theme.from_file = True, False
        session.flush()


def restore_theme(session: Session, actor: Actor, code: str) -> None:
    """Let a retired theme be coded with again, unless it was merged; raises ThemeError."""
    theme = _held(session, code)
    if theme.merged_into is not None:
        raise ThemeError(ThemeFault.MERGED)
    if theme.retired:
        _checked_name(session, name_of(theme), theme.area, theme.city, code)
        _keep_change(session, actor, theme, "restored")
        theme.retired, theme.from_file = False, False
        session.flush()


def pick_typical(session: Session, actor: Actor, theme: str, city: str, *, wave: str, ids: Sequence[str]) -> list[str]:
    """Let up to three shown suggestions about a theme stand for it in a city and wave; gives those that do.

    What is not shown, or not about it, is left out. Raises ThemeError.
    """
    _held(session, theme)
    fit = shown_in_theme(theme).where(Comment.city == city, Comment.wave == wave, Comment.id.in_(ids))
    may = set(session.scalars(fit))
    chosen = [each for each in dict.fromkeys(ids) if each in may][:MOST_TYPICAL]
    row = session.get(CityTheme, (theme, city, wave))
    if (row.typical.split() if row else []) == chosen:
        return chosen
    session.merge(CityTheme(theme=theme, city=city, wave=wave, typical=" ".join(chosen)))
    session.flush()
    _record(session, actor, "theme.typical_chosen", theme, city=city, detail={"number": len(chosen)})
    return chosen


def name_of(theme: Theme) -> Text3:
    """Give the name of a theme in all languages."""
    return Text3(theme.name_kk, theme.name_ru, theme.name_en)


def _held(session: Session, code: str) -> Theme:
    """Read a theme that is going to be changed; raises ThemeError where there is none."""
    hold_journal(session)
    theme = session.get(Theme, code, populate_existing=True, with_for_update=True)
    if theme is None:
        raise ThemeError(ThemeFault.UNKNOWN)
    return theme


def _new(session: Session, code: str, area: str, name: Text3, place: tuple[str | None, str | None]) -> Theme:
    parent, city = place
    kk, ru, en = _checked_name(session, name, area, city, code)
    theme = Theme(
        code=code, area=area, parent=parent, city=city, name_kk=kk, name_ru=ru, name_en=en,
        retired=False, merged_into=None, from_file=False,
    )  # fmt: skip
    session.add(theme)
    session.flush()
    return theme


def _checked_name(session: Session, name: Text3, area: str, city: str | None, code: str) -> Text3:
    """Tidy a name and check it against those beside it; raises ThemeError."""
    tidy = Text3(*(" ".join(each.split()) for each in name))
    if not all(tidy):
        raise ThemeError(ThemeFault.THREE_LANGUAGES)
    if max(map(len, tidy)) > LONGEST_NAME:
        raise ThemeError(ThemeFault.LONG_NAME)
    beside = Theme.city.is_(None) | (Theme.city == city)
    others = select(Theme).where(Theme.area == area, beside, Theme.retired.is_(False), Theme.code != code)
    for other in session.scalars(others):
        if any(one.casefold() == two.casefold() for one, two in zip(tidy, name_of(other), strict=True)):
            raise ThemeError(ThemeFault.SAME_NAME)
    return tidy


def _next_number(session: Session, parent: str, city: str) -> int:
    """Give the next number of a city's themes below a national one; none comes twice, for themes are never deleted."""
    of_city = select(func.count()).select_from(Theme).where(Theme.code.startswith(f"{parent}.{city}.", autoescape=True))
    return session.execute(of_city).scalar_one() + 1


def _move_picks(session: Session, code: str, target: str) -> None:
    """Let what stands for a theme stand for the one it is merged into, as far as there is room."""
    for row in session.scalars(select(CityTheme).where(CityTheme.theme == code)).all():
        there = session.get(CityTheme, (target, row.city, row.wave))
        own = there.typical.split() if there else []
        typical = " ".join(list(dict.fromkeys([*own, *row.typical.split()]))[:MOST_TYPICAL])
        session.merge(CityTheme(theme=target, city=row.city, wave=row.wave, typical=typical))
        session.delete(row)
    session.flush()


def _keep_change(
    session: Session, actor: Actor, theme: Theme, event: str, *, other: str | None = None, suggestions: int = 0
) -> None:
    """Keep a change of a theme, with its name before it, and record it."""
    session.add(
        ThemeChange(
            theme=theme.code,
            event=event,
            other=other,
            suggestions=suggestions,
            name_kk=theme.name_kk,
            name_ru=theme.name_ru,
            name_en=theme.name_en,
            staff=actor.id,
            at=actor.at,
        )
    )
    session.flush()
    detail: dict[str, str | int | bool | None] = {"other": other, "number": suggestions or None}
    _record(session, actor, _WORDS[event], theme.code, city=theme.city, detail=detail)


def _record(
    session: Session,
    actor: Actor,
    event: str,
    theme: str,
    *,
    city: str | None,
    detail: dict[str, str | int | bool | None],
) -> None:
    record(session, actor, Entry(event=event, object_kind="theme", object_id=theme, city=city, detail=detail))
