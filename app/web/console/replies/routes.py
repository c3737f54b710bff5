"""Addresses of replies."""

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.permissions import Permission
from app.feedback.reply_reading import replies_seen
from app.web import site
from app.web.console import exports, tables
from app.web.console.access import me, requires
from app.web.console.menu import MenuEntry
from app.web.console.replies import choosing, listing, stepping, writing
from app.web.console.replies.forms import FIELDS_OF
from app.web.console.replies.releasing import RELEASE
from app.web.console.replies.waiting import waiting
from app.web.console.replies.words import KIND_NOTES, KINDS
from app.web.console.replies.writing import Answer
from app.web.console.selection import add_routes, choose_address
from app.web.language import _l
from app.web.plain_text import is_web_address, paragraphs

bp = Blueprint("replies", __name__, url_prefix="/console/replies")
ENTRIES = [MenuEntry(27, _l("Replies"), listing.PATH, Permission.SEE_REPLIES)]
BULK = [RELEASE]
__all__ = ["BULK", "ENTRIES", "bp", "waiting"]

add_routes(bp, RELEASE)


@bp.context_processor
def wordings() -> dict[str, object]:
    """Give what the templates of replies call."""
    return {
        "reply_kinds": KINDS,
        "kind_notes": KIND_NOTES,
        "fields_of": FIELDS_OF,
        "paragraphs": paragraphs,
        "is_web_address": is_web_address,
    }


@bp.get("/")
@requires(Permission.SEE_REPLIES)
def table() -> str | Response:
    """List the replies that a person reads."""
    person, statement = me(), replies_seen(listing.readers_of(me()))
    with site.database().reading() as session:
        if tables.asked_for_file():
            return exports.exported(session, listing.LISTING, statement)
        page = tables.read(session, listing.LISTING, statement, request.args)
        links = listing.state_links(session, person, page, request.args)
    lines = [listing.line_of(row, person) for row in page.rows]
    actions = [(choose_address(RELEASE, "replies"), RELEASE)] if person.may(RELEASE.permission) else []
    return render_template("console/replies/list.html", page=page, lines=lines, links=links, actions=actions)


@bp.get("/new")
@requires(Permission.WRITE_REPLIES)
def new() -> Answer:
    """Show the form of a reply that is to be; without anything to reply to, the themes."""
    if not request.args:
        return redirect("/console/themes/", 303)
    return writing.show_new()


@bp.post("/new")
@requires(Permission.WRITE_REPLIES)
def create() -> Answer:
    """Begin a reply."""
    return writing.take_new()


@bp.post("/choose")
@requires(Permission.WRITE_REPLIES)
def choose() -> AnyResponse:
    """Keep what was ticked in a list of suggestions, and lead to the form of a reply to it."""
    return choosing.choose()


@bp.get("/<city>/<int:number>")
@requires(Permission.SEE_REPLIES)
def show(city: str, number: int) -> str:
    """Show a reply, with its form while it is being written."""
    return writing.show(city, number)


@bp.post("/<city>/<int:number>")
@requires(Permission.WRITE_REPLIES)
def save(city: str, number: int) -> Answer:
    """Keep another text of a reply."""
    return writing.save(city, number)


@bp.get("/<city>/<int:number>/correct")
@requires(Permission.WRITE_REPLIES)
def correction(city: str, number: int) -> str:
    """Show the form in which a reply that waits or was released is changed."""
    return writing.show(city, number, corrects=True)


@bp.post("/<city>/<int:number>/correct")
@requires(Permission.WRITE_REPLIES)
def correct(city: str, number: int) -> Answer:
    """Keep another text of a reply that waits or was released; somebody else has to release it."""
    return writing.save(city, number)


@bp.post("/<city>/<int:number>/ready")
@requires(Permission.WRITE_REPLIES)
def ready(city: str, number: int) -> Answer:
    """Pass a reply on to be released."""
    return stepping.take_ready(city, number)


@bp.post("/<city>/<int:number>/release")
@requires(Permission.RELEASE_REPLIES)
def release(city: str, number: int) -> Answer:
    """Let everybody read a reply."""
    return stepping.take_release(city, number)


@bp.post("/<city>/<int:number>/send-back")
@requires(Permission.RELEASE_REPLIES)
def send_back(city: str, number: int) -> Answer:
    """Give a reply back to whoever wrote it."""
    return stepping.take_send_back(city, number)


@bp.get("/<city>/<int:number>/give-up")
@requires(Permission.WRITE_REPLIES)
def ask_giving_up(city: str, number: int) -> Answer:
    """Ask before a draft or a correction is dropped."""
    return stepping.ask_giving_up(city, number)


@bp.post("/<city>/<int:number>/give-up")
@requires(Permission.WRITE_REPLIES)
def give_up(city: str, number: int) -> Answer:
    """Drop a draft or a correction."""
    return stepping.take_giving_up(city, number)


@bp.post("/<city>/<int:number>/withdraw")
@requires(Permission.RELEASE_REPLIES)
def withdraw(city: str, number: int) -> Answer:
    """Take a released reply back."""
    return stepping.take_withdrawal(city, number)


@bp.post("/<city>/<int:number>/add")
@requires(Permission.WRITE_REPLIES)
def add(city: str, number: int) -> Answer:
    """Let a reply answer what came to its theme since."""
    return stepping.take_adding(city, number)


@bp.post("/<city>/<int:number>/leave-out")
@requires(Permission.WRITE_REPLIES)
def leave_out(city: str, number: int) -> Answer:
    """Leave out those that were told twice that they are being looked at."""
    return stepping.take_leaving_out(city, number)
