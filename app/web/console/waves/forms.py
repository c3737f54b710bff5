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
from surveys.fieldwork.waves import PlanError, WavePlan
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
    errors = {f"target-{city}": _("Write a whole number, or nothing") for city, typed in targets.items() if _odd(typed)}
    code = (form.code.data or "").strip()
    if not CODE.fullmatch(code):
        errors["code"] = _("Small Latin letters, digits and hyphens, at most 63; a letter or digit first")
    opens_on, closes_on = form.opens_on.data, form.closes_on.data
    if opens_on is None:
        errors["opens_on"] = _("Write a day, such as 2027-03-01")
    if closes_on is None:
        errors["closes_on"] = _("Write a day, such as 2027-03-01")
    asked = {city: int(typed) for city, typed in targets.items() if not _odd(typed) and typed not in {"", "0"}}
    if not asked and not errors:
        errors["target-astana"] = _("Write a number beside at least one city")
    if errors or opens_on is None or closes_on is None:
        return PlanReading(None, targets, errors)
    chosen = frozenset(gate for gate in form.gates.data or () if gate in gates)
    plan = WavePlan(code=code, version="", opens_on=opens_on, closes_on=closes_on, targets=asked, gates=chosen)
    return PlanReading(plan, targets, {})


def explain(error: PlanError) -> Errors:
    """Say why a wave cannot be planned so, beside the field."""
    field, sentence = PLAN_FAULTS[error.fault]
    return {field: str(sentence)}


def _odd(typed: str) -> bool:
    return bool(typed) and not (typed.isascii() and typed.isdigit() and int(typed) <= LARGEST_TARGET)
