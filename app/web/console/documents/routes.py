"""Addresses of the documents of cities."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request
from sqlalchemy import Select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.permissions import Permission, cities_of
from app.initiatives import documents
from app.initiatives.documents import DocumentState, OpenDocument, read_document
from app.initiatives.errors import (
    ContentError,
    StaleInitiativeError,
    UnknownDocumentError,
    WrongDocumentStateError,
)
from app.initiatives.models import CityDocument
from app.web import site
from app.web.console import exports, form_drafts, tables
from app.web.console.access import actor, me, requires
from app.web.console.conflicts import version_of
from app.web.console.documents import conflicting
from app.web.console.documents.forms import DocumentForm, WithdrawalForm, make_document_form
from app.web.console.documents.listing import document_statement, make_documents, without_documents
from app.web.console.initiatives.words import DOCUMENT_STATES
from app.web.console.layout import city_name
from app.web.initiatives.words import DOCUMENT_KINDS
from app.web.language import _

DRAFT = "document"

bp = Blueprint("documents", __name__, url_prefix="/console/documents")


@bp.context_processor
def wordings() -> dict[str, object]:
    """Give what the templates of documents call."""
    return {"document_states": DOCUMENT_STATES, "document_kinds": DOCUMENT_KINDS}


@bp.get("/")
@requires(Permission.SEE_INITIATIVES)
def table() -> str | Response:
    """List the documents that a person may see, and the cities that have none in force."""
    own, statement = make_documents(me()), document_statement(me())
    with site.database().reading() as session:
        if tables.asked_for_file():
            return exports.exported(session, own, statement)
        page = tables.read(session, own, statement, request.args)
        missing = without_documents(session, me())
    keeps = sorted(cities_of(me().grants, Permission.KEEP_INITIATIVES) or ())
    return render_template("console/documents/list.html", page=page, missing=missing, keeps=keeps)


@bp.get("/<city>/new")
@requires(Permission.KEEP_INITIATIVES)
def new(city: str) -> str:
    """Show the form of a document that is to be kept."""
    draft = form_drafts.restored(DRAFT, f"{city}/new")
    with site.database().reading() as session:
        others = documents.replaceable(session, city)
    return _form(make_document_form(others, None, draft.fields if draft else None), city, None, draft=draft)


@bp.post("/<city>/new")
@requires(Permission.KEEP_INITIATIVES)
def create(city: str) -> AnyResponse | tuple[str, int]:
    """Keep a draft of a document."""
    with site.database().reading() as session:
        form = make_document_form(documents.replaceable(session, city), None, request.form)
    try:
        content = read_document(form.typed(), site.clock().today())
        with site.database().writing() as session:
            number = documents.add_document(session, city, content, actor())
            form_drafts.drop(session, DRAFT, f"{city}/new")
    except ContentError as error:
        form.show(error.faults)
        return _form(form, city, None), 422
    flash(_("The draft is kept. The lead of the akimat releases it."))
    return redirect(f"/console/documents/{city}/{number}", 303)


@bp.get("/<city>/<int:number>")
@requires(Permission.SEE_INITIATIVES)
def show(city: str, number: int) -> str:
    """Show a document: a draft with its form, others as they are."""
    return _page(city, number)


@bp.post("/<city>/<int:number>")
@requires(Permission.KEEP_INITIATIVES)
def save(city: str, number: int) -> AnyResponse | tuple[str, int]:
    """Change a draft."""
    with site.database().reading() as session:
        form = make_document_form(documents.replaceable(session, city), None, request.form)
    target = OpenDocument(city, number, version_of(request.form))
    try:
        content = read_document(form.typed(), site.clock().today())
        with site.database().writing() as session:
            documents.change_document(session, target, content, actor())
            form_drafts.drop(session, DRAFT, f"{city}/{number}")
    except UnknownDocumentError:
        abort(404)
    except ContentError as error:
        form.show(error.faults)
        return _form(form, city, number, version=target.version), 422
    except StaleInitiativeError:
        return conflicting.both(city, number, form)
    except WrongDocumentStateError:
        return _again(city, number)
    flash(_("The draft is kept. The lead of the akimat releases it."))
    return redirect(f"/console/documents/{city}/{number}", 303)


@bp.post("/<city>/<int:number>/remove")
@requires(Permission.KEEP_INITIATIVES)
def remove(city: str, number: int) -> AnyResponse:
    """Give up a draft."""
    changed = _change(city, number, lambda session, target: documents.remove_document(session, target, actor()))
    return _done(changed, _("The draft is given up."), "/console/documents/", (city, number))


@bp.post("/<city>/<int:number>/release")
@requires(Permission.SUBMIT_INITIATIVES)
def release(city: str, number: int) -> AnyResponse:
    """Let everybody read of a document."""
    changed = _change(city, number, lambda session, target: documents.release_document(session, target, actor()))
    return _done(changed, _("Everybody reads of it now."), f"/console/documents/{city}/{number}", (city, number))


@bp.post("/<city>/<int:number>/withdraw")
@requires(Permission.SUBMIT_INITIATIVES)
def withdraw(city: str, number: int) -> AnyResponse | tuple[str, int]:
    """Take back what was released."""
    form = WithdrawalForm(request.form)
    reasons = (form.reason_kk.data or "", form.reason_ru.data or "")
    try:
        changed = _change(
            city, number, lambda session, target: documents.withdraw_document(session, target, reasons, actor())
        )
    except ContentError as error:
        form.show(error.faults)
        return _page(city, number, form), 422
    return _done(changed, _("The document is withdrawn."), f"/console/documents/{city}/{number}", (city, number))


def _change(city: str, number: int, work: Any) -> bool:
    """Do something to a document; gives whether it was done: somebody may have changed it meanwhile."""
    target = OpenDocument(city, number, version_of(request.form))
    try:
        with site.database().writing() as session:
            work(session, target)
    except UnknownDocumentError:
        abort(404)
    except (StaleInitiativeError, WrongDocumentStateError):
        return False
    return True


def _done(changed: bool, words: str, page: str, of: tuple[str, int]) -> AnyResponse:
    if not changed:
        return _again(*of)
    flash(words)
    return redirect(page, 303)


def _again(city: str, number: int) -> AnyResponse:
    flash(_("Somebody has changed this document meanwhile. This is how it is now."), "warning")
    return redirect(f"/console/documents/{city}/{number}", 303)


def _page(city: str, number: int, refused: WithdrawalForm | None = None) -> str:
    with site.database().reading() as session:
        row = _found(session, city, number)
        others = documents.replaceable(session, city) if row.state == DocumentState.DRAFT else []
    may_keep = me().may(Permission.KEEP_INITIATIVES, city)
    if row.state == DocumentState.DRAFT and may_keep:
        draft = form_drafts.restored(DRAFT, f"{city}/{number}")
        form = make_document_form(others, row, draft.fields if draft else None)
        return _form(form, city, number, version=row.version, draft=draft)
    return render_template(
        "console/documents/page.html",
        row=row,
        city_name=city_name(city),
        releases=me().may(Permission.SUBMIT_INITIATIVES, city),
        form=refused or WithdrawalForm(),
    )


def _found(session: Session, city: str, number: int) -> CityDocument:
    """Find a document that the person may see: drafts are the city's alone, and auditors'."""
    row = session.execute(_visible(city, number)).scalar_one_or_none()
    return row or abort(404)


def _visible(city: str, number: int) -> Select[CityDocument]:
    statement: Select[CityDocument] = document_statement(me()).with_only_columns(CityDocument)
    return statement.where(CityDocument.city == city, CityDocument.id == number)


def _form(form: DocumentForm, city: str, number: int | None, **more: Any) -> str:
    context: Mapping[str, Any] = {"version": 0, "draft": None} | more
    return render_template(
        "console/documents/form.html",
        form=form,
        city=city,
        city_name=city_name(city),
        number=number,
        place=f"{city}/{number or 'new'}",
        releases=number is not None and me().may(Permission.SUBMIT_INITIATIVES, city),
        **context,
    )
