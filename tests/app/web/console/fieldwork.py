"""Waves for tests of the console."""

from datetime import timedelta

from flask import Flask

from app.audit.journal import Actor
from app.fieldwork import services
from app.web import site
from surveys.authoring.yaml_source import load, shipped
from surveys.fieldwork.waves import WavePlan
from surveys.questionnaire.definition import Questionnaire
from tests.conftest import NOW

WAVE = "spring"
CITIES = {"aktau": 50, "oral": 60}
RESIDENT = load(shipped()[0])
BUSINESS = load(shipped()[1])
STAFF = load(shipped()[2])


def make_wave(console: Flask, state: str = "open", *, asked: Questionnaire = RESIDENT, **changes: object) -> None:
    """Plan a wave, and bring it to a state."""
    own = site.services_of(console)
    actor, day = Actor(None, NOW), NOW.date()
    values = {"code": WAVE, "opens_on": day, "closes_on": day + timedelta(days=9), "targets": CITIES}
    plan = WavePlan(version="", **(values | changes))  # type: ignore[arg-type]
    with own.database.writing() as session:
        services.plan_wave(session, actor, plan, asked, own.settings.keys)
    states = ("planned", "open", "closed", "frozen")
    for after in states[1 : states.index(state) + 1]:
        with own.database.writing() as session:
            if after == "frozen":
                services.freeze_wave(session, actor, plan.code, own.settings.keys)
            else:
                {"open": services.open_wave, "closed": services.close_wave}[after](session, actor, plan.code)
