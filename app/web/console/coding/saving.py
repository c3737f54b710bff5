"""What a press on the form of themes does: what was ticked, and where it leads."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import abort, flash, redirect, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.feedback.code_reading import last_own_coding, newest_coding, who_coded_last
from app.feedback.coding import said_of, set_themes, undo_coding
from app.feedback.errors import CodingError, CodingFault, StaleCommentError, UnknownCommentError
from app.feedback.models import Theme
from app.feedback.second_coding import Said
from app.web import site
from app.web.console import conflicts
from app.web.console.access import actor, me
from app.web.console.coding import views
from app.web.console.coding.panel import address_of
from app.web.console.conflicts import Other, Side
from app.web.console.themes.scope import called
from app.web.console.themes.words import CODING_FAULTS, KINDS
from app.web.language import _

Answer = str | Response | tuple[str, int]
MOST_TICKED = 12
"""More than anybody means: the form says that three are taken."""


class Ticked(NamedTuple):
    """What came from the form."""

    said: Said
    version: int
    coding: int
    """The newest coding that the page knew of."""


def read_ticked() -> Ticked | None:
    """Read what this request says of a suggestion; None for what no page of ours sends."""
    numbers = [request.form.get(name, "") for name in ("version", "coding")]
    if not all(number.isdecimal() and len(number) < 10 for number in numbers):
        return None
    themes = tuple(dict.fromkeys(request.form.getlist("theme")))[:MOST_TICKED]
    return Ticked(Said(themes, request.form.get("kind") or None), *map(int, numbers))


def show(city: str, comment: str, faults: Sequence[tuple[str, str]] = (), chosen: Sequence[str] = ()) -> str:
    """Show a suggestion with the form for its themes; 404 where this person may code no such one."""
    with site.database().reading() as session:
        page = views.read_page(session, me(), city, comment, chosen)
    if page is None:
        abort(404)
    return render_template("console/coding/suggestion.html", page=page, coding=page.coding, faults=faults)


def save(city: str, comment: str) -> Answer:
    """Keep what was ticked, and lead on: to the page it was ticked on, or to the next without a theme."""
    with site.database().reading() as session:
        place = views.find_place(session, me(), city, comment)
    ticked = read_ticked()
    if place is None:
        abort(404)
    if ticked is None:
        abort(422)
    try:
        _keep(comment, ticked)
    except UnknownCommentError:
        flash(_("Whoever wrote this suggestion took it back meanwhile."), "warning")
        return redirect(views.list_address(), 303)
    except StaleCommentError as error:
        return _both(city, comment, ticked.said, error.stored)
    except CodingError as error:
        fault = ("themes", str(CODING_FAULTS[error.fault]))
        return show(city, comment, (fault,), ticked.said.themes), 422
    flash(_("The themes are saved."))
    return redirect(views.back() or place.following or views.list_address(), 303)


def _keep(comment: str, ticked: Ticked) -> None:
    """Keep it; a decision about the suggestion that came between changes nothing about what it is about."""
    with site.database().writing() as session:
        try:
            set_themes(session, actor(), comment, ticked.said.themes, ticked.said.kind, version=ticked.version)
        except StaleCommentError:
            if newest_coding(session, comment) != ticked.coding:
                raise
            set_themes(session, actor(), comment, ticked.said.themes, ticked.said.kind, version=None)


def take_back(city: str) -> Answer:
    """Take back what this person said last in a city, and lead there."""
    try:
        with site.database().writing() as session:
            comment = last_own_coding(session, me().id, city) or ""
            undo_coding(session, actor(), comment)
    except (CodingError, UnknownCommentError):
        flash(str(CODING_FAULTS[CodingFault.NOTHING_TO_UNDO]), "warning")
        return redirect(views.list_address(), 303)
    flash(_("Taken back: it is as before."))
    return redirect(views.with_query(address_of(city, comment)), 303)


def _both(city: str, comment: str, mine: Said, stored: int) -> tuple[str, int]:
    """Show what somebody else said meanwhile beside one's own."""
    with site.database().reading() as session:
        theirs = said_of(session, [comment], me().id)[comment]
        last = who_coded_last(session, comment)
        codes = {*mine.themes, *theirs.themes}
        names = {theme.code: called(theme) for theme in session.scalars(select(Theme).where(Theme.code.in_(codes)))}
    sides = [
        Side(_("Themes"), _listed(mine, names), _listed(theirs, names)),
        Side(_("Kind"), _kind(mine.kind), _kind(theirs.kind)),
    ]
    other = Other(*last) if last else Other(_("the system"), site.clock().now())
    return conflicts.both(sides, other, version=stored, page=views.with_query(address_of(city, comment)))


def _listed(said: Said, names: dict[str, str]) -> str:
    return "; ".join(sorted(names.get(code, code) for code in said.themes)) or _("no theme")


def _kind(kind: str | None) -> str:
    return str(KINDS.get(kind, "")) if kind else ""
