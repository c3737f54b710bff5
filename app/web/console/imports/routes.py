"""Files of indicators: sent, looked at, confirmed, undone; and files to fill in."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.permissions import Permission
from app.indicators.errors import ImportRefusedError, NotConfirmedError
from app.indicators.queries import get_period
from app.indicators.staging import (
    AlreadyConfirmedError,
    OtherPreviewError,
    UnknownStageError,
    city_of_stage,
    confirm,
    get_preview,
)
from app.indicators.undoing import CannotUndoError, undo_import
from app.web import site
from app.web.console import form_drafts
from app.web.console.access import actor, me, requires
from app.web.console.imports.files import filled_file
from app.web.console.imports.receiving import chosen_cities, file_with_faults, receive
from app.web.console.imports.views import fault_sentence, preview_page, read_import_page
from app.web.console.menu import MenuEntry
from app.web.language import _, _l, _n
from app.web.slow import BusyError

DRAFT = "import"
"""Which form is kept half typed: the confirmation of a file that waits."""

bp = Blueprint("imports", __name__, url_prefix="/console")
ENTRIES = [MenuEntry(12, _l("Import"), "/console/import", Permission.ENTER_VALUES)]


@bp.get("/import")
@requires(Permission.ENTER_VALUES)
def choose() -> str:
    """Show where a file is sent."""
    return _choose()


@bp.post("/import")
@requires(Permission.ENTER_VALUES)
def send() -> AnyResponse | tuple[str, int]:
    """Take a file and lead to what it would change."""
    try:
        stage = receive(request, me(), actor())
    except ImportRefusedError as refused:
        return _choose(fault_sentence(refused.faults[0])), 422
    except BusyError:
        return _choose(_("Other files are being read just now. Please send yours again in a minute.")), 503
    return redirect(f"/console/import/{stage}", 303)


@bp.get("/import/<stage>")
@requires(Permission.ENTER_VALUES)
def preview(stage: str) -> str:
    """Show what a file would change."""
    _check_city(stage)
    return _preview(stage)


@bp.post("/import/<stage>/confirm")
@requires(Permission.ENTER_VALUES)
def confirm_import(stage: str) -> AnyResponse | tuple[str, int]:
    """Store what was seen."""
    _check_city(stage)
    typed = request.form.get("withdrawn", "0").strip()
    try:
        with site.database().writing() as session:
            withdrawn = int(typed) if typed.isdecimal() and len(typed) < 10 else -1
            confirm(session, stage, request.form.get("mark", ""), withdrawn, actor())
            form_drafts.drop(session, DRAFT, stage)
    except UnknownStageError:
        abort(404)
    except (OtherPreviewError, ImportRefusedError):
        return _preview(stage, _("Something changed meanwhile. This is how it is now; please look again.")), 409
    except NotConfirmedError as error:
        return _preview(
            stage, _("Please type the number of values that would be withdrawn: %(n)s", n=error.missing)
        ), 422
    except AlreadyConfirmedError:
        pass  # pressed twice: what the first did is shown
    return redirect(f"/console/import/{stage}", 303)


@bp.post("/import/<stage>/undo")
@requires(Permission.ENTER_VALUES)
def undo(stage: str) -> AnyResponse:
    """Put back what stood before."""
    _check_city(stage)
    try:
        with site.database().writing() as session:
            n = undo_import(session, stage, actor())
    except UnknownStageError:
        abort(404)
    except CannotUndoError:
        flash(_("It cannot be undone any more: ten minutes have passed, or a value was changed since."), "warning")
    else:
        flash(_n("%(num)s value is as it was before.", "%(num)s values are as they were before.", n))
    return redirect(f"/console/import/{stage}", 303)


@bp.get("/import/<stage>/errors.<any(xlsx, csv):kind>")
@requires(Permission.ENTER_VALUES)
def errors(stage: str, kind: str) -> Response:
    """Give a file back with a column that says what is wrong."""
    _check_city(stage)
    try:
        return file_with_faults(stage, kind, actor())
    except UnknownStageError:
        abort(404)


@bp.get("/values/template.xlsx")
@requires(Permission.SEE_VALUES)
def template() -> Response:
    """Give a file to fill in, with the values that are known."""
    return _filled("xlsx")


@bp.get("/values/export.<any(xlsx, csv):kind>")
@requires(Permission.SEE_VALUES)
def export(kind: str) -> Response:
    """Give the same to keep: what comes out goes in."""
    return _filled(kind)


def _filled(kind: str) -> Response:
    cities = chosen_cities(me(), Permission.SEE_VALUES, request.args.get("city", "")) or abort(404)
    with site.database().reading() as session:
        period = get_period(session, request.args.get("period", "")) or abort(404)
        return filled_file(session, period, cities, kind, actor())


def _check_city(stage: str) -> None:
    """Keep out whoever sent the file and has no role in its city any more."""
    with site.database().reading() as session:
        try:
            city = city_of_stage(session, stage, actor())
        except UnknownStageError:
            abort(404)
    if not me().may(Permission.ENTER_VALUES, city):
        abort(404)


def _choose(error: str = "") -> str:
    with site.database().reading() as session:
        page = read_import_page(session, me(), site.clock().now())
    return render_template("console/imports/choose.html", page=page, error=error, chosen=request.values)


def _preview(stage: str, error: str = "") -> str:
    with site.database().reading() as session:
        try:
            page = preview_page(get_preview(session, stage, actor()))
        except UnknownStageError:
            abort(404)
    draft = form_drafts.restored(DRAFT, stage)
    # A number that was typed for another preview confirms nothing of this one.
    typed = draft.fields.get("withdrawn", "") if draft and draft.fields.get("mark") == page.preview.mark else ""
    now = site.clock().now()
    return render_template("console/imports/preview.html", page=page, error=error, typed=typed, draft=DRAFT, now=now)
