"""How many went on from each step of a wave's form: folded once a day out of what web processes count, in tens.

A process counts a step of a wave in a language, for nobody in particular: no cookie, no path, no moment. What is left
below ten when the web server starts anew is lost, which makes a count too low by nine at most each time.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.fieldwork.models import StepCount
from app.process_counts import STEPS, merged, start_of
from surveys.models import Wave
from surveys.models.tallies import MINIMUM
from surveys.questionnaire.definition import Questionnaire

START, CONSENT, MORE, SUGGESTIONS, CHECK = "start", "consent", "more", "suggestions", "check"
"""Steps that are no pages of the questionnaire, as the form's addresses call them (app.web.resident.form.walk)."""


class StepKey(NamedTuple):
    """Whose count it is."""

    wave: str
    step: str
    lang: str
    event: str


class StepLine(NamedTuple):
    """A step as organisers see it: whole tens, None below ten."""

    step: str
    reached: int | None
    passed: int | None
    refused: int | None

    @property
    def left(self) -> int | None:
        """How many more came to the step than went on from it; None where that cannot be told in tens."""
        if self.reached is None or self.passed is None:
            return None
        return max(0, self.reached - self.passed)


def fold_steps(session: Session, folder: Path) -> int:
    """Take the tens that are new out of the counts of the running web server; gives how many were added in all."""
    return fold_totals(session, _totals(folder), since=start_of(folder))


def fold_totals(session: Session, totals: Mapping[StepKey, int], *, since: str) -> int:
    """Take the tens that are new out of totals counted since a start; gives how many were added in all."""
    added = 0
    running = set(session.scalars(select(Wave.code).where(Wave.state != "frozen")))
    rows = {StepKey(row.wave, row.step, row.lang, row.event): row for row in session.scalars(select(StepCount))}
    for step, total in sorted(totals.items()):
        if step.wave not in running:
            continue
        row = rows.get(step)
        taken = row.taken if row is not None and row.since == since else 0
        new = (total - taken) - (total - taken) % MINIMUM
        if new <= 0:
            continue
        if row is None:
            row = StepCount(**step._asdict(), n=0, since=since, taken=0)
            session.add(row)
        row.n, row.since, row.taken = row.n + new, since, taken + new
        added += new
    session.flush()
    return added


def wave_steps(session: Session, wave: str, questionnaire: Questionnaire, *, lang: str = "") -> list[StepLine]:
    """List the steps of a wave in the order of the form, of one language or of all together."""
    own = select(StepCount.step, StepCount.event, StepCount.n).where(StepCount.wave == wave)
    counts: dict[tuple[str, str], int] = {}
    for step, event, n in session.execute(own.where(StepCount.lang == lang) if lang else own):
        counts[step, event] = counts.get((step, event), 0) + n
    return [_line(step, counts) for step in steps_of(questionnaire)]


def steps_of(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Give the codes of all steps in the order of the form; pages about the respondent come last."""
    areas = [page.code for page in questionnaire.pages if page.area is not None]
    about = [page.code for page in questionnaire.pages if page.area is None]
    more = [MORE] if questionnaire.areas_per_respondent < len(questionnaire.areas) else []
    wishes = [SUGGESTIONS] if questionnaire.takes_suggestions else []
    return (START, CONSENT, *areas, *more, *about, *wishes, CHECK)


def _line(step: str, counts: Mapping[tuple[str, str], int]) -> StepLine:
    return StepLine(step, *(counts.get((step, event)) or None for event in ("reached", "passed", "refused")))


def _totals(folder: Path) -> dict[StepKey, int]:
    samples = (sample for metric in merged(folder) if metric.name == STEPS for sample in metric.samples)
    return {
        StepKey(**{name: sample.labels[name] for name in StepKey._fields}): int(sample.value)
        for sample in samples
        if sample.name == f"{STEPS}_total"
    }
