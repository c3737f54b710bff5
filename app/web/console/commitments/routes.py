"""Addresses of commitments."""

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.permissions import Permission, cities_of
from app.web import site
from app.web.console import exports, tables
from app.web.console.access import me, requires
from app.web.console.commitments import listing, stepping, writing
from app.web.console.commitments.waiting_lines import waiting
from app.web.console.commitments.words import STATES
from app.web.console.menu import MenuEntry
from app.web.console.themes.scope import areas
from app.web.language import _l

bp = Blueprint("commitments", __name__, url_prefix="/console/commitments")
ENTRIES = [MenuEntry(28, _l("Commitments"), listing.PATH, Permission.SEE_REPLIES)]
__all__ = ["ENTRIES", "bp", "waiting"]


@bp.context_processor
def wordings() -> dict[str, object]:
    """Give what the templates of commitments call."""
    return {"commitment_states": STATES}


@bp.get("/")
@requires(Permission.SEE_REPLIES)
def table() -> str | Response:
    """List the commitments that a person reads, what is still to be kept first, by its day."""
    today = site.clock().today()
    own, statement = listing.make_listing(me(), today), listing.statement_for(me())
    with site.database().reading() as session:
        if tables.asked_for_file():
            return exports.exported(session, own, statement)
        page = tables.read(session, own, statement, request.args)
        tally = listing.tally_of(session, own, statement, request.args, today)
    keeps = sorted(cities_of(me().grants, Permission.KEEP_COMMITMENTS) or ())
    return render_template(
        "console/commitments/list.html",
        page=page, tally=tally, listing=listing, keeps=keeps, today=today, area_names=areas(),
    )  # fmt: skip


@bp.get("/<city>/new")
@requires(Permission.KEEP_COMMITMENTS)
def new(city: str) -> str:
    """Show the form of a commitment that is to be."""
    return writing.show_new(city)


@bp.post("/<city>/new")
@requires(Permission.KEEP_COMMITMENTS)
def create(city: str) -> AnyResponse | tuple[str, int]:
    """Keep a draft of a commitment."""
    return writing.take_new(city)


@bp.get("/<city>/<int:number>")
@requires(Permission.SEE_REPLIES)
def show(city: str, number: int) -> str:
    """Show a commitment with everything that happened to it."""
    return stepping.show(city, number)


@bp.get("/<city>/<int:number>/edit")
@requires(Permission.KEEP_COMMITMENTS)
def edit(city: str, number: int) -> str | AnyResponse:
    """Show the form of a draft."""
    return writing.show_edit(city, number, check="check" in request.args)


@bp.post("/<city>/<int:number>/edit")
@requires(Permission.KEEP_COMMITMENTS)
def save(city: str, number: int) -> AnyResponse | tuple[str, int]:
    """Keep another wording of a draft."""
    return writing.take_edit(city, number)


@bp.get("/<city>/<int:number>/remove")
@requires(Permission.KEEP_COMMITMENTS)
def ask_removing(city: str, number: int) -> str | AnyResponse:
    """Ask before a draft is forgotten."""
    return writing.ask_removing(city, number)


@bp.post("/<city>/<int:number>/remove")
@requires(Permission.KEEP_COMMITMENTS)
def remove(city: str, number: int) -> AnyResponse:
    """Forget a draft."""
    return writing.remove(city, number)


@bp.post("/<city>/<int:number>/progress")
@requires(Permission.KEEP_COMMITMENTS)
def progress(city: str, number: int) -> AnyResponse | tuple[str, int]:
    """Tell everybody how far it is."""
    return stepping.take(city, number, "progress")


@bp.post("/<city>/<int:number>/<any(announce, move, 'report-done', drop):word>")
@requires(Permission.RELEASE_COMMITMENTS)
def step(city: str, number: int, word: str) -> AnyResponse | tuple[str, int]:
    """Take a step in the name of the akimat."""
    return stepping.take(city, number, word)
