"""What is refused about replies, commitments and templates; the words for people are made at the edge."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from app.feedback.errors import FeedbackError


class AnswerFault(StrEnum):
    """What is wrong with a reply, a commitment or a template."""

    MISSING = "missing"
    SHORT = "short"
    LONG = "long"
    PLACEHOLDER = "placeholder"
    """A gap of a template that nobody filled."""
    UNKNOWN_PLACEHOLDER = "unknown_placeholder"
    GLUED_PLACEHOLDER = "glued_placeholder"
    """A letter or a hyphen follows a gap: an ending glued to a name is wrong for the next name."""
    OTHER_PLACEHOLDERS = "other_placeholders"
    """The two languages have different gaps."""
    LINK = "link"
    """An address that does not begin with https://."""
    MARKUP = "markup"
    OLDER = "older"
    """Another language was changed since, and nobody said that this one still says the same."""
    IN_FUTURE = "in_future"
    NOT_LATER = "not_later"
    TOO_LATE = "too_late"
    WORD_MOVED = "word_moved"
    """A correction may not put off the day by which more is said."""
    KIND_CHANGED = "kind_changed"
    """Another kind of answer is another reply."""
    NO_TARGETS = "no_targets"
    TWICE = "twice"
    """Some of what it answers was told twice already that it is being looked at."""
    OWN_TEXT = "own_text"
    """Somebody else has to release it."""
    WRONG_STATE = "wrong_state"
    NOTHING_NEW = "nothing_new"
    PERCENT = "percent"
    PERSON = "person"
    """A unit is asked for, and this looks like a person."""


class Flaw(NamedTuple):
    """What is wrong, and with which field; empty for the whole."""

    field: str
    code: AnswerFault


class AnswerError(FeedbackError):
    """Something that may not happen; `faults` say why, each with its field."""

    def __init__(self, faults: Iterable[Flaw]) -> None:
        self.faults = tuple(faults)
        super().__init__(", ".join(f"{each.field or '-'}: {each.code}" for each in self.faults))

    @classmethod
    def of(cls, code: AnswerFault, field: str = "") -> "AnswerError":
        """Make one of a single fault."""
        return cls([Flaw(field, code)])


class UnknownAnswerError(FeedbackError):
    """There is no such reply, commitment or template in this city."""


class StaleAnswerError(FeedbackError):
    """Somebody changed it since `version` was read; `stored` is the version there is now."""

    def __init__(self, version: int, stored: int) -> None:
        super().__init__(f"version {version} is now {stored}")
        self.version, self.stored = version, stored
