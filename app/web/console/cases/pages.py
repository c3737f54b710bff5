"""The page of one value, drawn by whoever answers a form of it."""

from collections.abc import Mapping

from flask import abort, render_template, request
from sqlalchemy.orm import Session

from app.indicators.errors import UnknownCaseError
from app.indicators.keys import CaseKey
from app.web import site
from app.web.console.access import me
from app.web.console.cases import views
from app.web.console.cases.walking import LIST, list_address
from app.web.console.evidence.forms import PaperForm
from app.web.console.evidence.views import read_section
from app.web.console.form_drafts import FormInWork

_FORM_ID = "value-form"
"""The form that the fields of papers belong to as well: one press takes both."""


def case_page(
    key: CaseKey,
    typed: Mapping[str, str],
    *,
    faults: Mapping[str, str] | None = None,
    papers: tuple[PaperForm, ...] = (),
    draft: FormInWork | None = None,
) -> str:
    """Draw the page with what was typed, what is wrong with it, and the forms of papers that were refused."""
    with site.database().reading() as session:
        found = find_case(session, key)
        inside = _FORM_ID if views.can_edit(found, me()) else ""
        evidence = read_section(session, key, me(), papers, state=found.case.state, inside=inside)
        there = [line.paper for line in (*evidence.lines, *evidence.withdrawn)]
        page = views.read_page(session, found, me(), site.clock().today(), there)
    came_from = request.values.to_dict()
    shown = {"page": page, "typed": typed, "faults": faults or {}, "evidence": evidence, "draft": draft}
    shown |= {"list_query": came_from.get(LIST, ""), "list_address": list_address(came_from, key)}
    form = views.form_of(found, typed if "answer" in typed else {}, found.case.version)
    return render_template("console/cases/case.html", form=form, **shown)


def find_case(session: Session, key: CaseKey) -> views.Found:
    """Read a case, or answer that there is none."""
    try:
        return views.find(session, key)
    except UnknownCaseError:
        abort(404)
