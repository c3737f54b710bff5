"""The states of a city's initiative and the steps that lead from one to another: this table, and nothing outside it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class InitiativeState(StrEnum):
    """Where an initiative stands between the city and the ministry."""

    PLANNED = "planned"
    SUBMITTED = "submitted"
    """It waits for its two examiners, or for the second."""
    EXAMINED = "examined"
    """Two have examined it and differ; a third decides."""
    RETURNED = "returned"
    """The city is to change it."""
    NOT_SUPPORTED = "not_supported"
    SUPPORTED = "supported"
    RUNNING = "running"
    FINISHED = "finished"
    EVALUATED = "evaluated"
    """Figures from before and after stand beside it."""
    WITHDRAWN = "withdrawn"
    """The city gave it up before it was supported; nobody else ever saw it."""
    STOPPED = "stopped"
    """The city gave it up afterwards, and everybody reads why."""


class InitiativeStep(StrEnum):
    """What happens to an initiative."""

    CREATE = "create"
    SAVE = "save"
    SUBMIT = "submit"
    RECALL = "recall"
    SUPPORT = "support"
    RETURN = "return"
    REFUSE = "refuse"
    DIFFER = "differ"
    WITHDRAW = "withdraw"
    START = "start"
    REPORT = "report"
    FINISH = "finish"
    STOP = "stop"
    EVALUATE = "evaluate"


_S, _D = InitiativeState, InitiativeStep

TRANSITIONS: Mapping[tuple[InitiativeState, InitiativeStep], InitiativeState] = MappingProxyType(
    {
        (_S.PLANNED, _D.SAVE): _S.PLANNED,
        (_S.RETURNED, _D.SAVE): _S.RETURNED,
        (_S.PLANNED, _D.SUBMIT): _S.SUBMITTED,
        (_S.RETURNED, _D.SUBMIT): _S.SUBMITTED,
        (_S.SUBMITTED, _D.RECALL): _S.PLANNED,
        (_S.SUBMITTED, _D.SUPPORT): _S.SUPPORTED,
        (_S.SUBMITTED, _D.RETURN): _S.RETURNED,
        (_S.SUBMITTED, _D.REFUSE): _S.NOT_SUPPORTED,
        (_S.SUBMITTED, _D.DIFFER): _S.EXAMINED,
        (_S.EXAMINED, _D.SUPPORT): _S.SUPPORTED,
        (_S.EXAMINED, _D.RETURN): _S.RETURNED,
        (_S.EXAMINED, _D.REFUSE): _S.NOT_SUPPORTED,
        (_S.PLANNED, _D.WITHDRAW): _S.WITHDRAWN,
        (_S.RETURNED, _D.WITHDRAW): _S.WITHDRAWN,
        (_S.SUPPORTED, _D.START): _S.RUNNING,
        (_S.RUNNING, _D.REPORT): _S.RUNNING,
        (_S.RUNNING, _D.FINISH): _S.FINISHED,
        (_S.SUPPORTED, _D.STOP): _S.STOPPED,
        (_S.RUNNING, _D.STOP): _S.STOPPED,
        (_S.FINISHED, _D.EVALUATE): _S.EVALUATED,
        (_S.EVALUATED, _D.EVALUATE): _S.EVALUATED,
    }
)

EDITABLE = frozenset(state for state, step in TRANSITIONS if step is InitiativeStep.SAVE)
"""States in which the city may write."""

WITH_EXAMINERS = frozenset({InitiativeState.SUBMITTED, InitiativeState.EXAMINED})
"""States that the city sees as one: that two examiners differ is none of its business."""


BY_MINISTRY = frozenset({_D.SUPPORT, _D.RETURN, _D.REFUSE, _D.DIFFER, _D.EVALUATE})
"""Steps that examiners take; all others are the city's."""


def next_state(state: InitiativeState, step: InitiativeStep) -> InitiativeState | None:
    """Tell where a step leads from a state; None where it may not happen."""
    return TRANSITIONS.get((state, step))


def shown_to_city(state: InitiativeState) -> InitiativeState:
    """Give the state as the city and other cities are told it."""
    return InitiativeState.SUBMITTED if state in WITH_EXAMINERS else state
