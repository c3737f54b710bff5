import gzip
import json
import re
from pathlib import Path

import pytest
from flask import Flask

from app.web import site
from app.web.resident.form.walk import WaveView
from app.web.resident.phone import offline, scripts
from app.web.resident.phone.texts import words
from ops import icons
from surveys.authoring.yaml_source import load, shipped
from surveys.fieldwork import waves
from surveys.languages import LANGUAGES
from surveys.population.places import load_places
from surveys.questionnaire.compiled import compile_questionnaire
from surveys.questionnaire.definition import Questionnaire
from tests.app.web.resident.walker import Walker
from tests.builders.country import BUSINESSES, RESIDENTS

KB = 1024


@pytest.mark.parametrize("wave", [RESIDENTS, BUSINESSES])
def test_one_file_carries_the_whole_questionnaire_and_its_cities_in_three_languages(public: Flask, wave: str) -> None:
    answer = public.test_client().get(f"/s/{wave}/offline.json", follow_redirects=True)
    file = json.loads(answer.data)
    q = Questionnaire.from_json(json.dumps(file["questionnaire"]))
    assert q.digest() == file["version"]
    assert {city.code for city in load_places().cities} == set(file["cities"])
    assert all(set(order) == set(file["cities"]) for order in file["order"].values())
    assert file["cities"]["almaty"]["city_in"] == ["Алматыда", "в Алматы", "in Almaty"]
    assert len(set(file["about"])) == len(LANGUAGES)


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_the_file_of_a_shipped_questionnaire_has_at_most_60_kb_gzipped(public: Flask, path: Path) -> None:
    cities = frozenset(city.code for city in load_places().cities)
    view = WaveView("w", "resident", True, False, compile_questionnaire(load(path)), cities)
    with public.test_request_context():
        body = offline.file_of(view).body
    assert len(gzip.compress(body.encode(), 6)) <= 60 * KB


def test_a_file_may_be_kept_for_ever_under_its_own_address_and_the_plain_address_leads_to_the_newest(
    public: Flask,
) -> None:
    client = public.test_client()
    plain = client.get(f"/s/{RESIDENTS}/offline.json")
    assert (plain.status_code, plain.headers["Cache-Control"]) == (302, "no-cache")
    assert re.fullmatch(rf"/s/{RESIDENTS}/offline\.json\?v=[0-9a-f]{{12}}", plain.location)
    assert "immutable" in client.get(plain.location).headers["Cache-Control"]
    assert client.get(f"/s/{RESIDENTS}/offline.json?v=000000000000").location == plain.location


def test_a_closed_wave_is_not_begun_on_a_phone(public: Flask) -> None:
    with public.app_context(), site.database().writing() as session:
        waves.close_wave(session, RESIDENTS)
    client = public.test_client()
    assert client.get(f"/s/{RESIDENTS}/offline.json").status_code == 410
    assert client.get("/s/none/offline.json").status_code == 404
    assert client.get("/s/none/offline").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/s/worker.js", "/s/offline?lang=kk", f"/s/{RESIDENTS}/offline?lang=ru", "/s/manifest.webmanifest?lang=en"],
)
def test_what_a_phone_keeps_carries_no_cookie_and_none_changes_it(public: Flask, address: str) -> None:
    client = public.test_client()
    plain = client.get(address)
    assert plain.status_code == 200
    assert "Set-Cookie" not in plain.headers
    client.get("/s/?lang=en")
    assert client.get(address).data == plain.data


def test_a_draft_is_handed_only_to_the_browser_that_has_it(public: Flask) -> None:
    walker = Walker(public.test_client(), RESIDENTS)
    walker.begin()
    mine = walker.client.get(f"/s/{RESIDENTS}/offline/draft")
    assert mine.headers["Cache-Control"] == "no-store"
    assert (mine.json["city"], mine.json["agreed"]) == ("almaty", True)
    assert re.fullmatch(r"[0-9a-f]{32}", mine.json["id"])
    assert public.test_client().get(f"/s/{RESIDENTS}/offline/draft").status_code == 404


def test_scripts_ask_for_the_texts_there_are_and_no_others(public: Flask) -> None:
    sources = "".join(path.read_text() for path in scripts.FOLDER.glob("*.js"))
    text_keys = set(re.findall(r'\bt\("(\w+)"', sources)) | set(
        re.findall(
            r'"(tab_only|keeps_nothing|waiting|waiting_lead|unknown_option|too_many|not_a_number|out_of_range|not_text|follow|withdraw)"',
            sources,
        )
    )
    with public.test_request_context():
        assert text_keys == set(words())


def test_respondents_load_at_most_12_kb_of_script_gzipped() -> None:
    page, shell = (len(gzip.compress(scripts.bundle(name).encode(), 6)) for name in (scripts.BEGIN, scripts.APP))
    assert page <= 1 * KB
    assert shell <= 12 * KB


def test_no_page_of_the_survey_has_script_of_its_own(public: Flask) -> None:
    for address in ("/s/", f"/s/{RESIDENTS}", "/s/offline"):
        tags = re.findall(r"<script[^>]*>[^<]*", public.test_client().get(address).text)
        assert len(tags) == 1
        assert re.fullmatch(r'<script type="module" src="/s/js/[0-9a-f]{12}/(begin|app)\.js">', tags[0])


def test_modules_that_use_a_name_twice_or_need_one_another_are_not_joined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scripts, "FOLDER", tmp_path)
    (tmp_path / "one.js").write_text('import { b } from "./two.js";\nconst a = b;\n')
    (tmp_path / "two.js").write_text("export const b = 1;\nconst a = 2;\n")
    with pytest.raises(scripts.ScriptError, match="declared in two modules: a"):
        scripts.bundle("one")
    (tmp_path / "two.js").write_text('import { a } from "./one.js";\nexport const b = a;\n')
    with pytest.raises(scripts.ScriptError, match="circle"):
        scripts.bundle("one")


def test_a_text_within_a_text_is_refused_for_its_white_space_would_be_lost() -> None:
    with pytest.raises(scripts.ScriptError, match="a text within a text"):
        scripts.minified("const a = `${b ? `${c} ` : d}`;")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("/** Words. */\nconst a = 1; // more\n", "const a=1;"),
        ('const s = "a  // b  ;  c";', 'const s="a  // b  ;  c";'),
        ("const t = `a  ${ b }  c`;", "const t=`a  ${ b }  c`;"),
        ("x.replace(/a  b\\/[/ ]/g, y)", "x.replace(/a  b\\/[/ ]/g,y)"),
        ("return a\n  ? b : c", "return a?b:c"),
        ("a\nb", "a\nb"),
        ("a + +b", "a+ +b"),
        ("typeof  value", "typeof value"),
        ("a((x) => x, (y, z) => y)", "a((x)=>x,(y,z)=>y)"),
        ("const f = async (x) => x;", "const f=async(x)=>x;"),
    ],
)
def test_minifying_leaves_the_meaning(source: str, expected: str) -> None:
    assert scripts.minified(source).strip() == expected


def test_the_icons_are_what_the_program_draws() -> None:
    for name, data in icons.icons():
        assert (site.STATIC / name).read_bytes() == data


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manifest_speaks_the_language_asked_for(public: Flask, language: str) -> None:
    described = public.test_client().get(f"/s/manifest.webmanifest?lang={language}").json
    names = {"kk": "Қала пікірі", "ru": "Мнение города", "en": "City Opinion"}
    assert (described["name"], described["lang"]) == (names[language], language)
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in described["icons"]}
    assert any(icon.get("purpose") == "maskable" for icon in described["icons"])
