"""Addresses of periods."""

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.indicators.errors import PeriodError, ReasonTooShortError
from app.indicators.openings import close_period, open_period
from app.indicators.openings import extend as extend_period
from app.web import site
from app.web.console.access import actor, me, requires
from app.web.console.menu import MenuEntry
from app.web.console.periods import views
from app.web.console.periods.forms import ExtensionForm, make_extension_form, make_period_form
from app.web.language import _, _l, _n

bp = Blueprint("periods", __name__, url_prefix="/console/periods")
ENTRIES = [MenuEntry(15, _l("Periods"), "/console/periods/", Permission.SEE_PERIODS)]


@bp.get("/")
@requires(Permission.SEE_PERIODS)
def table() -> str:
    """List the periods."""
    with site.database().reading() as session:
        lines = views.read_list(session)
    return render_template("console/periods/list.html", lines=lines, can_manage=me().may(Permission.MANAGE_PERIODS))


@bp.get("/new")
@requires(Permission.MANAGE_PERIODS)
def new() -> str:
    """Show the form of a new period."""
    return render_template("console/periods/new.html", form=make_period_form(site.clock().today()))


@bp.post("/new")
@requires(Permission.MANAGE_PERIODS)
def create() -> Response | tuple[str, int]:
    """Open a period with all its cases."""
    form = make_period_form(site.clock().today())
    if form.validate():
        plan = form.plan()
        try:
            with site.database().writing() as session:
                made = open_period(session, plan, actor())
        except PeriodError as error:
            form.refuse(error)
        else:
            flash(_n("The period has %(num)s case.", "The period has %(num)s cases.", made))
            return redirect(f"/console/periods/{plan.code}", 303)
    return render_template("console/periods/new.html", form=form), 422


@bp.get("/<code>")
@requires(Permission.SEE_PERIODS)
def show(code: str) -> str:
    """Show how much of a period is filled."""
    return _page(code)


@bp.post("/<code>/extend")
@requires(Permission.MANAGE_PERIODS)
def extend(code: str) -> Response | tuple[str, int]:
    """Give a city a later day."""
    form = _extension_form(code)
    if form.validate():
        try:
            with site.database().writing() as session:
                extend_period(session, code, form.extension(), actor())
        except PeriodError as error:
            form.refuse(error)
        except ReasonTooShortError as error:
            form.fault(
                "reason_kk",
                _("Please give a reason of %(number)s characters or more in each language.", number=error.shortest),
            )
        else:
            flash(_("The city has a later day now, and everybody can read why."))
            return redirect(f"/console/periods/{code}", 303)
    return _page(code, form), 422


@bp.post("/<code>/close")
@requires(Permission.MANAGE_PERIODS)
def close(code: str) -> Response | tuple[str, int]:
    """Close a period, once its code was typed."""
    if request.form.get("confirm", "").strip() != code:
        return _page(code, wrong=_("Type %(code)s to close the period.", code=code)), 422
    try:
        with site.database().writing() as session:
            n = close_period(session, code, actor())
    except PeriodError:
        return _page(code, wrong=_("The period is closed.")), 422
    flash(_n("The period is closed: %(num)s case.", "The period is closed: %(num)s cases.", n))
    return redirect(f"/console/periods/{code}", 303)


def _page(code: str, form: ExtensionForm | None = None, wrong: str = "") -> str:
    with site.database().reading() as session:
        page = views.read_page(session, code, me(), site.clock().today())
    if page is None:
        abort(404)
    form = form or make_extension_form([(row.city, row.name) for row in page.rows])
    return render_template("console/periods/period.html", page=page, form=form, wrong=wrong)


def _extension_form(code: str) -> ExtensionForm:
    with site.database().reading() as session:
        page = views.read_page(session, code, me(), site.clock().today())
    if page is None:
        abort(404)
    return make_extension_form([(row.city, row.name) for row in page.rows])
