"""Members of staff in the console: invited, given roles, closed, reset by two."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.accounts import invitations
from app.accounts.models import FactorReset, Invitation, LoginSession, RoleGrant, Staff
from app.accounts.permissions import Person, Role
from app.clock import FrozenClock
from app.database import Database
from app.web import site
from surveys.population.places import store_places
from tests.app.web.console.conftest import MOST_STATEMENTS, Browser, SignIn, browser_of
from tests.builders.sites import replace_services
from tests.builders.staff import NOW, grant_role, make_staff
from tests.builders.statements import statements_of


@pytest.fixture
def admin(sign_in: SignIn, database: Database) -> Browser:
    with database.writing() as session:
        store_places(session)
    return sign_in(Role.ADMIN)


def make(database: Database, role: Role | None = None, *, is_in: bool = True, **more: str) -> Person:
    with database.writing() as session:
        person = make_staff(session, role, **more)
        session.get_one(Staff, person.id).password_hash = "a hash" if is_in else None
    return person


def test_a_person_is_invited_with_a_role_and_the_link_is_shown_once(admin: Browser, database: Database) -> None:
    form = admin.get("/console/staff/invite").text
    until = re.search(r'name="until"[^>]*value="([\d-]+)"', form)
    assert until
    assert until[1] == "2027-11-24"
    sent = {"email": "New@Example.kz", "name": "Жаңа Қызметкер", "language": "kk", "role": "analyst", "city": "aktau"}
    page = admin.send("/console/staff/invite", sent | {"until": "2027-06-30", "areas": "hlt"})
    assert page.status_code == 200
    link = re.search(r"http://127\.0\.0\.1:8001/console/welcome/([\w-]{43})", page.text)
    assert link
    with database.reading() as session:
        person = invitations.find(session, link[1], NOW)
        (held,) = session.scalars(select(RoleGrant).where(RoleGrant.staff == person.id))
        assert (person.email, held.role, held.city, held.areas) == ("new@example.kz", "analyst", "aktau", "hlt")
        assert held.granted_by == admin.person.id if admin.person else None
    shown = admin.get(f"/console/staff/{person.id}").text
    assert link[1] not in shown
    assert "(Health)" in re.sub(r"\s+", " ", shown)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "nonsense"}, "This is not an e-mail address."),
        ({"name": " "}, "The name is missing."),
        ({"role": "lead", "city": ""}, "This role belongs to a city: choose one."),
        ({"role": "lead", "city": "atlantis"}, "This role belongs to a city: choose one."),
        ({"until": "2020-01-01"}, "The last day is over already."),
        ({"role": "emperor"}, ""),
    ],
)
def test_a_wrong_invitation_is_shown_again_with_what_was_typed(
    admin: Browser, database: Database, changes: dict[str, str], words: str
) -> None:
    sent = {"email": "n@example.kz", "name": "Somebody New", "language": "kk", "role": "auditor"} | changes
    page = admin.send("/console/staff/invite", sent)
    assert page.status_code == 422
    assert words in page.text
    assert f'value="{sent["email"]}"' in page.text
    with database.reading() as session:
        assert session.scalars(select(Invitation)).all() == []


def test_roles_are_given_and_taken_back_with_their_sessions(admin: Browser, sign_in: SignIn) -> None:
    colleague = sign_in(Role.LEAD, "aktau")
    assert colleague.person
    where = f"/console/staff/{colleague.person.id}"
    assert admin.send(f"{where}/grant", {"role": "analyst", "city": "aktau", "until": "2027-01-01"}).status_code == 303
    assert "analyst, Aktau" in admin.get(where).text
    link = re.search(rf'href="({where}/revoke/\d+)"', admin.get(where).text)
    assert link
    asked = admin.get(link[1])
    assert "all sessions of this person end at once" in asked.text
    assert colleague.get("/console/").status_code == 200
    assert admin.send(link[1]).location == where
    assert colleague.get("/console/").status_code == 303
    assert admin.get(link[1]).status_code == 404


def test_nobody_changes_their_own_account_there(admin: Browser, database: Database) -> None:
    assert admin.person
    make(database, Role.ADMIN)
    where = f"/console/staff/{admin.person.id}"
    page = admin.get(where)
    assert "Give a role" not in page.text
    for path, data in (("grant", {"role": "auditor"}), ("deactivate", {}), ("reset-factors", {}), ("reactivate", {})):
        refused = admin.send(f"{where}/{path}", data)
        assert refused.status_code == 422
        assert "Nobody changes their own roles or account here" in refused.text


def test_the_last_admin_stays(admin: Browser, database: Database) -> None:
    other = make(database, Role.ADMIN)
    with database.writing() as session:
        session.get_one(Staff, admin.person.id if admin.person else 0).password_hash = None
    refused = admin.send(f"/console/staff/{other.id}/deactivate")
    assert refused.status_code == 422
    assert "last administrator who can sign in" in refused.text


def test_a_reset_is_opened_by_one_and_confirmed_by_another(admin: Browser, sign_in: SignIn, database: Database) -> None:
    """warehouse 5800: a lost phone was a lost account."""
    lost, auditor = make(database, Role.REVIEWER), sign_in(Role.AUDITOR)
    where = f"/console/staff/{lost.id}"
    assert admin.send(f"{where}/reset-factors").location == where
    with database.reading() as session:
        reset = str(session.scalars(select(FactorReset.id)).one())
    assert "Confirm the reset" not in admin.get(where).text
    refused = admin.send(f"{where}/confirm-reset", {"reset": reset})
    assert refused.status_code == 422
    assert "A second person confirms a reset" in refused.text
    assert "Confirm the reset" in auditor.get(where).text
    confirmed = auditor.send(f"{where}/confirm-reset", {"reset": reset})
    assert "/console/welcome/" in confirmed.text
    assert "The reset is confirmed" in confirmed.text
    assert auditor.send(f"{where}/confirm-reset", {"reset": reset}).status_code == 422
    with database.reading() as session:
        assert session.get_one(Staff, lost.id).password_hash is None


@pytest.mark.parametrize(
    "path", ["invite", "{}/grant", "{}/deactivate", "{}/reset-factors", "{}/confirm-reset", "{}/reactivate"]
)
def test_what_is_grave_needs_a_second_factor_within_ten_minutes(
    console: Flask, admin: Browser, database: Database, path: str
) -> None:
    person = make(database, Role.AUDITOR)
    replace_services(console, clock=FrozenClock(NOW + timedelta(minutes=11)))
    asked = admin.send(f"/console/staff/{path.format(person.id)}", {"role": "auditor"})
    assert asked.location.startswith("/console/step-up?next=")


def test_an_auditor_sees_all_and_changes_nothing_but_a_confirmation(sign_in: SignIn, database: Database) -> None:
    auditor, person = sign_in(Role.AUDITOR), make(database, Role.REVIEWER)
    assert person.name in auditor.get("/console/staff/").text
    assert "Give a role" not in auditor.get(f"/console/staff/{person.id}").text
    for path in ("grant", "deactivate", "reset-factors", "reactivate", "invite-again", "cancel-reset"):
        assert auditor.send(f"/console/staff/{person.id}/{path}").status_code == 403
    assert auditor.get("/console/staff/invite").status_code == 403


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MODERATOR, Role.LEAD, Role.REVIEWER, Role.PUBLISHER])
def test_others_see_nothing_of_staff(sign_in: SignIn, role: Role) -> None:
    browser = sign_in(role)
    assert browser.get("/console/staff/").status_code == 403
    assert browser.get("/console/staff/1").status_code == 403


def test_the_list_is_filtered_by_role_city_state_and_words(admin: Browser, database: Database) -> None:
    make(database, Role.LEAD, city="aktau", name="Aigul Lead")
    make(database, Role.AUDITOR, name="Boris Auditor", is_in=False)
    shown = {
        query: [name for name in ("Aigul Lead", "Boris Auditor") if name in admin.get(f"/console/staff/?{query}").text]
        for query in ("role=lead", "city=aktau", "state=invited", "q=boris", "")
    }
    assert shown == {
        "role=lead": ["Aigul Lead"],
        "city=aktau": ["Aigul Lead"],
        "state=invited": ["Boris Auditor"],
        "q=boris": ["Boris Auditor"],
        "": ["Aigul Lead", "Boris Auditor"],
    }
    csv = admin.get("/console/staff/?role=lead&as=csv").text
    assert "Aigul Lead" in csv
    assert "lead of the akimat, Aktau" in csv


def test_a_page_costs_eight_statements_however_many_there_are(admin: Browser, database: Database) -> None:
    with database.writing() as session:
        for number in range(60):
            person = make_staff(session, Role.LEAD, "aktau", name=f"Person {number}")
            grant_role(session, person.id, Role.ANALYST, "aktau")
    own = f"/console/staff/{person.id}"
    for address in ("/console/staff/", own, f"{own}/deactivate", "/console/me"):
        with statements_of(database) as statements:
            assert admin.get(address).status_code == 200
        assert len(statements) <= MOST_STATEMENTS, statements


def test_a_role_whose_day_is_over_is_not_there(console: Flask, sign_in: SignIn, database: Database) -> None:
    browser = sign_in(Role.AUDITOR, until_day=NOW.date())
    assert browser.get("/console/staff/").status_code == 200
    moved = FrozenClock(NOW + timedelta(days=1))
    replace_services(console, clock=moved)
    with database.writing() as session:
        session.execute(LoginSession.__table__.update().values(created_at=moved.now(), seen_at=moved.now()))
    assert browser.get("/console/staff/").status_code == 403
    assert site.services_of(console).clock is moved


def test_the_end_of_the_last_administrator_is_warned_of_two_weeks_before(
    console: Flask, database: Database, clock: FrozenClock
) -> None:
    persons = [make(database, role) for role in (Role.ADMIN, Role.AUDITOR, Role.PUBLISHER)]
    words = "nobody is an administrator any more"
    warned = []
    for days in (14, 15):
        with database.writing() as session:
            ends = update(RoleGrant).where(RoleGrant.staff == persons[0].id)
            session.execute(ends.values(until_day=clock.today() + timedelta(days=days)))
        warned.append([words in browser_of(console, person).get("/console/").text for person in persons])
    assert warned == [[True, True, False], [False] * 3]


def test_the_roles_of_a_closed_account_are_shown_as_over(admin: Browser, database: Database) -> None:
    person = make(database, Role.REVIEWER)
    where, said = f"/console/staff/{person.id}", "over: the account is closed"
    assert said not in admin.get(where).text
    admin.send(f"{where}/deactivate")
    page = admin.get(where).text
    assert said in page
    assert "in force" not in page
    listed = admin.get("/console/staff/?state=closed")
    assert said in listed.text
    assert "assessor" not in listed.text.partition("<tbody>")[2]
    assert "assessor" not in admin.get("/console/staff/?state=closed&as=csv").text
    admin.send(f"{where}/reactivate")
    assert "in force" in admin.get(where).text
