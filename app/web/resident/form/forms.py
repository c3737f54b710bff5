"""The forms of the walk: WTForms declares the fields and says what is wrong; templates draw them."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NoReturn

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from app.web.language import _, _l
from surveys.errors import Reason
from surveys.questionnaire.definition import Answer, Kind, Page, Question
from surveys.questionnaire.kinds import RefusedError, clean
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


class OneOf(RadioField):
    """One option, or none."""


class SomeOf(SelectMultipleField):
    """Any number of options."""


class Typed(StringField):
    """A number or a text in the respondent's own hand."""


class PageForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Any page of a questionnaire."""

    def answers(self) -> dict[str, Answer | None]:
        """Give what is ticked, by question code; None for what is not."""
        fields = {name: field for name, field in self._fields.items() if isinstance(field, OneOf | SomeOf | Typed)}
        return {name: _answer(field) for name, field in fields.items()}


class SuggestionsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Up to three wishes, each with the area it is about."""


def _answer(field: Field) -> Answer | None:
    if isinstance(field, SomeOf):
        return tuple(field.data) if field.data else None
    return None if field.data in {None, "", "None"} else str(field.data).strip()


def read_answers(page: Page, posted: MultiDict[str, str]) -> dict[str, Answer | None] | None:
    """Read a posted page without building its form; None when something needs the form's own words."""
    try:
        return {question.code: _clean(question, posted.getlist(question.code)) or None for question in page.questions}
    except RefusedError:
        return None


def read_wishes(areas: Sequence[str], posted: MultiDict[str, str]) -> tuple[Suggestion, ...] | None:
    """Read the posted page of suggestions without building its form; None when something needs the form's own words."""
    pairs = ((posted.get(f"area{place}", ""), posted.get(f"text{place}", "")) for place in range(MOST_SUGGESTIONS))
    wishes = tuple(Suggestion(area, words) for area, text in pairs if (words := tidied(text)))
    is_right = all(wish.area in areas and len(wish.text) <= LONGEST_SUGGESTION for wish in wishes)
    return wishes if is_right else None


def _clean(question: Question, posted: list[str]) -> Answer:
    """Hold what was posted to the rule of its kind; a question on a page has options of one city at most."""
    city = next((option.city for option in question.options if option.city), "")
    given = posted if question.kind is Kind.MULTI else posted[0] if posted else ""
    return clean(question, given, city or "")


@lru_cache(maxsize=1024)
def page_form(page: Page) -> type[PageForm]:
    """Make the form class of a page once; option codes are its choices, so no language changes their meaning."""
    return type("ThisPageForm", (PageForm,), {question.code: _field(question) for question in page.questions})


@lru_cache(maxsize=16)
def suggestions_form(areas: Sequence[str]) -> type[SuggestionsForm]:
    """Make the form of the suggestions page for a questionnaire's areas."""
    fields: dict[str, Field] = {}
    for place in range(MOST_SUGGESTIONS):
        choices = [SelectChoice(""), *map(SelectChoice, areas)]
        about = _about_an_area(place, frozenset(areas))
        fields[f"area{place}"] = SelectField(choices=choices, validators=[about], validate_choice=False)
        fields[f"text{place}"] = TextAreaField(validators=[_not_too_long])
    return type("ThisSuggestionsForm", (SuggestionsForm,), fields)


def _field(question: Question) -> Field:
    accepted = [_accepted(question)]
    if not question.options:
        return Typed(validators=accepted)
    kind = SomeOf if question.kind is Kind.MULTI else OneOf
    choices = [SelectChoice(option.code) for option in question.options]
    return kind(choices=choices, validators=accepted, validate_choice=False)


def _accepted(question: Question) -> Any:
    def check(_form: FlaskForm, field: Field) -> None:
        try:
            _clean(question, [text for text in field.raw_data or () if isinstance(text, str)])
        except RefusedError as refused:
            if refused.reason is Reason.TOO_LONG:
                _complain_of_length(len(tidied(field.data)), question.longest_text)
            raise ValidationError(REFUSALS[refused.reason]) from refused

    return check


def _not_too_long(_form: FlaskForm, field: Field) -> None:
    length = len(tidied(field.data or ""))
    if length > LONGEST_SUGGESTION:
        _complain_of_length(length, LONGEST_SUGGESTION)


def _complain_of_length(length: int, most: int) -> NoReturn:
    raise ValidationError(_("Shorten the text: %(length)s of %(most)s characters", length=length, most=most))


def _about_an_area(place: int, areas: frozenset[str]) -> Any:
    def check(form: FlaskForm, field: Field) -> None:
        if tidied(form[f"text{place}"].data or "") and field.data not in areas:
            raise ValidationError(_("Choose the area this suggestion is about"))

    return check
