"""Typed text is never lost: forms half typed are kept, sealed, and shown again.

In a view that shows a form:

    draft = form_drafts.restored("value", case_id)
    form = CaseForm(draft.fields if draft else None, obj=case)
    return render_template(…, form=form, draft=draft)

In its template, inside the form: `{{ draft_fields("value", case_id, draft) }}` of parts.html. Where it was sent:
`form_drafts.drop(session, "value", case_id)`, in the transaction of the change. With script the form is kept every ten
seconds; without it, when it meets a session that is over. Forms with passwords have no draft.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, render_template, request, session
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict

from app.accounts import sessions
from app.audit.journal import Actor
from app.web import csrf, sealed, site
from app.web.console import access, body_limits
from app.web.language import _
from app.workspace import drafts
from app.workspace.drafts import FormPlace

FIELD = "draft"
"""Name of the hidden field that says which form of which object this is."""
PAGE = "draft_page"
"""Name of the hidden field that says on which page the form stands, where another page sends it."""
_NOT_KEPT = frozenset({FIELD, PAGE, "csrf_token", "version"})
_LONGEST = 200_000
"""Letters of one form that are kept."""


@dataclass(frozen=True, slots=True)
class FormInWork:
    """What was typed into a form and not sent yet."""

    fields: ImmutableMultiDict[str, str]
    at: datetime


def restored(form: str, object_id: str) -> FormInWork | None:
    """Give what was typed into a form by whoever asks; None where nothing is kept, or it was just sent."""
    if request.method == "POST":
        return None
    person, now = access.me(), site.clock().now()
    with site.database().reading() as rows:
        kept = drafts.read(rows, person.id, FormPlace(form, object_id), now)
    if kept is None:
        return None
    data = sealed.unseal(_name(person.id), kept.sealed.decode(), life=int(drafts.LIFE.total_seconds()))
    return FormInWork(ImmutableMultiDict([tuple(pair) for pair in data["fields"]]), kept.at) if data else None


def drop(rows: Session, form: str, object_id: str) -> None:
    """Forget what was typed: it is stored now."""
    drafts.drop(rows, access.me().id, FormPlace(form, object_id))


def keep_posted(rows: Session, actor: Actor) -> bool:
    """Keep the form that this request brought; False where it says nothing of which form it is, or is too long."""
    place = place_of_request()
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in _NOT_KEPT]
    if place is None or actor.id is None or sum(len(name) + len(value) for name, value in fields) > _LONGEST:
        return False
    drafts.keep(rows, actor, place, sealed.seal(_name(actor.id), {"fields": fields}).encode())
    return True


def place_of_request() -> FormPlace | None:
    """Read which form of which object was posted."""
    form, mark, object_id = request.form.get(FIELD, "").partition("|")
    return FormPlace(form[:48], object_id[:200]) if mark and form else None


def keep_of_ended_session() -> bool:
    """Keep a form that met a session that is over, for whose session it was: they find it when they sign in again.

    False where it is not known whose it was: they signed out, or somebody ended their sessions.

    Only a form that bears the token of this browser's own pages: nobody else can lay a text into somebody's form.
    """
    token = access.token_of_request()
    secret = session.get("csrf_token")
    if not token or not secret:
        return False
    with site.database().reading() as rows:
        owner = sessions.owner_of(rows, token)
    if owner is None:
        return False
    body_limits.allow_form()
    if not csrf.is_same(request.form.get("csrf_token", ""), csrf.token_of(secret)):
        return False
    with site.database().writing() as rows:
        if keep_posted(rows, Actor(owner, site.clock().now())):
            flash(_("Your session is over. What you typed is kept: sign in, and it stands in the form again."))
            return True
    return False


def unsent(sign_in: str, page: str) -> tuple[str, int] | None:
    """Show a form that cannot be kept in a page of its own, from which its sender puts it into the form again.

    It goes back to the browser that brought it and is stored nowhere: who it is for is known once they have signed in.
    None for a form that another site may have made, or that says nothing of which form it is.
    """
    if not is_of_own_page() or body_limits.is_too_much() or place_of_request() is None:
        return None
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in {"csrf_token", PAGE}]
    return render_template("console/unsent.html", fields=fields, sign_in=sign_in, page=page), 401


def is_of_own_page() -> bool:
    """Tell whether the browser says that a page of this site sent the form: a page of another cannot make it say so."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _name(staff: int) -> str:
    return f"form of {staff}"
