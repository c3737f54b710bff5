"""What the templates of a step are given about its questions: small frozen views, with every text in one language."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.web.asking.shell import Choice, in_city
from app.web.language import pick
from surveys.population.places import City
from surveys.questionnaire.definition import Page, Question
from surveys.questionnaire.kinds import KINDS


@dataclass(frozen=True, slots=True)
class WishBox:
    """Where one suggestion is written: the areas it may be about, its words, and what is wrong."""

    areas: tuple[Choice, ...]
    text: str = ""
    area_errors: tuple[str, ...] = ()
    text_errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionField:
    """One question as it is drawn."""

    code: str
    label: str
    hint: str
    control: str
    """The template of resident/controls that draws what it is answered with."""
    choices: tuple[Choice, ...]
    many: bool
    """Whether several options may be ticked."""
    value: str = ""
    """What is typed, where there is nothing to tick."""
    inputmode: str = ""
    limit: int = 0
    """Most characters of a text."""
    errors: tuple[str, ...] = ()


def open_questions(page: Page, city: City, mark: Callable[[str], str]) -> list[QuestionField]:
    """Describe the questions of a page with a mark wherever a respondent's own tick or text comes."""

    def marked(question: Question) -> QuestionField:
        return question_field(question, city, lambda code: mark(f"{question.code}={code}"), value=mark(question.code))

    return [marked(question) for question in page.questions]


def question_field(question: Question, city: City, tick: Callable[[str], bool | str], **typed: Any) -> QuestionField:
    """Describe a question, its options ticked as `tick` says by their codes."""
    kind = KINDS[question.kind]
    return QuestionField(
        code=question.code,
        label=in_city(question.label, city),
        hint=in_city(question.hint, city) if question.hint else "",
        control=kind.control,
        choices=tuple(
            Choice(option.code, pick(option.label), tick(option.code), option.apart) for option in question.options
        ),
        many=kind.several,
        inputmode=kind.inputmode,
        limit=question.longest_text,
        **typed,
    )


def page_context(page: Page, city: City, questions: list[QuestionField]) -> dict[str, Any]:
    """Gather what the template of a page is given beside its shell."""
    return {
        "title": in_city(page.title, city),
        "intro": in_city(page.intro, city) if page.intro else "",
        "questions": questions,
    }
