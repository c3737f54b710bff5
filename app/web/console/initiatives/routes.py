"""Addresses of initiatives."""

from flask import Blueprint, Response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.permissions import Permission, Person, cities_of
from app.initiatives.queries import list_statement
from app.initiatives.standing import InitiativeKey
from app.initiatives.states import BY_MINISTRY
from app.web import site
from app.web.console import exports, tables
from app.web.console.access import me, requires
from app.web.console.initiatives import board_page, listing, opinions_page, stepping, waiting_lines, writing
from app.web.console.initiatives.words import STEPS
from app.web.console.menu import MenuEntry, WaitingNumbers
from app.web.initiatives.words import STATES, areas_of
from app.web.language import _l

bp = Blueprint("initiatives", __name__, url_prefix="/console/initiatives")
ENTRIES = [
    MenuEntry(26, _l("Initiatives"), "/console/initiatives/", Permission.SEE_INITIATIVES, ("/console/documents/",))
]


@bp.context_processor
def wordings() -> dict[str, object]:
    """Give what the templates of initiatives call."""
    return {"initiative_states": STATES, "initiative_steps": STEPS, "by_ministry": BY_MINISTRY, "areas_of": areas_of}


def waiting(session: Session, person: Person) -> list[WaitingNumbers]:
    """Say what of initiatives waits for a person."""
    return waiting_lines.waiting(session, person)


@bp.get("/")
@requires(Permission.SEE_INITIATIVES)
def table() -> str | Response:
    """List the initiatives that a person reads."""
    own, statement = listing.make_listing(me()), list_statement(listing.readership(me()))
    with site.database().reading() as session:
        if tables.asked_for_file():
            return exports.exported(session, own, statement)
        page = tables.read(session, own, statement, request.args)
    keeps = sorted(cities_of(me().grants, Permission.KEEP_INITIATIVES) or ())
    return render_template("console/initiatives/list.html", page=page, listing=listing, keeps=keeps)


@bp.get("/board")
@requires(Permission.SEE_INITIATIVES)
def board() -> str:
    """Show areas by cities, and who does the same."""
    with site.database().reading() as session:
        found = board_page.read_board(session, me(), request.args)
    return render_template("console/initiatives/board.html", board=found)


@bp.get("/examination")
@requires(Permission.EXAMINE_INITIATIVES)
def examination() -> str | Response:
    """List what waits for examiners."""
    return opinions_page.queue()


@bp.get("/<city>/new")
@requires(Permission.KEEP_INITIATIVES)
def new(city: str) -> str:
    """Show the form of an initiative that is to be."""
    return writing.show_new(city)


@bp.post("/<city>/new")
@requires(Permission.KEEP_INITIATIVES)
def create(city: str) -> AnyResponse | tuple[str, int]:
    """Make an initiative."""
    return writing.take_new(city)


@bp.get("/<city>/<int:number>")
@requires(Permission.SEE_INITIATIVES)
def show(city: str, number: int) -> str:
    """Show an initiative."""
    return stepping.show(InitiativeKey(city, number))


@bp.get("/<city>/<int:number>/edit")
@requires(Permission.KEEP_INITIATIVES)
def edit(city: str, number: int) -> str | AnyResponse:
    """Show the form of an initiative."""
    return writing.show_edit(InitiativeKey(city, number), check="check" in request.args)


@bp.post("/<city>/<int:number>/edit")
@requires(Permission.KEEP_INITIATIVES)
def save(city: str, number: int) -> AnyResponse | tuple[str, int]:
    """Keep the text of an initiative."""
    return writing.take_edit(InitiativeKey(city, number))


@bp.post("/<city>/<int:number>/<any(submit, recall, withdraw, start, finish, stop):word>")
@requires(Permission.SUBMIT_INITIATIVES)
def step(city: str, number: int, word: str) -> AnyResponse | tuple[str, int]:
    """Take a step in the name of the akimat."""
    return stepping.take(InitiativeKey(city, number), word)


@bp.post("/<city>/<int:number>/report")
@requires(Permission.KEEP_INITIATIVES)
def report(city: str, number: int) -> AnyResponse | tuple[str, int]:
    """Tell how far an initiative is."""
    return stepping.take(InitiativeKey(city, number), "report")


@bp.get("/<city>/<int:number>/examine")
@requires(Permission.EXAMINE_INITIATIVES)
def examine(city: str, number: int) -> str:
    """Show an initiative to an examiner."""
    return opinions_page.show_examination(InitiativeKey(city, number))


@bp.post("/<city>/<int:number>/examine")
@requires(Permission.EXAMINE_INITIATIVES)
def give_opinion(city: str, number: int) -> AnyResponse | tuple[str, int]:
    """Store an examiner's opinion."""
    return opinions_page.take_opinion(InitiativeKey(city, number))


@bp.get("/<city>/<int:number>/evaluate")
@requires(Permission.EXAMINE_INITIATIVES)
def evaluation(city: str, number: int) -> str:
    """Show figures from before and after."""
    return opinions_page.show_evaluation(InitiativeKey(city, number))


@bp.post("/<city>/<int:number>/evaluate")
@requires(Permission.EXAMINE_INITIATIVES)
def evaluate(city: str, number: int) -> AnyResponse | tuple[str, int]:
    """Make the figures public."""
    return opinions_page.take_evaluation(InitiativeKey(city, number))
