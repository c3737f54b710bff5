"""What an assessor says of a value: a verdict, four ticks, reasons and two notes; and what makes it whole."""

import unicodedata
from dataclasses import dataclass, replace
from enum import IntFlag, StrEnum

from app.indicators.errors import RulingCode, RulingError

LONGEST_NOTE = 400
"""Characters of either note."""


class CaseVerdict(StrEnum):
    """What is to become of a value."""

    ACCEPT = "accept"
    RETURN = "return"
    UNABLE = "cannot_judge"
    """The case goes to somebody else."""


class Tick(IntFlag):
    """What was found true of the evidence."""

    IS_WHAT_IT_SAYS = 1
    COVERS_PERIOD = 2
    COVERS_CITY = 4
    SUPPORTS_VALUE = 8


class ReturnReason(StrEnum):
    """Why a value goes back."""

    MISSING_EVIDENCE = "missing_evidence"
    OTHER_PERIOD = "other_period"
    OTHER_UNIT = "other_unit"
    NOT_SUPPORTED = "not_supported"
    CALCULATION = "calculation"
    OTHER = "other"


NOTHING = Tick(0)

LOOKED_AT = Tick.IS_WHAT_IT_SAYS | Tick.COVERS_PERIOD | Tick.COVERS_CITY
"""What somebody who accepts must have ticked; the fourth they say by accepting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """One assessor's word on one revision; `note` is for the city to read, `private_note` for the ministry."""

    verdict: CaseVerdict
    ticks: Tick = NOTHING
    reasons: tuple[ReturnReason, ...] = ()
    note: str = ""
    private_note: str = ""


def checked(ruling: Ruling, *, has_evidence: bool, settles: bool = False) -> Ruling:
    """Tidy a ruling; raise RulingError naming everything that is missing or contradicts itself.

    Where nothing was reported there is no evidence to tick. Who `settles` a split says why, in either note.
    """
    tidy = replace(
        ruling,
        reasons=tuple(reason for reason in ReturnReason if reason in ruling.reasons),
        note=_tidy(ruling.note),
        private_note=_tidy(ruling.private_note),
    )
    faults = [*_verdict_faults(tidy, has_evidence=has_evidence), *_note_faults(tidy, settles=settles)]
    if faults:
        raise RulingError(faults)
    accepts = tidy.verdict is CaseVerdict.ACCEPT and has_evidence
    return replace(tidy, ticks=tidy.ticks | Tick.SUPPORTS_VALUE) if accepts else tidy


def _verdict_faults(ruling: Ruling, *, has_evidence: bool) -> list[RulingCode]:
    returns = ruling.verdict is CaseVerdict.RETURN
    accepts = ruling.verdict is CaseVerdict.ACCEPT
    return [
        code
        for code, applies in (
            (RulingCode.NO_REASON, returns and not ruling.reasons),
            (RulingCode.NO_NOTE, ReturnReason.OTHER in ruling.reasons and not ruling.note),
            (RulingCode.REASON_WITHOUT_RETURN, bool(ruling.reasons) and not returns),
            (RulingCode.NOT_LOOKED_AT, accepts and has_evidence and LOOKED_AT not in ruling.ticks),
        )
        if applies
    ]


def _note_faults(ruling: Ruling, *, settles: bool) -> list[RulingCode]:
    says_why = ruling.note or ruling.private_note or ruling.verdict is CaseVerdict.UNABLE
    return [
        code
        for code, applies in (
            (RulingCode.LONG_NOTE, len(ruling.note) > LONGEST_NOTE),
            (RulingCode.LONG_PRIVATE_NOTE, len(ruling.private_note) > LONGEST_NOTE),
            (RulingCode.UNSETTLED, settles and not says_why),
        )
        if applies
    ]


def _tidy(text: str) -> str:
    """Compose accents, and let lines and odd spaces be one space: a control character is nothing to read."""
    plain = "".join(" " if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} else sign for sign in text)
    return " ".join(unicodedata.normalize("NFC", plain).split())
