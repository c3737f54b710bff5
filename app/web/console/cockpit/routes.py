"""The cockpit of a city: today with the picture of reported and felt, what would move it, and beside whom it stands."""

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.feedback.city_waiting import AGES, suggestions_by_area
from app.ratings.models import OFFICIAL
from app.web import site
from app.web.console import exports, tables
from app.web.console.access import me, requires
from app.web.console.cockpit import compare, moves, staff_answers
from app.web.console.cockpit.sources import CockpitScope, gap_areas, read_tables, scope_of
from app.web.console.cockpit.today import read_today
from app.web.console.exports import ListFile
from app.web.console.layout import city_name
from app.web.console.menu import MenuEntry
from app.web.console.runs.views import edition_title
from app.web.language import _, _l, listed
from app.web.rating.gap import GapPicture, gap_picture, lines_of, which_lines
from scoring.rounding import half_up

bp = Blueprint("cockpit", __name__, url_prefix="/console/city")
ENTRIES = (MenuEntry(5, _l("City"), "/console/city/", Permission.SEE_COCKPIT),)


@bp.get("/")
@requires(Permission.SEE_COCKPIT)
def today() -> str:
    """Show what waits in a city, and what is reported and felt there."""
    person, day = me(), site.clock().today()
    with site.database().reading() as session:
        scope = scope_of(session, person, request.args)
        waits = read_today(session, scope.city, person.id, day)
        wanted = {scope.chosen.run.id: ("areas",)} if scope.chosen else {}
        found = read_tables(session, wanted)
    picture = _picture(scope, found[scope.chosen.run.id, "areas"]) if scope.chosen else None
    return render_template(
        "console/cockpit/today.html", scope=scope, waits=waits, ages=AGES, gap=picture, **_known(scope)
    )


@bp.get("/moves")
@requires(Permission.SEE_COCKPIT)
def would_move() -> str:
    """Show which values would bring how many points."""
    with site.database().reading() as session:
        scope = scope_of(session, me(), request.args)
        by_area = suggestions_by_area(session, scope.city)
        found = read_tables(session, {scope.chosen.run.id: moves.WANTED} if scope.chosen else {})
    ticked = frozenset(request.args.getlist("set"))
    read = moves.read_moves(scope.chosen, scope.city, found, by_area, ticked) if scope.chosen else None
    return render_template("console/cockpit/moves.html", scope=scope, moves=read, **_known(scope))


@bp.get("/compare")
@requires(Permission.SEE_COCKPIT)
def comparison() -> str | Response:
    """Show a city's trend, and the means of the cities of its size and of all."""
    with site.database().reading() as session:
        scope = scope_of(session, me(), request.args)
        found = read_tables(session, compare.wanted_tables(scope))
    read = compare.read_comparison(scope, found)
    if tables.asked_for_file():
        head = [_("Figure, 0 to 100"), _("The city"), _("Mean of cities of its size"), _("Mean of all cities")]
        rows: list[list[object]] = [
            [row.name, *(half_up(each, 1) for each in (row.own, row.peers, row.everyone))] for row in read.rows
        ]
        return exports.file_of(ListFile("city", head, rows, ["city", "publication", "trial"]))
    peers = listed(map(city_name, read.peers))
    return render_template(
        "console/cockpit/compare.html", scope=scope, compared=read, peer_names=peers, **_known(scope)
    )


@bp.get("/staff")
@requires(Permission.COMPARE_STAFF)
def against_staff() -> str | Response:
    """Show what those who work in a city's akimat say of it, beside what its residents say."""
    with site.database().reading() as session:
        scope = scope_of(session, me(), request.args, Permission.COMPARE_STAFF)
        found = read_tables(session, {scope.chosen.run.id: (staff_answers.TABLE,)} if scope.chosen else {})
        try:
            read = staff_answers.read_staff(session, scope, found, request.args)
        except KeyError:
            abort(404)
    if read and tables.asked_for_file():
        rows = [row.cells() for row in read.rows]
        named = ["city", "publication", "trial", "wave"]
        return exports.file_of(ListFile("staff-residents", staff_answers.head(), rows, named))
    return render_template("console/cockpit/staff.html", scope=scope, compared=read, **_known(scope))


def _picture(scope: CockpitScope, table: bytes) -> GapPicture | None:
    at, areas = which_lines(request.args.get("lines", "")), gap_areas(scope.edition, table)
    picture = gap_picture(areas.get(scope.city, []), lines_of([each for own in areas.values() for each in own], at), at)
    return picture if picture.dots else None


def _known(scope: CockpitScope) -> dict[str, object]:
    chosen = scope.chosen
    return {
        "edition_title": edition_title,
        "words": f"city={scope.city}" + (f"&{chosen.word}" if chosen else ""),
        "is_trial": chosen is not None and chosen.run.kind != OFFICIAL,
    }
