"""Addresses of waves: list, plan, one wave, where people stop, and the steps of its life."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.fieldwork import services
from app.web import site
from app.web.console.access import actor, me, requires
from app.web.console.menu import MenuEntry
from app.web.console.waves import steps, views, words
from app.web.console.waves.forms import PlanForm, usual_targets
from app.web.console.waves.planning import plan_page, plan_posted
from app.web.language import LANGUAGES, _, _l
from surveys.models import Wave
from surveys.responses.withdrawal import SettledError

bp = Blueprint("waves", __name__, url_prefix="/console/waves")
ENTRIES = [MenuEntry(40, _l("Waves"), "/console/waves/", Permission.SEE_FIELDWORK)]


@bp.get("/")
@requires(Permission.SEE_FIELDWORK)
def table() -> str:
    """List the waves."""
    with site.database().reading() as session:
        lines = views.list_waves(session)
    return render_template("console/waves/list.html", lines=lines, words=words, may_plan=_may_manage())


@bp.get("/new")
@requires(Permission.MANAGE_WAVES)
def new() -> str:
    """Ask for a plan; the address may name the questionnaire."""
    form = PlanForm(questionnaire=request.args.get("questionnaire", ""), gates=["open"])
    return plan_page(form, usual_targets(), {})


@bp.post("/new")
@requires(Permission.MANAGE_WAVES)
def plan() -> Response | tuple[str, int]:
    """Plan a wave, and freeze its questionnaire with that."""
    return plan_posted(PlanForm())


@bp.get("/<wave>")
@requires(Permission.SEE_FIELDWORK)
def page(wave: str) -> str:
    """Show a wave and how far it has come."""
    with site.database().reading() as session:
        found = views.read_wave(session, me(), wave)
    if found is None:
        abort(404)
    is_due = found.line.state == "planned" and found.line.opens_on <= site.clock().today()
    return render_template("console/waves/wave.html", page=found, words=words, is_due=is_due)


@bp.get("/<wave>/steps")
@requires(Permission.SEE_FIELDWORK)
def where_people_stop(wave: str) -> str:
    """Show how many went on from each step of the form, and how answers came."""
    lang = request.args.get("lang", "")
    with site.database().reading() as session:
        row = session.get(Wave, wave)
        if row is None or lang not in {"", *LANGUAGES}:
            abort(404)
        lines, modes = views.read_steps(session, row, lang), views.read_modes(session, wave)
        named = {"wave": wave, "name": views.read_name(session, row), "is_synthetic": row.illustrative}
        shown = named | {"lines": lines, "modes": modes, "lang": lang}
    return render_template("console/waves/steps.html", **shown)


@bp.route("/<wave>/<any(open, close, freeze):step>", methods=["GET", "POST"])
@requires(Permission.MANAGE_WAVES)
def step(wave: str, step: str) -> Response | str | tuple[str, int]:
    """Say what a step does, and take it when that is confirmed."""
    return steps.take(wave, step) if request.method == "POST" else steps.ask(wave, step)


@bp.post("/<wave>/withdrawals")
@requires(Permission.MANAGE_WAVES)
def withdrawals(wave: str) -> Response:
    """Decide about the withdrawals that wait."""
    decision = request.form.get("decision", "")
    if decision not in {"accept", "refuse"}:
        abort(422)
    try:
        with site.database().writing() as session:
            if session.get(Wave, wave) is None:
                abort(404)
            services.decide_withdrawals(session, actor(), wave, accept=decision == "accept")
    except SettledError:
        abort(409)
    flash(_("The withdrawals that waited are decided."))
    return redirect(url_for(".page", wave=wave), 303)


def _may_manage() -> bool:
    return me().may(Permission.MANAGE_WAVES)
