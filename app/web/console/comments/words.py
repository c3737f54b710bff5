"""States, reasons and refusals of moderation in words."""

from collections.abc import Mapping

from app.feedback.audit_draws import AuditFinding
from app.feedback.errors import DecisionFault
from app.feedback.moderation import CommentState, DecisionEvent, HidingReason
from app.web.console.values.words import Badge
from app.web.language import _l

STATES: Mapping[CommentState, Badge] = {
    CommentState.RELEASED: Badge("new", _l("to be decided")),
    CommentState.SECOND_LOOK: Badge("warn", _l("a colleague is to look too")),
    CommentState.SHOWN: Badge("good", _l("shown")),
    CommentState.SHOWN_REDACTED: Badge("good", _l("shown, partly blacked out")),
    CommentState.HIDDEN_PROVISIONAL: Badge("warn", _l("hidden, not confirmed yet")),
    CommentState.HIDDEN: Badge("bad", _l("hidden")),
}

REASONS: Mapping[HidingReason, str] = {
    HidingReason.PERSONAL_DATA: _l("personal data"),
    HidingReason.INSULT: _l("insult"),
    HidingReason.THREAT: _l("threat or incitement"),
    HidingReason.ADVERTISING: _l("advertising"),
    HidingReason.NO_CONTENT: _l("no content"),
    HidingReason.NOT_THE_CITY: _l("not about the city"),
}

DECIDED: Mapping[DecisionEvent, str] = {
    DecisionEvent.SHOW: _l("shown"),
    DecisionEvent.REDACT: _l("partly blacked out"),
    DecisionEvent.HIDE: _l("hidden"),
    DecisionEvent.SECOND_LOOK: _l("given to a colleague for a second look"),
    DecisionEvent.CONFIRM: _l("hiding confirmed"),
    DecisionEvent.OVERTURN: _l("hiding overturned"),
    DecisionEvent.URGENT: _l("marked as urgent"),
    DecisionEvent.SETTLE: _l("danger taken care of"),
    DecisionEvent.UNDO: _l("the decision before was taken back"),
}

FINDINGS = {str(AuditFinding.AGREE): _l("agree"), str(AuditFinding.DISAGREE): _l("disagree")}
PURGED = _l("the original was erased")

FAULTS: Mapping[DecisionFault, str] = {
    DecisionFault.WRONG_STATE: _l("This cannot be decided as the suggestion stands now."),
    DecisionFault.NO_REASON: _l("Please choose a reason."),
    DecisionFault.NOTHING_MARKED: _l("Mark the words that are to be blacked out."),
    DecisionFault.TOO_MUCH_MARKED: _l(
        "More than two thirds would be blacked out. Hide the suggestion instead: somebody from outside the city "
        "then confirms it."
    ),
    DecisionFault.TOO_MANY_PARTS: _l("At most 40 separate parts can be blacked out."),
    DecisionFault.COVERED: _l(
        "It is shown already, with parts blacked out. To let everybody read those parts too, open the original."
    ),
    DecisionFault.PURGED: _l("Its text was erased, so it cannot be shown any more."),
    DecisionFault.OWN_CITY: _l(
        "You have a role in this city, or had one within a year, so others confirm its hidings."
    ),
    DecisionFault.OWN_DECISION: _l("You hid this suggestion yourself, so somebody else confirms it."),
    DecisionFault.HANDED_ON: _l("You handed it to a colleague, so a colleague decides. U takes it back to you."),
    DecisionFault.NOT_TOLD: _l("Only those who were told of the danger say that it was taken care of."),
    DecisionFault.NOT_ONES_OWN: _l("Somebody else decided last. You can decide anew instead."),
    DecisionFault.NOTHING_TO_UNDO: _l("There is no decision to take back."),
}
