"""Steps of a commitment that staff take: announced, told of, moved, reported as done, given up."""

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.feedback import commitments
from app.feedback.commitment_checks import StepTold
from app.feedback.commitment_queries import last_change
from app.feedback.commitment_states import CommitmentAct
from app.feedback.commitments import address_of
from app.feedback.reply_errors import AnswerError, AnswerFault, StaleAnswerError
from app.web import site
from app.web.console import conflicts, form_drafts
from app.web.console.access import actor
from app.web.console.commitments.forms import CommitmentStepForm
from app.web.console.commitments.views import WORDS
from app.web.console.commitments.words import DONE, NEXT_STEPS, STATES
from app.web.console.commitments.writing import found, found_in
from app.web.console.conflicts import Other, Side, version_of
from app.web.language import _, day

_TELLING = tuple(word for word in WORDS if word != "announce")


def show(city: str, number: int, word: str = "", form: CommitmentStepForm | None = None) -> str:
    """Draw the page of a commitment, with the form of a step as it was typed."""
    page = found(city, number)
    drafts = {each: form_drafts.restored(each, f"{city}/{number}") for each in _TELLING}
    forms = {each: CommitmentStepForm(draft.fields if draft else None, prefix=each) for each, draft in drafts.items()}
    if form:
        forms[word] = form
    elif not drafts["progress"]:
        forms["progress"].percent.data = page.row.percent
    return render_template(
        "console/commitments/page.html",
        page=page,
        forms=forms,
        drafts=drafts,
        refused=word if form else "",
        next_steps=NEXT_STEPS,
    )


def take(city: str, number: int, word: str) -> Response | tuple[str, int]:
    """Let a step happen, and say what came of it; what was typed stays in the form where it is refused."""
    found(city, number)
    step, form = WORDS[word], CommitmentStepForm(request.form, prefix=word)
    told = StepTold() if step is CommitmentAct.ANNOUNCE else form.told()
    version = version_of(request.form)
    try:
        with site.database().writing() as session:
            commitments.take_step(session, actor(), number, city, step=step, told=told, version=version)
            form_drafts.drop(session, word, f"{city}/{number}")
    except StaleAnswerError:
        return _both(city, number, word, form)
    except AnswerError as error:
        return _refused(city, number, word, form, error)
    flash(str(DONE[step]))
    return redirect(address_of(city, number), 303)


def _refused(
    city: str, number: int, word: str, form: CommitmentStepForm, error: AnswerError
) -> Response | tuple[str, int]:
    codes = {fault.code for fault in error.faults}
    here = address_of(city, number)
    if AnswerFault.WRONG_STATE in codes:
        return _again(here, _("This cannot be done as it stands now."))
    if AnswerFault.OWN_TEXT in codes:
        return _again(here, _("You wrote this yourself, so another lead has to announce it."))
    if WORDS[word] is CommitmentAct.ANNOUNCE:
        return _again(
            f"{here}/edit?check=1", _("Something is missing before it can be announced: it stands beside the fields.")
        )
    form.show(error.faults)
    return show(city, number, word, form), 422


def _again(address: str, words: str) -> Response:
    flash(words, "warning")
    return redirect(address, 303)


def _both(city: str, number: int, word: str, form: CommitmentStepForm) -> tuple[str, int]:
    """Show what somebody else did meanwhile beside what was typed."""
    with site.database().reading() as session:
        page = found_in(session, city, number)
        last = last_change(session, number)
    newest, row = page.steps[0] if page.steps else None, page.row
    due = _("by %(day)s", day=day(row.due)) if page.is_dated else _("without a day yet")
    stands = f"{STATES[page.state].words}, {due}, {row.percent} %"
    sides = [Side(_("What is done about it"), str(NEXT_STEPS[WORDS[word]]), stands)]
    if word != "announce":
        told = form.told()
        for name, mine in (("body_kk", told.body.kk), ("body_ru", told.body.ru), ("body_en", told.body.en)):
            sides.append(Side(str(form[name].label.text), mine, getattr(newest, name, "")))
        for name in ("due", "done_on", "percent", "evidence_address"):
            typed = request.form.get(f"{word}-{name}", "")
            if typed:
                sides.append(Side(str(form[name].label.text), typed, ""))
    other = Other(last.name or _("Those who raised it"), last.at)
    return conflicts.both(sides, other, version=row.version, page=address_of(city, number))
