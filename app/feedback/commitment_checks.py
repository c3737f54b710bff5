"""What a promise and the steps of keeping it have to say, in words that everybody is going to read."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from app.feedback.commitment_states import CommitmentAct, CommitmentState
from app.feedback.reply_errors import AnswerFault, Flaw
from app.feedback.reply_texts import EMPTY, NEEDED, faults_of_address, faults_of_doing, faults_of_words
from surveys.languages import LANGUAGES, Text3

LONGEST_TITLE = 200
LONGEST_NOTE = 800
SHORTEST_NOTE = 10
WHOLE = 100
TELLS_EVIDENCE = frozenset({CommitmentAct.PROGRESS, CommitmentAct.REPORT_DONE})
"""Steps that say where everybody can see it; how far it is may be told without, and what is done may not."""


class CommitmentTerms(NamedTuple):
    """What is promised: its title, the unit that does it (never a person), and by when."""

    title: Text3 = EMPTY
    unit_kk: str = ""
    unit_ru: str = ""
    due: date | None = None


class StepTold(NamedTuple):
    """What is told of a step: words for everybody, and what the step needs beside them."""

    body: Text3 = EMPTY
    percent: int | None = None
    due: date | None = None
    done_on: date | None = None
    evidence_address: str = ""


class StepContext(NamedTuple):
    """Where a commitment stands when a step is taken, and on which day."""

    state: CommitmentState
    due: date
    today: date


def faults_of_promise(promise: CommitmentTerms, today: date) -> Iterator[Flaw]:
    """Say what a promise lacks before it can be announced."""
    for code in LANGUAGES:
        yield from _faults_of_line(f"title_{code}", promise.title.pick(code), is_needed=code in NEEDED)
    for code, unit in (("kk", promise.unit_kk), ("ru", promise.unit_ru)):
        yield from _faults_of_line(f"unit_{code}", unit, is_needed=True)
    if promise.due is None:
        yield Flaw("due", AnswerFault.MISSING)
    elif promise.due <= today:
        yield Flaw("due", AnswerFault.NOT_LATER)


def _faults_of_line(field: str, text: str, *, is_needed: bool) -> Iterator[Flaw]:
    if text:
        yield from faults_of_words(field, text, LONGEST_TITLE)
    elif is_needed:
        yield Flaw(field, AnswerFault.MISSING)


def faults_of_step(standing: StepContext, step: CommitmentAct, told: StepTold) -> Iterator[Flaw]:
    """Say what a step of keeping a promise lacks; announcing it is checked by the promise."""
    if step is CommitmentAct.ANNOUNCE:
        return
    for code in LANGUAGES:
        yield from _faults_of_note(f"body_{code}", told.body.pick(code), is_needed=code in NEEDED)
    if step is CommitmentAct.MOVE:
        yield from _faults_of_new_day(standing, told.due)
    if step is CommitmentAct.REPORT_DONE:
        yield from faults_of_doing("done_on", told.done_on, standing.today)
        yield from faults_of_address("evidence_address", told.evidence_address)
    elif step in TELLS_EVIDENCE and told.evidence_address:
        yield from faults_of_address("evidence_address", told.evidence_address)
    if tells_percent(standing.state, step) and (told.percent is None or not 0 <= told.percent < WHOLE):
        yield Flaw("percent", AnswerFault.PERCENT)


def tells_percent(state: CommitmentState, step: CommitmentAct) -> bool:
    """Tell whether a step says how far it is: each that is about that, and the new day of what residents dispute."""
    return step is CommitmentAct.PROGRESS or (step is CommitmentAct.MOVE and state is CommitmentState.DISPUTED)


def _faults_of_new_day(standing: StepContext, day: date | None) -> Iterator[Flaw]:
    if day is None:
        yield Flaw("due", AnswerFault.MISSING)
    elif day <= standing.today or day == standing.due:
        yield Flaw("due", AnswerFault.NOT_LATER)


def _faults_of_note(field: str, text: str, *, is_needed: bool) -> Iterator[Flaw]:
    if not text:
        if is_needed:
            yield Flaw(field, AnswerFault.MISSING)
    elif len(text) < SHORTEST_NOTE:
        yield Flaw(field, AnswerFault.SHORT)
    else:
        yield from faults_of_words(field, text, LONGEST_NOTE)
