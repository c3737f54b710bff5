"""The forms of the walk: a posted page is read once, by the kinds of its questions; WTForms declares what is on it.

A form checks nothing by itself: it shows what was posted, and the sentences for what the one reading refused.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from app.web.language import _, _l
from surveys.errors import Reason
from surveys.questionnaire.definition import Answer, Page, Question
from surveys.questionnaire.kinds import KINDS, Kind, RefusedError
from surveys.questionnaire.redaction import tidied
from surveys.responses.intake import LONGEST_SUGGESTION, MOST_SUGGESTIONS, Suggestion

REFUSALS = {
    Reason.UNKNOWN_OPTION: _l("Choose one of the answers on the page"),
    Reason.WRONG_CITY: _l("Choose one of the answers on the page"),
    Reason.TOO_MANY: _l("Choose the last answer alone, or any of the others"),
    Reason.NOT_A_NUMBER: _l("Write a whole number in digits"),
    Reason.OUT_OF_RANGE: _l("Check the number: it is too small or too large"),
    Reason.NOT_TEXT: _l("Write the text without special characters"),
}

Posted = MultiDict[str, str]
Errors = Mapping[str, str]
"""Name of a field → what is wrong with it, in the language of the request."""


class PageForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Any page of a questionnaire."""


class SuggestionsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Up to three wishes, each with the area it is about."""


_Form = TypeVar("_Form", PageForm, SuggestionsForm)


class PageReading(NamedTuple):
    """A posted page: the answers by question code, None for no answer, and what was refused."""

    answers: dict[str, Answer | None]
    errors: Errors


class SuggestionsReading(NamedTuple):
    """The posted page of suggestions: those with words in them, and what is wrong by field."""

    suggestions: tuple[Suggestion, ...]
    errors: Errors


def read_page(page: Page, posted: Posted) -> PageReading:
    """Read a posted page of questions."""
    answers: dict[str, Answer | None] = {}
    errors: dict[str, str] = {}
    for question, kind, city in _readers(page):
        posted_answer = kind.posted(posted.getlist(question.code))
        try:
            answers[question.code] = kind.clean(question, posted_answer, city) or None
        except RefusedError as refused:
            errors[question.code] = _sentence(refused.reason, question, posted_answer)
    return PageReading(answers, errors)


@lru_cache(maxsize=4096)
def _readers(page: Page) -> tuple[tuple[Question, Kind, str], ...]:
    """Give each question of a page with its kind and its city: on a page it has options of one city at most."""
    cities = (next((option.city for option in question.options if option.city), "") for question in page.questions)
    return tuple((question, KINDS[question.kind], city) for question, city in zip(page.questions, cities, strict=True))


def _sentence(reason: Reason, question: Question, posted_answer: object) -> str:
    if reason is Reason.TOO_LONG:
        return _too_long(len(tidied(str(posted_answer))), question.longest_text)
    return str(REFUSALS[reason])


def _too_long(length: int, most: int) -> str:
    return _("Shorten the text: %(length)s of %(most)s characters", length=length, most=most)


def read_suggestions(areas: Sequence[str], posted: Posted) -> SuggestionsReading:
    """Read the posted page of suggestions; one without words is none, whatever area is chosen."""
    wishes: list[Suggestion] = []
    errors: dict[str, str] = {}
    for index in range(MOST_SUGGESTIONS):
        wish = Suggestion(posted.get(f"area{index}", ""), tidied(posted.get(f"text{index}", "")))
        if not wish.text:
            continue
        wishes.append(wish)
        if wish.area not in areas:
            errors[f"area{index}"] = _("Choose the area this suggestion is about")
        if len(wish.text) > LONGEST_SUGGESTION:
            errors[f"text{index}"] = _too_long(len(wish.text), LONGEST_SUGGESTION)
    return SuggestionsReading(tuple(wishes), errors)


def posted_page(page: Page, posted: Posted, errors: Errors) -> PageForm:
    """Make the form of a page as it was posted, with what is to be said of it."""
    return _with_errors(page_form(page)(formdata=posted), errors)


def posted_suggestions(areas: Sequence[str], posted: Posted, errors: Errors) -> SuggestionsForm:
    """Make the form of suggestions as it was posted, with what is to be said of it."""
    return _with_errors(suggestions_form(areas)(formdata=posted), errors)


def _with_errors(form: _Form, errors: Errors) -> _Form:
    for name, sentence in errors.items():
        form[name].errors = [sentence]
    return form


@lru_cache(maxsize=1024)
def page_form(page: Page) -> type[PageForm]:
    """Make the form class of a page once; option codes are its choices, so no language changes their meaning."""
    return type("ThisPageForm", (PageForm,), {question.code: _field(question) for question in page.questions})


def _field(question: Question) -> Field:
    if not question.options:
        return StringField()
    field = SelectMultipleField if KINDS[question.kind].several else RadioField
    return field(choices=[SelectChoice(option.code) for option in question.options])


@lru_cache(maxsize=16)
def suggestions_form(areas: Sequence[str]) -> type[SuggestionsForm]:
    """Make the form of the suggestions page for a questionnaire's areas."""
    fields: dict[str, Field] = {}
    for index in range(MOST_SUGGESTIONS):
        fields[f"area{index}"] = SelectField(choices=[SelectChoice(""), *map(SelectChoice, areas)])
        fields[f"text{index}"] = TextAreaField()
    return type("ThisSuggestionsForm", (SuggestionsForm,), fields)
