"""The life of a wave: planned → open → closed → frozen, one way only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import event, update
from sqlalchemy.orm import Session

from surveys.ballots import keys
from surveys.errors import SurveyError
from surveys.fieldwork.modes import write_mode_counts
from surveys.identity import shuffling as identity_shuffling
from surveys.models.fieldwork import GATES, Wave, WaveCity
from surveys.models.questionnaires import QuestionnaireVersion
from surveys.models.responses import Response
from surveys.quality.links import NETWORK_SHARE
from surveys.responses import counted_receipts, filing, withdrawal
from surveys.responses import shuffling as response_shuffling
from surveys.sql import hold_counts, hold_filing, hold_writers

if TYPE_CHECKING:
    from surveys.tallies.folding import TallyGroup

RESERVED = frozenset({"follow", "js", "offline", "oidc", "rights", "withdraw"})
"""Codes that would hide a page beside the waves."""

SHUFFLED = (*response_shuffling.TABLES, *identity_shuffling.TABLES)
"""What a freeze shuffles; the database should forget the old rows afterwards (Database.forget_old_rows)."""

Step = Callable[[Session, str], Wave]
"""A step of a wave, named by its code."""


class WaveError(SurveyError):
    """A wave cannot be planned so, or cannot take this step from where it is."""


class PlanFault(StrEnum):
    """Why a wave cannot be planned so."""

    NO_VERSION = "no_version"
    TAKEN = "taken"
    NO_WAY_IN = "no_way_in"
    SMS_FOR_BUSINESS = "sms_for_business"
    STAFF_BY_CODE = "staff_by_code"
    RESERVED = "reserved"
    DAYS_REVERSED = "days_reversed"


class PlanError(WaveError):
    """A wave cannot be planned so; `fault` says why."""

    def __init__(self, fault: PlanFault, words: str) -> None:
        super().__init__(words)
        self.fault = fault


class StepError(WaveError):
    """A wave cannot take a step from the state it is in: somebody may have been faster."""

    def __init__(self, code: str, state: str, due: str) -> None:
        after = {"planned": "open", "open": "closed", "closed": "frozen"}[due]
        super().__init__(f"wave {code} is {state}: only a wave that is {due} can become {after}")
        self.state = state


class WaitingError(WaveError):
    """Withdrawals of a wave wait for a decision; `n` is how many."""

    def __init__(self, code: str, n: int) -> None:
        super().__init__(f"{n} withdrawals of wave {code} wait for a decision: freeze with --waiting accept or refuse")
        self.n = n


@dataclass(frozen=True, slots=True, kw_only=True)
class WavePlan:
    """What is decided before a wave; `targets` are answers hoped for, by city."""

    code: str
    version: str
    opens_on: date
    closes_on: date
    targets: dict[str, int]
    gates: frozenset[str] = frozenset({"open"})
    illustrative: bool = False


def plan_wave(session: Session, plan: WavePlan) -> Wave:
    """Enter a wave; raises PlanError when the code is taken, the days are reversed or the version is unknown."""
    version = session.get(QuestionnaireVersion, plan.version)
    if version is None:
        raise PlanError(PlanFault.NO_VERSION, f"no frozen questionnaire {plan.version}")
    if session.get(Wave, plan.code) is not None:
        raise PlanError(PlanFault.TAKEN, f"there is a wave {plan.code} already")
    _check(plan, version.audience)
    wave = Wave(
        code=plan.code,
        version=plan.version,
        audience=version.audience,
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
        state="planned",
        gate_names=" ".join(gate for gate in GATES if gate in plan.gates),
        illustrative=plan.illustrative,
    )
    session.add(wave)
    session.flush()
    session.add_all(WaveCity(wave=plan.code, city=city, target_n=n) for city, n in plan.targets.items())
    session.flush()
    return wave


def _check(plan: WavePlan, audience: str) -> None:
    if not plan.gates or not plan.gates.issubset(GATES):
        words = f"wave {plan.code} needs one or more ways in of {', '.join(GATES)}"
        raise PlanError(PlanFault.NO_WAY_IN, words)
    if audience == "business" and "sms" in plan.gates:
        words = "a telephone is not an enterprise: businesses come by code or sign-in"
        raise PlanError(PlanFault.SMS_FOR_BUSINESS, words)
    if audience == "staff" and plan.gates != {"code"}:
        words = "those who work in an akimat come by the code of a letter alone: anybody can follow an open link"
        raise PlanError(PlanFault.STAFF_BY_CODE, words)
    if plan.code in RESERVED:
        raise PlanError(PlanFault.RESERVED, f"{plan.code} is an address of the survey's own")
    if plan.opens_on > plan.closes_on:
        raise PlanError(PlanFault.DAYS_REVERSED, f"wave {plan.code} would close before it opens")


def open_wave(session: Session, code: str) -> Wave:
    """Let a planned wave take answers."""
    return _step(session, code, "planned", "open")


def close_wave(session: Session, code: str) -> Wave:
    """Let an open wave take no more answers."""
    return _step(session, code, "open", "closed")


def freeze_wave(session: Session, code: str, directory: Path, *, network_share: Fraction = NETWORK_SHARE) -> Wave:
    """Freeze a closed wave: review and count all, compare with a rebuild, list its receipts, shuffle its rows, lock.

    `network_share` is the largest share of a city's open weight that one network may have: codes of networks end here.
    Its suggestions are filed. Its key is destroyed once all that is committed, with the keys of days. Raises WaveError
    when the folded counts and the rebuilt ones differ, or withdrawals wait for a decision; nothing is then changed.
    """
    from surveys.quality import review  # noqa: PLC0415 - numpy, which no page of a wave needs
    from surveys.tallies import folding  # noqa: PLC0415 - the same

    hold_filing(session)
    hold_counts(session)
    hold_writers(session, *SHUFFLED)
    if waiting := withdrawal.waiting(session, code):
        raise WaitingError(code, len(waiting))
    _at(session, code, "closed")
    review.review_wave(session, code, network_share=network_share)
    wave = _step(session, code, "closed", "frozen")
    folding.fold(session, minimum=1)
    folded = _snapshot(session, code)
    folding.rebuild(session, code)
    if _snapshot(session, code) != folded:
        raise WaveError(f"the counts of wave {code} differ from its responses")
    write_mode_counts(session, code)
    counted_receipts.write_list(session, keys.load(directory, code), code)
    # Nothing asks for these any more, and each still ties answers to one another or to somebody's piece of paper.
    session.execute(update(Response).where(Response.wave == code).values(links="", receipt=None))
    withdrawal.forget(session, code)
    filing.file_wave(session, directory, wave)
    identity_shuffling.shuffle_participations_of(session, code)
    response_shuffling.shuffle_responses_of(session, code)
    event.listen(session, "after_commit", lambda _session: _destroy_keys(directory, code), once=True)
    return wave


def _destroy_keys(directory: Path, code: str) -> None:
    """Destroy what ties answers to people and places; another wave that runs gets a new key of the day."""
    keys.destroy(directory, code)
    keys.erase_day_keys(directory)


def _snapshot(session: Session, code: str) -> list[tuple["TallyGroup", int, bytes]]:
    from surveys.tallies import folding  # noqa: PLC0415 - the same

    return [(tally.group, tally.n, tally.counts.tobytes()) for tally in folding.read(session, [code])]


def _at(session: Session, code: str, state: str) -> Wave:
    # Held to the end, as the change of its state would hold it: of two people who step at once the second is told.
    held = {"key_share": True}
    wave = session.get(Wave, code, with_for_update=held, populate_existing=True)
    if wave is None:
        raise WaveError(f"no wave {code}")
    if wave.state != state:
        raise StepError(code, wave.state, state)
    return wave


def _step(session: Session, code: str, before: str, after: str) -> Wave:
    wave = _at(session, code, before)
    wave.state = after
    session.flush()
    return wave
