"""The states of a suggestion and the decisions that lead from one to another: this table, and nothing outside it.

Any state may follow any other, each decision is a row that stays, and what was written never changes. What the
administration's own moderator hides counts as waiting until somebody from outside the city confirms it.

Whoever decides waits for the journal first and reads the suggestion afterwards, so that two decisions never wait for
each other, and the second sees what the first did.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant
from app.audit.journal import Actor, Entry, record
from app.clock import day_of
from app.feedback.danger import close_notice, standing_marks, tell_lead, tell_of_calm, told_of_danger
from app.feedback.errors import DecisionError, DecisionFault, StaleCommentError, UnknownCommentError
from app.feedback.models import CommentDecision
from app.feedback.queries import LIVE
from app.feedback.second_looks import is_handed_on
from app.feedback.spans import Span, blacked_out, joined_spans, read_spans, written_spans
from app.feedback.standing import BlackParts, StandingDecisions, standing_of
from surveys.models.comments import Comment
from surveys.responses.search_fold import fold_for_search
from surveys.sql import hold_journal


class CommentState(StrEnum):
    """Where a suggestion stands, from its release on."""

    RELEASED = "released"
    """Nobody decided on it yet."""
    SHOWN = "shown"
    SHOWN_REDACTED = "shown_redacted"
    SECOND_LOOK = "second_look"
    """A colleague is to look at it too."""
    HIDDEN_PROVISIONAL = "hidden_provisional"
    """Hidden by the city's own moderator; it waits for somebody from outside."""
    HIDDEN = "hidden"


class DecisionEvent(StrEnum):
    """What is decided about a suggestion."""

    SHOW = "show"
    REDACT = "redact"
    HIDE = "hide"
    SECOND_LOOK = "second_look"
    CONFIRM = "confirm"
    OVERTURN = "overturn"
    URGENT = "urgent"
    """Somebody's life is in danger: the lead is told at once."""
    SETTLE = "settle"
    """Those who were told of danger say that they took care of it."""
    UNDO = "undo"


class HidingReason(StrEnum):
    """Why a suggestion is hidden or blacked out in part: a closed list, and criticism of officials is not on it."""

    PERSONAL_DATA = "personal_data"
    INSULT = "insult"
    THREAT = "threat"
    ADVERTISING = "advertising"
    NO_CONTENT = "no_content"
    NOT_THE_CITY = "not_the_city"


REDACTION_REASONS = (HidingReason.PERSONAL_DATA, HidingReason.INSULT)
ALONE = frozenset({HidingReason.NO_CONTENT})
"""Reasons for hiding that need no second person."""

TRANSITIONS: Mapping[tuple[CommentState, DecisionEvent], CommentState] = MappingProxyType(
    {
        **{(state, DecisionEvent.SHOW): CommentState.SHOWN for state in CommentState},
        **{(state, DecisionEvent.REDACT): CommentState.SHOWN_REDACTED for state in CommentState},
        **{(state, DecisionEvent.HIDE): CommentState.HIDDEN_PROVISIONAL for state in CommentState},
        **{(state, DecisionEvent.SECOND_LOOK): CommentState.SECOND_LOOK for state in CommentState},
        **{(state, event): state for state in CommentState for event in (DecisionEvent.URGENT, DecisionEvent.SETTLE)},
        (CommentState.HIDDEN_PROVISIONAL, DecisionEvent.CONFIRM): CommentState.HIDDEN,
        (CommentState.HIDDEN_PROVISIONAL, DecisionEvent.OVERTURN): CommentState.SHOWN,
    }
)

UNCOVERING = frozenset({(CommentState.SHOWN_REDACTED, DecisionEvent.SHOW)})
"""Steps by which everybody reads what was blacked out: only whoever was asked about just that takes them."""
OF_DANGER = frozenset({DecisionEvent.URGENT, DecisionEvent.SETTLE})
DECIDING = frozenset({DecisionEvent.SHOW, DecisionEvent.REDACT, DecisionEvent.HIDE})
BY_OUTSIDERS = frozenset({DecisionEvent.CONFIRM, DecisionEvent.OVERTURN})
KEEPING_BLACK = frozenset({DecisionEvent.SHOW, DecisionEvent.REDACT, DecisionEvent.OVERTURN})
SHOWING = frozenset({DecisionEvent.SHOW, DecisionEvent.SECOND_LOOK, DecisionEvent.OVERTURN})
LEAST_LEFT = 3
"""A third of the letters is left to read at least: what blacks out more is hiding, which an outsider confirms."""
MOST_SPANS = 40
OUTSIDE_SINCE = timedelta(days=365)
"""Whoever had a role in a city within a year is no outsider there."""

_WORDS = {
    DecisionEvent.SHOW: "comment.shown",
    DecisionEvent.REDACT: "comment.redacted",
    DecisionEvent.HIDE: "comment.hidden",
    DecisionEvent.SECOND_LOOK: "comment.second_look",
    DecisionEvent.CONFIRM: "comment.hiding_confirmed",
    DecisionEvent.OVERTURN: "comment.hiding_overturned",
    DecisionEvent.URGENT: "comment.urgent",
    DecisionEvent.SETTLE: "comment.danger_settled",
    DecisionEvent.UNDO: "comment.undone",
}


class Decision(NamedTuple):
    """What somebody decides: the event, the reason of a closed list where one is needed, and what is blacked out."""

    event: DecisionEvent
    reason: HidingReason | None = None
    spans: tuple[Span, ...] = ()
    uncovers: bool = False
    """Whether everybody may read again what was blacked out before: without it what is black stays black."""


def next_state(state: CommentState, event: DecisionEvent, reason: HidingReason | None = None) -> CommentState | None:
    """Tell where an event leads from a state; None where it may not happen."""
    if event is DecisionEvent.HIDE and reason in ALONE:
        return CommentState.HIDDEN
    return TRANSITIONS.get((state, event))


def decide(
    session: Session,
    actor: Actor,
    comment_id: str,
    decision: Decision,
    version: int | None,
    *,
    bulk: str | None = None,
) -> Comment:
    """Let somebody decide about a suggestion; gives it as it stands afterwards, nothing recorded where it is the same.

    `version` is that of the suggestion as it was seen, None for whoever saw none. Raises UnknownCommentError,
    StaleCommentError, DecisionError.
    """
    comment = hold_comment(session, comment_id, version)
    take(session, actor, comment, decision, standing_of(session, [comment_id])[comment_id], bulk=bulk)
    return comment


def take(
    session: Session,
    actor: Actor,
    comment: Comment,
    decision: Decision,
    standing: StandingDecisions,
    *,
    bulk: str | None = None,
) -> None:
    """Take a decision about a suggestion that was held, whose decisions were read; raises DecisionError."""
    before, last = CommentState(comment.state), standing.last
    whole = _with_black(comment.text, decision, standing.black)
    target = next_state(before, whole.event, whole.reason)
    if target is None:
        raise DecisionError(comment.id, DecisionFault.WRONG_STATE)
    fault = _fault_of(comment, whole) or _fault_of_person(session, actor, comment, whole.event, last)
    if fault:
        raise DecisionError(comment.id, fault)
    if target is CommentState.SHOWN and whole.spans:
        target = CommentState.SHOWN_REDACTED
    if whole.event not in OF_DANGER and last is not None and target is before and _is_same(whole, last):
        return
    row = CommentDecision(
        comment=comment.id,
        moderator=actor.id,
        event=whole.event,
        reason=last.reason if whole.event is DecisionEvent.CONFIRM and last else whole.reason,
        spans=written_spans(whole.spans),
        state=target,
        confirms=last.id if whole.event in BY_OUTSIDERS and last else None,
        bulk=bulk,
        at=actor.at,
    )
    _keep(session, actor, comment, row)


def _with_black(text: str, decision: Decision, black: BlackParts) -> Decision:
    """Add to what is decided what is black already: it stays so, unless somebody was asked and uncovers it.

    The reason stays with it: what was black as personal data is erased in time.
    """
    is_redaction = decision.event is DecisionEvent.REDACT
    whole = decision._replace(spans=joined_spans(text, decision.spans) if is_redaction else ())
    is_whole = not is_redaction or (whole.spans and whole.reason in REDACTION_REASONS)
    if whole.uncovers or not is_whole or not black.spans or whole.event not in KEEPING_BLACK:
        return whole
    reason = whole.reason if is_redaction and black.reason != HidingReason.PERSONAL_DATA else black.reason
    spans = joined_spans(text, (*whole.spans, *black.spans))
    return whole._replace(spans=spans, reason=HidingReason(reason) if reason else None)


def undo(session: Session, actor: Actor, comment_id: str, version: int | None = None) -> Comment:
    """Take one's own decision back, if it counts; what was before it counts again.

    Raises UnknownCommentError, StaleCommentError, DecisionError.
    """
    comment = hold_comment(session, comment_id, version)
    standing = standing_of(session, [comment_id])[comment_id]
    if standing.last is not None and standing.last.moderator != actor.id:
        raise DecisionError(comment_id, DecisionFault.NOT_ONES_OWN)
    take_back(session, actor, comment, standing)
    return comment


def take_back(
    session: Session, actor: Actor, comment: Comment, standing: StandingDecisions, *, bulk: str | None = None
) -> None:
    """Take the decision back that counts of a suggestion that was held; raises DecisionError."""
    last, before = standing.last, standing.before
    if last is None or last.id < standing.purged:
        raise DecisionError(comment.id, DecisionFault.NOTHING_TO_UNDO)
    row = CommentDecision(
        comment=comment.id,
        moderator=actor.id,
        event=DecisionEvent.UNDO,
        reason=before.reason if before else None,
        spans=written_spans(standing.spans_before()),
        state=before.state if before else CommentState.RELEASED,
        undoes=last.id,
        bulk=bulk,
        at=actor.at,
    )
    _keep(session, actor, comment, row)


def _keep(session: Session, actor: Actor, comment: Comment, row: CommentDecision) -> None:
    """Add a decision, put its suggestion where it leads, record it, and tell the lead of what is urgent."""
    before = CommentState(comment.state)
    if row.event == DecisionEvent.SETTLE:
        close_notice(session, actor, comment.id)
    if row.event not in OF_DANGER:
        put_state(comment, CommentState(row.state), read_spans(row.spans))
    _add(session, actor, comment, row, before)
    if row.event == DecisionEvent.URGENT:
        tell_lead(session, actor, comment)


def _add(session: Session, actor: Actor, comment: Comment, row: CommentDecision, before: CommentState) -> None:
    """Add a decision and record it; the suggestion is read anew by whoever has it open."""
    session.add(row)
    comment.version += 1
    session.flush()
    detail = {"from": before, "to": CommentState(row.state), "reason": row.reason}
    entry = Entry(
        event=_WORDS[DecisionEvent(row.event)],
        object_kind="comment",
        object_id=comment.id,
        city=comment.city,
        detail=detail,
        bulk=row.bulk,
    )
    record(session, actor, entry)


def take_mark_back(session: Session, actor: Actor, comment_id: str, *, of_others: bool) -> None:
    """Say that nobody is in danger after all: the lead is told so, and a later mark is told anew.

    `of_others` is for who decides there; anybody else takes only their own mark back. Raises UnknownCommentError,
    DecisionError.
    """
    comment = hold_comment(session, comment_id)
    marks = standing_marks(session, comment_id)
    if not marks:
        raise DecisionError(comment_id, DecisionFault.NOTHING_TO_UNDO)
    if not of_others and any(mark.moderator != actor.id for mark in marks):
        raise DecisionError(comment_id, DecisionFault.NOT_ONES_OWN)
    close_notice(session, actor, comment_id)
    state = CommentState(comment.state)
    tell_of_calm(session, actor, comment, marks[-1])
    for mark in marks:
        row = CommentDecision(
            comment=comment_id,
            moderator=actor.id,
            event=DecisionEvent.UNDO,
            reason=None,
            spans="",
            state=state,
            undoes=mark.id,
            at=actor.at,
        )
        _add(session, actor, comment, row, state)


def hold_comment(session: Session, comment_id: str, version: int | None = None) -> Comment:
    """Read a suggestion that is going to be changed: nobody else changes it until this transaction ends.

    Raises UnknownCommentError, also for what was not released or was taken back, and StaleCommentError.
    """
    hold_journal(session)
    comment = session.get(Comment, comment_id, populate_existing=True, with_for_update=True)
    if comment is None or comment.state not in LIVE:
        raise UnknownCommentError(comment_id)
    if version not in {None, comment.version}:
        raise StaleCommentError(comment_id, version or 0, comment.version)
    return comment


def is_outsider(session: Session, staff: int, city: str, day: date) -> bool:
    """Tell whether a person has no role in a city, had none within a year and is to have none."""
    since = or_(RoleGrant.until_day.is_(None), RoleGrant.until_day >= day - OUTSIDE_SINCE)
    own = select(RoleGrant.id).where(RoleGrant.staff == staff, RoleGrant.city == city, since)
    return session.execute(own.limit(1)).first() is None


def put_state(comment: Comment, state: CommentState, spans: Sequence[Span] = ()) -> None:
    """Put a suggestion into a state, and what search compares with it: what is blacked out is not found."""
    comment.state = state
    is_redacted = state is CommentState.SHOWN_REDACTED
    comment.shown_text = blacked_out(comment.text, spans) if is_redacted else None
    comment.folded = fold_for_search(comment.shown_text if comment.shown_text is not None else comment.text)


def _is_same(decision: Decision, last: CommentDecision) -> bool:
    return (decision.event, decision.reason, written_spans(decision.spans)) == (last.event, last.reason, last.spans)


def _fault_of(comment: Comment, decision: Decision) -> DecisionFault | None:
    """Say why a decision is not whole; None where it is."""
    if decision.event is DecisionEvent.HIDE and decision.reason is None:
        return DecisionFault.NO_REASON
    if decision.event is DecisionEvent.REDACT:
        return _fault_of_redaction(comment.text, decision)
    if decision.event in SHOWING and not comment.text:
        return DecisionFault.PURGED
    is_covered = (CommentState(comment.state), decision.event) in UNCOVERING and not decision.uncovers
    return DecisionFault.COVERED if is_covered else None


def _fault_of_person(
    session: Session, actor: Actor, comment: Comment, event: DecisionEvent, last: CommentDecision | None
) -> DecisionFault | None:
    """Say why a decision is not this person's to make; None where it is."""
    if event in DECIDING and is_handed_on(session, actor, comment, last):
        return DecisionFault.HANDED_ON
    if event is DecisionEvent.SETTLE:
        return _fault_of_settling(session, actor, comment)
    return _fault_of_outsider(session, actor, comment, last) if event in BY_OUTSIDERS else None


def _fault_of_settling(session: Session, actor: Actor, comment: Comment) -> DecisionFault | None:
    if not standing_marks(session, comment.id):
        return DecisionFault.NOTHING_TO_UNDO
    is_told = actor.id in told_of_danger(session, comment.city, day_of(actor.at))
    return None if is_told else DecisionFault.NOT_TOLD


def _fault_of_redaction(text: str, decision: Decision) -> DecisionFault | None:
    if decision.reason not in REDACTION_REASONS:
        return DecisionFault.NO_REASON
    if not decision.spans or decision.spans != joined_spans(text, decision.spans):
        return DecisionFault.NOTHING_MARKED
    if len(decision.spans) > MOST_SPANS:
        return DecisionFault.TOO_MANY_PARTS
    marked = sum(_letters(text[start:end]) for start, end in decision.spans)
    is_too_much = (_letters(text) - marked) * LEAST_LEFT < _letters(text)
    return DecisionFault.TOO_MUCH_MARKED if is_too_much else None


def _letters(text: str) -> int:
    return sum(sign.isalnum() for sign in text)


def _fault_of_outsider(
    session: Session, actor: Actor, comment: Comment, last: CommentDecision | None
) -> DecisionFault | None:
    if comment.state != CommentState.HIDDEN_PROVISIONAL or last is None:
        return DecisionFault.WRONG_STATE
    if last.moderator == actor.id:
        return DecisionFault.OWN_DECISION
    if actor.id is None or not is_outsider(session, actor.id, comment.city, day_of(actor.at)):
        return DecisionFault.OWN_CITY
    return None
