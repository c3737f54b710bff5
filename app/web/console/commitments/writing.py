"""The form of a commitment that nobody but staff sees yet: drawn, read, kept; what was typed is never lost."""

from typing import Any

from flask import abort, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.feedback import commitments
from app.feedback.commitment_checks import CommitmentTerms, faults_of_promise
from app.feedback.commitment_queries import last_change
from app.feedback.commitments import CommitmentPlace, address_of, promise_of
from app.feedback.reply_errors import AnswerError, AnswerFault, StaleAnswerError, UnknownAnswerError
from app.feedback.themes import list_themes
from app.web import site
from app.web.console import conflicts, form_drafts
from app.web.console.access import actor, me
from app.web.console.commitments.forms import PromiseForm, make_promise_form, place_of
from app.web.console.commitments.views import CommitmentPage, read_page
from app.web.console.conflicts import Other, Side, version_of
from app.web.console.layout import city_name
from app.web.language import _, day

DRAFT = "commitment"
"""Which form is kept half typed."""


def show_new(city: str) -> str:
    """Show the form of a commitment that is to be; the address may say which area and theme it is about."""
    draft = form_drafts.restored(DRAFT, f"{city}/new")
    with site.database().reading() as session:
        themes = list_themes(session, city)
    form = make_promise_form(themes, None, draft.fields if draft else None, request.args.get("about", ""))
    return _draw(form, city, f"{city}/new", draft=draft)


def take_new(city: str) -> Response | tuple[str, int]:
    """Keep a draft of what was typed."""
    with site.database().reading() as session:
        form = make_promise_form(list_themes(session, city), None, request.form)
    place = place_of(form)
    if place is None:
        form.about.errors = [_("Please choose what it is about.")]
        return _draw(form, city, f"{city}/new"), 422
    try:
        with site.database().writing() as session:
            made = commitments.draft(session, actor(), CommitmentPlace(city, *place), form.terms()).id
            form_drafts.drop(session, DRAFT, f"{city}/new")
    except AnswerError as error:
        form.show(error.faults)
        return _draw(form, city, f"{city}/new"), 422
    flash(_("The draft is kept. A lead who did not write it announces it."))
    return redirect(address_of(city, made), 303)


def show_edit(city: str, number: int, *, check: bool) -> str | Response:
    """Show the form with what is stored, or typed and not kept yet; with `check`, also what is missing."""
    draft = form_drafts.restored(DRAFT, f"{city}/{number}")
    page = found(city, number)
    if "edit" not in page.can:
        return _over(city, number)
    form = make_promise_form((), promise_of(page.row), draft.fields if draft else None)
    if check:
        form.show(faults_of_promise(promise_of(page.row), site.clock().today()))
    return _draw(form, city, f"{city}/{number}", version=page.row.version, draft=draft, page=page)


def take_edit(city: str, number: int) -> Response | tuple[str, int]:
    """Keep what was typed."""
    page, version = found(city, number), version_of(request.form)
    form = make_promise_form((), None, request.form)
    if page.waits_for_reply:
        return _over(city, number)
    try:
        with site.database().writing() as session:
            row = commitments.rewrite(session, actor(), number, city, promise=form.terms(), version=version)
            is_same = row.version == version
            form_drafts.drop(session, DRAFT, f"{city}/{number}")
    except StaleAnswerError:
        return _both(city, number, form)
    except AnswerError as error:
        if error.faults[0].code is AnswerFault.WRONG_STATE:
            return _over(city, number)
        form.show(error.faults)
        return _draw(form, city, f"{city}/{number}", version=version, page=page), 422
    flash(_("Nothing has changed, so nothing was kept.") if is_same else _("The draft is kept."))
    return redirect(address_of(city, number), 303)


def ask_removing(city: str, number: int) -> str | Response:
    """Ask before a draft is forgotten, with what it promises."""
    page = found(city, number)
    if "remove" not in page.can:
        return _over(city, number)
    here = address_of(city, number)
    return render_template(
        "console/give_up.html",
        question=_("Give up the draft?"),
        press=_("Give up the draft"),
        called=page.title,
        texts=[("kk", page.row.title_kk), ("ru", page.row.title_ru)],
        advice=_("It is gone for good: nobody but staff has seen it."),
        action=f"{here}/remove",
        back=here,
        version=page.row.version,
    )


def remove(city: str, number: int) -> Response:
    """Forget a draft."""
    page = found(city, number)
    if page.waits_for_reply:
        return _over(city, number)
    try:
        with site.database().writing() as session:
            commitments.give_up_draft(session, actor(), number, city, version=version_of(request.form))
    except (StaleAnswerError, AnswerError):
        flash(_("Somebody has changed this commitment meanwhile. This is how it is now."), "warning")
        return redirect(address_of(city, number), 303)
    flash(_("The draft is given up."))
    return redirect("/console/commitments/", 303)


def found(city: str, number: int) -> CommitmentPage:
    """Read a commitment that whoever asks may read; else 404."""
    with site.database().reading() as session:
        return found_in(session, city, number)


def found_in(session: Session, city: str, number: int) -> CommitmentPage:
    """Read one in a session that is open already."""
    try:
        return read_page(session, city, number, me(), site.clock().today())
    except UnknownAnswerError:
        abort(404)


def _over(city: str, number: int) -> Response:
    flash(_("Its words cannot be changed here now: it was announced, or it belongs to a reply."), "warning")
    return redirect(address_of(city, number), 303)


def _draw(form: PromiseForm, city: str, place: str, **more: Any) -> str:
    context: dict[str, Any] = {"version": 0, "draft": None, "page": None} | more
    return render_template(
        "console/commitments/edit.html", form=form, city=city, city_name=city_name(city), place=place, **context
    )


def _both(city: str, number: int, form: PromiseForm) -> tuple[str, int]:
    """Show what somebody else has stored meanwhile beside what was typed."""
    with site.database().reading() as session:
        page = found_in(session, city, number)
        last = last_change(session, number)
    mine, theirs = _texts(form.terms()), _texts(promise_of(page.row))
    sides = [Side(str(form[name].label.text), mine[name], theirs[name]) for name in mine]
    other = Other(last.name or "", last.at)
    return conflicts.both(sides, other, version=page.row.version, page=f"{address_of(city, number)}/edit")


def _texts(promise: CommitmentTerms) -> dict[str, str]:
    titles = {f"title_{code}": promise.title.pick(code) for code in ("kk", "ru", "en")}
    due = day(promise.due) if promise.due else ""
    return titles | {"unit_kk": promise.unit_kk, "unit_ru": promise.unit_ru, "due": due}
