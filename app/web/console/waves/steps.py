"""The steps of a wave as pages: what a step does is said before it is taken; a freeze is confirmed by the code."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.database import StaleRowsError
from app.fieldwork import services
from app.web import site
from app.web.console import form_drafts
from app.web.console.access import actor
from app.web.console.waves import words
from app.web.console.waves.forms import FreezeForm
from app.web.console.waves.views import read_name
from app.web.language import _, _l
from surveys.fieldwork.waves import SHUFFLED, StepError, WaitingError
from surveys.models import Wave
from surveys.responses import withdrawal


@dataclass(frozen=True, slots=True)
class StepWords:
    """What a step is called and what it does, before and after."""

    due: str
    """The state it is taken from."""
    title: str
    effects: tuple[str, ...]
    button: str
    done: str


@dataclass(frozen=True, slots=True)
class WaveBefore:
    """A wave as it is when a step is asked for."""

    code: str
    name: str
    state: str
    waits: bool
    """Whether withdrawals wait."""


STEPS = {
    "open": StepWords(
        "planned",
        _l("Open the wave now"),
        (
            _l("The form takes answers at once, whatever the first day is."),
            _l("A wave that is open cannot be planned again: it can only be closed."),
        ),
        _l("Open the wave"),
        _l("The wave is open."),
    ),
    "close": StepWords(
        "open",
        _l("Close the wave now"),
        (
            _l("The form takes no more answers, and no more can be begun."),
            _l("Phones may still send what they kept, until the wave is frozen."),
            _l("A closed wave is never opened again."),
        ),
        _l("Close the wave"),
        _l("The wave is closed."),
    ),
    "freeze": StepWords(
        "closed",
        _l("Freeze the wave"),
        (
            _l("All answers are reviewed and counted for the last time."),
            _l(
                "The wave's key is destroyed: no answer can be taken back or sent any more, "
                "and codes of letters, paper forms and passes open nothing."
            ),
            _l("Links between answers are erased, and all rows are written anew in random order."),
            _l("This cannot be undone by anybody. No backup brings the key back."),
        ),
        _l("Freeze the wave for good"),
        _l("The wave is frozen: it is counted for good and its key is destroyed."),
    ),
}


def ask(wave: str, step: str) -> str | tuple[str, int]:
    """Say what a step does, and ask."""
    before = _read(wave)
    if before.state != STEPS[step].due:
        return _too_late(wave)
    return _page(before, step, FreezeForm(formdata=None))


def take(wave: str, step: str) -> Response | tuple[str, int]:
    """Take a step; 409 where somebody was faster, 422 where the confirmation is not right."""
    form = FreezeForm()
    if step == "freeze" and (wrong := _unconfirmed(wave, form)):
        return wrong
    try:
        with site.database().writing() as session:
            _carry_out(session, wave, step, form)
    except StepError:
        return _too_late(wave)
    except WaitingError:
        return _page(_read(wave), step, form, errors={"waiting": _("Say what becomes of them")}), 422
    form_drafts.note_taken()
    if step == "freeze":
        _forget_old_rows()
    flash(str(STEPS[step].done))
    return redirect(url_for("waves.page", wave=wave), 303)


def _carry_out(session: Session, wave: str, step: str, form: FreezeForm) -> None:
    if session.get(Wave, wave) is None:
        abort(404)
    if step == "freeze":
        accept = {"accept": True, "refuse": False}.get(form.waiting.data)
        services.freeze_wave(session, actor(), wave, site.settings().keys, accept_waiting=accept)
    else:
        {"open": services.open_wave, "close": services.close_wave}[step](session, actor(), wave)


def _unconfirmed(wave: str, form: FreezeForm) -> tuple[str, int] | None:
    if (form.typed.data or "").strip() == wave:
        return None
    before = _read(wave)
    if before.state != STEPS["freeze"].due:
        return _too_late(wave)
    return _page(before, "freeze", form, errors={"typed": _("Type the code exactly: %(code)s", code=wave)}), 422


def _read(wave: str) -> WaveBefore:
    with site.database().reading() as session:
        row = session.get(Wave, wave)
        if row is None:
            abort(404)
        return WaveBefore(wave, read_name(session, row), row.state, bool(withdrawal.waiting(session, wave)))


def _page(before: WaveBefore, step: str, form: FreezeForm, *, errors: dict[str, str] | None = None) -> str:
    for name, sentence in (errors or {}).items():
        form[name].errors = [sentence]
    context = {"wave": before.code, "wave_name": before.name, "waits": before.waits}
    return render_template(
        "console/waves/step.html", **context, name=step, step=STEPS[step], form=form, errors=errors or {}
    )


def _too_late(wave: str) -> tuple[str, int]:
    now = _read(wave)
    shown = {"wave": wave, "name": now.name, "state": now.state}
    return render_template("console/waves/too_late.html", **shown, words=words), 409


def _forget_old_rows() -> None:
    try:
        site.database().forget_old_rows(SHUFFLED)
    except StaleRowsError:  # a reader held the journal of changes: the job of the night does it
        flash(_("The database still holds old rows; the job list-receipts removes them tonight."), "warning")
