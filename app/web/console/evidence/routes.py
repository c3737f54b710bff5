"""Papers behind a value: `/console/values/<period>/<city>/<indicator>/evidence`."""

from io import BytesIO

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.permissions import Permission
from app.indicators.errors import UnknownCaseError
from app.indicators.evidence import get_paper, withdraw_evidence
from app.indicators.evidence_errors import EvidenceCode, EvidenceError
from app.indicators.evidence_files import read_bytes
from app.indicators.keys import CaseKey
from app.web import site
from app.web.console import form_drafts
from app.web.console.access import actor, me, requires
from app.web.console.cases.pages import case_page
from app.web.console.cases.walking import list_query
from app.web.console.evidence.adding import PaperRefusedError, add_paper, form_of
from app.web.console.evidence.forms import PaperForm, sentence_of, show_faults
from app.web.console.evidence.views import read_page
from app.web.language import _

bp = Blueprint("evidence", __name__, url_prefix="/console/values/<period>/<city>/<indicator>/evidence")


@bp.get("")
@requires(Permission.SEE_VALUES)
def papers(period: str, city: str, indicator: str) -> str:
    """List the papers of a case."""
    return _page(CaseKey(period, city, indicator))


@bp.post("")
@requires(Permission.ENTER_VALUES)
def add(period: str, city: str, indicator: str) -> AnyResponse | tuple[str, int]:
    """Add a paper."""
    key = CaseKey(period, city, indicator)
    form = form_of(request) or abort(422)
    try:
        add_paper(key, form, request, actor())
    except UnknownCaseError:
        abort(404)
    except PaperRefusedError as refused:
        show_faults(form, refused.faults)
        if _is_of_value(key):
            return case_page(key, request.form.to_dict(), papers=(form,)), 422
        return _page(key, (form,)), 422
    if "draft" in request.form:
        # Without script what is typed beside the paper would be gone: it stands in the form again.
        with site.database().writing() as session:
            form_drafts.keep_posted(session, actor(), done=f"{request.form['kind']}-")
    flash(_("The document was added."))
    return _back(key)


@bp.post("/<int:number>/withdraw")
@requires(Permission.ENTER_VALUES)
def withdraw(period: str, city: str, indicator: str, number: int) -> AnyResponse:
    """Withdraw a paper."""
    key = CaseKey(period, city, indicator)
    try:
        with site.database().writing() as session:
            withdraw_evidence(session, key, number, actor())
    except UnknownCaseError:
        abort(404)
    except EvidenceError as error:
        if error.code is EvidenceCode.UNKNOWN:
            abort(404)
        flash(sentence_of(error), "warning")
    else:
        flash(_("The document was withdrawn. It stays for the auditor."))
    return _back(key)


@bp.get("/<int:number>/file")
@requires(Permission.SEE_VALUES)
def download(period: str, city: str, indicator: str, number: int) -> AnyResponse:
    """Give the file of a paper to be saved, never to be shown: what is in it runs nowhere on this site."""
    key = CaseKey(period, city, indicator)
    with site.database().reading() as session:
        paper = get_paper(session, key, number)
    if paper is None or paper.sha256 is None:
        abort(404)
    try:
        content = read_bytes(site.settings().evidence, paper.sha256)
    except EvidenceError as error:
        flash(sentence_of(error), "warning")
        return _back(key)
    response = send_file(BytesIO(content), paper.media_type, as_attachment=True, download_name=paper.file_name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _back(key: CaseKey) -> AnyResponse:
    """Lead back to where the form was: the value's page, or that of its papers."""
    own = f"/console/values/{key}"
    return redirect(f"{own}{list_query(request.form)}#evidence" if _is_of_value(key) else f"{own}/evidence", 303)


def _is_of_value(key: CaseKey) -> bool:
    return request.form.get("from") == f"/console/values/{key}"


def _page(key: CaseKey, forms: tuple[PaperForm, ...] = ()) -> str:
    with site.database().reading() as session:
        page = read_page(session, key, me(), forms) or abort(404)
    return render_template("console/evidence/page.html", page=page, evidence=page.section)
