"""The forms of waves: a plan, and the confirmation of a step."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from app.config import Settings
from app.web.console.waves.words import PLAN_FAULTS
from app.web.language import _, _l
from surveys.fieldwork.waves import PlanFault, WavePlan
from surveys.models.fieldwork import GATES
from surveys.population.places import load_places

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
USUAL_TARGET = 400
LARGEST_TARGET = 100_000

Errors = Mapping[str, str]


class PlanForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What is decided before a wave, but for its cities: those have a line each."""

    code = StringField(_l("Code of the wave"))
    questionnaire = SelectField(_l("Questionnaire"), validate_choice=False)
    opens_on = DateField(_l("First day"))
    closes_on = DateField(_l("Last day"))
    gates = SelectMultipleField(_l("Ways in"), validate_choice=False)


class FreezeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The confirmation of a freeze: the wave's code typed, and what becomes of withdrawals that wait."""

    typed = StringField(_l("Type the code of the wave"))
    waiting = RadioField(
        _l("Withdrawals that wait for a decision"),
        choices=[
            SelectChoice("accept", _l("take these answers back")),
            SelectChoice("refuse", _l("let these answers stay")),
        ],
        validate_choice=False,
    )


@dataclass(frozen=True, slots=True)
class PlanReading:
    """A posted plan: the plan, where it can be read, the targets as typed, and what is wrong by field."""

    plan: WavePlan | None
    targets: Mapping[str, str]
    errors: Errors


def usual_targets() -> dict[str, str]:
    """Give the targets that an empty form begins with: every city."""
    return {city.code: str(USUAL_TARGET) for city in load_places().cities}


def open_gates(settings: Settings) -> tuple[str, ...]:
    """List the ways in that this installation can serve."""
    return tuple(gate for gate in GATES if not settings.identity.lacking(gate))


def read_plan(form: PlanForm, posted: MultiDict[str, str], gates: tuple[str, ...]) -> PlanReading:
    """Read a posted plan; whether it can be carried out is decided where waves are planned."""
    targets = {city: posted.get(f"target-{city}", "").strip() for city in usual_targets()}
    errors = _errors_above(form)
    opens_on, closes_on = form.opens_on.data, form.closes_on.data
    chosen = frozenset(gate for gate in form.gates.data or () if gate in gates)
    if not chosen:
        errors |= explain(PlanFault.NO_WAY_IN)
    odd = {f"target-{city}" for city, typed in targets.items() if _odd(typed)}
    errors |= dict.fromkeys(sorted(odd), _("Write a whole number, or nothing"))
    asked = {city: int(typed) for city, typed in targets.items() if not _odd(typed) and typed not in {"", "0"}}
    if not asked and not odd:
        errors["target-astana"] = _("Write a number beside at least one city")
    if errors or opens_on is None or closes_on is None:
        return PlanReading(None, targets, errors)
    plan = WavePlan(
        code=(form.code.data or "").strip(),
        version="",
        opens_on=opens_on,
        closes_on=closes_on,
        targets=asked,
        gates=chosen,
    )
    return PlanReading(plan, targets, {})


def _errors_above(form: PlanForm) -> dict[str, str]:
    """Say what is wrong with the fields above the ways in and the cities, in their order."""
    errors: dict[str, str] = {}
    if not CODE.fullmatch((form.code.data or "").strip()):
        errors["code"] = _("Small Latin letters, digits and hyphens, at most 63; a letter or digit first")
    if not form.questionnaire.data:
        errors |= explain(PlanFault.NO_VERSION)
    if form.opens_on.data is None:
        errors["opens_on"] = _("Write the first day, such as 2027-03-01")
    if form.closes_on.data is None:
        errors["closes_on"] = _("Write the last day, such as 2027-03-01")
    elif form.opens_on.data is not None and form.closes_on.data < form.opens_on.data:
        errors |= explain(PlanFault.DAYS_REVERSED)
    return errors


def explain(fault: PlanFault) -> dict[str, str]:
    """Say why a wave cannot be planned so, beside the field."""
    field, sentence = PLAN_FAULTS[fault]
    return {field: str(sentence)}


def _odd(typed: str) -> bool:
    return bool(typed) and not (typed.isascii() and typed.isdigit() and int(typed) <= LARGEST_TARGET)
