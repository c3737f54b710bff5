"""The ministry's list: shown to whoever sees initiatives, imported by the publisher."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.permissions import Permission
from app.audit.journal import Entry, record
from app.indicators.errors import Code, ImportRefusedError, refused
from app.indicators.files import SpreadsheetFile
from app.indicators.sheet import LARGEST_FILE
from app.indicators.uploads import read_lines
from app.initiatives.contents import STANDARDS, default_edition
from app.initiatives.errors import (
    GoneNotConfirmedError,
    ListRefusedError,
    OtherListPreviewError,
    UnknownListStageError,
)
from app.initiatives.list_sheets import NumberedRow, read_list, sheet_of
from app.initiatives.lists import ListEffect, confirm_list, current_list, preview_list, stage_list
from app.printing.workbooks import write_list
from app.web import site
from app.web.console import form_drafts
from app.web.console.access import actor, me, requires
from app.web.console.attachments import attachment, in_turn
from app.web.console.exports import csv_of
from app.web.console.imports.views import fault_sentence
from app.web.console.initiative_list.words import column_words, fault_words
from app.web.console.services import services
from app.web.initiatives.words import areas_of
from app.web.language import _, _n, current_language, pick
from app.web.slow import BusyError
from scoring.edition import load_edition
from surveys.languages import Text3

DRAFT = "initiative_list"
PAGE = "/console/initiatives/list"

bp = Blueprint("initiative_list", __name__, url_prefix=PAGE)


@bp.get("")
@requires(Permission.SEE_INITIATIVES)
def show() -> str:
    """Show the list in force of an edition."""
    return _show()


@bp.get("/export.<any(csv, xlsx):kind>")
@requires(Permission.SEE_INITIATIVES)
def export(kind: str) -> Response:
    """Give the list in the form in which it is read; without rows it is a file to fill in."""
    with site.database().reading() as session:
        listed = current_list(session, _edition())
    lines = sheet_of(listed.rows, current_language())
    body = csv_of(lines[0], lines[1:]) if kind == "csv" else in_turn(lambda: write_list(lines))
    entry = Entry(
        event="initiatives.exported",
        object_kind="initiative_list",
        object_id=listed.edition,
        detail={"kind": kind, "rows": len(listed.rows)},
    )
    with site.database().writing() as session:
        record(session, actor(), entry)
    return attachment(body, f"initiatives-{listed.edition}.{kind}")


@bp.post("")
@requires(Permission.IMPORT_INITIATIVES)
def send() -> AnyResponse | tuple[str, int]:
    """Read a file and lead to what it would change."""
    edition = request.form.get("edition", "")
    if edition not in STANDARDS:
        abort(404)
    upload = request.files.get("file")
    try:
        if upload is None or not upload.filename:
            raise refused(Code.NO_FILE)
        file = SpreadsheetFile(upload.filename.replace("\\", "/").rpartition("/")[2], upload.read(LARGEST_FILE + 1))
        reading = _read(file, edition)
    except ImportRefusedError as error:
        return _show(fault_sentence(error.faults[0])), 422
    except BusyError:
        return _show(_("Other files are being read just now. Please send yours again in a minute.")), 503
    with site.database().writing() as session:
        stage = stage_list(session, edition, (file.name, file.sha256), reading, actor())
    return redirect(f"{PAGE}/{stage}", 303)


@bp.get("/<stage>")
@requires(Permission.IMPORT_INITIATIVES)
def preview(stage: str) -> str:
    """Show what a file would change."""
    return _preview(stage)


@bp.post("/<stage>")
@requires(Permission.IMPORT_INITIATIVES)
def confirm(stage: str) -> AnyResponse | tuple[str, int]:
    """Put the list in force that was seen."""
    typed = request.form.get("gone", "0").strip()
    try:
        with site.database().writing() as session:
            gone = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else -1
            done = confirm_list(session, stage, request.form.get("mark", ""), gone, actor())
            form_drafts.drop(session, DRAFT, stage)
    except UnknownListStageError:
        abort(404)
    except OtherListPreviewError:
        return _preview(stage, _("Something changed meanwhile. This is how it is now; please look again.")), 409
    except GoneNotConfirmedError as error:
        words = _("Please type the number of initiatives that would leave the list: %(n)s", n=error.gone)
        return _preview(stage, words), 422
    rows = sum(change.after is not None for change in done.changes)
    flash(_n("The list is in force: %(num)s initiative.", "The list is in force: %(num)s initiatives.", rows))
    return redirect(f"{PAGE}?edition={done.edition}", 303)


def _read(file: SpreadsheetFile, edition: str) -> Sequence[NumberedRow] | ListRefusedError:
    """Read a file in a process of its own; what is wrong with its rows is given, not raised."""
    with services().files.slot():
        lines = read_lines(file)
    try:
        return read_list(lines, edition)
    except ListRefusedError as error:
        return error


def _edition() -> str:
    asked = request.values.get("edition", "")
    return asked if asked in STANDARDS else default_edition()


def _show(error: str = "") -> str:
    with site.database().reading() as session:
        listed = current_list(session, _edition())
    editions = [(code, pick(Text3(*load_edition(code).title))) for code in STANDARDS]
    return render_template(
        "console/initiative_list/list.html",
        listed=listed,
        areas=areas_of(listed.edition),
        editions=editions,
        error=error,
        imports=me().may(Permission.IMPORT_INITIATIVES),
    )


def _preview(stage: str, error: str = "") -> str:
    with site.database().reading() as session:
        try:
            page = preview_list(session, stage, actor())
        except UnknownListStageError:
            abort(404)
    return render_template(
        "console/initiative_list/preview.html",
        page=page,
        error=error,
        areas=areas_of(page.edition),
        effects=ListEffect,
        fault_words=fault_words,
        column_words=column_words,
    )
