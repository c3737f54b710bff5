"""Templates of replies: kept by the lead in both languages, inserted below what was typed, and never over it."""

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import Database
from app.feedback.placeholders import NAMES, gaps_in
from app.feedback.reply_models import REPLY_KINDS, ReplyTemplate
from app.feedback.reply_templates import TemplateTerms, faults_of_template, shipped_templates
from app.feedback.reply_texts import SHORTEST
from tests.app.web.console.conftest import MOST_STATEMENTS
from tests.app.web.console.replying import DONE, NEW, ReplyOffice, make_reply_office, said, version
from tests.builders.staff import CITY
from tests.builders.statements import statements_of

PATH = "/console/templates/"
OURS = {
    "name": "Жөндеу", "kind": "done", "area": "", "en": "",
    "kk": "Жұмыс бітті, біткен күні: {date}. Рақмет!", "ru": "Работа закончена {date}. Спасибо!",
}  # fmt: skip


@pytest.fixture
def place(console: Flask, database: Database) -> ReplyOffice:
    return make_reply_office(console, database)


def kept(place: ReplyOffice) -> list[ReplyTemplate]:
    with place.database.reading() as session:
        return list(session.scalars(select(ReplyTemplate)))


def text_of(page: str, language: str) -> str:
    found = re.search(rf'<textarea[^>]* name="{language}"[^>]*>([^<]*)<', page)
    assert found
    return unescape(found[1]).replace("\r\n", "\n").strip()


def test_every_city_has_good_beginnings_in_both_languages() -> None:
    shipped = shipped_templates()
    assert {each.kind for each in shipped} == set(REPLY_KINDS)
    assert len({each.key for each in shipped}) == len(shipped)
    for each in shipped:
        assert not list(faults_of_template(TemplateTerms(each.kind, each.area, each.name.kk, each.text))), each.key
        assert min(len(each.text.kk), len(each.text.ru)) >= SHORTEST
        assert all(len(name) <= 60 for name in each.name)
    assert {gap for each in shipped for gap in gaps_in(each.text.kk)} <= set(NAMES)


def test_a_template_comes_below_what_was_typed_and_what_is_known_is_filled_in(place: ReplyOffice) -> None:
    writer = place.browser("analyst")
    typed = DONE | {"kk": "Менің сөзім.", "ru": "", "template": "done_repaired", "insert": "1"}
    page = writer.send(NEW, typed)
    assert page.status_code == 200
    assert text_of(page.text, "kk").startswith("Менің сөзім.\n\nХабарлағаныңызға рақмет. «")
    assert "{theme}" not in text_of(page.text, "kk")
    assert "{date}" in text_of(page.text, "ru")
    assert place.replies() == []
    filled = {code: text_of(page.text, code) for code in ("kk", "ru")}
    assert writer.send(NEW, DONE | filled | {"then": "ready"}).status_code == 303
    (text,) = place.texts()
    assert "Жұмыс біткен күн: 2026 жылғы 24 қараша." in text.kk
    assert "Закончили 24 ноября 2026 года." in text.ru
    address = "/console/replies/aktau/1/correct"
    page = writer.send(address, filled | {"kind": "cannot", "template": "cannot_money", "insert": "1", "version": "2"})
    assert text_of(page.text, "kk").startswith(filled["kk"])
    assert len(place.texts()) == 1


def test_a_lead_keeps_a_template_of_the_city_and_clerks_are_offered_it(place: ReplyOffice) -> None:
    lead, writer = place.browser("lead"), place.browser("analyst")
    assert writer.get(PATH).status_code == 403
    page = lead.get(PATH)
    assert "Make one of your own of it" in page.text
    assert "Templates" in lead.get("/console/replies/").text
    basis = lead.get(f"{PATH}{CITY}/new?from=cannot_money").text
    assert "бюджетінде" in text_of(basis, "kk")
    assert lead.send(f"{PATH}{CITY}/new", OURS).status_code == 303
    assert "Жөндеу" in writer.get(NEW).text
    (row,) = kept(place)
    page = lead.get(f"{PATH}{CITY}/{row.id}").text
    lead.send(f"{PATH}{CITY}/{row.id}", OURS | {"name": "Жөнделді", "version": version(page)})
    stale = place.browser("other").send(f"{PATH}{CITY}/{row.id}", OURS | {"name": "Басқа", "version": "1"})
    assert stale.status_code == 409
    assert "Жөнделді" in stale.text
    assert "Басқа" in stale.text
    lead.send(f"{PATH}{CITY}/{row.id}/remove", {"version": "2"})
    assert kept(place) == []
    assert lead.get(f"{PATH}{CITY}/{row.id}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"kk": ""}, "kk", "Please fill this in."),
        ({"kk": OURS["kk"] + " {сома}"}, "kk", "A gap with this name does not exist"),
        ({"kk": "Біткен күні: {date}да, рақмет сізге!"}, "kk", "An ending is glued to a gap"),
        ({"ru": "Работа закончена. Спасибо!"}, "ru", "have different gaps"),
        ({"kind": ""}, "kind", "Please fill this in."),
        ({"name": " "}, "name", "Please fill this in."),
    ],
)
def test_a_template_that_could_not_be_used_is_refused_beside_its_field(
    place: ReplyOffice, wrong: dict[str, str], field: str, words: str
) -> None:
    answer = place.browser("lead").send(f"{PATH}{CITY}/new", OURS | wrong)
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error">[^<]*{re.escape(words)}', answer.text), said(answer.text)
    assert kept(place) == []


def test_pages_of_templates_ask_the_database_little(place: ReplyOffice) -> None:
    lead = place.browser("lead")
    for page in (PATH, f"{PATH}{CITY}/new"):
        with statements_of(place.database) as statements:
            assert lead.get(page).status_code == 200
        assert len(statements) <= MOST_STATEMENTS
