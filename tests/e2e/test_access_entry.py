"""Ways in, the operator's page, receipts and refusals for everybody: axe, 320 px, three languages, three schemes."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import abort
from playwright.sync_api import Page

from app.identity.gateways import GatewayError
from app.web import site
from app.web.resident import limits
from surveys.ballots import keys
from surveys.ballots.damm import check_digit
from surveys.fieldwork import paper, passes, waves
from surveys.identity import codes
from surveys.identity.codes import Addressee
from surveys.languages import LANGUAGES
from surveys.questionnaire.definition import AREAS
from surveys.responses import counted_receipts
from surveys.tallies import folding
from tests.app.web.resident.walker import Walker
from tests.builders.country import BUSINESSES, RESIDENTS
from tests.builders.invitations import FakeGateway, make_letters, open_gates
from tests.builders.questionnaires import wordy
from tests.builders.sites import replace_services
from tests.e2e.airplane import Island, island
from tests.e2e.looking import LOOKED_AT_IN, Windows

pytestmark = pytest.mark.e2e
OPEN, CLOSED, FROZEN, PLANNED = "entry-open", "entry-closed", "entry-frozen", "entry-planned"
PAPER = "entry-desk"
"""A short questionnaire of every kind: the operator's page of the whole one holds nothing else, 20 times as often."""
REFUSALS = (400, 403, 404, 405, 409, 410, 413, 429, 500, 503)
STATES = (
    (PLANNED, ""),
    (CLOSED, ""),
    (FROZEN, ""),
    *((wave, "/progress") for wave in (OPEN, CLOSED, FROZEN)),
    (FROZEN, "/receipts"),
)
"""Waves that are not open, and what can be seen of them all the same."""

See = Callable[[str], None]


@dataclass
class LiveSite:
    """A country with every way in, and what opens them."""

    isle: Island
    gateway: FakeGateway
    letters: list[str]
    refusal: list[int]
    """The status that the page of rights answers with, when there is one."""

    def at(self, path: str, language: str) -> str:
        """Give an address in a language."""
        return f"{self.isle.base}{path}{'&' if '?' in path else '?'}lang={language}"


class Broken(FakeGateway):
    """Takes no message."""

    def send(self, phone: str, text: str) -> None:  # noqa: ARG002 - the gateway's shape
        raise GatewayError("the gateway answers 500")


@pytest.fixture(scope="module")
def live(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    environment = {
        "SMS_GATEWAY": "console",
        "OIDC_ISSUER": "https://idp.example.kz",
        "OIDC_CLIENT_ID": "city",
    }
    with island(sqlite_template, tmp_path_factory.mktemp("entry"), **environment) as isle:
        app = isle.app
        for wave in (OPEN, CLOSED, FROZEN):
            isle.open_wave(wave)
        isle.open_wave(PAPER, questionnaire=wordy(AREAS[:2]))
        open_gates(app, RESIDENTS, "code", "sms", "oidc", "open")
        open_gates(app, BUSINESSES, "code", "oidc")
        letters = [letter.code for letter in make_letters(app, RESIDENTS, "oral", [Addressee()] * 4)]
        _end_waves(isle)
        refusal: list[int] = []
        rights = app.view_functions["resident.rights"]
        app.view_functions["resident.rights"] = lambda: abort(refusal[0]) if refusal else rights()
        gateway = FakeGateway()
        replace_services(app, gateway=gateway)
        yield LiveSite(isle, gateway, letters, refusal)


def _end_waves(isle: Island) -> None:
    """Close one wave, freeze one, and plan one."""
    with isle.country.database.writing() as session:
        for wave in (CLOSED, FROZEN):
            waves.close_wave(session, wave)
        waves.freeze_wave(session, FROZEN, isle.country.keys)
        plan = waves.WavePlan(
            code=PLANNED,
            version=isle.country.residents.questionnaire.digest(),
            opens_on=isle.country.today + timedelta(days=9),
            closes_on=isle.country.today + timedelta(days=30),
            targets={"almaty": 100},
        )
        waves.plan_wave(session, plan)


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet(live: LiveSite) -> None:
    """Three languages try what one person would be stopped at."""
    live.isle.app.extensions[site.KEY].limiter.reset()


def press(page: Page) -> None:
    """Press the page's main button, and wait until the whole of the next page is there."""
    page.click("main button.primary")
    page.wait_for_load_state()


def fill(page: Page, see: See, name: str, field: str, value: str) -> None:
    """Type something wrong, press, and look at what is said."""
    page.fill(f"#{field}", value)
    press(page)
    assert page.locator(".errors").count() == 1, name
    see(name)


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_the_way_in_by_a_letter_is_for_everybody(windows: Windows, live: LiveSite, language: str) -> None:
    code = live.letters[LANGUAGES.index(language)]
    with windows.looking(language, long_words=False) as looker:
        page, see = looker.page, looker.look
        page.goto(live.at(f"/s/{RESIDENTS}/enter", language))
        see("enter")
        page.goto(live.at(f"/s/{RESIDENTS}/enter/code", language))
        see("code")
        fill(page, see, "code-empty", "code", "")
        fill(page, see, "code-mistyped", "code", code[:3] + str((int(code[3]) + 1) % 10) + code[4:])
        unknown = f"{(int(code[:15]) + 1) % 10**15:015d}"
        fill(page, see, "code-unknown", "code", unknown + check_digit(unknown))
        page.fill("#code", codes.grouped(code))
        press(page)
        page.check("#agreed")
        for _step in range(20):
            press(page)
            if page.url.endswith("/thanks"):
                break
        page.context.clear_cookies(name="done")
        page.goto(live.at(f"/s/{RESIDENTS}/enter/code", language))
        page.fill("#code", code)
        press(page)
        assert page.url.endswith("/enter/sent")
        see("code-used")
        page.goto(live.at(f"/s/{BUSINESSES}/enter/code", language))
        fill(page, see, "code-of-another-wave", "code", code)


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_too_many_wrong_codes_are_explained_for_everybody(windows: Windows, live: LiveSite, language: str) -> None:
    head = live.letters[3][:14]
    with windows.looking(language, long_words=False) as looker:
        looker.page.goto(live.at(f"/s/{RESIDENTS}/enter/code", language))
        for last in range(limits.WRONG_BY_BROWSER.limit.amount + 1):
            digits = f"{(int(head) + last + 7) % 10**14:014d}0"
            looker.page.fill("#code", digits + check_digit(digits))
            press(looker.page)
        assert looker.page.locator("#code").count() == 0
        looker.look("too-many-attempts")


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_the_way_in_by_a_message_is_for_everybody(windows: Windows, live: LiveSite, language: str) -> None:
    with windows.looking(language, long_words=False) as looker:
        page, see = looker.page, looker.look
        page.goto(live.at(f"/s/{RESIDENTS}/enter/sms", language))
        see("sms")
        fill(page, see, "sms-wrong-number", "phone", "112")
        page.select_option("#city", "oral")
        replace_services(live.isle.app, gateway=Broken())
        fill(page, see, "sms-not-sent", "phone", "8 701 123 45 67")
        replace_services(live.isle.app, gateway=live.gateway)
        page.fill("#phone", "8 701 123 45 67")
        press(page)
        see("sms-code")
        fill(page, see, "sms-wrong-code", "code", "000000" if live.gateway.last_code != "000000" else "1")
        page.fill("#code", live.gateway.last_code)
        press(page)
        assert page.url.endswith("/consent")


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_the_way_in_by_signing_in_is_for_everybody(windows: Windows, live: LiveSite, language: str) -> None:
    with windows.looking(language, long_words=False) as looker:
        page, see = looker.page, looker.look
        page.goto(live.at(f"/s/{BUSINESSES}/enter/oidc", language))
        see("signin")
        press(page)
        see("signin-no-city")
        page.select_option("#city", "oral")
        press(page)
        see("signin-leave")
        for name, query in (("signin-failed", ""), ("signin-no-enterprise", "?why=claim")):
            page.goto(live.at(f"/s/{BUSINESSES}/enter/oidc/failed{query}", language))
            see(name)


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_the_operators_page_is_for_everybody(windows: Windows, live: LiveSite, language: str) -> None:
    country = live.isle.country
    key = keys.load(country.keys, PAPER)
    with windows.looking(language, long_words=False) as looker:
        page, see = looker.page, looker.look
        page.goto(live.at(f"/s/{PAPER}/paper", language))
        see("operator")
        fill(page, see, "operator-wrong-pass", "pass", "x")
        with country.database.writing() as session:
            order = passes.PassOrder("Әсел Нұрланқызы", PAPER, "almaty", "link", country.today)
            _code, text = passes.give_pass(session, key, order)
            (number,) = paper.number_forms(session, key, PAPER, 1)
        page.fill("#pass", text)
        press(page)
        see("paper")
        page.check('input[name="ctm_1"][value="p5"]')
        fill(page, see, "paper-no-such-number", "number", "1234-5678-9012")
        page.fill("#number", number)
        press(page)
        see("paper-stored")


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_numbers_and_words_are_for_everybody(windows: Windows, live: LiveSite, language: str) -> None:
    with windows.looking(language, long_words=False) as looker:
        page = looker.page
        page.goto(live.at(f"/s/{PAPER}?city=oral", language))
        press(page)
        page.check("#agreed")
        press(page)
        looker.look("kinds")
        page.fill("input[inputmode=numeric]", "12,5")
        page.fill("textarea", "Ұзын жауап " * 50)
        press(page)
        assert page.locator("main .errors li").count() == 2
        looker.look("kinds-error")


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_receipts_and_taking_back_are_for_everybody(windows: Windows, live: LiveSite, language: str) -> None:
    with windows.looking(language, long_words=False) as looker:
        page, see = looker.page, looker.look
        people = [_answer(live) for _answered in range(10)]
        with live.isle.country.database.writing() as session:
            folding.fold(session)
            counted_receipts.write_list(session, keys.load(live.isle.country.keys, OPEN), OPEN)
        late, unknown = _answer(live), "4F7K-90QX-2MBA-D5TR-8WEN"
        looked_up = {
            "counted": people[0][0],
            "stored": late[1],
            "not-counted": unknown[:14],
            "unknown": unknown,
            "no": "x",
        }
        page.goto(live.at(f"/s/{OPEN}/receipts", language))
        for name, typed in looked_up.items():
            page.fill("#receipt", typed)
            press(page)
            see(f"receipt-{name}")
        page.goto(live.at("/s/withdraw", language))
        for name, typed in {"no-code": "x", "a-receipt": unknown[:14], "unknown": unknown}.items():
            fill(page, see, f"withdraw-{name}", "code", typed)
        page.fill("#code", people[1][1])
        press(page)
        see("withdraw-sure")
        press(page)
        see("withdraw-done")
        page.goto(live.at(f"/s/{OPEN}/receipts", language))
        see("receipt-taken-back")
        page.goto(live.at("/s/withdraw/waits", language))
        see("withdraw-waits")


def _answer(live: LiveSite) -> tuple[str, str]:
    """Answer nothing in a browser of one's own, and send; gives the receipt and the withdrawal code."""
    walker = Walker(live.isle.app.test_client(), OPEN)
    walker.begin("oral")
    walker.go(f"/s/{OPEN}/check")
    page = walker.client.get(walker.send().location).text
    receipt, code = re.findall(r"<strong[^>]*>((?:[0-9A-Z]{4}-)+[0-9A-Z]{4})</strong>", page)
    return receipt, code


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_a_wave_of_any_state_is_for_everybody(windows: Windows, live: LiveSite, language: str) -> None:
    with windows.looking(language, long_words=False) as looker:
        for wave, page in STATES:
            looker.page.goto(live.at(f"/s/{wave}{page}", language))
            looker.look(f"{wave}{page.replace('/', '-')}")


@pytest.mark.parametrize("language", LOOKED_AT_IN)
def test_every_refusal_is_for_everybody(windows: Windows, live: LiveSite, language: str) -> None:
    with windows.looking(language, long_words=False) as looker:
        for status in REFUSALS:
            live.refusal[:] = [status]
            answer = looker.page.goto(live.at("/s/rights", language))
            assert answer
            assert answer.status == status
            looker.look(f"refused-{status}")
        live.refusal.clear()
