"""Typed text is never lost: forms half typed are kept, sealed, and shown again.

Every form of the console has a place by itself: the address it is sent to. Its macro `token()` of parts.html says on
which page it stands and whose page that is; `refused_forms` keeps what was refused and puts it into the form again.

A form that its script keeps while it is typed, or whose object is not its address, names its place itself. Its view
says

    draft = form_drafts.restored("value", case_id)
    form = CaseForm(draft.fields if draft else None, obj=case)
    return render_template(…, form=form, draft=draft)

and its template, inside the form, `{{ draft_fields("value", case_id, draft) }}` of parts.html. Where it was sent:
`form_drafts.drop(session, "value", case_id)`, in the transaction of the change. Forms with passwords have no draft.
"""

import hmac
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import flash, g, render_template, request, session
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from app.accounts import sessions
from app.audit.journal import Actor
from app.web import csrf, sealed, site
from app.web.console import access, body_limits, head_facts
from app.web.language import _
from app.workspace import drafts
from app.workspace.drafts import FormPlace, Kept
from surveys.errors import NewerFormatError

FIELD = "draft"
"""Name of the hidden field that says which form of which object this is."""
PAGE = "draft_page"
"""Name of the hidden field that says on which page the form stands, where another page sends it."""
OWNER = "draft_owner"
"""Name of the hidden field that says for whom the page was drawn; only this installation can make it."""
AT = "at"
"""The form whose place is the address it is sent to."""
MARKS = frozenset({"csrf_token", PAGE, OWNER})
"""Fields that every form has, whatever is typed into it."""
_NOT_KEPT = MARKS | {FIELD, "version"}
_SECRET = tuple(
    f"{access.PATH}/{name}"
    for name in ("sign-in", "sign-out", "welcome", "step-up", "me", "demo", "drafts", "language", "settings")
)
"""Below these addresses stand passwords, codes, or nothing that is typed."""
_LONGEST = 200_000
"""Letters of one form that are kept."""


@dataclass(frozen=True, slots=True)
class FormInWork:
    """What was typed into a form and not sent yet."""

    fields: ImmutableMultiDict[str, str]
    at: datetime
    press: dict[str, Any] | None = None
    """How it was sent, where a second factor was asked for first: see `presses`."""


def restored(form: str, object_id: str) -> FormInWork | None:
    """Give what was typed into a form by whoever asks; None where nothing is kept, or it was just sent."""
    if request.method == "POST":
        return None
    kept = head_facts.read(access.me()).kept_forms.get(FormPlace(form, object_id))
    return opened(kept) if kept else None


def read(place: FormPlace) -> FormInWork | None:
    """Open what whoever asks has typed into a form; None where nothing is kept."""
    with site.database().reading() as rows:
        kept = drafts.read(rows, access.me().id, place, site.clock().now())
    return opened(kept) if kept else None


def opened(kept: Kept) -> FormInWork | None:
    """Open a form of whoever asks; None for one that a newer release kept, which shows it again once it is back."""
    data, name = None, _name(access.me().id)
    with suppress(NewerFormatError):
        data = sealed.unseal(name, kept.sealed.decode(), life=int(drafts.LIFE.total_seconds()))
    if data is None:
        return None
    return FormInWork(ImmutableMultiDict([tuple(pair) for pair in data["fields"]]), kept.at, data.get("press"))


def drop(rows: Session, form: str, object_id: str) -> None:
    """Forget what was typed: it is stored now."""
    drafts.drop(rows, access.me().id, FormPlace(form, object_id))
    note_taken()


def note_taken() -> None:
    """Say that this form was taken, though the next page warns of something."""
    g.form_taken = True


def was_taken() -> bool:
    """Tell whether a view said that this form was taken."""
    return bool(g.get("form_taken"))


def keep_posted(rows: Session, actor: Actor, press: dict[str, Any] | None = None, done: str = "") -> bool:
    """Keep the form that this request brought; False for one with passwords or codes, and one that is too long.

    Fields whose names begin with `done` are not kept: what they said has its effect.
    """
    place = place_of_request()
    fields = [pair for pair in typed_fields() if not (done and pair[0].startswith(done))]
    if place is None or actor.id is None or sum(len(name) + len(value) for name, value in fields) > _LONGEST:
        return False
    content = {"fields": fields} | ({"press": press} if press else {})
    drafts.keep(rows, actor, place, sealed.seal(_name(actor.id), content).encode())
    return True


def place_of_request() -> FormPlace | None:
    """Read which form of which object was posted: what it says itself, else the address it was sent to.

    None for a form with passwords or codes.
    """
    form, mark, object_id = request.form.get(FIELD, "").partition("|")
    if mark and form:
        return None if form == AT and is_secret(object_id) else FormPlace(form[:48], object_id[:200])
    return None if is_secret(request.path) else FormPlace(AT, request.path[:200])


def is_secret(address: str) -> bool:
    """Tell whether forms that are sent to an address hold passwords or codes, or nothing that is typed."""
    return any(address == each or address.startswith(f"{each}/") for each in _SECRET)


def typed_fields() -> list[tuple[str, str]]:
    """List what this request brought, without what every form has."""
    return [pair for pair in request.form.items(multi=True) if pair[0] not in _NOT_KEPT]


def marks(page: str | None = None) -> Markup:
    """Draw the hidden fields by which a form is found again: its page, this one by default, and whose page it is."""
    if access.session_of_request() is None:
        return Markup()
    here = request.full_path.rstrip("?") if request.method == "GET" else page_of_form()
    hidden = Markup('<input type="hidden" name="{}" value="{}">')
    owner = _owner_mark(site.settings().secret_key, access.me().id)
    return hidden.format(PAGE, page or here) + hidden.format(OWNER, owner)


def is_of_own_person() -> bool:
    """Tell whether the page whose form this is was drawn for whoever sends it now."""
    brought, staff = request.form.get(OWNER, "").encode(errors="replace"), access.me().id
    return any(hmac.compare_digest(brought, _owner_mark(key, staff).encode()) for key in site.settings().secret_keys)


def page_of_form() -> str:
    """Give the path of the page that sent a form, as it says itself or the browser tells it."""
    said = ""
    with suppress(RequestEntityTooLarge):  # the page that says so is drawn all the same
        said = request.form.get(PAGE, "")
    try:
        parts = urlsplit(said or request.headers.get("Referer", ""))
    except ValueError:  # http://[ is no address, and nobody's page
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def keep_own(actor: Actor, press: dict[str, Any] | None = None) -> bool:
    """Keep a form before its token was looked at, where it bears that of this browser's own pages."""
    secret = session.get("csrf_token")
    if not secret or not csrf.is_same(request.form.get("csrf_token", ""), csrf.token_of(secret)):
        return False
    with site.database().writing() as rows:
        return keep_posted(rows, actor, press)


def keep_of_ended_session() -> bool:
    """Keep a form that met a session that is over, for whose session it was: they find it when they sign in again.

    False where it is not known whose it was: they signed out, or somebody ended their sessions.

    Only a form that bears the token of this browser's own pages: nobody else can lay a text into somebody's form.
    """
    token = access.token_of_request()
    if not token or not session.get("csrf_token"):
        return False
    with site.database().reading() as rows:
        owner = sessions.owner_of(rows, token)
    if owner is None:
        return False
    body_limits.allow_form()
    if keep_own(Actor(owner, site.clock().now())):
        flash(_("Your session is over. What you typed is kept: sign in, and it stands in the form again."))
        return True
    return False


def unsent(sign_in: str, page: str) -> tuple[str, int] | None:
    """Show a form that cannot be kept in a page of its own, from which its sender puts it into the form again.

    It goes back to the browser that brought it and is stored nowhere: who it is for is known once they have signed in.
    None for a form that another site may have made, and for one with passwords.
    """
    if not is_of_own_page() or body_limits.is_too_much() or place_of_request() is None:
        return None
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in {"csrf_token", PAGE}]
    # Whose page it was stays among them: another person's session does not take it.
    return render_template("console/unsent.html", fields=fields, sign_in=sign_in, page=page), 401


def is_of_own_page() -> bool:
    """Tell whether the browser says that a page of this site sent the form: a page of another cannot make it say so."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _name(staff: int) -> str:
    return f"form of {staff}"


def _owner_mark(key: str, staff: int) -> str:
    return hmac.new(key.encode(), f"page of {staff}".encode(), "sha256").hexdigest()[:32]
