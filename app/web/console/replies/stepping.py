"""What is done with a reply beside writing it: passed on, released, given back, given up, withdrawn."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.feedback import replies
from app.feedback.reply_errors import AnswerError, StaleAnswerError, UnknownAnswerError
from app.feedback.reply_models import Reply
from app.feedback.reply_states import PUBLIC, stage_of
from app.web import site
from app.web.console.access import actor, me
from app.web.console.conflicts import version_of
from app.web.console.layout import city_name
from app.web.console.replies.answer_form import AnswerForm
from app.web.console.replies.forms import NoteForm, ReplyWithdrawalForm
from app.web.console.replies.listing import PATH, address_of
from app.web.console.replies.views import read_page
from app.web.console.replies.writing import Answer, again, pass_on, refused, show
from app.web.language import _

Change = Callable[[Session, int], object]
"""Takes the version of the reply that the page knew."""


def take_ready(city: str, number: int) -> Answer:
    """Say that a reply is ready, and what it lacks where it is not."""
    return pass_on(city, number, version_of(request.form))


def take_release(city: str, number: int) -> Answer:
    """Let everybody read a reply."""

    def release(session: Session, version: int) -> object:
        return replies.release(session, actor(), number, city, version=version)

    return _done(_changed(city, number, release), _("Released: everybody reads it now."), city, number)


def take_send_back(city: str, number: int) -> Answer:
    """Give a reply back with a word why."""
    form = NoteForm(request.form)

    def give_back(session: Session, version: int) -> object:
        return replies.send_back(session, actor(), number, city, note=form.note.data or "", version=version)

    return _of_form((city, number), give_back, "note_form", form, _("Given back to whoever wrote it."))


def take_withdrawal(city: str, number: int) -> Answer:
    """Take a released reply back, with the reason that everybody reads."""
    form = ReplyWithdrawalForm(request.form)

    def withdraw(session: Session, version: int) -> object:
        return replies.withdraw(session, actor(), number, city, reason=form.reason(), version=version)

    words = _("Withdrawn: everybody reads why. Its suggestions are without an answer again.")
    return _of_form((city, number), withdraw, "withdrawal_form", form, words)


def ask_giving_up(city: str, number: int) -> Answer:
    """Ask before a draft, or a correction, is dropped, with what it says."""
    with site.database().reading() as session:
        page, _read = read_page(session, me(), city, number) or abort(404)
    if "give-up" not in page.can:
        flash(_("This cannot be done as it stands now."), "warning")
        return redirect(page.address, 303)
    gone = _("It cannot be taken up again; its suggestions stay without an answer.")
    return render_template(
        "console/give_up.html",
        question=_("Give the correction up?") if page.is_public else _("Give up the draft?"),
        press=_("Give the correction up") if page.is_public else _("Give up the draft"),
        called=_("Reply %(number)s, %(city)s", number=number, city=city_name(city)),
        texts=[(side.lang, side.text) for side in page.sides],
        advice=_("What was released stays.") if page.is_public else gone,
        action=f"{page.address}/give-up",
        back=page.address,
        version=page.version,
    )


def take_giving_up(city: str, number: int) -> Answer:
    """Drop a draft, or a correction; what was released stays."""

    def give_up(session: Session, version: int) -> object:
        return replies.give_up(session, actor(), number, city, version=version)

    refusal = _changed(city, number, give_up)
    if refusal:
        return refusal
    flash(_("Given up."))
    return redirect(PATH, 303)


def take_adding(city: str, number: int) -> Answer:
    """Let a reply answer what came to its theme since."""

    def add(session: Session, version: int) -> object:
        row = session.get(Reply, number)
        is_public = row is not None and stage_of(row.state, row.correction) in PUBLIC
        if is_public and not me().may(Permission.RELEASE_REPLIES, city):
            abort(403)
        return replies.add_targets(session, actor(), number, city, version=version)

    return _done(_changed(city, number, add), _("Added: the reply answers them too."), city, number)


def take_leaving_out(city: str, number: int) -> Answer:
    """Leave out those that were told twice that they are being looked at."""

    def leave_out(session: Session, version: int) -> object:
        return replies.leave_out(session, actor(), number, city, version=version)

    return _done(_changed(city, number, leave_out), _("Left out: the reply goes on without them."), city, number)


def _of_form(of: tuple[str, int], change: Change, name: str, form: AnswerForm, words: str) -> Answer:
    """Do what a form of its own asks for; what was typed stays in it where it is refused."""
    city, number = of
    try:
        refusal = _changed(city, number, change, raises=True)
    except AnswerError as error:
        form.show(error.faults)
        return show(city, number, error.faults, own={name: form}), 422
    return _done(refusal, words, city, number)


def _changed(city: str, number: int, change: Change, *, raises: bool = False) -> Response | None:
    """Change a reply in a transaction of its own; gives where to go instead where it was not done."""
    try:
        with site.database().writing() as session:
            change(session, version_of(request.form))
    except UnknownAnswerError:
        abort(404)
    except StaleAnswerError:
        return again(city, number)
    except AnswerError as error:
        if raises:
            raise
        flash(refused(error), "warning")
        return redirect(address_of(city, number), 303)
    return None


def _done(refusal: Response | None, words: str, city: str, number: int) -> Answer:
    if refusal:
        return refusal
    flash(words)
    return redirect(address_of(city, number), 303)
