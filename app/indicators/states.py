"""The states of a case and the events that lead from one to another: this table, and nothing outside it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where a case stands between the city and the ministry."""

    OPEN = "open"
    """Nothing was entered."""
    DRAFT = "draft"
    SENT = "sent"
    """It waits for its two assessors, or for the second."""
    SPLIT = "split"
    """The two differ; a third settles."""
    ACCEPTED = "accepted"
    RETURNED = "returned"
    """The city is to mend it."""
    REFUSED = "refused"
    """Nobody mended it in time."""
    LOCKED = "locked"
    """Its period is closed."""


class Event(StrEnum):
    """What happens to a case."""

    SAVE = "save"
    SEND = "send"
    RECALL = "recall"
    ACCEPT = "accept"
    RETURN = "return"
    SPLIT = "split"
    REFUSE = "refuse"
    REOPEN = "reopen"
    CLOSE = "close"
    RESTORE = "restore"
    """An import is undone that changed a draft."""
    EMPTY = "empty"
    """An import is undone that filled in what was open."""
    GIVE_BACK = "give_back"
    """An import is undone that changed what was returned."""


TRANSITIONS: Mapping[tuple[State, Event], State] = MappingProxyType(
    {
        (State.OPEN, Event.SAVE): State.DRAFT,
        (State.DRAFT, Event.SAVE): State.DRAFT,
        (State.RETURNED, Event.SAVE): State.DRAFT,
        (State.DRAFT, Event.RESTORE): State.DRAFT,
        (State.DRAFT, Event.EMPTY): State.OPEN,
        (State.DRAFT, Event.GIVE_BACK): State.RETURNED,
        (State.DRAFT, Event.SEND): State.SENT,
        (State.SENT, Event.RECALL): State.DRAFT,
        (State.SENT, Event.ACCEPT): State.ACCEPTED,
        (State.SENT, Event.RETURN): State.RETURNED,
        (State.SENT, Event.SPLIT): State.SPLIT,
        (State.SPLIT, Event.ACCEPT): State.ACCEPTED,
        (State.SPLIT, Event.RETURN): State.RETURNED,
        (State.RETURNED, Event.REFUSE): State.REFUSED,
        (State.ACCEPTED, Event.REOPEN): State.RETURNED,
        (State.REFUSED, Event.REOPEN): State.RETURNED,
        (State.LOCKED, Event.REOPEN): State.RETURNED,
        **{(state, Event.CLOSE): State.LOCKED for state in State},
    }
)

EDITABLE = frozenset(state for state, event in TRANSITIONS if event is Event.SAVE)
"""States in which the city may write a value."""


def next_state(state: State, event: Event) -> State | None:
    """Tell where an event leads from a state; None where it may not happen."""
    return TRANSITIONS.get((state, event))
