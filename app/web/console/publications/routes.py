"""Requests and publications in the console."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import Form

from app.accounts.permissions import Permission, Person
from app.publishing import approvals, corrections, overview, requests
from app.publishing.approvals import Seen
from app.publishing.errors import BarrierError
from app.publishing.overview import RequestView
from app.publishing.requests import Proposal
from app.web import site
from app.web.console import form_drafts
from app.web.console.access import actor, me, requires, stepped_up
from app.web.console.menu import MenuEntry, WaitingLine
from app.web.console.publications import publishing, views
from app.web.console.publications.forms import ApproveForm, ObjectForm, ReasonsForm, RequestForm
from app.web.language import LANGUAGES, _, _l

bp = Blueprint("publications", __name__, url_prefix="/console/publications")
ENTRIES = (MenuEntry(30, _l("Publications"), "/console/publications/", Permission.SEE_PUBLICATIONS),)
BULK = (publishing.PUBLISH, publishing.DRAFT)
Page = str | Response | tuple[str, int]


def waiting(session: Session, person: Person) -> list[WaitingLine]:
    """Say how many requests and withdrawals wait for a person."""
    return views.waiting_lines(session, person) if person.may(Permission.APPROVE) else []


@bp.get("/")
@requires(Permission.SEE_PUBLICATIONS)
def index() -> str:
    """List what is on its way and what is published."""
    with site.database().reading() as session:
        open_requests = overview.list_open_requests(session, me().id)
        published = overview.list_all_publications(session)
    return render_template(
        "console/publications/index.html", requests=open_requests, publications=published, needed=approvals.NEEDED
    )


@bp.route("/ask/<run>", methods=["GET", "POST"])
@requires(Permission.REQUEST_RUN)
def ask(run: str) -> Page:
    """Ask for a run to be published."""
    form = RequestForm(request.form if request.method == "POST" else None)
    barrier = ""
    if request.method == "POST" and form.validate():
        proposal = Proposal(run=run, note=str(form.note.data), corrects=form.number(), correction=form.texts())
        try:
            with site.database().writing() as session:
                number = requests.request_publication(session, proposal, actor())
            back = requests.address_of(number)
            return redirect(url_for("tasks.progress", task=publishing.begin_draft(number, back)), 303)
        except BarrierError as error:
            barrier = views.BARRIERS[error.why]
    page = render_template("console/publications/ask.html", run=run, form=form, barrier=barrier)
    return (page, 422) if request.method == "POST" else page


@bp.get("/<int:request_id>")
@requires(Permission.SEE_PUBLICATIONS)
def show(request_id: int) -> str:
    """Show a request: what it changes, what is met, who approved, and what one may do."""
    view = _view(request_id)
    is_computing = view.is_open and not view.is_checked and publishing.is_being_drawn(request_id)
    return _page(view, is_computing=is_computing)


@bp.route("/<int:request_id>/approve", methods=["GET", "POST"])
@requires(Permission.APPROVE)
@stepped_up
def approve(request_id: int) -> Page:
    """Approve what the page showed."""
    form = ApproveForm(request.form if request.method == "POST" else None)

    def step(session: Session) -> None:
        seen = Seen(str(form.output_digest.data), str(form.edition_digest.data))
        approvals.approve(session, request_id, seen, str(form.note.data or ""), actor())

    return _act("approve", request_id, form, step, _("Your approval is recorded."))


@bp.route("/<int:request_id>/object", methods=["GET", "POST"])
@requires(Permission.APPROVE)
def stop(request_id: int) -> Page:
    """Stop a request."""
    form = ObjectForm(request.form if request.method == "POST" else None)
    return _act(
        "object",
        request_id,
        form,
        lambda session: requests.object_to(session, request_id, str(form.reason.data), actor()),
        _("The request is stopped, and who asked for it is told."),
    )


@bp.route("/<int:request_id>/publish", methods=["GET", "POST"])
@requires(Permission.PUBLISH)
@stepped_up
def publish(request_id: int) -> Page:
    """Publish a request that two others approved; where its inputs have changed, with a reason."""
    view, draft = _view(request_id, compares=False), form_drafts.restored(publishing.REASON_FORM, str(request_id))
    kept = draft.fields if draft else None
    form = ReasonsForm(request.form if request.method == "POST" else kept)
    if request.method == "GET" or not (view.is_open and view.is_approved) or (view.changed and not form.validate()):
        with site.database().reading() as session:
            place = overview.read_place(session)
        page = _drawn("publish", view, form, draft=draft, place=place)
        return (page, 422) if request.method == "POST" else page
    back, reason = requests.address_of(request_id), form.texts() if view.changed else None
    if reason:
        # Publishing may still refuse: the reason stands in the form again until it is printed.
        with site.database().writing() as session:
            form_drafts.keep_posted(session, actor())
    return redirect(url_for("tasks.progress", task=publishing.begin_publishing(request_id, reason, back)), 303)


@bp.post("/<int:request_id>/draft")
@requires(Permission.REQUEST_RUN)
def draft(request_id: int) -> Response:
    """Compute the preview anew."""
    back = requests.address_of(_view(request_id).request.id)
    if publishing.is_being_drawn(request_id):
        return redirect(back, 303)
    return redirect(url_for("tasks.progress", task=publishing.begin_draft(request_id, back)), 303)


@bp.get("/withdrawals/<int:number>")
@requires(Permission.SEE_PUBLICATIONS)
def withdrawal(number: int) -> Page:
    """Show whether a publication stands, and what waits to be confirmed."""
    return _withdrawing(number, None, lambda _session: None, "")


@bp.route("/withdrawals/<int:number>/ask", methods=["GET", "POST"])
@requires(Permission.WITHDRAW)
@stepped_up
def ask_withdrawal(number: int) -> Page:
    """Ask for a withdrawal, with the reason in three languages."""
    form = ReasonsForm(request.form if request.method == "POST" else None)
    return _withdrawing(
        number,
        form,
        lambda session: corrections.ask_withdrawal(session, number, form.texts(), actor()),
        _("The withdrawal waits for a second person. Until then the publication is in force."),
    )


@bp.post("/withdrawals/<int:number>/<any(confirm, cancel):end>/<int:asked>")
@requires(Permission.CONFIRM_WITHDRAWAL)
@stepped_up
def end_withdrawal(number: int, end: str, asked: int) -> Page:
    """Withdraw a publication as somebody else asked, or let it stand."""
    step, said = {
        "confirm": (
            corrections.confirm_withdrawal,
            _("The publication is withdrawn. Its pages stay."),
        ),
        "cancel": (corrections.cancel_withdrawal, _("The publication stays in force.")),
    }[end]
    return _withdrawing(number, None, lambda session: step(session, number, asked, actor()), said)


@bp.post("/withdrawals/<int:number>/successor")
@requires(Permission.WITHDRAW)
@stepped_up
def succeed(number: int) -> Page:
    """Name the publication that takes the place of a withdrawn one."""
    successor = request.form.get("successor", type=int) or 0
    return _withdrawing(
        number,
        None,
        lambda session: corrections.name_successor(session, number, successor, actor()),
        _("The portal names publication %(number)s.", number=successor),
    )


def _view(request_id: int, *, compares: bool = True) -> RequestView:
    with site.database().reading() as session:
        return overview.read_request(session, request_id, site.clock().today(), compares=compares) or abort(404)


def _page(view: RequestView, *, is_computing: bool) -> str:
    found = view.differences
    return render_template(
        "console/publications/request.html",
        view=view,
        is_computing=is_computing,
        state_kind=views.state_words(view)[0],
        state_text=views.state_words(view)[1],
        checks=list(views.checks(view)),
        cities=views.city_lines(found, view.run) if found else [],
        causes=views.general_causes(found) if found else [],
        compared_with=views.compared_with(view),
        languages_of_preview=LANGUAGES,
    )


def _drawn(name: str, view: RequestView, form: Form, **more: object) -> str:
    return render_template(f"console/publications/{name}.html", view=view, form=form, **more)


def _act(name: str, request_id: int, form: Form, step: Callable[[Session], None], said: str) -> Page:
    """Show a form about a request; take its step when it is sent, and say so, or on the same page why it was not."""
    barrier = ""
    if request.method == "POST" and form.validate():
        try:
            with site.database().writing() as session:
                step(session)
            flash(said)
            return redirect(requests.address_of(request_id), 303)
        except BarrierError as error:
            barrier = views.BARRIERS[error.why]
    page = _drawn(name, _view(request_id, compares=False), form, barrier=barrier)
    return (page, 422) if request.method == "POST" else page


def _withdrawing(number: int, form: ReasonsForm | None, step: Callable[[Session], object], said: str) -> Page:
    barrier = ""
    if request.method == "POST" and (form is None or form.validate()):
        try:
            with site.database().writing() as session:
                step(session)
            flash(said)
            return redirect(url_for("publications.withdrawal", number=number), 303)
        except BarrierError as error:
            barrier = views.BARRIERS[error.why]
    with site.database().reading() as session:
        view = overview.read_withdrawal(session, number) or abort(404)
    shown = form or ReasonsForm()
    asking = form is not None and view.asked is None
    page = render_template(
        "console/publications/withdrawal.html", view=view, form=shown, barrier=barrier, asking=asking
    )
    return (page, 422) if request.method == "POST" else page
