"""The steps of a wave as pages: what a step does is said before it is taken; a freeze is confirmed by the code."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.database import StaleRowsError
from app.fieldwork import services
from app.web import site
from app.web.console.access import actor
from app.web.console.waves import words
from app.web.console.waves.forms import FreezeForm
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
    with site.database().reading() as session:
        state, waits = _read(session, wave)
    if state != STEPS[step].due:
        return _too_late(wave, state)
    return _page(wave, step, FreezeForm(formdata=None), waits=waits)


def take(wave: str, step: str) -> Response | tuple[str, int]:
    """Take a step; 409 where somebody was faster, 422 where the confirmation is not right."""
    form = FreezeForm()
    if step == "freeze" and (wrong := _unconfirmed(wave, form)):
        return wrong
    try:
        with site.database().writing() as session:
            _carry_out(session, wave, step, form)
    except StepError as late:
        return _too_late(wave, late.state)
    except WaitingError:
        return _page(wave, step, form, waits=True, errors={"waiting": _("Say what becomes of them")}), 422
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
    with site.database().reading() as session:
        state, waits = _read(session, wave)
    if state != STEPS["freeze"].due:
        return _too_late(wave, state)
    return _page(
        wave, "freeze", form, waits=waits, errors={"typed": _("Type the code exactly: %(code)s", code=wave)}
    ), 422


def _read(session: Session, wave: str) -> tuple[str, bool]:
    """Give a wave's state, and whether withdrawals wait."""
    row = session.get(Wave, wave)
    if row is None:
        abort(404)
    return row.state, bool(withdrawal.waiting(session, wave))


def _page(wave: str, step: str, form: FreezeForm, *, waits: bool, errors: dict[str, str] | None = None) -> str:
    for name, sentence in (errors or {}).items():
        form[name].errors = [sentence]
    context = {"wave": wave, "name": step, "step": STEPS[step], "form": form, "waits": waits, "errors": errors or {}}
    return render_template("console/waves/step.html", **context)


def _too_late(wave: str, state: str) -> tuple[str, int]:
    return render_template("console/waves/too_late.html", wave=wave, state=state, words=words), 409


def _forget_old_rows() -> None:
    try:
        site.database().forget_old_rows(SHUFFLED)
    except StaleRowsError:  # a reader held the journal of changes: the job of the night does it
        flash(_("The database still holds old rows; the job list-receipts removes them tonight."), "warning")
