"""Addresses of suggestions at the desk."""

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.feedback.assigning import TAKEN, AssignmentOrder, list_colleagues
from app.feedback.assigning import assign as give
from app.feedback.audit_draws import drawn_decisions
from app.feedback.listing import UNDECIDED, WEEK
from app.feedback.models import CommentAssignment
from app.web import site
from app.web.console import exports, tables
from app.web.console.access import actor, me, requires, stepped_up
from app.web.console.coding import actions as coding
from app.web.console.comments import actions, audit, deciding, files, hidden, original, views
from app.web.console.comments.listing import LISTING, PATH, list_query, statement_of
from app.web.console.comments.waiting import waiting
from app.web.console.comments.words import FINDINGS
from app.web.console.menu import MenuEntry
from app.web.console.replies.choosing import ReplyAction, reply_buttons
from app.web.console.selection import BulkAction, add_routes, choose_address
from app.web.language import _, _l, _n
from surveys.models.comments import Comment

bp = Blueprint("comments", __name__, url_prefix="/console/comments")
ENTRIES = [MenuEntry(25, _l("Suggestions"), PATH, Permission.READ_COMMENTS)]
BULK = list(actions.ACTIONS)
__all__ = ["BULK", "ENTRIES", "bp", "waiting"]

for _action in BULK:
    add_routes(bp, _action)


@bp.get("/")
@requires(Permission.READ_COMMENTS)
def table() -> str | Response:
    """Show the list; who has something to do there begins with what is not done."""
    person = me()
    if not request.args:
        return redirect(views.first_address(person), 303)
    with site.database().reading() as session:
        page = views.read_list(session, person, request.args)
    own = [("comments", each) for each in BULK] + [("coding", each) for each in coding.ACTIONS]
    buttons: list[tuple[str, BulkAction | ReplyAction]] = []
    buttons += [(choose_address(each, subject), each) for subject, each in own if person.may(each.permission)]
    buttons += reply_buttons(person)
    return render_template("console/comments/list.html", page=page, actions=buttons, most=TAKEN)


@bp.get("/of/<comment>")
@requires(Permission.READ_COMMENTS)
def of(comment: str) -> Response:
    """Lead to a suggestion of which nobody says in which city it is: the journal, and lists of ids."""
    with site.database().reading() as session:
        found = session.execute(statement_of(me()).where(Comment.id == comment)).first()
    if found is None:
        abort(404)
    return redirect(views.address_of(found.city, comment), 303)


@bp.get("/<city>/<comment>")
@requires(Permission.READ_COMMENTS)
def show(city: str, comment: str) -> str:
    """Show one suggestion, with the list around it."""
    return deciding.show(city, comment)


@bp.get("/<city>/<comment>/original")
@stepped_up
@requires(Permission.READ_ORIGINALS)
def read_original(city: str, comment: str) -> str:
    """Show what was written, also where it is hidden or blacked out."""
    return original.show(city, comment)


@bp.post("/<city>/<comment>/decide")
@requires(Permission.MODERATE)
def decide(city: str, comment: str) -> deciding.Answer:
    """Decide about a suggestion and go on to the next."""
    return deciding.take(city, comment)


@bp.post("/<city>/<comment>/urgent")
@requires(Permission.READ_COMMENTS)
def urgent(city: str, comment: str) -> deciding.Answer:
    """Tell the lead at once."""
    return deciding.mark_urgent(city, comment)


@bp.post("/<city>/undo")
@requires(Permission.MODERATE)
def undo(city: str) -> deciding.Answer:
    """Take one's last decision back."""
    return deciding.take_back(city)


@bp.post("/<city>/<comment>/mine")
@requires(Permission.ASSIGN_COMMENTS)
def mine(city: str, comment: str) -> Response:
    """Take a suggestion oneself."""
    _give_me(city, [comment])
    flash(_("It is yours now."))
    return redirect(views.address_of(city, comment, list_query()), 303)


@bp.post("/<city>/take")
@requires(Permission.ASSIGN_COMMENTS)
def take(city: str) -> Response:
    """Take the next suggestions of the list that nobody has."""
    free = (Comment.city == city, Comment.state.in_(UNDECIDED), CommentAssignment.staff.is_(None))
    with site.database().reading() as session:
        wanted = tables.filtered(LISTING, statement_of(me()), request.args).where(*free)
        ids = [row.id for row in session.execute(wanted.order_by(WEEK, Comment.id).limit(TAKEN))]
    number = _give_me(city, ids)
    flash(_n("%(num)s suggestion is yours now.", "%(num)s suggestions are yours now.", number))
    return redirect(f"{PATH}?state=released&state=second_look&mine=1", 303)


def _give_me(city: str, ids: list[str]) -> int:
    """Give suggestions that nobody has to whoever asks; gives how many."""
    who, today = actor(), site.clock().today()
    with site.database().writing() as session:
        own = next(each for each in list_colleagues(session, [city], today) if each.id == who.id)
        bulk = f"{who.id}-{who.at:%Y%m%d%H%M%S%f}"
        left = give(session, who, ids, AssignmentOrder(own, frozenset({city}), bulk, only_free=len(ids) > 1))
    return len(ids) - len(left)


@bp.get("/hidden")
@requires(Permission.CONFIRM_HIDING)
def hidings() -> str:
    """Show the hidings that wait for somebody from outside the city."""
    return hidden.show()


@bp.post("/hidden/<comment>")
@requires(Permission.CONFIRM_HIDING)
def confirm(comment: str) -> Response:
    """Confirm a hiding, or overturn it."""
    return hidden.take(comment)


@bp.post("/hidden/undo")
@requires(Permission.CONFIRM_HIDING)
def undo_confirming() -> Response:
    """Take one's last confirmation back."""
    return hidden.take_back()


@bp.get("/audit")
@requires(Permission.AUDIT_DECISIONS)
def drawn() -> str | Response:
    """Show the decisions that were drawn for the auditor, and the figures of hiding."""
    if tables.asked_for_file():
        with site.database().reading() as session:
            return exports.exported(session, audit.LISTING, drawn_decisions())
    with site.database().reading() as session:
        page = audit.read_list(session)
    found, hiding = audit.read_figures()
    return render_template(
        "console/comments/audit.html", page=page, found=found, hiding=hiding, views=audit, findings=FINDINGS
    )


@bp.get("/audit/<int:number>")
@stepped_up
@requires(Permission.AUDIT_DECISIONS)
def drawn_decision(number: int) -> str:
    """Show one decision that was drawn, with the text it is about."""
    return audit.show(number)


@bp.post("/audit/<int:number>")
@requires(Permission.AUDIT_DECISIONS)
def find(number: int) -> Response:
    """Keep what the auditor says of a decision."""
    return audit.take(number)


@bp.get("/export")
@stepped_up
@requires(Permission.EXPORT_COMMENTS)
def export() -> Response:
    """Give the suggestions of the list as a file: the public text of those that are shown, and no ids."""
    if not tables.asked_for_file():
        return redirect(views.list_address(), 303)
    with site.database().reading() as session:
        return files.exported(session)
