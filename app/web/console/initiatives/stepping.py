"""Steps of an initiative that its city takes: submitted, recalled, begun, reported on, finished, given up."""

from collections.abc import Callable, Mapping

from flask import abort, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.audit.journal import Actor
from app.initiatives import keeping
from app.initiatives.errors import (
    ContentError,
    ExaminedAlreadyError,
    FieldFault,
    IncompleteError,
    StaleInitiativeError,
    UnknownInitiativeError,
    WrongStepError,
)
from app.initiatives.keeping import Report
from app.initiatives.standing import InitiativeKey
from app.web import site
from app.web.console import form_drafts
from app.web.console.access import actor, me
from app.web.console.conflicts import version_of
from app.web.console.initiatives.forms import StepForm
from app.web.console.initiatives.views import read_page
from app.web.language import _, _l

Step = Callable[[Session, InitiativeKey, int, Report, Actor], object]

REPORTS: Mapping[str, Step] = {
    "start": keeping.start,
    "report": keeping.tell_progress,
    "finish": keeping.finish,
    "stop": keeping.stop,
}
"""Steps that tell something, by their word in the address."""

_DONE: Mapping[str, str] = {
    "submit": _l("The initiative is with the ministry's examiners now."),
    "recall": _l("Recalled: it can be changed again."),
    "withdraw": _l("The initiative is given up."),
    "start": _l("The initiative is under way, and everybody reads it."),
    "report": _l("What you told is public now."),
    "finish": _l("The initiative is finished. An examiner sets it beside figures from before and after."),
    "stop": _l("The initiative is given up, and everybody reads why."),
}


def take(key: InitiativeKey, word: str) -> Response | tuple[str, int]:
    """Let a step happen, and say what came of it; what was typed stays in the form where it is refused."""
    form = StepForm(request.form, prefix=word)
    try:
        with site.database().writing() as session:
            _carry_out(session, key, word, form, actor())
            form_drafts.drop(session, word, f"{key.city}/{key.id}")
    except UnknownInitiativeError:
        abort(404)
    except IncompleteError:
        flash(_("Something is missing before it can be submitted: it stands beside the fields."), "warning")
        return redirect(f"/console/initiatives/{key.city}/{key.id}/edit?check=1", 303)
    except ContentError as error:
        return show(key, word, form, error.faults), 422
    except ExaminedAlreadyError:
        return _again(key, _examined(word))
    except (StaleInitiativeError, WrongStepError):
        return _again(key, _("Somebody has changed this initiative meanwhile. This is how it is now."))
    flash(str(_DONE[word]))
    return redirect(f"/console/initiatives/{key.city}/{key.id}", 303)


def show(key: InitiativeKey, word: str = "", form: StepForm | None = None, faults: tuple[FieldFault, ...] = ()) -> str:
    """Draw the page of an initiative, with the form of a step as it was typed."""
    with site.database().reading() as session:
        page = read_page(session, key, me(), actor())
    forms = {name: form if form and name == word else StepForm(prefix=name) for name in REPORTS}
    if form:
        form.show(faults)
    return render_template("console/initiatives/page.html", page=page, forms=forms, refused=word if faults else "")


def _carry_out(session: Session, key: InitiativeKey, word: str, form: StepForm, by: Actor) -> None:
    version = version_of(request.form)
    if word == "recall":
        keeping.recall(session, key, by)
    elif word == "submit":
        keeping.submit(session, key, version, by)
    elif word == "withdraw":
        keeping.withdraw(session, key, version, by)
    else:
        REPORTS[word](session, key, version, form.report(), by)


def _examined(word: str) -> str:
    if word == "recall":
        return _("An examiner has given an opinion already, so it cannot be recalled.")
    return _("It came back and was not changed since. Please change it first, and submit it then.")


def _again(key: InitiativeKey, words: str) -> Response:
    flash(words, "warning")
    return redirect(f"/console/initiatives/{key.city}/{key.id}", 303)
