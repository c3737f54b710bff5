"""Every step of a questionnaire as respondents will see it: the survey's own templates in a frame of the console.

Nothing that is ticked goes anywhere, and no rule hides a page: all are shown, in the order of the form.
"""

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for

from app.fieldwork.step_counts import CHECK, CONSENT, MORE, START, SUGGESTIONS, steps_of
from app.web.asking.questions import WishBox, open_questions, page_context
from app.web.asking.shell import Choice, Shell, city_choices, in_city
from surveys.population.places import City, load_places
from surveys.questionnaire.definition import Questionnaire
from surveys.responses.intake import MOST_SUGGESTIONS

FRAME = "console/questionnaires/preview_frame.html"


def preview(questionnaire: Questionnaire, step: str, city: City, language: str) -> str:
    """Draw a step in the language of the request."""
    steps = steps_of(questionnaire)
    place = steps.index(step)

    def address(number: int) -> str | None:
        if not 0 <= number < len(steps):
            return None
        return url_for(
            "questionnaires.preview",
            digest=questionnaire.digest(),
            lang=language,
            place=city.code,
            step=steps[number],
        )

    forward = address(place + 1) or address(0) or ""
    shell = Shell("", forward, address(place - 1), place + 1, len(steps), is_preview=True)
    template, context = _drawn(questionnaire, step, city)
    around: dict[str, Any] = {"frame": FRAME, "digest": questionnaire.digest(), "city": city, "step_code": step}
    rules = {page.code: page.show_if is not None for page in questionnaire.pages}
    around |= {"steps": steps, "is_conditional": rules.get(step, False), "forward": forward}
    return render_template(f"resident/{template}.html", shell=shell, preview_language=language, **around, **context)


def _drawn(questionnaire: Questionnaire, step: str, city: City) -> tuple[str, dict[str, Any]]:
    """Give the template of a step and what it is given beside its shell."""
    own: dict[str, Callable[[Questionnaire, City], dict[str, Any]]] = {
        START: _start,
        CONSENT: lambda q, _city: {"questionnaire": q, "tick": "", "fault": False},
        MORE: _more,
        SUGGESTIONS: _suggestions,
        CHECK: lambda _q, _city: {"sections": "", "wishes": ""},
    }
    if step in own:
        return step, own[step](questionnaire, city)
    page = questionnaire.page(step)
    return "page", page_context(page, city, open_questions(page, city, lambda _name: ""))


def _start(questionnaire: Questionnaire, _city: City) -> dict[str, Any]:
    codes = frozenset(each.code for each in load_places().cities)
    choices = city_choices(codes, lambda _code: "")
    return {"questionnaire": questionnaire, "choices": choices, "again": False, "fault": False}


def _more(questionnaire: Questionnaire, city: City) -> dict[str, Any]:
    return {"options": [Choice(area, title, "") for area, title in _areas(questionnaire, city)]}


def _suggestions(questionnaire: Questionnaire, city: City) -> dict[str, Any]:
    areas = tuple(Choice(area, title, "") for area, title in _areas(questionnaire, city))
    return {"boxes": [WishBox(areas) for _number in range(MOST_SUGGESTIONS)]}


def _areas(questionnaire: Questionnaire, city: City) -> list[tuple[str, str]]:
    titles = {page.area: in_city(page.title, city) for page in questionnaire.pages if page.area}
    return [(area, titles[area]) for area in questionnaire.areas]
