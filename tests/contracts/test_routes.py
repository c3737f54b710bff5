"""Every address of the public site, as a reviewed list: a new one must be added here on purpose."""

import re
from pathlib import Path

from flask import Flask

from surveys.fieldwork.waves import RESERVED
from tests.e2e.looking import PAGES

SNAPSHOT = Path(__file__).with_name("routes.txt")


FILES = {
    "/": "leads to the language of the browser",
    "/<any(kk, ru, en):lang>/said/<city>/<theme>/feed.atom": "a feed",
    "/<any(kk, ru, en):lang>/said/<city>/feed.atom": "a feed",
    "/data/<int:number>/<name>.csv": "a file",
    "/data/<int:number>/<name>.json": "a file",
    "/data/<int:number>/explain/<city>.json": "a file",
    "/data/city-documents.<any(csv, json):kind>": "a file",
    "/data/initiatives.<any(csv, json):kind>": "a file",
    "/data/journal-heads.csv": "a file",
    "/data/said-commitments.<any(csv, json):kind>": "a file",
    "/data/said-waves.<any(csv, json):kind>": "a file",
    "/data/said.<any(csv, json):kind>": "a file",
    "/data/said/<city>.<any(csv, json):kind>": "a file",
    "/healthz": "a word for machines",
    "/readyz": "a word for machines",
    "/s/<wave>/enter/oidc/arrive": "leads on to the consent",
    "/s/<wave>/enter/oidc/leave": "leads to the provider",
    "/s/<wave>/offline.json": "a file",
    "/s/<wave>/offline/draft": "a file",
    "/s/<wave>/receipts.<any(csv, txt):kind>": "a file",
    "/s/js/<digest>/<any(begin, app):name>.js": "a script",
    "/s/manifest.webmanifest": "a file",
    "/s/oidc/back": "leads on to the consent",
    "/s/worker.js": "a script",
    "/static/<path:filename>": "a file",
}
"""Addresses that show no page, so that nobody has to look at them."""

LOOKS = Path(__file__).parents[1] / "e2e"


def addresses(app: Flask) -> list[str]:
    """List methods and rules."""
    return sorted(
        f"{rule.rule} {' '.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))}"
        for rule in app.url_map.iter_rules()
    )


def test_the_addresses_are_those_of_the_list(public: Flask) -> None:
    assert addresses(public) == SNAPSHOT.read_text().splitlines()


def test_every_page_is_looked_at_in_a_browser(public: Flask) -> None:
    """Whoever adds an address says in which state it is looked at, or that it shows no page."""
    pages = {rule.rule for rule in public.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert pages == PAGES.keys() | FILES.keys()
    assert not PAGES.keys() & FILES.keys()


def test_every_state_that_is_named_is_looked_at() -> None:
    source = "".join(file.read_text() for file in LOOKS.glob("test_*.py"))
    # The steps of a walk are named by the walk and the step.
    assert [name for name in PAGES.values() if f'"{name}"' not in source and name != "residents-more"] == []


def test_no_wave_can_hide_a_page_beside_the_waves(public: Flask) -> None:
    first = {rule.rule.split("/")[2] for rule in public.url_map.iter_rules() if rule.rule.startswith("/s/")}
    assert {word for word in first if re.fullmatch(r"[a-z0-9-]+", word)} == RESERVED
