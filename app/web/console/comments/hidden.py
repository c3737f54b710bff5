"""The queue of hidings that outsiders confirm or overturn, as its page shows it, and what its buttons do."""

from typing import Any, NamedTuple

from flask import abort, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.permissions import Person
from app.feedback.errors import DecisionError, DecisionFault, StaleCommentError, UnknownCommentError
from app.feedback.models import CommentDecision
from app.feedback.moderation import Decision, DecisionEvent, HidingReason, decide, undo
from app.feedback.outsiders import WEEK, hidings_for, last_of_outsider
from app.web import site
from app.web.console import tables
from app.web.console.access import actor, me
from app.web.console.comments.listing import areas, language_name, week_text
from app.web.console.comments.words import FAULTS, REASONS
from app.web.console.layout import city_name
from app.web.console.tables import Column, Filter, Listing, TablePage, choice
from app.web.console.values.listing import visible_cities
from app.web.language import _, _l
from surveys.models.comments import Comment

PATH = "/console/comments/hidden"
VERDICTS = {str(event): event for event in (DecisionEvent.CONFIRM, DecisionEvent.OVERTURN)}

LISTING = Listing(
    name="hidings",
    columns=(
        Column("week", _l("Week of release"), lambda row: week_text(row.week), (WEEK,)),
        Column("city", _l("City"), lambda row: city_name(row.city)),
        Column("reason", _l("Reason"), lambda row: str(REASONS[HidingReason(row.reason)])),
    ),
    filters=(
        Filter("city", _l("City"), lambda value: Comment.city == value, lambda: visible_cities(None)),
        choice("reason", _l("Reason"), CommentDecision.reason, {str(each): words for each, words in REASONS.items()}),
        Filter("area", _l("Area"), lambda value: Comment.area == value, areas),
    ),
    key=(Comment.id,),
    path=PATH,
    sort="week",
)


class HidingLine(NamedTuple):
    """A hiding that waits, with the text that its outsider has to read."""

    row_id: str
    text: str
    lang: str
    version: int
    reason: str
    place: str
    """City, area, language, week."""


class HidingsPage(NamedTuple):
    """What waits for a person to confirm or overturn it."""

    page: TablePage
    lines: list[HidingLine]
    query: str
    can_undo: bool
    """Whether this person decided about one, and that still counts."""


def show() -> str:
    """Show what waits."""
    with site.database().reading() as session:
        page = _read(session, me())
    return render_template("console/comments/hidden.html", page=page)


def _read(session: Session, person: Person) -> HidingsPage:
    page = tables.read(session, LISTING, hidings_for(person.id, site.clock().today()), request.args)
    can_undo = last_of_outsider(session, person.id) is not None
    return HidingsPage(page, [_line(row) for row in page.rows], request.query_string.decode(), can_undo)


def _line(row: Any) -> HidingLine:
    parts = (city_name(row.city), areas().get(row.area, row.area), language_name(row.lang), week_text(row.week))
    reason = str(REASONS[HidingReason(row.reason)])
    return HidingLine(row.row_id, row.text, row.lang, row.version, reason, " · ".join(parts))


def take(comment: str) -> Response:
    """Confirm or overturn a hiding."""
    event, version = VERDICTS.get(request.form.get("verdict", "")), request.form.get("version", "")
    if event is None or not version.isdecimal() or len(version) > 9:
        abort(422)
    try:
        with site.database().writing() as session:
            decide(session, actor(), comment, Decision(event), int(version))
    except UnknownCommentError:
        flash(_("This suggestion is not there any more: whoever wrote it took it back."), "warning")
    except StaleCommentError:
        flash(_("Somebody decided about this suggestion meanwhile; your decision was not taken."), "warning")
    except DecisionError as error:
        flash(str(FAULTS[error.fault]), "warning")
    else:
        words = _("The hiding is confirmed.") if event is DecisionEvent.CONFIRM else _("Overturned: it is shown again.")
        flash(words)
    return _back()


def take_back() -> Response:
    """Take one's last confirmation or overturning back."""
    with site.database().writing() as session:
        comment = last_of_outsider(session, me().id)
        if comment is not None:
            undo(session, actor(), comment)
    if comment is None:
        flash(str(FAULTS[DecisionFault.NOTHING_TO_UNDO]), "warning")
    else:
        flash(_("Taken back: it waits again."))
    return _back()


def _back() -> Response:
    query = request.query_string.decode()
    return redirect(f"{PATH}?{query}" if query else PATH, 303)
