"""The stages of a reply and what leads from one to another: this table, and nothing outside it.

Somebody writes it, says that it is ready, and another person releases it. What was released stays public while a newer
text is written, and that one needs another person too.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class ReplyStage(StrEnum):
    """Where a reply stands."""

    DRAFT = "draft"
    READY = "ready"
    RELEASED = "released"
    CORRECTING = "correcting"
    """Released, and a newer text is being written."""
    CORRECTION_READY = "correction_ready"
    """Released, and a newer text waits for whoever releases it."""
    WITHDRAWN = "withdrawn"
    """Nobody sees its words any more, and of one that was released the reason stays; or a draft that was given up."""


class ReplyEvent(StrEnum):
    """What is done with a reply."""

    SAVE = "save"
    FINISH = "finish"
    """Whoever wrote it says that it is ready."""
    SEND_BACK = "send_back"
    RELEASE = "release"
    GIVE_UP = "give_up"
    """A draft, or a correction in work, is not wanted any more."""
    WITHDRAW = "withdraw"


TRANSITIONS: Mapping[tuple[ReplyStage, ReplyEvent], ReplyStage] = MappingProxyType(
    {
        (ReplyStage.DRAFT, ReplyEvent.SAVE): ReplyStage.DRAFT,
        (ReplyStage.DRAFT, ReplyEvent.FINISH): ReplyStage.READY,
        (ReplyStage.DRAFT, ReplyEvent.GIVE_UP): ReplyStage.WITHDRAWN,
        (ReplyStage.READY, ReplyEvent.SAVE): ReplyStage.DRAFT,
        (ReplyStage.READY, ReplyEvent.SEND_BACK): ReplyStage.DRAFT,
        (ReplyStage.READY, ReplyEvent.RELEASE): ReplyStage.RELEASED,
        (ReplyStage.READY, ReplyEvent.GIVE_UP): ReplyStage.WITHDRAWN,
        (ReplyStage.RELEASED, ReplyEvent.SAVE): ReplyStage.CORRECTING,
        (ReplyStage.RELEASED, ReplyEvent.WITHDRAW): ReplyStage.WITHDRAWN,
        (ReplyStage.CORRECTING, ReplyEvent.SAVE): ReplyStage.CORRECTING,
        (ReplyStage.CORRECTING, ReplyEvent.FINISH): ReplyStage.CORRECTION_READY,
        (ReplyStage.CORRECTING, ReplyEvent.GIVE_UP): ReplyStage.RELEASED,
        (ReplyStage.CORRECTING, ReplyEvent.WITHDRAW): ReplyStage.WITHDRAWN,
        (ReplyStage.CORRECTION_READY, ReplyEvent.SAVE): ReplyStage.CORRECTING,
        (ReplyStage.CORRECTION_READY, ReplyEvent.SEND_BACK): ReplyStage.CORRECTING,
        (ReplyStage.CORRECTION_READY, ReplyEvent.RELEASE): ReplyStage.RELEASED,
        (ReplyStage.CORRECTION_READY, ReplyEvent.GIVE_UP): ReplyStage.RELEASED,
        (ReplyStage.CORRECTION_READY, ReplyEvent.WITHDRAW): ReplyStage.WITHDRAWN,
    }
)

IN_WORK = frozenset({ReplyStage.DRAFT, ReplyStage.READY, ReplyStage.CORRECTING, ReplyStage.CORRECTION_READY})
"""Stages in which the newest text is not the public one."""
WAITING = frozenset({ReplyStage.READY, ReplyStage.CORRECTION_READY})
PUBLIC = frozenset({ReplyStage.RELEASED, ReplyStage.CORRECTING, ReplyStage.CORRECTION_READY})

_STORED = {
    ReplyStage.CORRECTING: ("released", "draft"),
    ReplyStage.CORRECTION_READY: ("released", "ready"),
}


def stored(stage: ReplyStage) -> tuple[str, str | None]:
    """Give how a stage is stored: what everybody sees of the reply, and where a correction of it stands."""
    return _STORED.get(stage, (str(stage), None))


def stage_of(state: str, correction: str | None) -> ReplyStage:
    """Read a stage as it is stored."""
    if correction is None:
        return ReplyStage(state)
    return ReplyStage.CORRECTION_READY if correction == "ready" else ReplyStage.CORRECTING


def next_stage(stage: ReplyStage, event: ReplyEvent) -> ReplyStage | None:
    """Tell where an event leads from a stage; None where it may not happen."""
    return TRANSITIONS.get((stage, event))
