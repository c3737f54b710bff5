"""What a press on a button of a suggestion does: the decision as it was posted, and where it leads."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from flask import abort, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.feedback.errors import DecisionError, DecisionFault, StaleCommentError, UnknownCommentError
from app.feedback.moderation import CommentState, Decision, DecisionEvent, HidingReason, decide, take_mark_back, undo
from app.feedback.reading import last_own_decision
from app.feedback.spans import Span
from app.web import site
from app.web.console import conflicts
from app.web.console.access import actor, me
from app.web.console.comments import views
from app.web.console.comments.listing import list_query
from app.web.console.comments.reasons import list_reasons
from app.web.console.comments.words import DECIDED, FAULTS, REASONS
from app.web.console.conflicts import Other, Side
from app.web.language import _
from surveys.models.comments import Comment

Answer = str | Response | tuple[str, int]
_MODERATING = (DecisionEvent.SHOW, DecisionEvent.REDACT, DecisionEvent.HIDE, DecisionEvent.SECOND_LOOK)
MODERATING = {str(event): event for event in _MODERATING}
FIELD_OF: Mapping[DecisionFault, str] = {
    DecisionFault.NOTHING_MARKED: "words",
    DecisionFault.TOO_MUCH_MARKED: "words",
    DecisionFault.TOO_MANY_PARTS: "words",
}


class Posted(NamedTuple):
    """A decision as it came from the page."""

    decision: Decision
    version: int


def read_posted(text: str) -> Posted | None:
    """Read the decision of this request about a text; None for one that no page of ours sends."""
    word, _colon, reason = request.form.get("decision", "").partition(":")
    version = request.form.get("version", "")
    if word not in MODERATING or reason not in {"", *HidingReason} or not version.isdecimal() or len(version) > 9:
        return None
    spans = marked_spans(text) if word == DecisionEvent.REDACT else ()
    uncovers = bool(request.form.get("uncovers"))
    return Posted(Decision(MODERATING[word], HidingReason(reason) if reason else None, spans, uncovers), int(version))


def marked_spans(text: str) -> tuple[Span, ...]:
    """Read what is to be blacked out: words that were ticked, and words that were typed, wherever they stand."""
    ticked = [each.partition("-") for each in request.form.getlist("word")]
    spans = [Span(int(a), int(b)) for a, _dash, b in ticked if a.isdecimal() and b.isdecimal() and len(a + b) < 8]
    for line in request.form.get("typed", "").splitlines():
        spans += _places_of(line.strip(), text)
    return tuple(spans)


def _places_of(words: str, text: str) -> list[Span]:
    """Find words in a text, letters large or small, as often as they stand there."""
    found, at = [], 0
    low, sought = text.lower(), words.lower()
    while sought and len(low) == len(text) and (at := low.find(sought, at)) >= 0:
        found.append(Span(at, at + len(sought)))
        at += len(sought)
    return found


def show(city: str, comment: str, faults: tuple[tuple[str, str], ...] = ()) -> str:
    """Show a suggestion; 404 where this person sees no such one."""
    with site.database().reading() as session:
        page = views.read_comment(session, me(), city, comment, request.form.getlist("word"))
    if page is None:
        abort(404)
    return render_template("console/comments/comment.html", page=page, faults=faults, reasons=list_reasons())


def take(city: str, comment: str) -> Answer:
    """Take the decision of this request, and lead to the next suggestion of the list."""
    with site.database().reading() as session:
        place = views.find_place(session, me(), city, comment)
    if place is None:
        return _gone(city, comment)
    posted = read_posted(place.text)
    if posted is None:
        abort(422)
    try:
        with site.database().writing() as session:
            state = decide(session, actor(), comment, posted.decision, posted.version).state
    except UnknownCommentError:
        return _gone(city, comment)
    except StaleCommentError as error:
        return _both(city, comment, posted.decision, error.stored)
    except DecisionError as error:
        return show(city, comment, ((FIELD_OF.get(error.fault, "decide"), str(FAULTS[error.fault])),)), 422
    is_black = posted.decision.event is DecisionEvent.SHOW and state == CommentState.SHOWN_REDACTED
    said = _("Shown. What was blacked out before stays so.") if is_black else _said(posted.decision)
    if state == CommentState.HIDDEN_PROVISIONAL:
        said += " " + _("It waits for somebody from outside the city to confirm it.")
    flash(said)
    return redirect(place.following, 303)


def _said(decision: Decision) -> str:
    """Say what was decided."""
    reason = str(REASONS[decision.reason]) if decision.reason else ""
    return _sentence(": ".join(filter(None, (str(DECIDED[decision.event]), reason))))


def mark_urgent(city: str, comment: str) -> Answer:
    """Tell the lead at once that somebody's life may be in danger; or, with "off" or "settled", end the mark."""
    with site.database().reading() as session:
        if views.find_place(session, me(), city, comment) is None:
            return _gone(city, comment)
    if request.form.get("off"):
        return _take_mark_back(city, comment)
    if request.form.get("settled"):
        return _settle(city, comment)
    try:
        with site.database().writing() as session:
            decide(session, actor(), comment, Decision(DecisionEvent.URGENT), None)
    except UnknownCommentError:
        return _gone(city, comment)
    flash(_("The lead of the akimat was told. If somebody is in danger now, call 112 yourself as well."), "warning")
    return redirect(views.address_of(city, comment, list_query()), 303)


def _end_mark(city: str, comment: str, end: Callable[[Session], object], words: str) -> Answer:
    try:
        with site.database().writing() as session:
            end(session)
    except UnknownCommentError:
        return _gone(city, comment)
    except DecisionError as error:
        return show(city, comment, (("urgent", str(FAULTS[error.fault])),)), 422
    flash(words)
    return redirect(views.address_of(city, comment, list_query()), 303)


def _take_mark_back(city: str, comment: str) -> Answer:
    may_end_others = me().may(Permission.MODERATE, city)
    return _end_mark(
        city,
        comment,
        lambda session: take_mark_back(session, actor(), comment, of_others=may_end_others),
        _("It is not marked as urgent any more."),
    )


def _settle(city: str, comment: str) -> Answer:
    return _end_mark(
        city,
        comment,
        lambda session: decide(session, actor(), comment, Decision(DecisionEvent.SETTLE), None),
        _("Noted: the danger was taken care of."),
    )


def take_back(city: str) -> Answer:
    """Take back what this person decided last in a city, and lead there."""
    with site.database().writing() as session:
        last = last_own_decision(session, me().id, city)
        comment = last.comment if last else None
        if comment is not None:
            undo(session, actor(), comment)
    if comment is None:
        flash(str(FAULTS[DecisionFault.NOTHING_TO_UNDO]), "warning")
        return redirect(views.list_address(), 303)
    flash(_("Taken back: it stands as before."))
    return redirect(views.address_of(city, comment, list_query()), 303)


def _gone(city: str, comment: str) -> Answer:
    """Say that somebody took their words back while they were read here; 404 for what never was."""
    with site.database().reading() as session:
        row = session.get(Comment, comment)
    if row is None or row.state != "taken_back" or row.city != city:
        abort(404)
    flash(_("Whoever wrote this suggestion took it back meanwhile, so nothing is to be decided."), "warning")
    return redirect(views.list_address(), 303)


def _both(city: str, comment: str, mine: Decision, stored: int) -> tuple[str, int]:
    """Show what somebody else decided meanwhile beside one's own decision."""
    with site.database().reading() as session:
        page = views.read_comment(session, me(), city, comment)
    if page is None:
        abort(404)
    last = page.decisions[-1] if page.decisions else None
    other = Other(last.name, last.at) if last and last.name else Other(_("the system"), site.clock().now())
    sides = [Side(_("Decision"), _said(mine), _as_sentence(last))]
    return conflicts.both(sides, other, version=stored, page=views.address_of(city, comment, list_query()))


def _as_sentence(decision: views.DecisionView | None) -> str:
    if decision is None:
        return ""
    return _sentence(": ".join(filter(None, (decision.words, decision.reason))))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
