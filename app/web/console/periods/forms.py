"""Forms of periods."""

from datetime import date

from flask import request
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import DateField, Form, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.indicators.errors import PeriodCode, PeriodError
from app.indicators.openings import CORRECTION_DAYS, MOST_CORRECTION_DAYS, Extension, PeriodPlan
from app.web.console.values.words import PERIOD_FAULTS
from app.web.language import _, _l, alphabetical, pick
from scoring.edition import edition_codes, load_edition
from surveys.languages import Text3
from surveys.population.places import load_places

_NEEDED = _l("Please fill this in.")
_SHORT = {"rows": 2, "maxlength": 400}
_FIELDS = {
    PeriodCode.UNKNOWN: "code",
    PeriodCode.ALREADY_THERE: "code",
    PeriodCode.UNKNOWN_EDITION: "edition",
    PeriodCode.NO_INDICATORS: "edition",
    PeriodCode.NO_CITIES: "cities",
    PeriodCode.DUE_BEFORE_OPENING: "due_on",
    PeriodCode.DUE_IN_THE_PAST: "due_on",
    PeriodCode.CORRECTION_DAYS: "correction_days",
    PeriodCode.NOT_LATER: "until",
    PeriodCode.THREE_LANGUAGES: "reason_kk",
}


class DayForm(Form):
    """A form with days and numbers, whose faults are said in our words."""

    def validate(self) -> bool:  # type: ignore[override]
        """Check the fields; what cannot be read at all is said in our words."""
        is_valid = bool(super().validate())
        for each in self:
            if each.process_errors:
                each.errors = [_("This cannot be read. A day is chosen or written as 2026-12-31, a number in digits.")]
        return is_valid

    def refuse(self, error: PeriodError) -> None:
        """Show why a period is refused beside the field it is about."""
        self.fault(_FIELDS.get(error.code, "code"), str(PERIOD_FAULTS[error.code]))

    def fault(self, name: str, words: str) -> None:
        """Show what is wrong with a field."""
        self[name if name in self else next(iter(self._fields))].errors = [words]

    def lines(self) -> list[tuple[str, str]]:
        """List the faults for the summary, with the field each stands in."""
        return [(each.id, each.errors[0]) for each in self if each.errors]


class PeriodForm(DayForm):
    """A new period."""

    code = StringField(_l("Period"), [InputRequired(_NEEDED)], render_kw={"maxlength": 10, "autocomplete": "off"})
    edition = SelectField(_l("Edition that rates it"), validate_choice=False)
    opens_on = DateField(_l("First day"), [Optional()])
    due_on = DateField(_l("Last day"), [InputRequired(_NEEDED)])
    correction_days = IntegerField(
        _l("Working days to correct what came back"),
        [InputRequired(_NEEDED)],
        default=CORRECTION_DAYS,
        render_kw={"min": 1, "max": MOST_CORRECTION_DAYS},
    )
    cities = SelectMultipleField(
        _l("Cities"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False), validate_choice=False
    )

    def plan(self) -> PeriodPlan:
        """Give what was typed."""
        return PeriodPlan(
            code=(self.code.data or "").strip(),
            edition=self.edition.data or "",
            cities=tuple(self.cities.data or ()),
            opens_on=self.opens_on.data,
            due_on=self.due_on.data,
            correction_days=self.correction_days.data or 0,
        )


class ExtensionForm(DayForm):
    """A later day for one city."""

    city = SelectField(_l("City"))
    until = DateField(_l("New last day"), [InputRequired(_NEEDED)])
    reason_kk = TextAreaField(_l("Reason in Kazakh"), [InputRequired(_NEEDED)], render_kw=_SHORT)
    reason_ru = TextAreaField(
        _l("Reason in Russian"), [InputRequired(_NEEDED)], render_kw={"rows": 2, "maxlength": 400}
    )
    reason_en = TextAreaField(
        _l("Reason in English"), [InputRequired(_NEEDED)], render_kw={"rows": 2, "maxlength": 400}
    )

    def extension(self) -> Extension:
        """Give what was typed."""
        reasons = Text3(self.reason_kk.data or "", self.reason_ru.data or "", self.reason_en.data or "")
        return Extension(self.city.data, self.until.data or date.min, reasons)


def make_period_form(today: date) -> PeriodForm:
    """Make the form of a new period: every city, the edition that is newest."""
    every = [(city.code, pick(city.name)) for city in load_places().cities]
    editions = [load_edition(code) for code in edition_codes()]
    rated = sorted((each for each in editions if each.indicators), key=lambda each: each.in_force_from, reverse=True)
    form = PeriodForm(_sent(), opens_on=today, cities=[code for code, _name in every])
    form.cities.choices = sorted(every, key=lambda pair: alphabetical(pair[1]))
    form.edition.choices = [(each.code, f"{pick(Text3(*each.title))} ({each.code})") for each in rated]
    return form


def make_extension_form(cities: list[tuple[str, str]]) -> ExtensionForm:
    """Make the form of a later day, for the cities of a period."""
    form = ExtensionForm(_sent())
    form.city.choices = cities
    return form


def _sent() -> ImmutableMultiDict[str, str] | None:
    """Give the fields that were sent; None where the form is shown for the first time."""
    return request.form if request.method == "POST" else None
