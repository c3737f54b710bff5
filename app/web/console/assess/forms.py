"""The form of a verdict, as it came from the page."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from werkzeug.datastructures import MultiDict

from app.indicators.errors import RulingCode
from app.indicators.verdicts import NOTHING, CaseVerdict, ReturnReason, Ruling, Tick
from app.web.console.assess.words import FAULTS


@dataclass(frozen=True, slots=True)
class RulingForm:
    """What was typed and ticked, and what is wrong with it: fields of the page and sentences."""

    ticks: Tick = NOTHING
    reasons: tuple[ReturnReason, ...] = ()
    note: str = ""
    private_note: str = ""
    faults: tuple[tuple[str, str], ...] = ()
    is_sure: bool = False
    """Who cannot judge has said so a second time."""
    asks: bool = False
    """They are to be asked whether they mean it."""

    def with_faults(self, faults: tuple[tuple[str, str], ...]) -> "RulingForm":
        """Give it with what is wrong with it."""
        return replace(self, faults=faults, is_sure=False)

    def asking(self) -> "RulingForm":
        """Give it with the question whether they mean it."""
        return replace(self, asks=True)

    def ruling(self, verdict: CaseVerdict) -> Ruling:
        """Give it as an assessor's word."""
        return Ruling(
            verdict=verdict, ticks=self.ticks, reasons=self.reasons, note=self.note, private_note=self.private_note
        )


def read_form(fields: MultiDict[str, str]) -> RulingForm:
    """Read the fields of the page; what the page does not have is left out."""
    ticks = [tick for tick in Tick if str(tick.value) in fields.getlist("ticks")]
    return RulingForm(
        ticks=reduce(or_, ticks, NOTHING),
        reasons=tuple(reason for reason in ReturnReason if reason in fields.getlist("reasons")),
        note=fields.get("note", ""),
        private_note=fields.get("private_note", ""),
        is_sure=fields.get("sure") == "1",
    )


def read_verdict(fields: MultiDict[str, str]) -> CaseVerdict | None:
    """Read which button was pressed; None for none."""
    word = fields.get("verdict", "")
    return CaseVerdict(word) if word in set(CaseVerdict) else None


def faults_of(codes: Iterable[RulingCode]) -> tuple[tuple[str, str], ...]:
    """Give the fields and sentences of faults."""
    return tuple((field, str(sentence)) for field, sentence in (FAULTS[code] for code in codes))
