"""Runs of the rating in the console."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.publishing.differences import read_frames, standings
from app.ratings.models import Run
from app.web import site
from app.web.console import exports, tables
from app.web.console.access import requires
from app.web.console.menu import MenuEntry
from app.web.console.publications.views import city_lines, general_causes, place_text
from app.web.console.runs import making, views
from app.web.console.runs.city_page import read_city
from app.web.console.runs.forms import RunForm
from app.web.language import _l
from app.workspace.tasks import TooMuchError, address_of

bp = Blueprint("runs", __name__, url_prefix="/console/runs")
ENTRIES = (MenuEntry(50, _l("Runs"), "/console/runs/", Permission.SEE_RUNS),)
BULK = (making.MAKE,)


@bp.get("/")
@requires(Permission.SEE_RUNS)
def index() -> str | Response:
    """List the runs."""
    if tables.asked_for_file():
        with site.database().reading() as session:
            return exports.exported(session, making.LISTING, views.runs_with_requests())
    with site.database().reading() as session:
        page = tables.read(session, making.LISTING, views.runs_with_requests(), request.args)
        names = views.wave_names(session)
    return render_template("console/runs/index.html", page=page, kinds=making.KINDS, views=views, wave_names=names)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.REQUEST_RUN)
def new() -> str | Response | tuple[str, int]:
    """Make a run."""
    with site.database().reading() as session:
        form = views.filled_form(session, RunForm(request.form if request.method == "POST" else None))
        shares = views.shares(session)
    waiting: tuple[str, ...] = ()
    if request.method == "POST" and form.validate():
        values = {"waves": " ".join(form.waves.data or ()), "kind": str(form.kind.data)}
        try:
            name = making.begin(form.period.data, values, url_for("runs.index"))
            return redirect(url_for("tasks.progress", task=name), 303)
        except TooMuchError as error:
            waiting = tuple(address_of(each) for each in error.open)
    page = render_template("console/runs/new.html", form=form, shares=shares, waiting=waiting, bound=making.MAKE.bound)
    return (page, 422) if request.method == "POST" else page


@bp.get("/<run>")
@requires(Permission.SEE_RUNS)
def show(run: str) -> str:
    """Show a run: totals, findings, digests."""
    with site.database().reading() as session:
        view = views.read_run(session, run) or abort(404)
    return render_template("console/runs/run.html", view=view, kinds=making.KINDS, views=views, place_text=place_text)


@bp.get("/<run>/cities/<city>")
@requires(Permission.SEE_RUNS)
def follow(run: str, city: str) -> str:
    """Follow the total of a city in a run down to values and counts of answers."""
    with site.database().reading() as session:
        found = session.get(Run, run) or abort(404)
        areas = read_city(session, found, city) or abort(404)
        standing = standings(read_frames(session, (run,)), run)[city]
    known = {"kinds": making.KINDS, "views": views, "place_text": place_text}
    return render_template("console/runs/city.html", run=found, city=city, areas=areas, standing=standing, **known)


@bp.get("/<run>/changes")
@requires(Permission.SEE_RUNS)
def changes(run: str) -> str:
    """Compare a run with an earlier one, in words."""
    with site.database().reading() as session:
        found = views.compared(session, request.args.get("before", ""), run) or abort(404)
    before, after, differences = found
    return render_template(
        "console/runs/compared.html",
        before=before,
        after=after,
        cities=city_lines(differences, after),
        causes=general_causes(differences),
    )
