"""The steps of the walk as pages, put together from fragments drawn once in a language and a look.

Only what nobody typed is kept: a piece with a respondent's own words is drawn for that respondent alone.
"""

from collections.abc import Sequence
from functools import lru_cache

from flask import render_template
from markupsafe import Markup, escape

from app.web.asking import questions
from app.web.asking.questions import WishBox
from app.web.asking.shell import Choice, Shell, city_choices
from app.web.language import current_language
from app.web.look.choice import Look, current
from app.web.resident.form import fragments, views
from app.web.resident.form.fragments import PageTemplate, around, hole
from app.web.resident.form.walk import SUGGESTIONS, Walk
from app.web.resident.waves import WaveView
from surveys.population.places import City, load_places
from surveys.questionnaire.definition import Answer, Answers, Page, Questionnaire
from surveys.responses.intake import MOST_SUGGESTIONS, Receipt

_TICK, _SELECTED = " checked", " selected"


def start(view: WaveView, shell: Shell, chosen: str | None, *, again: bool) -> str:
    """Ask for the city."""
    template = _start(view.code, view.compiled.questionnaire, view.cities, again, current_language(), current())
    return template.filled(around(shell) | {f"city={chosen}": _TICK})


@lru_cache(maxsize=256)
def _start(
    wave: str, q: Questionnaire, cities: frozenset[str], again: bool, _language: str, _look: Look
) -> PageTemplate:
    choices = city_choices(cities, lambda code: hole(f"city={code}"))
    return fragments.step("resident/start.html", wave, questionnaire=q, choices=choices, again=again, fault=False)


def consent(view: WaveView, shell: Shell, *, agreed: bool) -> str:
    """Say what is stored, before anybody has gone on without agreeing."""
    template = _consent(view.code, view.compiled.questionnaire, current_language(), current())
    return template.filled(around(shell) | {"agreed": _TICK * agreed})


@lru_cache(maxsize=256)
def _consent(wave: str, q: Questionnaire, _language: str, _look: Look) -> PageTemplate:
    return fragments.step("resident/consent.html", wave, questionnaire=q, tick=hole("agreed"), fault=False)


def question_page(page: Page, city: City, shell: Shell, answers: Answers) -> str:
    """Show a page of questions that has nothing to complain about."""
    template = question_page_of(shell.wave, page, city.code, current_language(), current())
    return template.filled(around(shell) | ticks(page, answers))


def ticks(page: Page, answers: Answers) -> dict[str, str]:
    """Give what one respondent ticked and typed on a page."""
    values = {}
    for question in page.questions:
        answer = answers.get(question.code, "")
        if not question.options:
            values[question.code] = str(escape(answer))
        else:
            values |= {f"{question.code}={code}": _TICK for code in ((answer,) if isinstance(answer, str) else answer)}
    return values


@lru_cache(maxsize=4096)
def question_page_of(wave: str, page: Page, city: str, _language: str, _look: Look) -> PageTemplate:
    """Draw a page of questions with holes; raises RuntimeError where there is no request to draw it for."""
    town = load_places().city(city)
    context = questions.page_context(page, town, questions.open_questions(page, town, hole))
    return fragments.step("resident/page.html", wave, **context)


def more(walk: Walk, shell: Shell, areas: Sequence[str]) -> str:
    """Offer further areas."""
    named = views.area_titles(walk.wave, areas, walk.draft.city)
    rows = (_area_choice(area, title, area in walk.draft.extra) for area, title in named)
    template = _more(walk.wave.code, current_language(), current())
    return template.filled(around(shell) | {"choices": "".join(rows)})


@lru_cache(maxsize=64)
def _more(wave: str, _language: str, _look: Look) -> PageTemplate:
    return fragments.step("resident/more.html", wave, choices=Markup(hole("choices")))  # noqa: S704 - a hole


@lru_cache(maxsize=4096)
def _area_choice(area: str, title: str, ticked: bool) -> str:
    return render_template("resident/area_choice.html", option=Choice(area, title, ticked))


def suggestions(walk: Walk, shell: Shell) -> str:
    """Ask for suggestions; what is written in them already comes with them."""
    values = around(shell)
    for index, wish in enumerate(walk.draft.suggestions):
        values |= {f"area{index}={wish.area}": _SELECTED, f"text{index}": str(escape(wish.text))}
    areas = tuple(views.area_titles(walk.wave, walk.wave.compiled.areas, walk.draft.city))
    return _suggestions(walk.wave.code, areas, current_language(), current()).filled(values)


@lru_cache(maxsize=256)
def _suggestions(wave: str, areas: tuple[tuple[str, str], ...], _language: str, _look: Look) -> PageTemplate:
    boxes = [
        WishBox(
            text=hole(f"text{index}"),
            areas=tuple(Choice(area, title, hole(f"area{index}={area}")) for area, title in areas),
        )
        for index in range(MOST_SUGGESTIONS)
    ]
    return fragments.step("resident/suggestions.html", wave, boxes=boxes)


def check(walk: Walk, shell: Shell) -> str:
    """List everything before it is sent."""
    titles = dict(views.area_titles(walk.wave, walk.wave.compiled.areas, walk.draft.city))
    wishes = [(titles[wish.area], wish.text) for wish in walk.draft.suggestions]
    shown = _wishes(walk.wave.code, wishes) if SUGGESTIONS in walk.steps else ""
    values = around(shell) | {"sections": answered(walk, changeable=True), "wishes": shown}
    return _check(walk.wave.code, current_language(), current()).filled(values)


@lru_cache(maxsize=64)
def _check(wave: str, _language: str, _look: Look) -> PageTemplate:
    return fragments.step("resident/check.html", wave, sections=Markup(hole("sections")), wishes=Markup(hole("wishes")))  # noqa: S704 - holes


def thanks(walk: Walk, shell: Shell, receipt: Receipt) -> str:
    """Show the receipt, the withdrawal code, the codes of suggestions and what was stored."""
    values = around(shell) | {"receipt": receipt.number, "code": receipt.code}
    values |= {"sections": answered(walk, changeable=False), "follow": _follow(walk, receipt)}
    return _thanks(walk.wave.code, bool(receipt.code), current_language(), current()).filled(values)


@lru_cache(maxsize=64)
def _thanks(wave: str, has_code: bool, _language: str, _look: Look) -> PageTemplate:
    code = hole("code") if has_code else ""
    holes = {name: Markup(hole(name)) for name in ("sections", "follow")}  # noqa: S704 - holes
    context: dict[str, str] = {"receipt": hole("receipt"), "code": code, **holes}
    return fragments.step("resident/thanks.html", wave, back=False, **context)


def _follow(walk: Walk, receipt: Receipt) -> str:
    if not receipt.follow:
        return ""
    city = load_places().city(walk.draft.city)
    words = views.followed_words(walk.wave.compiled.questionnaire, city, receipt.follow)
    return render_template("resident/follow_codes.html", words=words)


def answered(walk: Walk, *, changeable: bool) -> str:
    """Draw the list of all answers, page by page."""
    city, language = load_places().city(walk.draft.city), current_language()
    return "".join(
        _section(page, city, walk.draft.answers, walk.wave.code if changeable else "", language) for page in walk.pages
    )


def _section(page: Page, city: City, answers: Answers, wave: str, language: str) -> str:
    page_answers = tuple(answers.get(question.code, "") for question in page.questions)
    is_typed = any(not question.options for question in page.questions)
    return (_draw_section if is_typed else _cached_section)(page, city.code, page_answers, wave, language)


def _draw_section(page: Page, city: str, page_answers: tuple[Answer, ...], wave: str, _language: str) -> str:
    answers = dict(zip((question.code for question in page.questions), page_answers, strict=True))
    section = views.section(page, load_places().city(city), answers, wave)
    return render_template("resident/answers.html", section=section)


_cached_section = lru_cache(maxsize=8192)(_draw_section)


def _wishes(wave: str, wishes: Sequence[tuple[str, str]]) -> str:
    if not wishes:
        return _no_wishes(wave, current_language())
    return render_template("resident/wishes.html", wave=wave, wishes=wishes)


@lru_cache(maxsize=64)
def _no_wishes(wave: str, _language: str) -> str:
    return render_template("resident/wishes.html", wave=wave, wishes=())
