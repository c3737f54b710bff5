"""What is looked at on every page: axe's rules, sideways scrolling and very long words, by colour scheme and width.

axe is put into a page once; colours and width change on the loaded page. Neither changes what a page says or is made
of, so all rules run once and those about what is drawn run again for each scheme and width. Names and roles are the
same in every language: by default pages are looked at in one language and in the two schemes that differ most.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from surveys.languages import LANGUAGES
from tests.effort import by_effort

SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
SHOTS.mkdir(parents=True, exist_ok=True)

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
DRAWN_RULES = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]
HEIGHTS = {320: 640, 1280: 900}
SCHEMES = by_effort(("light", "dark"), ("light", "dark", "yellow"))
FIRST = (320, "light")
LOOKED_AT_IN = by_effort(("kk",), LANGUAGES)
"""Languages in which every page is looked at."""

_SHOWN = {"kk": ((320, "light"), (1280, "light")), "ru": ((320, "yellow"),), "en": ((1280, "dark"),)}
SHOWN = by_effort({"kk": (FIRST,)}, _SHOWN)
"""Which pictures are kept: each page in each language, each scheme and width somewhere."""

LONG = {
    "kk": "қанағаттандырылмағандықтарыңыздан",
    "ru": "рентгеноэлектрокардиографического",
    "en": "pneumonoultramicroscopicsilicovolcanoconiosis",
}

PAGES = {
    "/<any(kk, ru, en):lang>/": "portal",
    "/<any(kk, ru, en):lang>/data": "portal-data",
    "/<any(kk, ru, en):lang>/initiatives": "portal-initiatives",
    "/<any(kk, ru, en):lang>/initiatives/<city>": "portal-initiatives-city",
    "/<any(kk, ru, en):lang>/ratings/<int:number>/": "portal-withdrawn",
    "/<any(kk, ru, en):lang>/ratings/<int:number>/areas/<area>": "portal-area",
    "/<any(kk, ru, en):lang>/ratings/<int:number>/choices": "portal-choices",
    "/<any(kk, ru, en):lang>/ratings/<int:number>/cities/<city>": "portal-city",
    "/<any(kk, ru, en):lang>/ratings/<int:number>/cities/<city>/explain": "portal-explain",
    "/<any(kk, ru, en):lang>/ratings/<int:number>/method": "portal-method",
    "/<any(kk, ru, en):lang>/said": "said",
    "/<any(kk, ru, en):lang>/said/<city>": "said-city",
    "/<any(kk, ru, en):lang>/said/<city>/<theme>": "said-theme",
    "/<any(kk, ru, en):lang>/said/rules": "said-rules",
    "/s/": "survey-index",
    "/s/<wave>": "city",
    "/s/<wave>/check": "check",
    "/s/<wave>/consent": "consent",
    "/s/<wave>/enter": "enter",
    "/s/<wave>/enter/code": "code",
    "/s/<wave>/enter/oidc": "signin",
    "/s/<wave>/enter/oidc/failed": "signin-failed",
    "/s/<wave>/enter/sent": "code-used",
    "/s/<wave>/enter/sms": "sms",
    "/s/<wave>/enter/sms/code": "sms-code",
    "/s/<wave>/more": "residents-more",
    "/s/<wave>/offline": "phone-check",
    "/s/<wave>/p/<code>": "page-error",
    "/s/<wave>/paper": "paper",
    "/s/<wave>/progress": "survey-progress",
    "/s/<wave>/receipts": "survey-receipts",
    "/s/<wave>/suggestions": "suggestions",
    "/s/<wave>/thanks": "thanks",
    "/s/offline": "phone-device-draft",
    "/s/rights": "survey-rights",
    "/s/follow": "survey-follow",
    "/s/follow/done": "survey-taken-back",
    "/s/withdraw": "survey-withdraw",
    "/s/withdraw/done": "withdraw-done",
    "/s/withdraw/waits": "withdraw-waits",
    "/settings": "settings",
}
"""Every address that shows a page, and one state in which it is looked at; tests/contracts holds the list complete."""

_RUN = """rules => axe.run(document, {
  resultTypes: ['violations'], preload: false, selectors: false, xpath: false, elementRef: false,
  rules: {'target-size': {enabled: true}}, ...(rules ? {runOnly: {type: 'rule', values: rules}} : {}),
}).then(found => found.violations.map(one => one.id + ' ' + one.nodes[0].html.slice(0, 160)))"""
_WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_STRETCH = """word => {
  document.documentElement.className = 'text-200 spaced';
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) if (texts.currentNode.data.trim()) texts.currentNode.data = word;
}"""


def _shows(rule: str, path: str) -> bool:
    return re.fullmatch(re.sub("<[^>]*>", "[^/]+", rule), path) is not None


@dataclass
class Looker:
    """Looks at the page at hand and remembers every fault by the name of the page."""

    page: Page
    language: str
    long_words: bool = True
    faults: list[str] = field(default_factory=list)

    def look(self, name: str) -> None:
        """Look at one state of one page, once it is whole and its heading there: some pages are drawn by script."""
        self.page.wait_for_load_state()
        self.page.wait_for_selector("main h1", state="attached")
        path = urlsplit(self.page.url).path
        assert all(_shows(rule, path) for rule, state in PAGES.items() if state == name), f"{name} at {path}"
        self.examine(name)

    def examine(self, name: str) -> None:
        """Look at the page at hand, whatever site it is of."""
        self.faults.extend(f"{name} {self.language} {fault}" for fault in self._faults(name))

    def _faults(self, name: str) -> Iterator[str]:
        self.page.evaluate(AXE)
        if (spoken := self.page.locator("html").get_attribute("lang")) != self.language:
            yield f"speaks {spoken}"
        html_class = self.page.locator("html").get_attribute("class") or ""
        for width, height in HEIGHTS.items():
            self.page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                self._colour(scheme, html_class)
                rules = None if (width, scheme) == FIRST else DRAWN_RULES
                yield from (f"{width} {scheme}: {fault}" for fault in self.page.evaluate(_RUN, rules))
                if (width, scheme) in SHOWN[self.language]:
                    self.page.screenshot(path=SHOTS / f"{name}-{self.language}-{width}-{scheme}.png", full_page=True)
            # The next state may be drawn into the same page.
            self._colour("light", html_class)
            yield from self._too_wide(f"{width}")
        if self.long_words:
            self.page.set_viewport_size({"width": 320, "height": 640})
            self.page.evaluate(_STRETCH, LONG[self.language])
            yield from self._too_wide("long words at 200 %")

    def _colour(self, scheme: str, html_class: str) -> None:
        device: Literal["dark", "light"] = "dark" if scheme == "dark" else "light"
        self.page.emulate_media(color_scheme=device)
        own = f"{html_class} yellow" if scheme == "yellow" else html_class
        self.page.evaluate("own => { document.documentElement.className = own }", own)

    def _too_wide(self, where: str) -> Iterator[str]:
        wider: Any = self.page.evaluate(_WIDER)
        if wider > 0:
            yield f"{where}: {wider} px too wide"


class Windows:
    """One window for each language, empty of cookies whenever it is asked for."""

    def __init__(self, chromium: Browser) -> None:
        """Open none yet."""
        self._chromium = chromium
        self._contexts: dict[str, BrowserContext] = {}

    @contextmanager
    def looking(self, language: str, *, long_words: bool = True) -> Iterator[Looker]:
        """Give somebody who looks, and fail with every fault that was seen."""
        if language not in self._contexts:
            # A worker still fetching when its page closes would break off files that this process serves.
            context = self._chromium.new_context(reduced_motion="reduce", service_workers="block")
            self._contexts[language] = context
        context = self._contexts[language]
        context.clear_cookies()
        page = context.new_page()
        looker = Looker(page, language, long_words=long_words)
        try:
            yield looker
        finally:
            page.close()
        assert looker.faults == [], "\n".join(looker.faults)

    def close(self) -> None:
        """Close every window."""
        for context in self._contexts.values():
            context.close()
