"""What was typed into a form that was not taken stands in it again: at once, or when its page is opened next.

Refused is whatever is answered with an error, or leads on with a warning. Where the answer shows the form, it gets what
was typed; where it does not, the form is kept and put into its page, until it was taken, or its owner discards it.
"""

from contextlib import suppress
from html import escape

from flask import Flask, g, render_template, request, session
from werkzeug.wrappers import Response

from app.database import StorageError
from app.web import site
from app.web.console import access, form_drafts, head_facts, refilling
from app.web.console.access import own_address
from app.web.console.form_drafts import AT
from app.web.console.refilling import DrawnPage, Edit
from app.workspace import drafts
from app.workspace.drafts import FormPlace, Kept

_GONE = frozenset({404, 405, 413})
"""Answers to a form that has no page to come back to, or that could not be read."""


def init_app(app: Flask) -> None:
    """Look at every page while it can still be read: what was registered last looks first."""
    app.after_request(_look)


def _look(response: Response) -> Response:
    if access.session_of_request() is None or response.is_streamed:
        return response
    if request.method == "POST":
        return _after_form(response)
    if request.method == "GET" and response.status_code == 200 and response.mimetype == "text/html":
        _put_back(response)
    return response


def _after_form(response: Response) -> Response:
    place = form_drafts.place_of_request() if g.get("csrf_valid") else None
    # What keeps and forgets forms is sent their places, and is none itself.
    if place is None or form_drafts.is_secret(request.path) or response.status_code in _GONE:
        return response
    typed = form_drafts.typed_fields()
    if not _is_refused(response):
        _forget(place)
    elif typed and not (_is_page(response) and _shows(response, typed)):
        _keep(response)
    return response


def _is_refused(response: Response) -> bool:
    is_warned = any(kind == "warning" for kind, _words in session.get("_flashes", ()))
    return response.status_code >= 400 or (
        response.status_code in {302, 303} and is_warned and not form_drafts.was_taken()
    )


def _is_page(response: Response) -> bool:
    return response.mimetype == "text/html" and response.status_code not in {302, 303}


def _shows(response: Response, typed: refilling.Pairs) -> bool:
    """Let the answer show what was typed, where it has the form; tells whether all of it stands there."""
    page = DrawnPage(response.get_data(as_text=True), request.path)
    if refilling.holds(page, typed):
        return True
    edits = refilling.refill(page.forms_to(request.path), typed)
    if not edits:
        return False
    response.set_data(refilling.edited(page.text, edits))
    return True


def _keep(response: Response) -> None:
    """Keep a form whose answer does not show it, and say so on that answer."""
    try:
        with site.database().writing() as rows:
            is_kept = form_drafts.keep_posted(rows, access.actor())
    except StorageError:
        is_kept = False
    if not _is_page(response):
        return
    if is_kept:
        note = render_template("console/kept_note.html", page=own_address(form_drafts.page_of_form()))
    else:
        note = render_template("console/brought_note.html", fields=form_drafts.typed_fields())
    page = DrawnPage(response.get_data(as_text=True), request.path)
    response.set_data(refilling.edited(page.text, [Edit(page.body, page.body, note)]))


def _forget(place: FormPlace) -> None:
    if place.form != AT:
        return  # its view forgets it, in the transaction of the change
    staff, now = access.me().id, site.clock().now()
    with site.database().reading() as rows:
        is_kept = drafts.read(rows, staff, place, now)
    if is_kept:
        # Where the database is busy it stays: what was sent is stored, and must not be told to have failed.
        with suppress(StorageError), site.database().writing() as rows:
            drafts.drop(rows, staff, place)


def _put_back(response: Response) -> None:
    """Put what is kept into the forms of a page: it came with the head of the page."""
    kept = head_facts.kept_forms()
    if not kept:
        return
    text = response.get_data(as_text=True)
    # A page is looked into only where its text names the place, or a form of it may be sent to its own address.
    named = [place for place in sorted(kept) if place == (AT, request.path) or escape(_name(place)) in text]
    if not named:
        return
    page = DrawnPage(text, request.path)
    edits = [edit for place in named for edit in _edits(page, place, kept[place])]
    if edits:
        response.set_data(refilling.edited(text, edits))


def _name(place: FormPlace) -> str:
    """Give what a page says of a form whose place this is: its address, or what its hidden field holds."""
    return place.object_id if place.form == AT else "|".join(place)


def _edits(page: DrawnPage, place: FormPlace, kept: Kept) -> list[Edit]:
    """Fill the form of a place; of one with a place of its own the view has filled what it knows, and says so."""
    forms = page.forms_to(place.object_id) if place.form == AT else page.forms_with(form_drafts.FIELD, _name(place))
    draft = form_drafts.opened(kept) if forms else None
    edits = refilling.refill(forms, list(draft.fields.items(multi=True))) if draft else []
    if not edits or place.form != AT:
        return edits
    note = render_template("console/refilled_note.html", object=place.object_id, draft=draft)
    return [*edits, Edit(page.body, page.body, note)]
