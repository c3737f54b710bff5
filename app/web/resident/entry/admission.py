"""The end of every way in: the contact is let in, committed, and finds its ballot in its own browser."""

from flask import abort, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.web import site
from app.web.resident import drafts
from app.web.resident.drafts import Draft, begin_draft
from app.web.resident.entry import pending
from app.web.resident.services import wave_key, wave_or_404
from app.web.resident.waves import WaveView
from surveys.ballots import ballots
from surveys.identity import gate
from surveys.models import Wave
from surveys.responses import intake


def wave_of(code: str, way: str | None = None) -> WaveView:
    """Give an open wave that has a way in; 404 and 410 else."""
    view = wave_or_404(code, closed_too=True)
    if way is not None and way not in ways_of(view):
        abort(404)
    return wave_or_404(code)


def ways_of(view: WaveView) -> tuple[str, ...]:
    """List the ways into a wave that this installation can serve, the surest for a resident first."""
    identity = site.settings().identity
    return tuple(way for way in ("code", "sms", "oidc", "open") if way in view.gates and not identity.lacking(way))


def let_in(view: WaveView, city: str, contact: str) -> AnyResponse:
    """Let a contact in; the commit comes before anything is shown, and the same contact finds the same ballot again."""
    key = wave_key(view.code)
    with site.database().writing() as session:
        text = gate.admit(session, key, session.get_one(Wave, view.code), city, contact)
    ballot = ballots.verify(key, text)
    with site.database().reading() as session:
        is_used = intake.was_used(session, key, ballot)
    response = _already_sent(view.code) if is_used else _begin(begin_draft(view, city, text))
    pending.forget(response, view.code)
    return response


def _already_sent(wave: str) -> AnyResponse:
    """Show the browser that sent the answer what it sent, for its 45 minutes; any other learns only that it is here."""
    endpoint = "resident.thanks" if drafts.read_done(wave) else "resident.sent"
    return redirect(url_for(endpoint, wave=wave), 303)


def _begin(fresh: Draft) -> AnyResponse:
    """Put the ballot into the draft; one begun with the same ballot goes on where it was."""
    before = drafts.read_draft(fresh.wave)
    response = redirect(url_for("resident.consent", wave=fresh.wave), 303)
    if before is None or before.ballot != fresh.ballot:
        drafts.keep_draft(response, fresh)
    return response
