"""What is recorded of replies and commitments, in words."""

from collections.abc import Mapping

from app.web.console.commitments.words import STATES
from app.web.console.replies.words import KINDS, STAGES
from app.web.language import _l

ANSWER_EVENTS: Mapping[str, str] = {
    "reply.begun": _l("a reply was begun"),
    "reply.changed": _l("the text of a reply was changed"),
    "reply.ready": _l("a reply was passed on to be released"),
    "reply.sent_back": _l("a reply was given back to its author"),
    "reply.released": _l("a reply was released"),
    "reply.corrected": _l("the correction of a reply was released"),
    "reply.given_up": _l("a draft or a correction of a reply was given up"),
    "reply.withdrawn": _l("a reply was withdrawn"),
    "reply.suggestions_added": _l("suggestions were added to a reply"),
    "template.kept": _l("a template of replies was kept"),
    "template.changed": _l("a template of replies was changed"),
    "template.removed": _l("a template of replies was removed"),
    "reply.suggestions_left_out": _l("suggestions were taken out of a reply"),
    "commitment.drafted": _l("a commitment was drafted"),
    "commitment.changed": _l("the draft of a commitment was changed"),
    "commitment.forgotten": _l("the draft of a commitment was given up"),
    "commitment.announced": _l("a commitment was announced"),
    "commitment.told": _l("the progress of a commitment was told"),
    "commitment.moved": _l("the day of a commitment was moved"),
    "commitment.reported_done": _l("a commitment was reported as done"),
    "commitment.agreed": _l("residents agreed that a commitment is done"),
    "commitment.disputed": _l("residents disputed that a commitment is done"),
    "commitment.dropped": _l("a commitment was given up"),
}
_STATES = {
    "reply": {str(stage): badge.words for stage, badge in STAGES.items()},
    "commitment": {str(state): badge.words for state, badge in STATES.items()},
}
ANSWER_CLOSED: Mapping[str, Mapping[str, str]] = {
    **{
        f"{event}/{key}": words
        for kind, words in _STATES.items()
        for event in ANSWER_EVENTS
        if event.startswith(f"{kind}.")
        for key in ("from", "to")
    },
    "commitment.changed/changed": {
        "title_kk": _l("What is promised, in Kazakh"),
        "title_ru": _l("What is promised, in Russian"),
        "title_en": _l("What is promised, in English"),
        "unit_kk": _l("Unit that does it, in Kazakh"),
        "unit_ru": _l("Unit that does it, in Russian"),
        "due": _l("By which day"),
    },
    **{f"{event}/kind": KINDS for event in ("reply.begun", "template.kept", "template.changed", "template.removed")},
}
"""Values that come from a closed set, as `CLOSED` of the words of the journal has them."""
