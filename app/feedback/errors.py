"""Everything that is refused about suggestions, under one root; the words for people are made at the edge."""

from enum import StrEnum


class FeedbackError(Exception):
    """Root of the refusals of this package."""


class CommentError(FeedbackError):
    """Root of what may not happen to a suggestion; `comment` is its id."""

    def __init__(self, comment: str, why: str) -> None:
        super().__init__(f"{comment}: {why}")
        self.comment = comment


class UnknownCommentError(CommentError):
    """The desk has no such suggestion: it never had, or whoever wrote it took it back."""

    def __init__(self, comment: str) -> None:
        super().__init__(comment, "no such suggestion")


class StaleCommentError(CommentError):
    """Somebody changed the suggestion since `version` was read; `stored` is the version there is now."""

    def __init__(self, comment: str, version: int, stored: int) -> None:
        super().__init__(comment, f"version {version} is now {stored}")
        self.version, self.stored = version, stored


class DecisionFault(StrEnum):
    """Why a decision is not taken."""

    WRONG_STATE = "wrong_state"
    NO_REASON = "no_reason"
    NOTHING_MARKED = "nothing_marked"
    """Something is to be blacked out, and nothing of the text was marked."""
    TOO_MUCH_MARKED = "too_much_marked"
    """So little is left to read that it would be hidden, which an outsider confirms."""
    TOO_MANY_PARTS = "too_many_parts"
    PURGED = "purged"
    """There is nothing left to show."""
    COVERED = "covered"
    """Everybody would read what was blacked out, and nobody was asked about that."""
    OWN_CITY = "own_city"
    OWN_DECISION = "own_decision"
    HANDED_ON = "handed_on"
    """One handed it to a colleague oneself, and there is one."""
    NOT_TOLD = "not_told"
    """Only those who are told of danger say that they took care of it."""
    NOT_ONES_OWN = "not_ones_own"
    """Somebody else decided last: theirs is not taken back, another decision follows it."""
    NOTHING_TO_UNDO = "nothing_to_undo"


class DecisionError(CommentError):
    """A decision that is not taken; `fault` says why."""

    def __init__(self, comment: str, fault: DecisionFault) -> None:
        super().__init__(comment, fault)
        self.fault = fault


class CodingFault(StrEnum):
    """Why themes or a kind are not taken."""

    TOO_MANY = "too_many"
    UNKNOWN_THEME = "unknown_theme"
    """There is none of that code, or it is another city's."""
    RETIRED_THEME = "retired_theme"
    UNKNOWN_KIND = "unknown_kind"
    HIDDEN = "hidden"
    """What nobody may read is about nothing."""
    NOTHING_TO_UNDO = "nothing_to_undo"


class CodingError(CommentError):
    """Themes that are not taken; `fault` says why."""

    def __init__(self, comment: str, fault: CodingFault) -> None:
        super().__init__(comment, fault)
        self.fault = fault


class ThemeFault(StrEnum):
    """Why a theme is not made or changed."""

    UNKNOWN = "unknown"
    THREE_LANGUAGES = "three_languages"
    LONG_NAME = "long_name"
    SAME_NAME = "same_name"
    """Another theme of the area that can be used is called so."""
    WRONG_CODE = "wrong_code"
    CODE_TAKEN = "code_taken"
    WRONG_PARENT = "wrong_parent"
    INTO_ITSELF = "into_itself"
    WRONG_TARGET = "wrong_target"
    """Of another area or city, or not in use."""
    NOTHING_CHOSEN = "nothing_chosen"
    MERGED = "merged"
    """Its suggestions are elsewhere by now."""


class ThemeError(FeedbackError):
    """Something that is not done to a theme; `fault` says why."""

    def __init__(self, fault: ThemeFault) -> None:
        super().__init__(fault)
        self.fault = fault


class GroupFault(StrEnum):
    """Why suggestions are not put together."""

    NO_TITLE = "no_title"
    UNKNOWN = "unknown"


class GroupError(FeedbackError):
    """Suggestions that are not put together; `fault` says why."""

    def __init__(self, fault: GroupFault) -> None:
        super().__init__(fault)
        self.fault = fault
