"""The states of a commitment and what leads from one to another: this table, and nothing outside it.

The administration announces, tells how far it is, moves the day, reports or gives up; whether it is done residents say.
What they dispute goes on with a new day.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from app.feedback.clock import due_on
from app.working_calendar import WorkingCalendar


class CommitmentState(StrEnum):
    """Where a commitment stands."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    IN_PROGRESS = "in_progress"
    REPORTED_DONE = "reported_done"
    AGREED = "agreed"
    DISPUTED = "disputed"
    DROPPED = "dropped"


class CommitmentAct(StrEnum):
    """What happens to a commitment."""

    ANNOUNCE = "announce"
    PROGRESS = "progress"
    MOVE = "move"
    REPORT_DONE = "report_done"
    AGREE = "agree"
    DISPUTE = "dispute"
    DROP = "drop"


TRANSITIONS: Mapping[tuple[CommitmentState, CommitmentAct], CommitmentState] = MappingProxyType(
    {
        (CommitmentState.DRAFT, CommitmentAct.ANNOUNCE): CommitmentState.ANNOUNCED,
        (CommitmentState.ANNOUNCED, CommitmentAct.PROGRESS): CommitmentState.IN_PROGRESS,
        (CommitmentState.ANNOUNCED, CommitmentAct.MOVE): CommitmentState.ANNOUNCED,
        (CommitmentState.ANNOUNCED, CommitmentAct.REPORT_DONE): CommitmentState.REPORTED_DONE,
        (CommitmentState.ANNOUNCED, CommitmentAct.DROP): CommitmentState.DROPPED,
        (CommitmentState.IN_PROGRESS, CommitmentAct.PROGRESS): CommitmentState.IN_PROGRESS,
        (CommitmentState.IN_PROGRESS, CommitmentAct.MOVE): CommitmentState.IN_PROGRESS,
        (CommitmentState.IN_PROGRESS, CommitmentAct.REPORT_DONE): CommitmentState.REPORTED_DONE,
        (CommitmentState.IN_PROGRESS, CommitmentAct.DROP): CommitmentState.DROPPED,
        (CommitmentState.REPORTED_DONE, CommitmentAct.AGREE): CommitmentState.AGREED,
        (CommitmentState.REPORTED_DONE, CommitmentAct.DISPUTE): CommitmentState.DISPUTED,
        (CommitmentState.AGREED, CommitmentAct.DISPUTE): CommitmentState.DISPUTED,
        (CommitmentState.DISPUTED, CommitmentAct.AGREE): CommitmentState.AGREED,
        (CommitmentState.DISPUTED, CommitmentAct.MOVE): CommitmentState.IN_PROGRESS,
    }
)

BY_RESIDENTS = frozenset({CommitmentAct.AGREE, CommitmentAct.DISPUTE})
"""Steps that follow from what residents answered: nobody of the staff takes them."""
RUNNING = frozenset({CommitmentState.ANNOUNCED, CommitmentState.IN_PROGRESS})
"""States in which the day promised runs."""
OPEN = (CommitmentState.ANNOUNCED, CommitmentState.IN_PROGRESS, CommitmentState.DISPUTED)
"""States in which it is still to be kept: what residents call not done is to be done still."""


def next_state(state: CommitmentState, step: CommitmentAct) -> CommitmentState | None:
    """Tell where a step leads from a state; None where it may not happen."""
    return TRANSITIONS.get((state, step))


def deadline(state: CommitmentState, due: date, disputed_on: date | None, calendar: WorkingCalendar) -> date | None:
    """Give by when the administration has to do the next thing; None where nothing is asked of it.

    That is the day promised; of what is disputed, a term like that of a reply from the day on which it was, to say a
    new day in.
    """
    if state in RUNNING:
        return due
    if state is CommitmentState.DISPUTED and disputed_on is not None:
        return due_on(disputed_on, calendar)
    return None
