"""Nobody approves what the checks have not looked at; what was approved waits for nobody; a request is compared."""

from flask import Flask
from sqlalchemy import select

from app.accounts.permissions import Role
from app.config import Settings
from app.database import Database
from app.publishing.models import Publication, PublicationRequest
from app.workspace.models import Task
from surveys.languages import LANGUAGES
from tests.app.publications import publish_copy
from tests.app.web.console import test_publications as publications
from tests.app.web.console.conftest import SignIn
from tests.app.web.console.test_publications import approve, approved_twice, digests, page_of
from tests.builders.sites import replace_services

asked, database = publications.asked, publications.database
console, number = publications.console, publications.number


def test_what_two_approved_waits_for_nobody_s_approval(sign_in: SignIn, number: int) -> None:
    third = sign_in(Role.REVIEWER)
    for role in (Role.REVIEWER, Role.PUBLISHER):
        approve(sign_in(role), number)
    assert "waits for your approval" not in third.get("/console/").text


def test_nobody_approves_before_the_checks_are_known(database: Database, sign_in: SignIn, number: int) -> None:
    browser = sign_in(Role.REVIEWER)
    shown = digests(browser, number)
    with database.writing() as session:
        session.get_one(PublicationRequest, number).few_people = None
    page = browser.get(page_of(number)).text
    assert "/approve" not in page
    assert "It can be approved once the results of the checks are known." in page
    assert "Compute the preview" in page
    assert "<textarea" not in browser.get(page_of(number, "/approve")).text
    refused = browser.send(page_of(number, "/approve"), shown | {"note": "ok"})
    assert refused.status_code == 422
    assert "Its preview is not computed yet" in refused.text


def test_a_preview_that_is_being_computed_is_not_ordered_again(
    database: Database, console: Flask, sign_in: SignIn, number: int
) -> None:
    with database.writing() as session:
        session.get_one(PublicationRequest, number).few_people = None
    replace_services(console, worker=lambda _task: None)
    browser = sign_in(Role.REVIEWER)
    browser.send(page_of(number, "/draft"))
    page = browser.get(page_of(number)).text
    assert "The preview is being computed" in page
    assert "Compute the preview" not in page
    assert browser.send(page_of(number, "/draft")).location == page_of(number)
    with database.reading() as session:
        assert session.scalars(select(Task.kind)).all() == ["publications.draft"]


def test_pages_of_the_portal_are_led_to_where_the_portal_is(settings: Settings, sign_in: SignIn) -> None:
    page = sign_in(Role.PUBLISHER).get("/console/publications/").text
    assert f'href="{settings.public_url}/en/ratings/1/"' in page
    assert 'href="/en/ratings/' not in page


def test_the_page_of_publishing_says_what_gives_way(sign_in: SignIn, number: int) -> None:
    _reviewer, publisher = approved_twice(sign_in, number)
    page = publisher.get(page_of(number, "/publish")).text
    assert f"Request {number} → publication 2" in page
    assert "it takes the place of publication 1 (2024, published on" in page


def test_requests_and_publications_have_names_of_their_own(sign_in: SignIn, number: int) -> None:
    _reviewer, publisher = approved_twice(sign_in, number)
    assert "Your approval is recorded." in publisher.get(page_of(number)).text
    publisher.send(page_of(number, "/publish"))
    named = f"Request {number} → publication 2"
    assert named in publisher.get(page_of(number)).text
    listed = publisher.get("/console/publications/").text.partition("<main")[2]
    assert named in listed
    assert f">{number}<" not in listed
    runs = publisher.get("/console/runs/").text
    assert f"Request {number}<" in runs
    assert "Publication 2<" in runs


def test_a_request_is_compared_with_a_publication_of_its_own_edition(
    database: Database, sign_in: SignIn, number: int
) -> None:
    browser = sign_in(Role.AUDITOR)
    publish_copy(database, 2, edition="standard_2019")
    publish_copy(database, 3, period="2023")
    page = browser.get(page_of(number)).text
    assert "Compared with publication 1 of the same period." in page
    assert "Places and totals: before" in page
    with database.writing() as session:
        session.get_one(Publication, 1).state = "withdrawn"
    page = browser.get(page_of(number)).text
    assert "Compared with publication 3 of the same edition, whose period is 2023." in page
    with database.writing() as session:
        session.get_one(Publication, 3).state = "withdrawn"
    said = (
        "редакциясы бойынша қолданыстағы жарияланым жоқ",
        "Действующих публикаций по редакции",
        "No publication of its edition",
    )
    for language, words in zip(LANGUAGES, said, strict=True):
        page = sign_in(Role.AUDITOR, language=language).get(page_of(number)).text
        assert words in page
        assert "<caption>" not in page
