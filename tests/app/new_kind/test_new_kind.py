"""A new kind of question goes the whole way, from its file to the tallies, with no other module changed."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader
from sqlalchemy import select

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.printing.forms import PaperOrder, forms_pdf
from app.web.public import create_public
from app.web.resident.paper.sheets import sheets_of
from surveys.authoring.yaml_source import load
from surveys.authoring.yaml_writing import as_yaml
from surveys.ballots import keys
from surveys.errors import AnswersError, DefinitionError, Problem, Reason
from surveys.fieldwork import waves
from surveys.models import Response
from surveys.population.places import load_places, store_places
from surveys.questionnaire.compiled import Compiled, compile_questionnaire
from surveys.questionnaire.definition import Questionnaire
from surveys.questionnaire.kinds import KINDS
from surveys.questionnaire.packing import pack, unpack
from surveys.questionnaire.versions import freeze_questionnaire
from surveys.tallies import folding
from surveys.xlsform.exchange import from_sheets
from surveys.xlsform.sheets import read_here
from surveys.xlsform.writing import write_xlsform
from tests.app.new_kind.stars import HERE, PRODUCT_FILES, STARS, TEMPLATES
from tests.app.web.resident.walker import Walker

WAVE = "starred"
FORM = HERE / "form.yaml"


@pytest.fixture(autouse=True)
def stars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, STARS.code, STARS)


@pytest.fixture
def compiled() -> Compiled:
    return compile_questionnaire(load(FORM))


@pytest.fixture
def site(sqlite: Database, settings: Settings, clock: FrozenClock, compiled: Compiled) -> Flask:
    with sqlite.writing() as session:
        store_places(session)
        digest = freeze_questionnaire(session, compiled.questionnaire, today=clock.today())
        plan = waves.WavePlan(
            code=WAVE, version=digest, opens_on=clock.today(), closes_on=clock.today(), targets={"almaty": 10}
        )
        waves.plan_wave(session, plan)
        waves.open_wave(session, WAVE)
    keys.create(settings.keys, WAVE)
    app = create_public(settings, sqlite, clock)
    app.testing = True
    app.jinja_env.loader = ChoiceLoader([FileSystemLoader(TEMPLATES), *filter(None, [app.jinja_env.loader])])
    return app


def stored(database: Database) -> list[bytes]:
    with database.reading() as session:
        return list(session.scalars(select(Response.closed)))


def test_a_permanent_kind_touches_five_files_at_most() -> None:
    assert len(PRODUCT_FILES) <= 5


def test_it_is_read_checked_and_frozen(compiled: Compiled, tmp_path: Path) -> None:
    q = compiled.questionnaire
    assert Questionnaire.from_json(q.to_json()) == q
    again = tmp_path / "again.yaml"
    again.write_text(as_yaml(q), encoding="utf-8")
    assert load(again).digest() == q.digest()


def test_what_its_definition_must_not_have_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    limited = FORM.read_text(encoding="utf-8").replace(
        "kind: stars", "kind: stars\n        minimum: 1\n        scored: true"
    )
    limited = limited.replace("maximum: 5", "maximum: 11")
    broken.write_text(limited, encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        load(broken)
    named = [(defect.where.rpartition(" ")[2], defect.code) for defect in refused.value.defects]
    limits = [(code, "limit_not_used") for code in ("service", "staff")]
    scores = [(code, "kind_cannot_be_scored") for code in ("service", "staff")]
    assert sorted(named) == sorted([*limits, *scores, ("staff", "out_of_range")])


def test_without_its_row_of_kinds_it_is_unknown(compiled: Compiled, monkeypatch: pytest.MonkeyPatch) -> None:
    definition = compiled.questionnaire.to_json().replace('"version":1', '"version":2')
    monkeypatch.delitem(KINDS, STARS.code)
    with pytest.raises(DefinitionError, match="unknown_kind"):
        load(FORM)
    with pytest.raises(DefinitionError, match="unknown_kind"):
        compile_questionnaire(Questionnaire.from_json(definition))


def test_each_is_checked_and_packed_into_one_byte(compiled: Compiled) -> None:
    answers = compiled.check({"service": "10", "staff": "3", "used": ["yes"]}, "almaty")
    assert pack(compiled, answers) == bytes([10, 3, 1])
    assert unpack(compiled, bytes([10, 3, 1])) == answers == {"service": "10", "staff": "3", "used": "yes"}
    for code, stars in (("service", "11"), ("staff", "6"), ("staff", "0"), ("staff", 3), ("staff", ["3"])):
        with pytest.raises(AnswersError) as refused:
            compiled.check({code: stars}, "almaty")
        assert refused.value.problems == (Problem(code, Reason.OUT_OF_RANGE),)


def test_it_comes_back_from_xlsform(compiled: Compiled) -> None:
    back = from_sheets(read_here(write_xlsform(compiled.questionnaire)), "form.xlsx")
    assert back.left_out == ()
    assert back.questionnaire == compiled.questionnaire


def test_it_is_asked_without_script_stored_and_tallied(site: Flask, sqlite: Database) -> None:
    for stars in ("7", "7", "10"):
        walker = Walker(site.test_client(), WAVE)
        page = walker.begin()
        html = walker.go(page).text
        assert '<input id="service" name="service" type="range" min="0" max="10"' in html
        refused = walker.post(page, service="11", used="yes")
        assert refused.status_code == 422
        assert 'value="11" aria-describedby="service-error" aria-invalid="true"' in refused.text
        suggestions = walker.post(page, service=stars, used="yes").location
        assert f'value="{stars}"' in walker.go(page).text
        check = walker.post(suggestions).location
        assert f"<dd>\n{stars}" in walker.go(check).text
        assert walker.send().status_code == 303
    assert sorted(stored(sqlite)) == [bytes([7, 0, 1]), bytes([7, 0, 1]), bytes([10, 0, 1])]
    with sqlite.writing() as session:
        folding.fold(session, minimum=1)
    with sqlite.reading() as session:
        (tally,) = folding.read(session, [WAVE])
    assert tally.cube.option_counts(tally.counts, "service").tolist() == [0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 1]


def test_it_is_sent_by_a_phone(site: Flask, sqlite: Database, compiled: Compiled) -> None:
    q = compiled.questionnaire
    body = {
        "wave": WAVE,
        "city": "almaty",
        "version": q.digest(),
        "lang": "kk",
        "consent": q.consent_version,
        "answers": {"service": "9"},
    }
    client = site.test_client()
    refused = client.put(f"/r/{'1' * 32}", json=body | {"answers": {"service": "0"}})
    assert refused.status_code == 422
    assert client.put(f"/r/{'2' * 32}", json=body).status_code == 201
    assert stored(sqlite) == [bytes([9, 0, 0])]


def test_it_stands_on_paper(compiled: Compiled) -> None:
    almaty = load_places().city("almaty")
    (sheet,) = sheets_of(compiled.questionnaire, almaty, {"service": "4"})
    typed_items = [(item.code, item.typed, len(item.lines)) for item in sheet.items]
    assert typed_items == [("service", "4", 0), ("staff", "", 0), ("used", "", 2)]
    assert BytesIO(forms_pdf(compiled.questionnaire, PaperOrder(almaty, "kk", ["1"]))).read(4) == b"%PDF"
