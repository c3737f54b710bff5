"""Why a paper is not taken; the words for people are made at the edge."""

from enum import StrEnum


class EvidenceCode(StrEnum):
    """What is wrong with a file, an address, an extract or what is said of it."""

    NO_FILE = "no_file"
    EMPTY_FILE = "empty_file"
    TOO_BIG = "too_big"
    NAME = "name"
    """The name holds strokes, marks that turn the direction of reading, or other signs that are not seen."""
    UNKNOWN_KIND = "unknown_kind"
    OTHER_KIND = "other_kind"
    """The name says another kind than the content."""
    TWO_KINDS = "two_kinds"
    BROKEN_FILE = "broken_file"
    ENCRYPTED = "encrypted"
    SUSPICIOUS_ARCHIVE = "suspicious_archive"
    TOO_MANY_POINTS = "too_many_points"
    """A picture that unpacks to so much that the browser of whoever examines it stands still."""
    INFECTED = "infected"
    NOT_SCANNED = "not_scanned"

    TOO_MANY = "too_many"
    TOO_MUCH = "too_much"
    """One person sent too many bytes within a day."""
    DUPLICATE = "duplicate"
    CAPTION = "caption"
    DAY = "day"
    ADDRESS = "address"
    REGISTER = "register"
    PRIVATE_REASON = "private_reason"

    NOT_EDITABLE = "not_editable"
    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"
    DAMAGED = "damaged"
    """The bytes on the disk are not, or no longer, those of their name."""


class EvidenceError(Exception):
    """A paper that is not taken, or cannot be given; `field` is where a form says so, `found` what was there."""

    def __init__(self, code: EvidenceCode, field: str = "file", found: str = "") -> None:
        super().__init__(code)
        self.code, self.field, self.found = code, field, found
