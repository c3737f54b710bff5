"""Thirteen persons of the demo, each of whom signs in by one press."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from app.accounts.permissions import Permission, Role, Scope, rights
from app.audit.journal import Actor
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.demo.persons import PERSONS, seed_persons
from app.web.console_site import create_console
from surveys.population.places import store_places
from tests.app.web.console.conftest import Browser
from tests.builders.staff import make_staff


@pytest.fixture
def demo(database: Database, settings: Settings, clock: FrozenClock) -> Flask:
    with database.writing() as session:
        store_places(session)
    with database.writing() as session:
        assert len(seed_persons(session, Actor(None, clock.now()))) == 13
        assert len(seed_persons(session, Actor(None, clock.now()))) == 13
    app = create_console(replace(settings, demo=True), database, clock)
    app.testing = True
    app.test_client_class = Browser
    return app


def test_each_of_them_signs_in_by_one_press_and_confirms_by_another(demo: Flask) -> None:
    ids = re.findall(r'name="person" value="(\d+)"', demo.test_client().get("/console/demo").text)
    assert len(ids) == len(PERSONS) == 13
    for person, staff in zip(PERSONS, ids, strict=True):
        browser = demo.test_client()
        assert isinstance(browser, Browser)
        assert browser.send("/console/demo", {"person": staff}).location == "/console/"
        assert person.name in browser.get("/console/").text
        assert browser.send("/console/demo/step-up", {"next": "/console/me"}).location == "/console/me"


def test_nobody_but_a_person_of_the_demo_is_pressed(demo: Flask, database: Database) -> None:
    with database.writing() as session:
        real = make_staff(session, "admin")
    browser = demo.test_client()
    assert isinstance(browser, Browser)
    for wanted in (str(real.id), "0", "x", ""):
        assert browser.send("/console/demo", {"person": wanted}).status_code == 404


def test_they_can_do_everything_and_come_from_three_cities_and_the_ministry() -> None:
    held = [(role, city) for person in PERSONS for role, city in person.roles]
    assert len({city for _role, city in held if city}) == 3
    can = {
        permission
        for permission in Permission
        for role, _city in held
        if rights()[permission][role] is not Scope.NOWHERE
    }
    assert can == set(Permission)


def test_each_way_to_a_publication_can_be_walked_by_pressing_persons() -> None:
    """Whoever asks, there are two others who approve, and one of those who publish did not ask."""
    held = {person.key: {role for role, _city in person.roles} for person in PERSONS}
    approving = {key for key, roles in held.items() if roles & {Role.REVIEWER, Role.PUBLISHER}}
    publishing = {key for key, roles in held.items() if Role.PUBLISHER in roles}
    stuck = [key for key in approving if len(approving - {key}) < 2 or not publishing - {key}]
    assert stuck == []


def test_the_language_of_the_page_stays_when_a_person_is_pressed(demo: Flask) -> None:
    for language in ("en", "ru", "kk"):
        browser = demo.test_client()
        assert isinstance(browser, Browser)
        page = browser.get(f"/console/demo?lang={language}").text
        person = re.findall(r'name="person" value="(\d+)"', page)[0]
        browser.send("/console/demo", {"person": person})
        assert f'<html lang="{language}"' in browser.get("/console/").text


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via"])
def test_nobody_is_pressed_through_a_proxy_that_the_settings_do_not_know(demo: Flask, name: str) -> None:
    browser = demo.test_client()
    ids = re.findall(r'name="person" value="(\d+)"', browser.get("/console/demo").text)
    assert isinstance(browser, Browser)
    assert browser.get("/console/demo", headers={name: "203.0.113.7"}).status_code == 404
    assert browser.send("/console/demo", {"person": ids[0]}, headers={name: "203.0.113.7"}).status_code == 404


@pytest.mark.parametrize(
    "change", [{"public_url": "http://rating.example.kz"}, {"console_url": "http://desk.example.kz"},
               {"trusted_hosts": frozenset({"rating.example.kz"})}],
)  # fmt: skip
def test_nobody_is_pressed_where_the_site_has_a_name(
    database: Database, settings: Settings, clock: FrozenClock, change: dict[str, str]
) -> None:
    app = create_console(replace(settings, demo=True, **change), database, clock)  # type: ignore[arg-type]
    assert app.test_client().get("/console/demo").status_code == 404
