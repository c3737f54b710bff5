"""The form of a reply: drawn, read, kept; what was typed is never lost."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.feedback import replies, reply_targets
from app.feedback.replies import Writing
from app.feedback.reply_errors import AnswerError, Flaw, StaleAnswerError, UnknownAnswerError
from app.feedback.reply_models import Reply
from app.feedback.reply_reading import AnsweredSuggestion, ReadReply, list_answered, read_reply, targets_of
from app.feedback.reply_states import PUBLIC, ReplyStage
from app.feedback.reply_texts import EMPTY
from app.feedback.themes import name_of
from app.web import site
from app.web.console import conflicts, form_drafts
from app.web.console.access import actor, me
from app.web.console.conflicts import Other, Side, version_of
from app.web.console.replies import inserting
from app.web.console.replies.answer_form import sentence
from app.web.console.replies.choosing import NEW, ReplyOrder, read_order
from app.web.console.replies.forms import (
    NoteForm,
    ReplyForm,
    ReplyWithdrawalForm,
    make_reply_form,
    texts_of,
    writing_of,
)
from app.web.console.replies.inserting import TemplatesByKind, template_choices
from app.web.console.replies.listing import address_of, readers_of
from app.web.console.replies.views import read_page
from app.web.console.replies.words import LEFT
from app.web.language import _, _n

DRAFT = "reply"
"""Which form is kept half typed."""
BUTTONS = ("then", "insert", "checked")
"""Fields of the form that are pressed or ticked, and mean what they meant once."""
MOST_READ = 50
"""Suggestions that a page of a reply shows at most of those that it answers."""
Answer = str | Response | tuple[str, int]


class NewReply(NamedTuple):
    """What the form of a new reply is drawn with."""

    order: ReplyOrder
    templates: TemplatesByKind
    suggestions: Sequence[AnsweredSuggestion]
    unreleased: Mapping[int, int]
    """Other replies to some of them that are not released yet: how many of them each answers, by its number."""


def show_new() -> Answer:
    """Show the form of a reply that is to be, and what it reaches."""
    found = _order()
    if found is None:
        return render_template("console/selection_over.html"), 410
    draft = form_drafts.restored(DRAFT, found.order.place)
    form = make_reply_form(kind=request.args.get("kind", ""), typed=draft.fields if draft else None)
    return _draw_new(found, form, draft=draft)


def take_new() -> Answer:
    """Begin a reply with what was typed."""
    form = make_reply_form(typed=request.form)
    found = _order()
    if found is None:
        return render_template("console/selection_over.html"), 410
    order = found.order
    if inserting.is_asked_for():
        inserting.insert(form, found.templates)
        return _draw_new(found, form)
    writing = form.writing(order.city, order.theme_name)
    try:
        with site.database().writing() as session:
            reply = replies.begin(session, actor(), order.city, writing, order.choice, theme=order.theme)
            form_drafts.drop(session, DRAFT, order.place)
    except AnswerError as error:
        form.show(error.faults)
        return _draw_new(found, form), 422
    return after_keeping(reply)


def save(city: str, number: int) -> Answer:
    """Keep what was typed: of a draft, or of a correction."""
    with site.database().reading() as session:
        read = read_reply(session, number, city, readers_of(me())) or abort(404)
    form = make_reply_form(kind=read.row.kind, typed=request.form)
    if inserting.is_asked_for():
        return show(city, number, typed=form)
    writing = form.writing(city, name_of(read.theme) if read.theme else EMPTY)
    try:
        with site.database().writing() as session:
            before = version_of(request.form)
            reply = replies.save(session, actor(), number, city, writing=writing, version=before)
            form_drafts.drop(session, DRAFT, f"{city}/{number}")
    except UnknownAnswerError:
        abort(404)
    except StaleAnswerError as error:
        return _both(city, number, writing, error.stored)
    except AnswerError as error:
        return show(city, number, error.faults, typed=form), 422
    return after_keeping(reply, is_same=reply.version == before)


def after_keeping(reply: Reply, *, is_same: bool = False) -> Answer:
    """Lead to the reply; where it is to be passed on too, try that, and say what it lacks."""
    if request.form.get("then") == "ready":
        return pass_on(reply.city, reply.id, reply.version)
    flash(_("Nothing has changed, so nothing was kept.") if is_same else _("The text is kept."))
    return redirect(address_of(reply.city, reply.id), 303)


def pass_on(city: str, number: int, version: int) -> Answer:
    """Say that a reply is ready; the text is kept whatever it lacks."""
    try:
        with site.database().writing() as session:
            replies.finish(session, actor(), number, city, version=version)
    except UnknownAnswerError:
        abort(404)
    except StaleAnswerError:
        return again(city, number)
    except AnswerError as error:
        return show(city, number, error.faults), 422
    flash(_("Passed on: somebody else releases it."))
    return redirect(address_of(city, number), 303)


def show(
    city: str,
    number: int,
    faults: Sequence[Flaw] = (),
    *,
    typed: ReplyForm | None = None,
    own: dict[str, Any] | None = None,
    corrects: bool = False,
) -> str:
    """Draw the page of a reply: with the form where it is being written, with faults where something was refused."""
    with site.database().reading() as session:
        page, read = read_page(session, me(), city, number) or abort(404)
        has_form = "change" in page.can and (page.is_draft or corrects or typed is not None)
        name = name_of(read.theme) if read.theme else EMPTY
        templates = template_choices(session, city, read.row.area, name) if has_form else {}
        suggestions = list_answered(session, targets_of(number), MOST_READ)
    draft = form_drafts.restored(DRAFT, f"{city}/{number}") if has_form else None
    form = typed or _stored_form(read, draft.fields if draft else None)
    if inserting.is_asked_for():
        inserting.insert(form, templates)
    if not own:
        form.show(faults)
    forms = {"form": form, "note_form": NoteForm(), "withdrawal_form": ReplyWithdrawalForm()} | (own or {})
    lines = [line for each in forms.values() for line in each.lines()] if faults else []
    context = {"page": page, "has_form": has_form, "draft": draft, "lines": lines, "templates": templates}
    return render_template("console/replies/reply.html", suggestions=suggestions, **context, **forms)


def again(city: str, number: int) -> Response:
    """Lead back to a reply that somebody changed meanwhile."""
    flash(_("Somebody has changed this reply meanwhile. This is how it is now."), "warning")
    return redirect(address_of(city, number), 303)


def refused(error: AnswerError) -> str:
    """Say in one sentence why something was not done."""
    return " ".join(dict.fromkeys(sentence(flaw.code) for flaw in error.faults))


def _stored_form(read: ReadReply, typed: Any) -> ReplyForm:
    text = read.texts.shown(read.stage)
    return make_reply_form(text, read.row.kind, None if read.stage in PUBLIC else read.promise, typed)


def _order() -> NewReply | None:
    """Read what the address asks for, the templates that suit it, and what it is to answer."""
    with site.database().reading() as session:
        order = read_order(session, me())
        if order is None:
            return None
        templates = template_choices(session, order.city, order.choice.area, order.theme_name)
        suggestions = list_answered(session, order.choice.fit[:MOST_READ], MOST_READ)
        unreleased = reply_targets.unreleased(session, order.city, order.choice.fit)
        return NewReply(order, templates, suggestions, unreleased)


def _draw_new(found: NewReply, form: ReplyForm, **more: Any) -> str:
    order = found.order
    left = [(number, str(LEFT[why])) for why, number in order.choice.left.items()]
    number = len(order.choice.fit)
    words = _n("It reaches %(num)s suggestion", "It reaches %(num)s suggestions", number)
    context: dict[str, Any] = {"draft": None} | more
    return render_template(
        "console/replies/new.html",
        order=order,
        form=form,
        left=left,
        number=number,
        number_words=words,
        address=f"{NEW}?{order.query}",
        lines=form.lines(),
        templates=found.templates,
        suggestions=found.suggestions,
        unreleased=[(address_of(order.city, each), each, many) for each, many in found.unreleased.items()],
        **context,
    )


def _both(city: str, number: int, mine: Writing, stored: int) -> tuple[str, int]:
    """Show what somebody else has stored meanwhile beside what was typed."""
    with site.database().reading() as session:
        read = read_reply(session, number, city, readers_of(me())) or abort(404)
    last = read.written[-1]
    is_public = read.stage in PUBLIC
    theirs = texts_of(writing_of(last.text, read.row.kind, None if is_public else read.promise))
    labels = ReplyForm()
    own = texts_of(mine)
    sides = [Side(str(labels[name].label.text), own[name], theirs[name]) for name in own]
    page = f"{address_of(city, number)}/correct" if read.stage is ReplyStage.RELEASED else address_of(city, number)
    return conflicts.both(sides, Other(last.writer, last.text.at), version=stored, page=page, without=BUTTONS)
