"""Runs of the rating in the console."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.web import site
from app.web.console import exports, tables
from app.web.console.access import requires
from app.web.console.layout import city_name
from app.web.console.menu import MenuEntry
from app.web.console.publications.views import city_lines, general_causes
from app.web.console.runs import making, views
from app.web.console.runs.forms import RunForm
from app.web.language import _l

bp = Blueprint("runs", __name__, url_prefix="/console/runs")
ENTRIES = (MenuEntry(50, _l("Runs"), "/console/runs/", Permission.SEE_RUNS),)
BULK = (making.MAKE,)


@bp.get("/")
@requires(Permission.SEE_RUNS)
def index() -> str | Response:
    """List the runs."""
    if tables.asked_for_file():
        with site.database().writing() as session:
            return exports.exported(session, making.LISTING, views.runs_with_requests())
    with site.database().reading() as session:
        page = tables.read(session, making.LISTING, views.runs_with_requests(), request.args)
    return render_template("console/runs/index.html", page=page, kinds=making.KINDS)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.REQUEST_RUN)
def new() -> str | Response | tuple[str, int]:
    """Make a run."""
    with site.database().reading() as session:
        form = views.filled_form(session, RunForm(request.form if request.method == "POST" else None))
    if request.method == "POST" and form.validate():
        values = {"waves": " ".join(form.waves.data or ()), "kind": str(form.kind.data)}
        name = making.begin(form.period.data, values, url_for("runs.index"))
        return redirect(url_for("tasks.progress", task=name), 303)
    page = render_template("console/runs/new.html", form=form)
    return (page, 422) if request.method == "POST" else page


@bp.get("/<run>")
@requires(Permission.SEE_RUNS)
def show(run: str) -> str:
    """Show a run: totals, findings, digests."""
    with site.database().reading() as session:
        view = views.read_run(session, run) or abort(404)
    return render_template("console/runs/run.html", view=view, kinds=making.KINDS, city_name=city_name)


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
