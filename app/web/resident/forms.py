"""The forms of the walk: WTForms declares the fields and says what is wrong; templates draw them."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Length, Optional

from app.web.language import _, _l
from surveys.definition import Answer, Kind, Page, Question
from surveys.intake import LONGEST_SUGGESTION, MOST_SUGGESTIONS, Suggestion
from surveys.redaction import tidied

UNKNOWN = _l("Choose one of the answers on the page")


class OneOf(RadioField):
    """One option, or none."""

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms' signature
        """Refuse a code that is not on the page."""
        if self.data not in {None, "", "None"} and self.data not in _codes(self):
            raise ValidationError(UNKNOWN)


class SomeOf(SelectMultipleField):
    """Any number of options."""

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms' signature
        """Refuse codes that are not on the page."""
        if set(self.data or ()) - _codes(self):
            raise ValidationError(UNKNOWN)


class PageForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Any page of a questionnaire."""

    def answers(self) -> dict[str, Answer | None]:
        """Give what is ticked, by question code; None for what is not."""
        return {name: _answer(field) for name, field in self._fields.items() if isinstance(field, OneOf | SomeOf)}


class SuggestionsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Up to three wishes, each with the area it is about."""

    def wishes(self) -> tuple[Suggestion, ...]:
        """Give what is written; an area without words says nothing."""
        pairs = (
            (self[f"area{place}"].data or "", self[f"text{place}"].data or "") for place in range(MOST_SUGGESTIONS)
        )
        return tuple(Suggestion(area, tidied(text)) for area, text in pairs if tidied(text))


def _codes(field: RadioField | SelectMultipleField) -> set[str]:
    return {choice[0] for choice in field.iter_choices()}


def _answer(field: Field) -> Answer | None:
    if isinstance(field, SomeOf):
        return tuple(field.data) if field.data else None
    return None if field.data in {None, "", "None"} else str(field.data)


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


class CityForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The city a respondent speaks about."""

    city = StringField(validators=[Length(max=32)])


def _field(question: Question) -> Field:
    choices = [SelectChoice(option.code) for option in question.options]
    kind = SomeOf if question.kind is Kind.MULTI else OneOf
    return kind(choices=choices, validators=[Optional()], validate_choice=False)


def _not_too_long(_form: FlaskForm, field: Field) -> None:
    length = len(tidied(field.data or ""))
    if length > LONGEST_SUGGESTION:
        raise ValidationError(
            _("Shorten the text: %(length)s of %(most)s characters", length=length, most=LONGEST_SUGGESTION)
        )


def _about_an_area(place: int, areas: frozenset[str]) -> Any:
    def check(form: FlaskForm, field: Field) -> None:
        if tidied(form[f"text{place}"].data or "") and field.data not in areas:
            raise ValidationError(_("Choose the area this suggestion is about"))

    return check
