"""Who gets into the console, for how long, and what the guard says to everybody else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Blueprint, Flask
from sqlalchemy import select, update

from app.accounts.models import LoginSession, RoleGrant, Staff
from app.accounts.permissions import Permission, Role
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.web import site
from app.web.console import access
from app.web.console_site import create_console
from tests.app.web.console.conftest import Browser, SignIn
from tests.builders.sites import replace_services
from tests.builders.staff import NOW


def at(console: Flask, moment: Any) -> None:
    replace_services(console, clock=FrozenClock(moment))


def test_nobody_is_led_to_the_sign_in_with_the_way_back(console: Flask) -> None:
    page = console.test_client().get("/console/?state=returned")
    assert page.status_code == 303
    assert page.location == "/console/sign-in?next=%2Fconsole%2F%3Fstate%3Dreturned"


def test_the_root_of_a_host_of_its_own_leads_to_the_console(console: Flask) -> None:
    for address in ("/", "/console"):
        assert console.test_client().get(address).location == "/console/"


def test_whoever_is_signed_in_sees_name_and_role(sign_in: SignIn) -> None:
    browser = sign_in(Role.ANALYST, "aktau", name="Aigerim Saparova")
    page = browser.get("/console/")
    assert page.status_code == 200
    assert "Aigerim Saparova" in page.text
    assert "analyst, Aktau" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_a_session_ends_after_half_an_hour_unused(console: Flask, sign_in: SignIn) -> None:
    browser = sign_in(Role.ANALYST)
    moment = NOW
    for _each in range(3):
        moment += timedelta(minutes=29)
        at(console, moment)
        assert browser.get("/console/").status_code == 200
    at(console, moment + timedelta(minutes=30))
    assert browser.get("/console/").status_code == 303


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(console: Flask, sign_in: SignIn) -> None:
    browser = sign_in(Role.ANALYST)
    for minutes in range(25, 12 * 60, 25):
        at(console, NOW + timedelta(minutes=minutes))
        assert browser.get("/console/").status_code == 200
    at(console, NOW + timedelta(hours=12))
    assert browser.get("/console/").status_code == 303


def test_the_database_holds_a_hash_of_the_token(console: Flask, sign_in: SignIn, database: Database) -> None:
    browser = sign_in(Role.ANALYST)
    with database.reading() as session:
        row = session.execute(select(LoginSession.__table__)).one()
    assert browser.token_of_session not in [str(value) for value in row]
    assert len(browser.token_of_session) >= 43, "256 bits"
    stranger = console.test_client()
    stranger.set_cookie("console", row.mark, path="/console")
    assert stranger.get("/console/").status_code == 303


@pytest.mark.parametrize("change", ["revoked", "closed", "over"])
def test_rights_are_read_at_every_request(console: Flask, sign_in: SignIn, database: Database, change: str) -> None:
    browser = sign_in(Role.ANALYST)
    assert browser.get("/console/").status_code == 200
    with database.writing() as session:
        if change == "closed":
            session.execute(update(Staff).values(active=False))
        elif change == "revoked":
            session.execute(update(RoleGrant).values(revoked=True))
        else:
            session.execute(update(RoleGrant).values(until_day=NOW.date(), from_day=NOW.date() - timedelta(days=1)))
            at(console, NOW)  # on its last day a grant holds
    page = browser.get("/console/")
    assert page.status_code == (303 if change == "closed" else 200)
    assert ("analyst, Aktau" in page.text) == (change == "over")


def test_a_form_without_its_token_is_refused(sign_in: SignIn) -> None:
    refused = sign_in(Role.ANALYST).post("/console/language", data={"language": "ru"})
    assert refused.status_code == 400
    assert "Cookies must be allowed for the console" in refused.text


def test_the_language_stays_with_the_person(sign_in: SignIn) -> None:
    browser = sign_in(Role.ANALYST)
    assert '<html lang="en"' in browser.get("/console/").text
    moved = browser.send("/console/language", {"language": "kk", "next": "/console/?x=1"})
    assert moved.location == "/console/?x=1"
    assert '<html lang="kk"' in browser.get("/console/").text
    assert browser.send("/console/language", {"language": "kk", "next": "//elsewhere.kz/"}).location == "/console/"
    assert browser.send("/console/language", {"language": "de"}).status_code == 422


CASES = {
    # role, city of the person: what the city's page answers, what the country's page answers
    (Role.ANALYST, "aktau"): (200, 200),
    (Role.ANALYST, "almaty"): (404, 200),
    (Role.LEAD, "aktau"): (200, 200),
    (Role.MODERATOR, "aktau"): (403, 403),
    (Role.REVIEWER, None): (200, 200),
    (Role.ADMIN, None): (403, 403),
    (None, None): (403, 403),
}


@pytest.mark.parametrize(("role", "city"), CASES)
def test_another_city_is_not_there_and_a_missing_right_is_forbidden(
    probed: Flask, sign_in: SignIn, role: Role | None, city: str | None
) -> None:
    browser = sign_in(role, city)
    browser.application = probed
    assert tuple(browser.get(f"/console/probe/{where}").status_code for where in ("aktau", "")) == CASES[role, city]


def test_a_second_factor_is_asked_for_once_more(probed: Flask, sign_in: SignIn) -> None:
    browser = sign_in(Role.ADMIN)
    browser.application = probed
    assert browser.get("/console/probe/grave").status_code == 200
    at(probed, NOW + timedelta(minutes=10))
    assert browser.get("/console/probe/grave").location == "/console/step-up?next=%2Fconsole%2Fprobe%2Fgrave"


@pytest.fixture
def probed(console: Flask, settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The console with three pages more."""
    monkeypatch.setattr(access, "check", _with_probe)
    app = create_console(settings, database, site.services_of(console).clock)
    app.testing = True
    app.test_client_class = Browser
    return app


def _with_probe(app: Flask) -> None:
    bp = Blueprint("probe", __name__, url_prefix="/console/probe")
    see = access.requires(Permission.SEE_VALUES)
    bp.add_url_rule("/<city>", "city", see(lambda city: city))
    bp.add_url_rule("/", "country", see(lambda: "country"))
    grave = access.requires(Permission.MANAGE_STAFF)(access.stepped_up(lambda: "grave"))
    bp.add_url_rule("/grave", "grave", grave)
    app.register_blueprint(bp)


def test_the_console_does_not_start_with_a_route_of_which_nobody_said_who_may_use_it(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = access.check

    def with_a_free_route(app: Flask) -> None:
        app.add_url_rule("/console/free", "free", lambda: "free")
        check(app)

    monkeypatch.setattr(access, "check", with_a_free_route)
    with pytest.raises(access.UnguardedError, match="/console/free"):
        create_console(settings, database)


def test_a_missing_page_is_one_of_the_console(sign_in: SignIn) -> None:
    page = sign_in(Role.ANALYST).get("/console/nothing")
    assert page.status_code == 404
    assert "To the first page of the console" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_the_cookie_goes_to_the_console_alone(settings: Settings, database: Database) -> None:

    own = replace(settings, public_url="https://qala.example", console_url="https://qala.example")
    app = create_console(own, database)
    with app.test_request_context("/console/"):
        response = app.make_response("")
        access.keep(response, "token")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Secure-console=token; ")
    assert {"Secure", "HttpOnly", "Path=/console", "SameSite=Lax"} <= set(cookie.split("; "))
