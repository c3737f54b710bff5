"""Waves, field materials and questionnaires in a real browser: every state for everybody, and a wave without script."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app.accounts.permissions import Role
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.fieldwork.models import StepCount
from app.web.console_site import create_console
from surveys.authoring.yaml_writing import as_yaml
from surveys.models.tallies import Tally
from tests.app.web.console.fieldwork import RESIDENT, WAVE, make_wave
from tests.app.web.console.test_questionnaires import badly_asked
from tests.e2e.console import come_in, served
from tests.e2e.looking import LOOKED_AT_IN, Windows

pytestmark = pytest.mark.e2e
HERE = f"/console/materials/{WAVE}/aktau"
SHOWN = RESIDENT.digest()


@pytest.fixture
def console(sqlite: Database, settings: Settings, clock: FrozenClock) -> Flask:
    app = create_console(settings, sqlite, clock)
    make_wave(app, "closed", code="last-spring")
    make_wave(app, gates=frozenset({"open", "code"}))
    with sqlite.writing() as session:
        for city, n in (("aktau", 9), ("oral", 47)):
            where = {"wave": WAVE, "city": city, "tier": "open", "cell": "lang=kk"}
            session.add(Tally(**where, base_weight=1000, flagged=False, n=n, counts=b""))
        for step, reached, passed in (("start", 90, 80), ("consent", 80, 50), ("suggestions", 40, 40)):
            for event, n in (("reached", reached), ("passed", passed)):
                session.add(StepCount(wave=WAVE, step=step, lang="kk", event=event, n=n, since="", taken=0))
    return app


@pytest.fixture
def base(console: Flask) -> Iterator[str]:
    with served(console) as address:
        yield address


@pytest.fixture(scope="module")
def windows(chromium: Browser) -> Iterator[Windows]:
    opened = Windows(chromium)
    yield opened
    opened.close()


PAGES = {
    "waves": "/console/waves/",
    "wave": f"/console/waves/{WAVE}",
    "wave-steps": f"/console/waves/{WAVE}/steps",
    "wave-new": "/console/waves/new",
    "wave-freeze": "/console/waves/last-spring/freeze",
    "wave-too-late": f"/console/waves/{WAVE}/freeze",
    "materials": HERE,
    "materials-letters": f"{HERE}/letters",
    "materials-pass": f"{HERE}/passes",
    "questionnaires": "/console/questionnaires/",
    "questionnaire": f"/console/questionnaires/{SHOWN}",
    "preview-start": f"/console/questionnaires/{SHOWN}/preview/LANG/astana/start",
    "preview-page": f"/console/questionnaires/{SHOWN}/preview/LANG/astana/{RESIDENT.pages[0].code}",
    "preview-more": f"/console/questionnaires/{SHOWN}/preview/LANG/astana/more",
}


def send(page: Page) -> None:
    page.locator("main form button.primary").first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_every_page_is_for_everybody(
    console: Flask, base: str, windows: Windows, language: str, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(as_yaml(badly_asked()), encoding="utf-8")
    broken = tmp_path / "broken.yaml"
    broken.write_text("code: x\n")
    with windows.looking(language) as looker:
        page = looker.page
        come_in(console, page.context, base, Role.PUBLISHER, language=language, name="Ерлан Оспанов")
        for name, address in PAGES.items():
            page.goto(base + address.replace("LANG", language))
            looker.look(name)
        page.goto(f"{base}/console/waves/new")
        send(page)
        looker.look("wave-new-wrong")
        page.goto(f"{base}/console/waves/last-spring/freeze")
        send(page)
        looker.look("wave-freeze-wrong")
        page.goto(f"{base}{HERE}/passes")
        page.fill("#operator", "Әсел Нұрғалиева")
        page.evaluate("() => { document.querySelector('#until').value = '2099-04-30' }")
        send(page)
        looker.look("materials-pass-given")
        page.goto(f"{base}{HERE}")
        looker.look("materials-with-passes")
        for name, file in (("questionnaire-refused", broken), ("questionnaire-with-findings", bad)):
            page.goto(f"{base}/console/questionnaires/")
            page.set_input_files("#file", file)
            send(page)
            looker.look(name)
        page.goto(f"{base}/console/questionnaires/{badly_asked().digest()}/compare/{SHOWN}")
        looker.look("questionnaire-compare")


def test_a_wave_goes_its_way_without_script(console: Flask, base: str, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    come_in(console, context, base, Role.PUBLISHER)
    page = context.new_page()
    page.goto(f"{base}/console/waves/new")
    page.fill("#code", "autumn")
    page.select_option("#questionnaire", SHOWN)
    page.fill("#opens_on", "2099-09-01")
    page.fill("#closes_on", "2099-09-30")
    send(page)
    for step in ("open", "close", "freeze"):
        page.goto(f"{base}/console/waves/autumn/{step}")
        if step == "freeze":
            page.fill("#typed", "autumn")
        send(page)
        assert page.url == f"{base}/console/waves/autumn"
    assert page.locator(".state").first.inner_text() == "frozen"
    with page.expect_download() as saved:
        page.goto(f"{base}{HERE}")
        page.locator("a[download]").first.click()
    assert Path(saved.value.path()).read_bytes().startswith(b"%PDF")
    context.close()


def test_the_button_of_a_preview_leads_from_step_to_step(console: Flask, base: str, chromium: Browser) -> None:
    context = chromium.new_context()
    come_in(console, context, base, Role.REVIEWER)
    page = context.new_page()
    page.goto(f"{base}/console/questionnaires/{SHOWN}/preview/ru/astana/start")
    for _step in range(4):
        before = page.url
        page.locator("form#walk button.primary").click()
        page.wait_for_url(lambda url, before=before: url != before)  # type: ignore[misc]  # url is a text
        assert "csrf_token" not in page.url
        assert page.locator("html").get_attribute("lang") == "ru"
    context.close()
