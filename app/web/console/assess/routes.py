"""Addresses of the examination."""

from flask import Blueprint, Response, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.permissions import Permission, Person
from app.indicators.decided import decided_revisions
from app.indicators.keys import CaseKey
from app.indicators.queue import count_waiting_for, next_in, place_of, read_queue
from app.indicators.states import State
from app.web import site
from app.web.console import exports, tables
from app.web.console.access import actor, me, requires
from app.web.console.assess import agreement_page, assigning, decided_page, queue_page
from app.web.console.assess.forms import RulingForm
from app.web.console.assess.ruling import rule, show_case
from app.web.console.menu import MenuEntry, WaitingLine
from app.web.language import _, _l, _n

bp = Blueprint("assess", __name__, url_prefix="/console/assess")
ENTRIES = [MenuEntry(20, _l("Examination"), "/console/assess/", Permission.SEE_ASSESSMENTS)]


def waiting(session: Session, person: Person) -> list[WaitingLine]:
    """Say how many cases an assessor may give a verdict on, and how many they were asked for."""
    if not person.may(Permission.ASSESS):
        return []
    asked, splits = count_waiting_for(session, person.id, site.clock().today())
    lines = []
    if asked:
        words = _n("%(num)s value waits for your verdict", "%(num)s values wait for your verdict", asked)
        lines.append(WaitingLine(words, "/console/assess/?mine=asked"))
    if splits:
        words = _n("On %(num)s value two assessors differ", "On %(num)s values two assessors differ", splits)
        lines.append(WaitingLine(words, "/console/assess/?mine=todo&state=split", urgent=True))
    return lines


@bp.get("/")
@requires(Permission.SEE_ASSESSMENTS)
def queue() -> str | AnyResponse:
    """Show what waits, worst first; an assessor begins with what is theirs to do."""
    person, today = me(), site.clock().today()
    if not request.args and person.may(Permission.ASSESS):
        return redirect(f"{request.path}?mine={queue_page.TO_DO}", 303)
    if tables.asked_for_file():
        return _file(person.id)
    with site.database().reading() as session:
        page = queue_page.read_page(session, person.id, request.args, today)
    return render_template("console/assess/queue.html", queue=page)


@bp.get("/next")
@requires(Permission.ASSESS)
def following() -> AnyResponse:
    """Lead to the next case of the filtered queue that waits for this person."""
    after = CaseKey.parse(request.args.get("after", ""))
    with site.database().reading() as session:
        rows = read_queue(session, me().id, site.clock().today()).rows
        place = queue_page.place_in(request.args, place_of(session, after) if after else None)
    found = next_in(queue_page.filtered(rows, request.args), place)
    if found and place and found.order < place:
        flash(_("That was the end of the list. It begins anew with what you passed over."))
    words = queue_page.address_of(rows, request.args).partition("?")[2]
    split = "split/" if found and found.state is State.SPLIT else ""
    path = f"{queue_page.PATH}{split}{found.key}" if found else queue_page.PATH
    return redirect(f"{path}?{words}" if words else path, 303)


@bp.get("/<period>/<city>/<indicator>")
@requires(Permission.SEE_ASSESSMENTS)
def case(period: str, city: str, indicator: str) -> str | AnyResponse:
    """Show a case that waits for two verdicts."""
    return show_case(CaseKey(period, city, indicator), RulingForm())


@bp.post("/<period>/<city>/<indicator>")
@requires(Permission.ASSESS)
def give(period: str, city: str, indicator: str) -> AnyResponse | tuple[str, int]:
    """Take one of the two verdicts, and lead to the next case."""
    return rule(CaseKey(period, city, indicator), settles=False)


@bp.get("/split/<period>/<city>/<indicator>")
@requires(Permission.SEE_ASSESSMENTS)
def split(period: str, city: str, indicator: str) -> str | AnyResponse:
    """Show a case on which two assessors differ, with both verdicts."""
    return show_case(CaseKey(period, city, indicator), RulingForm())


@bp.post("/split/<period>/<city>/<indicator>")
@requires(Permission.ADJUDICATE)
def settle(period: str, city: str, indicator: str) -> AnyResponse | tuple[str, int]:
    """Take the third verdict, which decides."""
    return rule(CaseKey(period, city, indicator), settles=True)


@bp.get("/decided")
@requires(Permission.SEE_ASSESSMENTS)
def decided() -> str | AnyResponse:
    """Show what was decided, with everybody who had a part in it."""
    if tables.asked_for_file():
        with site.database().reading() as session:
            return exports.exported(session, decided_page.LISTING, decided_revisions())
    with site.database().reading() as session:
        page = tables.read(session, decided_page.LISTING, decided_revisions(), request.args)
    return render_template("console/assess/decided.html", page=page, views=decided_page)


@bp.get("/agreement")
@requires(Permission.SEE_ASSESSMENTS)
def agreement() -> str:
    """Show how far assessors agree, by indicator and by pair."""
    with site.database().reading() as session:
        page = agreement_page.read_page(session, request.args.get("period", ""))
    return render_template("console/assess/agreement.html", page=page)


@bp.get("/assign")
@requires(Permission.ASSIGN)
def assignment() -> str:
    """Show who is asked for how much, and choose cases and people."""
    with site.database().reading() as session:
        page = assigning.read_page(session, request.args, site.clock().today())
    return render_template("console/assess/assign.html", page=page, plan=None)


@bp.post("/assign")
@requires(Permission.ASSIGN)
def assign() -> str | AnyResponse:
    """Say what assigning would do, or do it once that was confirmed."""
    order = assigning.read_order(request.form)
    with site.database().writing() as session:
        done = assigning.carry_out(session, order, actor())
        if not order.is_confirmed:
            page = assigning.read_page(session, request.form, site.clock().today())
            session.rollback()
            return render_template("console/assess/assign.html", page=page, plan=done)
    flash(_n("%(num)s value was assigned.", "%(num)s values were assigned.", done.changed))
    return redirect("/console/assess/assign", 303)


def _file(viewer: int) -> Response:
    with site.database().reading() as session:
        queue = read_queue(session, viewer, site.clock().today())
        kept = queue._replace(rows=queue_page.filtered(queue.rows, request.args))
        head, body = queue_page.file_rows(session, kept)
        names = [each.name for each in queue_page.FILTERS]
        return exports.file_of(exports.ListFile("assess", head, body, names))
