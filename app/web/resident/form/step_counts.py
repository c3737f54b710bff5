"""Counts how often a step of the form was reached, passed or sent back, for nobody in particular (ADR 30).

Counted is where somebody goes on, and only the first time as far as the draft shows: a page seen again, a change of
language and a correction from the list at the end are none.
"""

from flask import request

from app.web import site
from app.web.language import current_language
from app.web.resident.form.walk import CHECK, CONSENT, MORE, SUGGESTIONS, Walk

START = "start"


def reached(wave: str, step: str) -> None:
    """Count that somebody came to a step."""
    site.counters().step(wave, step, current_language(), "reached")


def passed(wave: str, step: str, address: str = "") -> None:
    """Count that somebody went on from a step, and came to the one that an address of the form leads to."""
    site.counters().step(wave, step, current_language(), "passed")
    if address:
        reached(wave, address.rpartition("/")[2])


def passed_first(walk: Walk, step: str, address: str) -> None:
    """Count that somebody went on from a step, unless this draft has been past it or only the language changed."""
    if "switch" not in request.form and request.args.get("back") != CHECK and _is_first(walk, step):
        passed(walk.wave.code, step, address)


def refused(wave: str, step: str) -> None:
    """Count that a step was sent back because something on it was wrong, unless only the language changed."""
    if "switch" not in request.form:
        site.counters().step(wave, step, current_language(), "refused")


def _is_first(walk: Walk, step: str) -> bool:
    """Tell whether a draft holds nothing yet of what is given on a step."""
    draft = walk.draft
    given = {CONSENT: draft.agreed, MORE: draft.extra, SUGGESTIONS: draft.suggestions}
    if step in given:
        return not given[step]
    page = walk.page(step)
    return page is None or not any(question.code in draft.answers for question in page.questions)
