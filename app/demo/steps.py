"""Synthetic counts by step of a wave's form: who came, went on and was sent back, made up to look like any web form.

Nothing of it is measured. Most of those who leave do so at consent; each page after it loses a few, long ones more.
"""

from collections.abc import Iterator

from app.demo.responses import LANGUAGES
from app.fieldwork.step_counts import CHECK, CONSENT, MORE, START, SUGGESTIONS, StepKey, steps_of
from surveys.questionnaire.definition import Questionnaire

GOING_ON = {START: 0.93, CONSENT: 0.84, MORE: 0.985, SUGGESTIONS: 0.97, CHECK: 0.98}
"""Share of those who came to a step that went on from it."""

BASE, PER_QUESTION = 0.995, 0.003
"""A page loses half a percent of those who came to it, and 0.3 percent more for each of its questions."""

SENT_BACK = 0.04
"""Share of those who went on from a page that were first sent back with a mistake."""


def synthetic_steps(wave: str, questionnaire: Questionnaire, answers: int) -> dict[StepKey, int]:
    """Give counts of every step, language and event for a wave that got so many answers: the same ones each time."""
    return {
        StepKey(wave, step, lang, event): round(share * n)
        for step, counts in _flow(questionnaire, answers)
        for event, n in counts.items()
        for lang, share in LANGUAGES.items()
    }


def _flow(questionnaire: Questionnaire, answers: int) -> Iterator[tuple[str, dict[str, float]]]:
    """Walk back from those who sent their answers to those who came; pages of areas are asked of a part only."""
    pages = {page.code: page for page in questionnaire.pages}
    asked = min(1.0, questionnaire.areas_per_respondent / len(questionnaire.areas))
    there = float(answers)
    for step in reversed(steps_of(questionnaire)):
        page = pages.get(step)
        going_on = BASE - PER_QUESTION * len(page.questions) if page else GOING_ON[step]
        part = asked if page and page.area else 1.0
        passed, left = there * part, there * part * (1 / going_on - 1)
        yield step, {"reached": passed + left, "passed": passed, "refused": SENT_BACK * passed if page else 0.0}
        there += left
