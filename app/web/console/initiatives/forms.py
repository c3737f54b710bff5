"""Forms of initiatives: what one is, what a step tells, what an examiner says, which publications it is set beside."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from flask import request
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import DateField, Form, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, URLField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Optional

from app.initiatives.contents import FIELDS, LONGEST, OF_MANY_LINES, InitiativeContent
from app.initiatives.errors import FieldFault, OpinionFault
from app.initiatives.evaluating import PublicationChoice
from app.initiatives.keeping import LONGEST_ADDRESS, LONGEST_WORDS, Report
from app.initiatives.list_sheets import ListRow
from app.initiatives.opinions import NO_POINT, ChecklistPoint, ExaminerWord, Opinion
from app.web.console.initiatives.words import OPINION_FAULTS, fault_sentence
from app.web.initiatives.words import areas_of
from app.web.language import _, _l, current_language, day, pick
from scoring.edition import load_edition
from surveys.languages import Text3


class FaultyForm(Form):
    """A form whose faults come from what it is about, in our words."""

    def show(self, faults: Iterable[FieldFault]) -> None:
        """Put the sentences of faults beside their fields."""
        for fault in faults:
            if fault.field in self:
                self[fault.field].errors = [fault_sentence(fault)]

    def lines(self) -> list[tuple[str, str]]:
        """List the faults for the summary, with the field each stands in."""
        return [(each.id, each.errors[0]) for each in self if each.errors]


class InitiativeForm(FaultyForm):
    """What an initiative is; what is missing is said when it is submitted."""

    code = SelectField(_l("Initiative of the ministry's list"), validate_choice=False)
    area = SelectField(_l("Area"), validate_choice=False)
    title_kk = StringField(_l("Title in Kazakh"))
    title_ru = StringField(_l("Title in Russian"))
    title_en = StringField(_l("Title in English"))
    what_kk = TextAreaField(_l("What it does, in Kazakh"))
    what_ru = TextAreaField(_l("What it does, in Russian"))
    what_en = TextAreaField(_l("What it does, in English"))
    indicators = SelectMultipleField(_l("Indicators that it should move"), validate_choice=False)
    cost = StringField(_l("Cost, thousand tenge"))
    year_from = StringField(_l("First year"))
    year_to = StringField(_l("Last year"))
    elsewhere = TextAreaField(_l("The same in other cities"))
    registers = TextAreaField(_l("State registers and interfaces that it uses"))
    personal_data = RadioField(_l("Does it use personal data?"), validate_choice=False)
    personal_basis = TextAreaField(_l("Which personal data, and by what right"))
    languages = TextAreaField(_l("Use in Kazakh and in Russian, and by people with disabilities"))
    keeper_kk = StringField(_l("Unit that runs it later, in Kazakh"))
    keeper_ru = StringField(_l("Unit that runs it later, in Russian"))
    contact = StringField(_l("How colleagues of other cities reach the unit"))


class StepForm(FaultyForm):
    """What a city tells of a step."""

    day = DateField(_l("Day"), [Optional()])
    body_kk = TextAreaField(_l("In Kazakh"), render_kw={"rows": 3, "maxlength": LONGEST_WORDS})
    body_ru = TextAreaField(_l("In Russian"), render_kw={"rows": 3, "maxlength": LONGEST_WORDS})
    address = URLField(_l("Address"), render_kw={"maxlength": LONGEST_ADDRESS, "placeholder": "https://"})

    def report(self) -> Report:
        """Give what was typed; a day that cannot be read is none."""
        return Report(
            day=self.day.data if isinstance(self.day.data, date) else None,
            kk=self.body_kk.data or "",
            ru=self.body_ru.data or "",
            address=self.address.data or "",
        )


class OpinionForm(FaultyForm):
    """What an examiner says."""

    points = SelectMultipleField(_l("What is in order"), validate_choice=False)
    conditions_kk = TextAreaField(_l("Conditions in Kazakh"), render_kw={"rows": 3, "maxlength": 600})
    conditions_ru = TextAreaField(_l("Conditions in Russian"), render_kw={"rows": 3, "maxlength": 600})
    note = TextAreaField(_l("Note to the city"), render_kw={"rows": 4, "maxlength": 600})
    private_note = TextAreaField(_l("Private note"), render_kw={"rows": 2, "maxlength": 400})

    def word(self, opinion: Opinion) -> ExaminerWord:
        """Give it as an examiner's word."""
        ticked = [point for point in ChecklistPoint if str(point.value) in (self.points.data or ())]
        return ExaminerWord(
            opinion=opinion,
            points=reduce(or_, ticked, NO_POINT),
            conditions_kk=self.conditions_kk.data or "",
            conditions_ru=self.conditions_ru.data or "",
            note=self.note.data or "",
            private_note=self.private_note.data or "",
        )

    def refuse(self, faults: Iterable[OpinionFault]) -> None:
        """Put the sentences of faults beside their fields."""
        for fault in faults:
            field, words = OPINION_FAULTS[fault]
            self[field].errors = [str(words)]


class PairForm(FaultyForm):
    """The publications from before and after."""

    before = SelectField(_l("Publication from before"), validate_choice=False)
    after = SelectField(_l("Publication from after"), validate_choice=False)


def make_initiative_form(
    edition: str,
    listed: Iterable[ListRow],
    content: InitiativeContent | None = None,
    typed: ImmutableMultiDict[str, str] | None = None,
) -> InitiativeForm:
    """Make the form with what is stored, or with what somebody has typed instead."""
    form = InitiativeForm(typed, data=None if typed else _stored(content))
    known = load_edition(edition)
    names = [(row.code, getattr(row, f"name_{current_language()}")) for row in listed]
    form.code.choices = [("", _("the city's own")), *((code, f"{code} – {name}"[:120]) for code, name in names)]
    form.area.choices = [("", _("please choose")), *areas_of(edition).items()]
    form.indicators.choices = [(each.code, pick(Text3(*each.name))) for each in known.indicators]
    form.personal_data.choices = [SelectChoice("no", _l("no")), SelectChoice("yes", _l("yes"))]
    for name, longest in LONGEST.items():
        form[name].render_kw = {"maxlength": longest} | ({"rows": 4} if name in OF_MANY_LINES else {})
    for name in ("cost", "year_from", "year_to"):
        form[name].render_kw = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 16}
    return form


def make_opinion_form(typed: ImmutableMultiDict[str, str] | None) -> OpinionForm:
    """Make the form of an examiner's word."""
    return OpinionForm(typed)


def make_pair_form(choices: Iterable[PublicationChoice], typed: Mapping[str, Any]) -> PairForm:
    """Make the form of two publications: the oldest and the newest at first."""
    form = PairForm(request.form if request.method == "POST" else ImmutableMultiDict(typed))
    words = [(str(each.number), f"{each.number}: {each.period}, {day(each.published_on)}") for each in choices]
    form.before.choices = form.after.choices = words
    return form


def sent() -> ImmutableMultiDict[str, str] | None:
    """Give the fields that were sent; None where the form is shown for the first time."""
    return request.form if request.method == "POST" else None


def texts_of(typed: ImmutableMultiDict[str, str]) -> dict[str, str]:
    """Give the texts of a sent form by field."""
    return {name: typed.get(name, "") for name in FIELDS}


def _stored(content: InitiativeContent | None) -> dict[str, Any] | None:
    if content is None:
        return None
    values: dict[str, Any] = {name: getattr(content, name) for name in FIELDS}
    numbers = {name: "" if values[name] is None else str(values[name]) for name in ("cost", "year_from", "year_to")}
    return values | numbers | {"indicators": content.indicators.split()}
