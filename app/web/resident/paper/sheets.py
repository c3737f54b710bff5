"""A whole questionnaire on one page, for an operator who types in a form: every area, options numbered as printed."""

from dataclasses import dataclass

from app.web.asking.shell import in_city
from app.web.language import pick
from surveys.population.places import City
from surveys.questionnaire.definition import Answers, Page, Question, Questionnaire
from surveys.questionnaire.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Line:
    """One option with the number that is printed beside its square."""

    number: int
    code: str
    label: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One question; `typed` is what a number or a text holds."""

    code: str
    label: str
    lines: tuple[Line, ...]
    many: bool
    typed: str
    inputmode: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The questions of one page of the questionnaire."""

    title: str
    items: tuple[Item, ...]


def sheets_of(questionnaire: Questionnaire, city: City, answers: Answers) -> tuple[Sheet, ...]:
    """Describe every page that has a question in the city, with what is typed so far."""
    sheets = (_sheet(page, city, answers) for page in questionnaire.pages)
    return tuple(sheet for sheet in sheets if sheet.items)


def _sheet(page: Page, city: City, answers: Answers) -> Sheet:
    questions = (question for question in page.questions if question.is_asked_in(city.code))
    return Sheet(in_city(page.title, city), tuple(_item(question, city, answers) for question in questions))


def _item(question: Question, city: City, answers: Answers) -> Item:
    answer = answers.get(question.code, "")
    ticked = (answer,) if isinstance(answer, str) else answer
    lines = tuple(
        Line(number, option.code, pick(option.label), option.code in ticked)
        for number, option in enumerate(question.offered(city.code), 1)
    )
    typed = answer if isinstance(answer, str) and not question.options else ""
    kind = KINDS[question.kind]
    return Item(question.code, in_city(question.label, city), lines, kind.several, typed, kind.inputmode)
