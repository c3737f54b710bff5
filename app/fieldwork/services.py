"""The steps of a wave, each written into the journal; what a step does is decided in surveys.fieldwork.waves.

A function takes the transaction of its caller and commits nothing: a step and its line in the journal are kept
together or not at all.
"""

from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from app.audit.journal import Actor, Entry, record
from app.clock import KAZAKHSTAN
from scoring.edition import strictest_network_share
from surveys.ballots import keys
from surveys.fieldwork import waves
from surveys.fieldwork.waves import WavePlan
from surveys.models import Wave
from surveys.models.tallies import MINIMUM
from surveys.population.margins import store_margins
from surveys.population.places import store_places
from surveys.questionnaire.definition import Questionnaire
from surveys.questionnaire.versions import freeze_questionnaire
from surveys.responses import withdrawal


def plan_wave(session: Session, actor: Actor, plan: WavePlan, questionnaire: Questionnaire, directory: Path) -> Wave:
    """Freeze a questionnaire and plan a wave with it, in place of `plan.version`; its key is in `directory` then.

    Raises PlanError, VersionError, KeyFileError.
    """
    store_places(session)
    store_margins(session)
    version = freeze_questionnaire(session, questionnaire, today=actor.at.astimezone(KAZAKHSTAN).date())
    wave = waves.plan_wave(session, replace(plan, version=version))
    # A key without a wave is left where a process was killed between the two: nobody was given anything under it.
    if not keys.exists(directory, plan.code):
        keys.create(directory, plan.code)
    days = {"opens_on": str(plan.opens_on), "closes_on": str(plan.closes_on)}
    asked = {"cities": len(plan.targets), "target": sum(plan.targets.values())}
    entry = _entry("wave.planned", plan.code, version=version, gates=wave.gate_names, **days, **asked)
    record(session, actor, entry)
    return wave


def open_wave(session: Session, actor: Actor, code: str) -> Wave:
    """Let a planned wave take answers; raises StepError where it is in another state."""
    wave = waves.open_wave(session, code)
    record(session, actor, _entry("wave.opened", code, was="planned"))
    return wave


def close_wave(session: Session, actor: Actor, code: str) -> Wave:
    """Let an open wave take no more answers; raises StepError where it is in another state."""
    wave = waves.close_wave(session, code)
    record(session, actor, _entry("wave.closed", code, was="open"))
    return wave


def freeze_wave(
    session: Session, actor: Actor, code: str, directory: Path, *, accept_waiting: bool | None = None
) -> Wave:
    """Count a closed wave for good; its key is destroyed once that is committed.

    Withdrawals that wait are decided in the same transaction where `accept_waiting` says how, or others could be put
    off in between, again and again. Raises StepError and WaitingError. What a freeze shuffles is waves.SHUFFLED: the
    database should forget the old rows afterwards.
    """
    taken, waited = 0, 0
    if accept_waiting is not None:
        today = actor.at.astimezone(KAZAKHSTAN).date()
        taken, waited = withdrawal.decide(session, code, accept=accept_waiting, today=today)
    wave = waves.freeze_wave(session, code, directory, network_share=strictest_network_share())
    decided = {"waited": _tens(waited), "taken_back": _tens(taken)}
    record(session, actor, _entry("wave.frozen", code, was="closed", **decided))
    return wave


def decide_withdrawals(session: Session, actor: Actor, code: str, *, accept: bool) -> tuple[int, int]:
    """Take back all answers whose withdrawal waits, or let them stay; gives how many were taken back, of how many.

    Nothing is decided, and nothing written down, where none waits. Raises SettledError for a frozen wave.
    """
    today = actor.at.astimezone(KAZAKHSTAN).date()
    taken, waited = withdrawal.decide(session, code, accept=accept, today=today)
    if waited:
        decided = {"waited": _tens(waited), "taken_back": _tens(taken)}
        record(session, actor, _entry("wave.withdrawals_decided", code, accepted=accept, **decided))
    return taken, waited


def _tens(n: int) -> int:
    """Round a number of people down to tens: the journal is read by more people than the counts are for."""
    return n - n % MINIMUM


def _entry(event: str, code: str, **detail: str | int | bool) -> Entry:
    return Entry(event=event, object_kind="wave", object_id=code, detail=detail)
