"""What people are told about their answers, held to what the software does."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.resident import drafts
from surveys.authoring.yaml_source import load, shipped
from surveys.languages import LANGUAGES
from surveys.questionnaire.redaction import masked
from tests.app.web.resident.walker import Walker
from tests.builders.country import BUSINESSES, RESIDENTS

AGAIN = {
    "kk": "Осы браузерде басталған жауаптар табылмады",
    "ru": "Начатые ответы в этом браузере не найдены",
    "en": "The answers begun in this browser were not found",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rights_are_told_in_every_language_and_point_to_formal_appeals(public: Flask, language: str) -> None:
    page = public.test_client().get(f"/s/rights?lang={language}").text
    assert f'<html lang="{language}">' in page
    assert "https://eotinish.kz" in page
    assert "94-V" in page


@pytest.mark.parametrize("wave", [RESIDENTS, BUSINESSES])
def test_the_consent_page_shows_its_version_and_leads_to_the_rights(public: Flask, wave: str) -> None:
    client = public.test_client()
    client.get("/s/?lang=en")
    walker = Walker(client, wave)
    page = walker.go(walker.post(f"/s/{wave}", city="almaty").location).text
    audience = {RESIDENTS: "resident", BUSINESSES: "business"}[wave]
    (version,) = (each.consent_version for each in map(load, shipped()) if each.audience == audience)
    assert f"Version {version} of this text." in page
    assert 'href="/s/rights"' in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("path", ["/s/", f"/s/{RESIDENTS}", "/s/rights"])
def test_every_page_of_the_survey_leads_to_the_rights(public: Flask, path: str) -> None:
    assert 'href="/s/rights"' in public.test_client().get(path).text.partition("<footer")[2]


def test_what_is_promised_is_what_the_software_does(public: Flask) -> None:
    page = public.test_client().get("/s/rights?lang=en").text
    assert "for seven days at most" in page
    assert drafts.LIFE == 7 * 24 * 3600
    assert "for 45 minutes" in page
    assert drafts.DONE_LIFE == 45 * 60
    assert "Telephone numbers, e-mail addresses, IIN, BIN, bank cards and accounts" in page
    for secret in ("+7 701 123 45 67", "a@b.kz", "880101300010", "4000 1234 5678 9010", "KZ86125KZT5004100100"):
        assert secret not in masked(f"ok {secret} ok")


def tamper(client: FlaskClient, _monkeypatch: pytest.MonkeyPatch) -> None:
    client.set_cookie("draft", "gAAAAABx", path=f"/s/{RESIDENTS}")


def lose(client: FlaskClient, _monkeypatch: pytest.MonkeyPatch) -> None:
    client.delete_cookie("draft", path=f"/s/{RESIDENTS}")


def wait_too_long(_client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "LIFE", -1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mishap", [tamper, lose, wait_too_long])
def test_a_draft_that_cannot_be_read_begins_again_and_says_why(
    public: Flask,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    mishap: Callable[[FlaskClient, pytest.MonkeyPatch], None],
) -> None:
    client = public.test_client()
    client.get(f"/s/?lang={language}")
    address = Walker(client, RESIDENTS).begin()
    assert AGAIN[language] not in client.get(f"/s/{RESIDENTS}").text
    mishap(client, monkeypatch)
    page = client.get(client.get(address).location)
    assert page.status_code == 200
    assert AGAIN[language] in page.text
