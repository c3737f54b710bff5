"""The end of every way in: the contact is let in, committed, and finds its ballot in its own browser."""

from flask import Response, abort, make_response, redirect, request, url_for

from app.web import site
from app.web.resident import drafts
from app.web.resident.beginning import fresh_draft
from app.web.resident.drafts import Draft
from app.web.resident.entry import pending
from app.web.resident.form.walk import WaveView, wave_view
from surveys.ballots import ballots, keys
from surveys.identity import gate
from surveys.models import Wave
from surveys.responses import intake


def wave_of(code: str, way: str | None = None) -> WaveView:
    """Give an open wave that has a way in; 404 and 410 else."""
    with site.database().reading() as session:
        view = wave_view(session, code)
    if view is None or (way is not None and way not in ways_of(view)):
        abort(404)
    if not view.is_open:
        abort(410)
    return view


def ways_of(view: WaveView) -> tuple[str, ...]:
    """List the ways into a wave that this installation can serve, the surest for a resident first."""
    identity = site.settings().identity
    return tuple(way for way in ("code", "sms", "oidc", "open") if way in view.gates and not identity.lacking(way))


def key_of(wave: str) -> bytes:
    """Read a wave's key; 410 when it is gone."""
    try:
        return keys.load(site.settings().keys, wave)
    except keys.KeyFileError:
        abort(410)


def let_in(view: WaveView, city: str, contact: str) -> Response:
    """Let a contact in; the commit comes before anything is shown, and the same contact finds the same ballot again."""
    key = key_of(view.code)
    try:
        with site.database().writing() as session:
            text = gate.admit(session, key, session.get_one(Wave, view.code), city, contact)
    except gate.NotAdmittedError:
        abort(410)
    ballot = ballots.verify(key, text)
    with site.database().reading() as session:
        is_used = intake.was_used(session, ballot)
    response = _already_sent(view.code) if is_used else _begin(fresh_draft(view, city, text))
    pending.forget(response, view.code)
    return response


def _already_sent(wave: str) -> Response:
    """Show the browser that sent the answer what it sent, for its 45 minutes; any other learns only that it is here."""
    here = drafts.read_done(request.cookies, site.settings().secret_key, wave)
    return _redirected(url_for("resident.thanks" if here else "resident.sent", wave=wave))


def _begin(fresh: Draft) -> Response:
    """Put the ballot into the draft; one begun with the same ballot goes on where it was."""
    secret, secure = site.settings().secret_key, site.settings().secure_cookies
    before = drafts.read_draft(request.cookies, secret, fresh.wave)
    response = _redirected(url_for("resident.consent", wave=fresh.wave))
    if before is None or before.ballot != fresh.ballot:
        drafts.keep_draft(response, request.cookies, secret, fresh, secure=secure)
    return response


def _redirected(address: str) -> Response:
    return make_response(redirect(address, 303))
