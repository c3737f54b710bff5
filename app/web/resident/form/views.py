"""What the templates of the survey are given: small frozen views, with every text already in one language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from wtforms import Field

from app.web.asking.questions import QuestionField, WishBox, question_field
from app.web.asking.shell import Choice, Shell, in_city
from app.web.language import _, current_language, pick
from app.web.resident.drafts import Draft
from app.web.resident.form.forms import SuggestionsForm
from app.web.resident.form.walk import CHECK, CONSENT, MORE, SUGGESTIONS, Walk
from app.web.resident.waves import WaveView
from surveys.population.places import City, load_places
from surveys.questionnaire.definition import Answers, Page, Question, Questionnaire
from surveys.responses.intake import MOST_SUGGESTIONS, FollowCode


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """One line of the list to check."""

    question: str
    answer: str
    change: str


@dataclass(frozen=True, slots=True)
class Section:
    """The answers of one page."""

    title: str
    lines: tuple[AnsweredQuestion, ...]


@dataclass(frozen=True, slots=True)
class FollowedWords:
    """The code of one suggestion, and which one it is."""

    about: str
    code: str


OWN_STEPS = frozenset({CONSENT, MORE, SUGGESTIONS, CHECK})
"""Steps with an address of their own; all others are pages of the questionnaire."""


def step_shell(walk: Walk, step: str, action: str) -> Shell:
    """Describe the surroundings of a step."""
    before = walk.before(step)
    address = step_url(walk.wave.code, before) if before else f"/s/{walk.wave.code}"
    return Shell(walk.wave.code, action, address, walk.steps.index(step) + 1, len(walk.steps))


def step_url(wave: str, step: str) -> str:
    """Give the address of a step."""
    # Not url_for: it costs as much as drawing the page, and codes hold nothing that must be quoted.
    return f"/s/{wave}/{step}" if step in OWN_STEPS else f"/s/{wave}/p/{step}"


def onward(walk: Walk, draft: Draft, step: str, *, back: bool) -> str:
    """Give where a step that was just answered leads: back to the list after Change, else to the next one."""
    if back:
        return step_url(draft.wave, CHECK)
    is_same_way = draft.extra == walk.draft.extra and not walk.wave.compiled.questionnaire.has_rules
    return step_url(draft.wave, (walk if is_same_way else replace(walk, draft=draft)).after(step))


def question_fields(page: Page, city: City, fields: Mapping[str, Field]) -> list[QuestionField]:
    """Describe the questions of a page as a form has them: what is ticked or typed, and what is wrong."""
    return [_field_of_form(question, city, fields[question.code]) for question in page.questions]


def _field_of_form(question: Question, city: City, field: Field) -> QuestionField:
    answer_codes = field.data if isinstance(field.data, list | tuple) else (field.data,)
    typed = "" if question.options else str(field.data or "")
    errors = tuple(str(error) for error in field.errors)
    return question_field(question, city, lambda code: code in answer_codes, value=typed, errors=errors)


def section(page: Page, city: City, answers: Answers, wave: str) -> Section:
    """List the answers of one page, with the addresses in a wave to change them at; none where no wave is named."""
    change = f"{step_url(wave, page.code)}?back=check" if wave else ""
    lines = tuple(
        AnsweredQuestion(
            in_city(question.label, city), _answer_text(question, answers), change and f"{change}#{question.code}"
        )
        for question in page.questions
    )
    return Section(in_city(page.title, city), lines)


def _answer_text(question: Question, answers: Answers) -> str:
    answer = answers.get(question.code, ())
    if not question.options:
        return str(answer or "")
    codes = (answer,) if isinstance(answer, str) else answer
    return ", ".join(pick(option.label) for option in question.options if option.code in codes)


def wish_boxes(areas: Iterable[tuple[str, str]], form: SuggestionsForm) -> list[WishBox]:
    """Describe the suggestions of a form as they were posted, with what is wrong."""
    titles, boxes = tuple(areas), []
    for index in range(MOST_SUGGESTIONS):
        area, text = form[f"area{index}"], form[f"text{index}"]
        choices = tuple(Choice(code, title, ticked=code == area.data) for code, title in titles)
        boxes.append(WishBox(choices, text.data or "", tuple(area.errors), tuple(text.errors)))
    return boxes


def area_titles(wave: WaveView, areas: Iterable[str], city: str) -> list[tuple[str, str]]:
    """Give areas with their page titles."""
    titles = _titles(wave.compiled.questionnaire, city, current_language())
    return [(area, titles[area]) for area in areas]


def followed_words(q: Questionnaire, city: City, follow: Iterable[FollowCode]) -> list[FollowedWords]:
    """Say of each code whose it is: a suggestion by its number and area, an answer in words by its question."""
    titles, questions = _titles(q, city.code, current_language()), {each.code: each for each in q.questions}
    words = []
    for number, (area, question, code) in enumerate(follow, start=1):
        if question:
            about = in_city(questions[question].label, city)
        else:
            about = f"{_('Suggestion %(number)s', number=number)}: {titles[area]}"
        words.append(FollowedWords(about, code))
    return words


@lru_cache(maxsize=256)
def _titles(q: Questionnaire, code: str, _language: str) -> dict[str, str]:
    city = load_places().city(code)
    return {page.area: in_city(page.title, city) for page in q.pages if page.area}
