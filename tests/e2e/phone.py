"""A phone on the island: what a person does with the survey kept on it, and what lies in its stores."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from tests.builders.country import RESIDENTS
from tests.e2e.airplane import Island

WALKER = (Path(__file__).parent / "walker.js").read_text()
STORED = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('survey');
  opening.onerror = reject;
  opening.onsuccess = async () => {
    const all = {};
    for (const name of opening.result.objectStoreNames) {
      const asked = opening.result.transaction(name).objectStore(name).getAll();
      await new Promise(done => { asked.onsuccess = done });
      all[name] = asked.result.length;
    }
    opening.result.close();
    resolve(all);
  };
})"""
LEFT = "before => new URLSearchParams(location.search).get('at') !== before"


@dataclass
class Phone:
    """One browser with a small screen."""

    context: BrowserContext
    isle: Island
    page: Page

    @classmethod
    def new(cls, chromium: Browser, isle: Island, **options: Any) -> "Phone":
        context = chromium.new_context(viewport={"width": 360, "height": 740}, **options)
        return cls(context, isle, context.new_page())

    def keep_nothing(self) -> None:
        """Be a private window from the next page on."""
        self.context.add_init_script(
            "Object.defineProperty(window, 'indexedDB', {get() { throw new Error('private') }})"
        )

    def keep(self, wave: str = RESIDENTS, language: str = "kk") -> None:
        """Open the survey once while there is a network."""
        self.page.goto(f"{self.isle.base}/s/{wave}?lang={language}")
        self.page.wait_for_selector("#go-offline:not([hidden])")

    def open(self, wave: str = RESIDENTS, language: str = "kk", at: str = "") -> Page:
        self.page.goto(f"{self.isle.base}/s/{wave}/offline?lang={language}{f'&at={at}' if at else ''}")
        self.page.wait_for_selector("main h1")
        return self.page

    def device(self, language: str = "en") -> Page:
        """Open the screen of what lies on this device."""
        self.page.goto(f"{self.isle.base}/s/offline?lang={language}")
        self.page.wait_for_selector("main h1")
        return self.page

    def press(self, page: Page | None = None) -> None:
        """Press the main button and wait for the next step."""
        page = page or self.page
        before = step(page)
        page.click("main button.primary")
        page.wait_for_function(LEFT, arg=before, polling=20)
        page.wait_for_selector("main h1")

    def agree(self, *, shared: bool = False, page: Page | None = None) -> None:
        """Choose the city and agree."""
        page = page or self.page
        page.check('input[value="almaty"]')
        self.press(page)
        page.check("#agreed")
        if shared:
            page.check("#shared")
        self.press(page)

    def send(self, wave: str = RESIDENTS, language: str = "kk") -> None:
        """Fill everything in and press Send."""
        self.open(wave, language)
        self.page.evaluate(WALKER, {"city": "almaty", "stopAt": -1})
        self.page.wait_for_selector("main h1")

    def send_now(self) -> None:
        """Press "Send now", unless the answers have gone by themselves a moment ago."""
        self.page.evaluate("() => document.querySelector('[data-action=send]')?.click()")

    def hear_the_network(self) -> None:
        """Tell the page that there is a network again, as the browser does."""
        self.page.evaluate("() => dispatchEvent(new Event('online'))")

    def stored(self) -> dict[str, int]:
        """Count what lies in the browser's store."""
        counts: dict[str, int] = self.page.evaluate(STORED)
        return counts


def step(page: Page) -> str | None:
    """Name the step that shows."""
    return dict(parse_qsl(urlsplit(page.url).query)).get("at")
