"""Walks in airplane mode, every one of them interrupted by a kill of the browser: two hundred at full effort."""

import random
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from surveys.languages import LANGUAGES
from surveys.questionnaire.definition import PageRole
from surveys.questionnaire.kinds import Stored, questions_stored
from surveys.questionnaire.packing import unpack
from tests.browser import NAMES, PATIENCE
from tests.e2e.airplane import Island, island
from tests.effort import by_effort

pytestmark = pytest.mark.e2e
WALKER = (Path(__file__).parent / "walker.js").read_text()
KILLS, PER_KILL = by_effort((1, 4), (10, 20))
"""Kills of a browser, and walks that each kill interrupts: a browser for each walk would take an hour."""

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    # Twenty pages walk at once, and all of them at full speed, in one process of the site.
    "--process-per-site",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
)
ARRIVED = "many => document.querySelectorAll('.card strong').length === 2 * many"
KEEP = """async waves => {
  const {active} = await navigator.serviceWorker.ready;
  for (const wave of waves) await new Promise((resolve, reject) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = ({data}) => data.kept ? resolve() : reject(new Error(`${wave} is not kept`));
    active.postMessage({wave, lang: 'kk', look: ''}, [port2]);
  });
}"""


class Phone:
    """A browser with a memory of its own, which a kill takes away and a restart brings back."""

    def __init__(self, chromium: Browser, profile: Path) -> None:
        self._type = chromium.browser_type
        self._profile = profile
        self.start()

    def start(self) -> None:
        program = next(path for name in NAMES if (path := shutil.which(name)))
        port = self._profile / "DevToolsActivePort"
        port.unlink(missing_ok=True)
        command = [program, *FLAGS, "--remote-debugging-port=0", f"--user-data-dir={self._profile}", "about:blank"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE / 1000
        while not (port.exists() and len(port.read_text().splitlines()) == 2):
            if time.monotonic() > deadline:
                raise TimeoutError("the browser did not start")
            time.sleep(0.05)
        address = f"http://127.0.0.1:{port.read_text().splitlines()[0]}"
        self._browser = self._type.connect_over_cdp(address, timeout=PATIENCE)
        self.context.set_default_timeout(PATIENCE)

    @property
    def context(self) -> BrowserContext:
        return self._browser.contexts[0]

    def kill(self) -> None:
        """End the browser as a power cut would: SIGKILL to the process started here."""
        self._process.kill()
        self._process.wait(timeout=30)
        self._browser.close()


@contextmanager
def a_phone(chromium: Browser, profile: Path) -> Iterator[Phone]:
    phone = Phone(chromium, profile)
    try:
        yield phone
    finally:
        phone.kill()


def keep(phone: Phone, isle: Island, waves: list[str]) -> None:
    """Open the survey once with the network, so that the phone keeps what it needs."""
    page = phone.context.new_page()
    page.goto(f"{isle.base}/s/?lang=kk")
    page.evaluate(KEEP, waves)
    page.close()


def set_off(phone: Phone, isle: Island, wave: str, language: str, stop_at: int) -> Page:
    page = phone.context.new_page()
    page.goto(f"{isle.base}/s/{wave}/offline?lang={language}")
    page.evaluate(f"order => {{ ({WALKER})(order) }}", {"city": "almaty", "stopAt": stop_at})
    return page


def finish(phone: Phone, isle: Island, wave: str, language: str) -> None:
    """Go on after the restart: the walk resumes by itself; the language is changed once more; on to Send."""
    page = phone.context.new_page()
    page.goto(f"{isle.base}/s/{wave}/offline")
    page.wait_for_selector("main #walk", state="attached")
    if page.locator("html").get_attribute("lang") != language:
        page.evaluate("code => document.querySelector(`header button[value=${code}]`).click()", language)
        page.wait_for_selector(f"html[lang={language}]", state="attached")
    page.evaluate(WALKER, {"city": "almaty", "stopAt": -1})
    page.close()


def test_walks_killed_in_the_middle_arrive_once_each_in_the_language_chosen(
    chromium: Browser, sqlite_template: Path, tmp_path: Path
) -> None:
    dice = random.Random(4)
    chosen: dict[str, str] = {}
    with island(sqlite_template, tmp_path) as isle:
        for kill in range(KILLS):
            waves = [f"walk-{kill}-{number}" for number in range(PER_KILL)]
            for wave in waves:
                isle.open_wave(wave)
            chosen |= {wave: dice.choice(LANGUAGES) for wave in waves}
            with a_phone(chromium, tmp_path / f"profile-{kill}") as phone:
                keep(phone, isle, waves)
                isle.go_offline()
                pages = [set_off(phone, isle, wave, dice.choice(LANGUAGES), dice.randint(2, 8)) for wave in waves]
                for page in pages:
                    page.wait_for_selector("html[data-stopped]", state="attached")
                phone.kill()
                phone.start()
                for wave in waves:
                    finish(phone, isle, wave, chosen[wave])
                assert len(isle.answers()) == kill * PER_KILL, "nothing can have arrived without a network"
                isle.go_online()
                home = phone.context.new_page()
                home.goto(f"{isle.base}/s/offline?lang=en")
                home.wait_for_selector("main h1")
                home.evaluate("() => document.querySelector('[data-action=send]')?.click()")
                home.wait_for_function(ARRIVED, arg=PER_KILL, polling=100)
        answers = isle.answers()
        assert len(answers) == KILLS * PER_KILL
        assert Counter(answer.wave for answer in answers) == dict.fromkeys(chosen, 1)
        assert {answer.wave: answer.lang for answer in answers} == chosen
        for answer in answers:
            everything_answered(isle, answer.closed)


def everything_answered(isle: Island, packed: bytes) -> None:
    """Nothing ticked before the kill was lost: four areas and About, each question by the walker's rule."""
    compiled = isle.country.residents
    q = compiled.questionnaire
    ticks = unpack(compiled, packed)
    areas = {question.area for question in questions_stored(q, Stored.BYTE) if question.code in ticks and question.area}
    questions = [
        question for page in q.pages for question in page.questions if page.area in areas or page.role is PageRole.ABOUT
    ]
    offered = {question.code: question.offered("almaty") for question in questions}
    rule = {code: options[sum(map(ord, code)) % len(options)].code for code, options in offered.items() if options}
    assert len(areas) == q.areas_per_respondent
    assert ticks == rule
