"""Stages, kinds and refusals of replies in words."""

from collections.abc import Mapping

from app.feedback.reply_errors import AnswerFault
from app.feedback.reply_states import ReplyStage
from app.feedback.reply_targets import ANSWERED, GONE, HIDDEN, UNDECIDED
from app.web.console.values.words import Badge
from app.web.language import _l, _lc

STAGES: Mapping[ReplyStage, Badge] = {
    ReplyStage.DRAFT: Badge("new", _lc("reply", "draft")),
    ReplyStage.READY: Badge("warn", _lc("reply", "waits to be released")),
    ReplyStage.RELEASED: Badge("good", _lc("reply", "released")),
    ReplyStage.CORRECTING: Badge("good", _lc("reply", "released, a correction is being written")),
    ReplyStage.CORRECTION_READY: Badge("warn", _lc("reply", "released, a correction waits to be released")),
    ReplyStage.WITHDRAWN: Badge("bad", _lc("reply", "withdrawn")),
}
GIVEN_UP = Badge("", _lc("reply", "given up"))
"""A draft that was never released and is not wanted any more."""

KINDS: Mapping[str, str] = {
    "done": _lc("reply", "Done"),
    "will_do": _lc("reply", "Will be done"),
    "being_looked_at": _lc("reply", "Being looked at"),
    "cannot": _lc("reply", "Cannot be done"),
    "another_body": _lc("reply", "For another body to do"),
}
PUBLIC_KINDS: Mapping[str, str] = {**KINDS, "being_looked_at": _lc("reply", "Being looked at, not answered yet")}
"""What the portal calls them."""
LANGUAGE_TITLES: Mapping[str, str] = {"kk": _l("Kazakh"), "ru": _l("Russian"), "en": _l("English")}
KIND_NOTES: Mapping[str, str] = {
    "done": _l("With the day on which it was done, and an address where everybody can see it."),
    "will_do": _l("Opens a commitment with a day that everybody sees."),
    "being_looked_at": _l("With the day by which you say more. It is no answer yet, and can be said twice at most."),
    "cannot": _l("The text says why."),
    "another_body": _l("Names the body, and where to turn."),
}

LEFT: Mapping[str, str] = {
    HIDDEN: _l("hidden"),
    UNDECIDED: _l("that nobody decided about yet"),
    ANSWERED: _l("answered already"),
    GONE: _l("taken back, or of another city"),
}
"""Why a new reply leaves suggestions out."""
RELEASE_LEFT: Mapping[str, str] = {
    "gone": _l("not there any more"),
    "changed": _l("somebody changed it meanwhile"),
    AnswerFault.WRONG_STATE: _l("not waiting to be released"),
    AnswerFault.OWN_TEXT: _l("part of it is your own text"),
    AnswerFault.NO_TARGETS: _l("it reaches nobody"),
    AnswerFault.NOT_LATER: _l("its day is over"),
    AnswerFault.TWICE: _l("told twice already that it is being looked at"),
    "incomplete": _l("something in it is missing or wrong: open it"),
}
"""Why replies are not released together with others."""

FAULTS: Mapping[AnswerFault, str] = {
    AnswerFault.MISSING: _l("Please fill this in."),
    AnswerFault.SHORT: _l("This is too short to be understood: write at least %(shortest)s characters."),
    AnswerFault.LONG: _l("This is too long."),
    AnswerFault.PLACEHOLDER: _l("A gap of the template is still open: replace what stands in braces."),
    AnswerFault.UNKNOWN_PLACEHOLDER: _l("A gap with this name does not exist. There are: %(gaps)s."),
    AnswerFault.GLUED_PLACEHOLDER: _l("An ending is glued to a gap. Word it so that a gap stands by itself."),
    AnswerFault.OTHER_PLACEHOLDERS: _l("The Kazakh and the Russian text have different gaps."),
    AnswerFault.LINK: _l("Addresses must begin with https://."),
    AnswerFault.MARKUP: _l("Only plain text is shown: take out the HTML or Markdown."),
    AnswerFault.OLDER: _l(
        "The text in another language was changed after this one. Change it too, or say that you checked it."
    ),
    AnswerFault.IN_FUTURE: _l("This day is still to come."),
    AnswerFault.NOT_LATER: _l("Please choose another day after today."),
    AnswerFault.TOO_LATE: _l("Please choose a day within three months."),
    AnswerFault.WORD_MOVED: _l("A correction cannot put this day off: write a second reply instead."),
    AnswerFault.KIND_CHANGED: _l("The kind of a released reply stays. Write another reply instead."),
    AnswerFault.NO_TARGETS: _l("The reply reaches nobody: none of its suggestions is shown to everybody."),
    AnswerFault.TWICE: _l(
        "Some of these suggestions were told twice that they are being looked at. Leave them out, or answer them."
    ),
    AnswerFault.OWN_TEXT: _l("You wrote part of this yourself, so somebody else has to release it."),
    AnswerFault.WRONG_STATE: _l("This cannot be done as it stands now."),
    AnswerFault.NOTHING_NEW: _l("There is nothing of the kind any more."),
    AnswerFault.PERCENT: _l("Give a whole number from 0 to 99."),
}
