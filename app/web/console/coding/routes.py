"""Addresses on which suggestions get their themes."""

from flask import Blueprint, render_template, request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission, Person, cities_of
from app.feedback.code_reading import has_no_theme, is_asked_of
from app.web import site
from app.web.console.access import me, requires
from app.web.console.coding import actions, saving, views
from app.web.console.coding.panel import PATH
from app.web.console.coding.saving import Answer
from app.web.console.menu import WaitingLine, WaitingNumbers
from app.web.console.selection import add_routes, choose_address
from app.web.language import _n
from surveys.models.comments import Comment

bp = Blueprint("coding", __name__, url_prefix="/console/coding")
BULK = list(actions.ACTIONS)
for _action in BULK:
    add_routes(bp, _action)


def waiting(_session: Session, person: Person) -> list[WaitingNumbers]:
    """Ask how many suggestions wait for themes, and for how many a person is asked as the second."""
    cities = cities_of(person.grants, Permission.CODE_COMMENTS)
    if not cities:
        return []
    numbers = select(func.count(), func.count().filter(is_asked_of(person.id)))
    return [WaitingNumbers(numbers.where(Comment.city.in_(sorted(cities)), has_no_theme(person.id)), _lines)]


def _lines(uncoded: int, asked: int) -> list[WaitingLine]:
    lines = []
    if asked:
        words = _n(
            "%(num)s suggestion waits for your word as the second person",
            "%(num)s suggestions wait for your word as the second person",
            asked,
        )
        lines.append(WaitingLine(words, f"{PATH}?second=1"))
    if uncoded:
        words = _n("%(num)s suggestion has no theme yet", "%(num)s suggestions have no theme yet", uncoded)
        lines.append(WaitingLine(words, PATH))
    return lines


@bp.get("/")
@requires(Permission.CODE_COMMENTS)
def queue() -> str:
    """Show what is about nothing yet."""
    with site.database().reading() as session:
        page = views.read_queue(session, me(), request.args)
    buttons = [(choose_address(each, "coding"), each) for each in BULK]
    return render_template("console/coding/queue.html", page=page, actions=buttons)


@bp.get("/<city>/<comment>")
@requires(Permission.CODE_COMMENTS)
def suggestion(city: str, comment: str) -> str:
    """Show one suggestion with the form for its themes."""
    return saving.show(city, comment)


@bp.post("/<city>/<comment>")
@requires(Permission.CODE_COMMENTS)
def save(city: str, comment: str) -> Answer:
    """Keep the themes that were ticked, and go on to the next."""
    return saving.save(city, comment)


@bp.post("/<city>/undo")
@requires(Permission.CODE_COMMENTS)
def undo(city: str) -> Answer:
    """Take one's last coding back."""
    return saving.take_back(city)
