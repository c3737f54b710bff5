"""Addresses of templates."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.models import Staff
from app.accounts.permissions import Permission, cities_of
from app.feedback import reply_templates
from app.feedback.placeholders import NAMES
from app.feedback.reply_errors import AnswerError, StaleAnswerError, UnknownAnswerError
from app.feedback.reply_models import REPLY_KINDS, ReplyTemplate
from app.feedback.reply_templates import TemplateTerms, as_offered, list_own, shipped_templates, terms_of
from app.web import site
from app.web.console import conflicts, form_drafts
from app.web.console.access import actor, me, requires
from app.web.console.conflicts import Other, Side, version_of
from app.web.console.layout import city_name
from app.web.console.replies.words import KINDS
from app.web.console.templates.forms import FIELDS, TemplateForm, make_template_form, texts_of
from app.web.console.themes.scope import areas
from app.web.language import _, pick

PATH, DRAFT = "/console/templates/", "template"
Answer = str | Response | tuple[str, int]

bp = Blueprint("templates", __name__, url_prefix="/console/templates")


@bp.context_processor
def wordings() -> dict[str, object]:
    """Give what the templates of this subject call."""
    return {"reply_kinds": KINDS, "areas": areas(), "gaps": NAMES, "pick": pick}


@bp.get("/")
@requires(Permission.MANAGE_TEMPLATES)
def table() -> str:
    """List the templates of a city by kind: its own, and those of every city."""
    cities = sorted(cities_of(me().grants, Permission.MANAGE_TEMPLATES) or ())
    city = request.args.get("city", "") if request.args.get("city", "") in cities else cities[0]
    with site.database().reading() as session:
        own = [as_offered(row) for row in list_own(session, city)]
    groups = [
        (kind, [each for each in own if each.kind == kind], [each for each in shipped_templates() if each.kind == kind])
        for kind in REPLY_KINDS
    ]
    return render_template("console/templates/list.html", city=city, cities=cities, groups=groups)


@bp.get("/<city>/new")
@requires(Permission.MANAGE_TEMPLATES)
def new(city: str) -> str:
    """Show the form of a template that is to be; with `from` filled as one of every city is."""
    basis = next((each for each in shipped_templates() if each.key == request.args.get("from")), None)
    terms = TemplateTerms(basis.kind, basis.area, pick(basis.name), basis.text) if basis else None
    draft = form_drafts.restored(DRAFT, f"{city}/new")
    return _form(make_template_form(terms, draft.fields if draft else None), city, draft=draft)


@bp.post("/<city>/new")
@requires(Permission.MANAGE_TEMPLATES)
def create(city: str) -> Answer:
    """Keep a template of the city's own."""
    form = make_template_form(typed=request.form)
    try:
        with site.database().writing() as session:
            reply_templates.add_template(session, actor(), city, form.terms())
            form_drafts.drop(session, DRAFT, f"{city}/new")
    except AnswerError as error:
        form.show(error.faults)
        return _form(form, city), 422
    flash(_("The template is kept: it is offered in the form of replies."))
    return redirect(f"{PATH}?city={city}", 303)


@bp.get("/<city>/<int:number>")
@requires(Permission.MANAGE_TEMPLATES)
def show(city: str, number: int) -> str:
    """Show a template of the city's own with its form."""
    with site.database().reading() as session:
        row = _found(session, city, number)
    draft = form_drafts.restored(DRAFT, f"{city}/{number}")
    form = make_template_form(terms_of(row), draft.fields if draft else None)
    return _form(form, city, number=number, version=row.version, draft=draft)


@bp.post("/<city>/<int:number>")
@requires(Permission.MANAGE_TEMPLATES)
def save(city: str, number: int) -> Answer:
    """Change a template of the city's own."""
    form, version = make_template_form(typed=request.form), version_of(request.form)
    try:
        with site.database().writing() as session:
            reply_templates.change_template(session, actor(), number, city, terms=form.terms(), version=version)
            form_drafts.drop(session, DRAFT, f"{city}/{number}")
    except UnknownAnswerError:
        abort(404)
    except StaleAnswerError as error:
        return _both(city, number, form, error.stored)
    except AnswerError as error:
        form.show(error.faults)
        return _form(form, city, number=number, version=version), 422
    flash(_("The template is kept: it is offered in the form of replies."))
    return redirect(f"{PATH}?city={city}", 303)


@bp.post("/<city>/<int:number>/remove")
@requires(Permission.MANAGE_TEMPLATES)
def remove(city: str, number: int) -> Response:
    """Remove a template of the city's own."""
    try:
        with site.database().writing() as session:
            reply_templates.remove_template(session, actor(), number, city, version=version_of(request.form))
    except UnknownAnswerError:
        abort(404)
    except StaleAnswerError:
        flash(_("Somebody has changed this template meanwhile. This is how it is now."), "warning")
        return redirect(f"{PATH}{city}/{number}", 303)
    flash(_("The template is removed. Replies that were written with it stay."))
    return redirect(f"{PATH}?city={city}", 303)


def _found(session: Session, city: str, number: int) -> ReplyTemplate:
    row = session.get(ReplyTemplate, number)
    return row if row is not None and row.city == city else abort(404)


def _form(form: TemplateForm, city: str, **more: Any) -> str:
    context: dict[str, Any] = {"number": 0, "version": 0, "draft": None} | more
    place = f"{city}/{context['number'] or 'new'}"
    return render_template(
        "console/templates/form.html", form=form, city=city, city_name=city_name(city), place=place, **context
    )


def _both(city: str, number: int, form: TemplateForm, stored: int) -> tuple[str, int]:
    with site.database().reading() as session:
        row = _found(session, city, number)
        writer = session.get_one(Staff, row.changed_by).name
    mine, theirs = texts_of(form.terms()), texts_of(terms_of(row))
    sides = [Side(str(form[name].label.text), mine[name], theirs[name]) for name in FIELDS]
    return conflicts.both(sides, Other(writer, row.changed_at), version=stored, page=f"{PATH}{city}/{number}")
