"""What an assessor says of a value: a verdict, four ticks, reasons and two notes; and what makes it whole."""

import unicodedata
from dataclasses import dataclass, replace
from enum import IntFlag, StrEnum

from app.indicators.errors import JudgementCode, JudgementError

LONGEST_NOTE = 400
"""Characters of either note."""


class Verdict(StrEnum):
    """What is to become of a value."""

    ACCEPT = "accept"
    RETURN = "return"
    CANNOT_JUDGE = "cannot_judge"
    """The case goes to somebody else."""


class Tick(IntFlag):
    """What was found true of the evidence."""

    IS_WHAT_IT_SAYS = 1
    COVERS_PERIOD = 2
    COVERS_CITY = 4
    SUPPORTS_VALUE = 8


class Reason(StrEnum):
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
class Judgement:
    """One assessor's word on one revision; `note` is for the city to read, `private_note` for the ministry."""

    verdict: Verdict
    ticks: Tick = NOTHING
    reasons: tuple[Reason, ...] = ()
    note: str = ""
    private_note: str = ""


def checked(judgement: Judgement, *, has_evidence: bool, settles: bool = False) -> Judgement:
    """Tidy a judgement; raise JudgementError naming everything that is missing or contradicts itself.

    Where nothing was reported there is no evidence to tick. Who `settles` a split says why, in either note.
    """
    tidy = replace(
        judgement,
        reasons=tuple(reason for reason in Reason if reason in judgement.reasons),
        note=_tidy(judgement.note),
        private_note=_tidy(judgement.private_note),
    )
    faults = [*_verdict_faults(tidy, has_evidence=has_evidence), *_note_faults(tidy, settles=settles)]
    if faults:
        raise JudgementError(faults)
    accepts = tidy.verdict is Verdict.ACCEPT and has_evidence
    return replace(tidy, ticks=tidy.ticks | Tick.SUPPORTS_VALUE) if accepts else tidy


def _verdict_faults(judgement: Judgement, *, has_evidence: bool) -> list[JudgementCode]:
    returns = judgement.verdict is Verdict.RETURN
    accepts = judgement.verdict is Verdict.ACCEPT
    return [
        code
        for code, applies in (
            (JudgementCode.NO_REASON, returns and not judgement.reasons),
            (JudgementCode.NO_NOTE, Reason.OTHER in judgement.reasons and not judgement.note),
            (JudgementCode.REASON_WITHOUT_RETURN, bool(judgement.reasons) and not returns),
            (JudgementCode.NOT_LOOKED_AT, accepts and has_evidence and LOOKED_AT not in judgement.ticks),
        )
        if applies
    ]


def _note_faults(judgement: Judgement, *, settles: bool) -> list[JudgementCode]:
    says_why = judgement.note or judgement.private_note or judgement.verdict is Verdict.CANNOT_JUDGE
    return [
        code
        for code, applies in (
            (JudgementCode.LONG_NOTE, len(judgement.note) > LONGEST_NOTE),
            (JudgementCode.LONG_PRIVATE_NOTE, len(judgement.private_note) > LONGEST_NOTE),
            (JudgementCode.UNSETTLED, settles and not says_why),
        )
        if applies
    ]


def _tidy(text: str) -> str:
    """Compose accents, and let lines and odd spaces be one space: a control character is nothing to read."""
    plain = "".join(" " if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} else sign for sign in text)
    return " ".join(unicodedata.normalize("NFC", plain).split())
