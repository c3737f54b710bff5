"""The form of one value: yes or no, a number, or one of the signs for a place without a number."""

from collections.abc import Mapping
from typing import Any

from wtforms import Form, HiddenField, RadioField, SelectField, StringField, TextAreaField

from app.indicators.catalogue import ReportingMethod
from app.indicators.cells import write_measure
from app.indicators.drafts import TypedValue
from app.indicators.measures import Measurement
from app.indicators.queries import IndicatorRow
from app.indicators.vocabulary import BASES, LONGEST_NOTE, LONGEST_SOURCE, Basis, Status, ValueFlag
from app.web.console.values.words import SIGNS
from app.web.language import _, _l, current_language, pick
from scoring.edition import Indicator

NUMBER, YES, NO, NOT_APPLICABLE = "number", "yes", "no", "not_applicable"
_SIGNS = {
    ValueFlag.NO_DATA: "...",
    ValueFlag.CONFIDENTIAL: "х",
    ValueFlag.NO_PHENOMENON: "-",
    ValueFlag.NEGLIGIBLE: "0,0",
}


class ValueForm(Form):
    """What is typed for a value; the import's rules check it, in its words."""

    answer = RadioField(_l("Answer"), validate_choice=False)
    value = StringField(_l("Value"))
    numerator = StringField(_l("Numerator"))
    denominator = StringField(_l("Denominator"))
    basis = SelectField(_l("Kind of source"), validate_choice=False)
    source = TextAreaField(_l("Source"), render_kw={"rows": 2, "maxlength": LONGEST_SOURCE})
    note = TextAreaField(_l("Note"), render_kw={"rows": 3, "maxlength": LONGEST_NOTE})
    version = HiddenField()


def make_form(indicator: Indicator, stored: IndicatorRow | None, version: int, typed: Mapping[str, str]) -> ValueForm:
    """Make the form of an indicator with what is stored in it, or with what somebody has typed instead."""
    fields = dict(typed) if typed else _stored_fields(indicator, stored)
    form = ValueForm(formdata=None, data=fields | {"version": str(version)})
    form.answer.choices = [(code, str(words)) for code, words in answers_of(indicator)]
    form.basis.choices = [("", _("please choose")), *((str(basis), pick(BASES[basis])) for basis in Basis if basis)]
    for name in ("value", "numerator", "denominator"):
        form[name].render_kw = {"inputmode": "decimal", "autocomplete": "off"}
    if indicator.method == ReportingMethod.YES_NO:
        del form.value, form.numerator, form.denominator
    elif indicator.method == ReportingMethod.RATIO:
        del form.value
    elif indicator.method == ReportingMethod.MEASURED and indicator.per == 1:
        del form.numerator, form.denominator
    return form


def answers_of(indicator: Indicator) -> list[tuple[str, str]]:
    """List what may be answered: yes and no, or a number, and why there is none."""
    first = [(YES, _l("yes")), (NO, _l("no"))]
    if indicator.method != ReportingMethod.YES_NO:
        first = [(NUMBER, _l("there is a number"))]
    return [*first, *((str(flag), words) for flag, words in SIGNS.items()), (NOT_APPLICABLE, _l("not applicable"))]


def typed_value(indicator: Indicator, fields: Mapping[str, str]) -> TypedValue:
    """Write what a form brought as the cells of a row of a file."""
    answer = fields.get("answer", "")
    texts = {name: fields.get(name, "") for name in ("source", "basis", "note")}
    if answer == NOT_APPLICABLE:
        return TypedValue(status=str(Status.NOT_APPLICABLE), **texts)
    if answer in _SIGNS:
        return TypedValue(value=_SIGNS[ValueFlag(answer)], **texts)
    if indicator.method == ReportingMethod.YES_NO:
        return TypedValue(value=answer if answer in {YES, NO} else "", status=str(Status.REPORTED), **texts)
    numbers = {name: fields.get(name, "") for name in ("value", "numerator", "denominator")}
    return TypedValue(**numbers, status=str(Status.REPORTED), **texts)


def _stored_fields(indicator: Indicator, stored: IndicatorRow | None) -> dict[str, Any]:
    if stored is None:
        return {"answer": "" if indicator.method == ReportingMethod.YES_NO else NUMBER}
    texts = {"source": stored.source, "basis": str(stored.basis), "note": stored.note}
    return texts | _answer_fields(indicator, stored.measure)


def _answer_fields(indicator: Indicator, measured: Measurement) -> dict[str, str]:
    if measured.status is Status.NOT_APPLICABLE:
        return {"answer": NOT_APPLICABLE}
    if measured.status is Status.MISSING:
        return {"answer": str(measured.flag or ValueFlag.NO_DATA)}
    if indicator.method == ReportingMethod.YES_NO:
        return {"answer": YES if measured.numerator else NO}
    return {"answer": NUMBER} | {
        name: text
        for name, text in write_measure(measured, indicator, current_language())._asdict().items()
        if name != "status"
    }
