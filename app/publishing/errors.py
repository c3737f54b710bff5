"""What publishing refuses, under one root; words for people are made at the edge."""

from collections.abc import Sequence
from enum import StrEnum

SHOWN = 20
"""Findings that a message names."""


class PublicationError(Exception):
    """A publication cannot be made or withdrawn."""


class Barrier(StrEnum):
    """Why something was not done on the way to a publication, or to its withdrawal."""

    NO_RIGHT = "no_right"
    UNKNOWN = "unknown"
    NOT_OFFICIAL = "not_official"
    WAVES_OPEN = "waves_open"
    ASKED_BEFORE = "asked_before"
    STOPPED = "stopped"
    PUBLISHED = "published"
    OWN_REQUEST = "own_request"
    TWICE = "twice"
    OTHER_BYTES = "other_bytes"
    NOT_CHECKED = "not_checked"
    APPROVALS_MISSING = "approvals_missing"
    OUT_OF_DATE = "out_of_date"
    NOT_OUT_OF_DATE = "not_out_of_date"
    CHANGED_MEANWHILE = "changed_meanwhile"
    LANGUAGES_MISSING = "languages_missing"
    REASON = "reason"
    NOT_STANDING = "not_standing"
    OWN_WITHDRAWAL = "own_withdrawal"
    NOT_WITHDRAWN = "not_withdrawn"


class BarrierError(PublicationError):
    """A rule of the way to a publication is not kept; `why` says which, `detail` names what it is about."""

    def __init__(self, why: Barrier, detail: str = "") -> None:
        self.why = why
        self.detail = detail
        super().__init__(SENTENCES[why] + (f": {detail}" if detail else ""))


SENTENCES = {
    Barrier.NO_RIGHT: "this person may not do that",
    Barrier.UNKNOWN: "there is no such request",
    Barrier.NOT_OFFICIAL: "only an official run can be published",
    Barrier.WAVES_OPEN: "waves still take answers; close them first",
    Barrier.ASKED_BEFORE: "this run was asked for before; make a new one",
    Barrier.STOPPED: "somebody objected to this request",
    Barrier.PUBLISHED: "this request is published already",
    Barrier.OWN_REQUEST: "whoever asked for a publication neither approves nor publishes it",
    Barrier.TWICE: "this person approved it already",
    Barrier.OTHER_BYTES: "the run is not the one that was looked at",
    Barrier.NOT_CHECKED: "its preview and the attack on it are not computed yet",
    Barrier.APPROVALS_MISSING: "two others have to approve it first",
    Barrier.OUT_OF_DATE: "its inputs have changed since; publishing it needs a reason in kk, ru and en",
    Barrier.NOT_OUT_OF_DATE: "its inputs have not changed: a reason would say something untrue",
    Barrier.CHANGED_MEANWHILE: "something changed meanwhile; look again",
    Barrier.LANGUAGES_MISSING: "texts are missing in a language",
    Barrier.REASON: "a reason of 1 to 400 signs is needed in each language",
    Barrier.NOT_STANDING: "there is no standing publication of that number",
    Barrier.OWN_WITHDRAWAL: "a second person has to confirm it",
    Barrier.NOT_WITHDRAWN: "there is no withdrawn publication of that number",
}
"""For a terminal and for logs."""


class DisclosureError(PublicationError):
    """A publication would tell of fewer than ten people; `findings` name the groups, the tables and the cells."""

    def __init__(self, findings: Sequence[object]) -> None:
        self.findings = tuple(findings)
        more = [f"and {len(findings) - SHOWN} more"] if len(findings) > SHOWN else []
        lines = [*map(str, findings[:SHOWN]), *more]
        super().__init__("not published, for it would tell of fewer than ten people:\n" + "\n".join(lines))
