"""The rules of moderation: one source for page and document, in three languages, with the reasons of the database."""

from html import unescape

import pytest
from flask.testing import FlaskClient

from app.feedback import clock
from app.feedback.board.rules import load_rules, rules_document
from app.feedback.models import REASONS
from surveys.languages import LANGUAGES, Text3
from tests.contracts.test_documents import ROOT

NOT_ON_THE_LIST = {"kk": "сын жоқ", "ru": "Критики среди них нет", "en": "Criticism is not one of them"}
NO_APPEAL = {
    "kk": "Ұсыныс — ресми өтініш емес",
    "ru": "Предложение — не официальное обращение",
    "en": "A suggestion is not a formal appeal",
}


def texts() -> list[Text3]:
    rules = load_rules()
    sections = [text for section in rules.sections for text in (section.title, *section.text)]
    return [rules.title, *sections, *(text for reason in rules.reasons for text in (reason.name, reason.text))]


def test_the_document_is_made_of_the_rules() -> None:
    document = (ROOT / "docs" / "moderation.md").read_text(encoding="utf-8")
    assert document == rules_document(clock.WORKING_DAYS), "python -m app feedback rules > docs/moderation.md"


def test_the_reasons_are_those_of_the_database_and_every_text_is_there() -> None:
    assert tuple(reason.code for reason in load_rules().reasons) == REASONS
    assert [text for text in texts() if not all(text)] == []
    assert [text for text in texts() if len({"{days}" in words for words in text}) > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_what_people_must_know(portal: FlaskClient, language: str) -> None:
    page = unescape(portal.get(f"/{language}/said/rules").text)
    assert NOT_ON_THE_LIST[language] in page
    assert NO_APPEAL[language] in page
    assert '<a href="https://eotinish.kz" rel="nofollow noreferrer">https://eotinish.kz</a>' in page
    assert f"{clock.WORKING_DAYS} " in page
    for reason in load_rules().reasons:
        assert f"<dt>{reason.name.pick(language)}</dt>" in page
        assert reason.text.pick(language)[:40] in page
