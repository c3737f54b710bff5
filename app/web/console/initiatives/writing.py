"""The form of an initiative: drawn, read, kept; what was typed is never lost."""

from typing import Any

from flask import abort, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from app.initiatives import keeping
from app.initiatives.contents import FIELDS, InitiativeContent, default_edition, missing_in, read_content
from app.initiatives.errors import ContentError, StaleInitiativeError, UnknownInitiativeError, WrongStepError
from app.initiatives.lists import CurrentList, current_list
from app.initiatives.queries import ReadInitiative, history_of, read_one
from app.initiatives.standing import InitiativeKey
from app.initiatives.states import EDITABLE
from app.web import site
from app.web.console import conflicts, form_drafts
from app.web.console.access import actor, me
from app.web.console.conflicts import Other, Side, version_of
from app.web.console.initiatives.forms import InitiativeForm, make_initiative_form, texts_of
from app.web.console.initiatives.listing import readership
from app.web.console.layout import city_name
from app.web.language import _, pick
from scoring.edition import load_edition
from surveys.languages import Text3

DRAFT = "initiative"
"""Which form is kept half typed."""


def show_new(city: str) -> str:
    """Show the form of an initiative that is to be."""
    draft = form_drafts.restored(DRAFT, f"{city}/new")
    with site.database().reading() as session:
        listed = current_list(session, default_edition())
    form = make_initiative_form(listed.edition, listed.rows, None, draft.fields if draft else None)
    return _draw(form, city, f"{city}/new", draft=draft)


def take_new(city: str) -> Response | tuple[str, int]:
    """Make an initiative of what was typed."""
    with site.database().reading() as session:
        listed = current_list(session, default_edition())
    try:
        content = _read(request.form, listed)
        with site.database().writing() as session:
            made = keeping.create(session, city, content, actor())
            form_drafts.drop(session, DRAFT, f"{city}/new")
    except ContentError as error:
        form = make_initiative_form(listed.edition, listed.rows, None, request.form)
        form.show(error.faults)
        return _draw(form, city, f"{city}/new"), 422
    flash(_("The initiative is kept as planned. When it is complete, the lead of the akimat submits it."))
    return redirect(f"/console/initiatives/{city}/{made.key.id}", 303)


def show_edit(key: InitiativeKey, *, check: bool) -> str | Response:
    """Show the form with what is stored, or typed and not kept yet; with `check`, also what is missing."""
    draft = form_drafts.restored(DRAFT, _object(key))
    with site.database().reading() as session:
        read = _own(session, key)
        listed = current_list(session, read.standing.edition)
    if read.standing.state not in EDITABLE:
        flash(_("It cannot be changed now: it is with the examiners, or decided."), "warning")
        return redirect(f"/console/initiatives/{key.city}/{key.id}", 303)
    form = make_initiative_form(listed.edition, listed.rows, read.content, draft.fields if draft else None)
    if check:
        form.show(missing_in(read.content))
    return _draw(form, key.city, _object(key), version=read.standing.version, draft=draft, number=key.id)


def take_edit(key: InitiativeKey) -> Response | tuple[str, int]:
    """Keep what was typed."""
    with site.database().reading() as session:
        read = _own(session, key)
        listed = current_list(session, read.standing.edition)
    try:
        content = _read(request.form, listed)
        with site.database().writing() as session:
            changed = keeping.save(session, key, content, version_of(request.form), actor())
            form_drafts.drop(session, DRAFT, _object(key))
    except ContentError as error:
        form = make_initiative_form(listed.edition, listed.rows, read.content, request.form)
        form.show(error.faults)
        return _draw(form, key.city, _object(key), version=version_of(request.form), number=key.id), 422
    except StaleInitiativeError:
        return _both(key)
    except (WrongStepError, UnknownInitiativeError):
        flash(_("It cannot be changed now: it is with the examiners, or decided."), "warning")
        return redirect(f"/console/initiatives/{key.city}/{key.id}", 303)
    same = changed.revision == read.standing.revision
    flash(_("Nothing has changed, so nothing was kept.") if same else _("The text is kept."))
    return redirect(f"/console/initiatives/{key.city}/{key.id}", 303)


def _read(typed: ImmutableMultiDict[str, str], listed: CurrentList) -> InitiativeContent:
    areas = {row.code: row.area for row in listed.rows}
    return read_content(texts_of(typed), typed.getlist("indicators"), listed.edition, areas)


def _own(session: Session, key: InitiativeKey) -> ReadInitiative:
    try:
        return read_one(session, key, readership(me()))
    except UnknownInitiativeError:
        abort(404)


def _object(key: InitiativeKey) -> str:
    return f"{key.city}/{key.id}"


def _draw(form: InitiativeForm, city: str, place: str, **more: Any) -> str:
    known = load_edition(default_edition())
    groups = [(pick(Text3(*area.name)), {each.code for each in known.indicators_of(area.code)}) for area in known.areas]
    context: dict[str, Any] = {"version": 0, "draft": None, "number": 0, "groups": groups} | more
    return render_template(
        "console/initiatives/edit.html", form=form, city=city, city_name=city_name(city), place=place, **context
    )


def _both(key: InitiativeKey) -> tuple[str, int]:
    """Show what somebody else has stored meanwhile beside what was typed."""
    with site.database().reading() as session:
        read = _own(session, key)
        last = next(iter(history_of(session, key, for_city=True)))
    typed = texts_of(request.form) | {"indicators": " ".join(request.form.getlist("indicators"))}
    labels = InitiativeForm()
    stored = {name: "" if getattr(read.content, name) is None else str(getattr(read.content, name)) for name in FIELDS}
    sides = [Side(str(labels[name].label.text), typed[name], stored[name]) for name in FIELDS]
    other = Other(last.name or _("assessor of the ministry"), last.at)
    page = f"/console/initiatives/{key.city}/{key.id}/edit"
    return conflicts.both(sides, other, version=read.standing.version, page=page)
