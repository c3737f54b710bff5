"""States and steps of commitments in words."""

from collections.abc import Mapping

from app.feedback.commitment_states import CommitmentAct, CommitmentState
from app.web.console.values.words import Badge
from app.web.language import _l, _lc

STATES: Mapping[CommitmentState, Badge] = {
    CommitmentState.DRAFT: Badge("new", _lc("commitment", "draft")),
    CommitmentState.ANNOUNCED: Badge("warn", _lc("commitment", "announced")),
    CommitmentState.IN_PROGRESS: Badge("warn", _lc("commitment", "in progress")),
    CommitmentState.REPORTED_DONE: Badge("warn", _lc("commitment", "reported as done")),
    CommitmentState.AGREED: Badge("good", _lc("commitment", "done, and residents agree")),
    CommitmentState.DISPUTED: Badge("bad", _lc("commitment", "disputed by residents")),
    CommitmentState.DROPPED: Badge("", _lc("commitment", "dropped")),
}
STEPS: Mapping[CommitmentAct, str] = {
    CommitmentAct.ANNOUNCE: _l("The akimat announced it"),
    CommitmentAct.PROGRESS: _l("The akimat told how far it is"),
    CommitmentAct.MOVE: _l("The akimat moved the day"),
    CommitmentAct.REPORT_DONE: _l("The akimat reported it as done"),
    CommitmentAct.AGREE: _l("Those who raised it agree that it is done"),
    CommitmentAct.DISPUTE: _l("Those who raised it do not agree that it is done"),
    CommitmentAct.DROP: _l("The akimat gave it up"),
}
"""Who did what."""
NEXT_STEPS: Mapping[CommitmentAct, str] = {
    CommitmentAct.ANNOUNCE: _l("Announce it"),
    CommitmentAct.PROGRESS: _l("Tell how far it is"),
    CommitmentAct.MOVE: _l("Move the day"),
    CommitmentAct.REPORT_DONE: _l("Report it as done"),
    CommitmentAct.DROP: _lc("commitment", "Give it up"),
}
"""What staff can do next."""
DONE: Mapping[CommitmentAct, str] = {
    CommitmentAct.ANNOUNCE: _l("The commitment is announced: everybody reads it, and its first day stays."),
    CommitmentAct.PROGRESS: _l("Everybody reads how far it is."),
    CommitmentAct.MOVE: _l("The day is moved. The first day, and how often it was moved, stay to be seen."),
    CommitmentAct.REPORT_DONE: _l("It is reported as done. Whether it is, those who raised it say now."),
    CommitmentAct.DROP: _l("The commitment is given up, and everybody reads why."),
}
"""What came of a step."""
