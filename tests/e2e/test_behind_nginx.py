"""The product itself behind the shipped nginx site, asked by real Chromium over HTTPS."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks.load import new_id
from benchmarks.processes import Served
from tests.builders.country import RESIDENTS
from tests.builders.payloads import a_payload
from tests.builders.questionnaires import wordy
from tests.conftest import SECRET
from tests.e2e.airplane import Island, island
from tests.e2e.test_long_answers import WAVE, press, walk_to_the_end, written
from tests.ops.proxy import Proxy, proxied

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Installation:
    """An nginx, the product behind it, and its database."""

    proxy: Proxy
    isle: Island

    @property
    def base(self) -> str:
        return f"https://localhost:{self.proxy.https}"


@pytest.fixture
def installed(sqlite_template: Path, tmp_path: Path) -> Iterator[Installation]:
    with island(sqlite_template, tmp_path) as isle:
        isle.open_wave(WAVE, questionnaire=wordy())
        isle.go_offline()
        own = {"SECRET_KEY": SECRET, "INSTANCE": str(isle.country.keys.parent)}
        own |= {"DATABASE_URL": f"sqlite:///{tmp_path / 'island.sqlite3'}", "PUBLIC_URL": "https://localhost"}
        server = Served("app", own | {"TRUSTED_PROXIES": "1"})
        try:
            with proxied(server.port) as proxy:
                yield Installation(proxy, isle)
        finally:
            server.kill()


def test_a_long_draft_among_64_kb_of_cookies_is_kept_and_sent(chromium: Browser, installed: Installation) -> None:
    context = chromium.new_context(ignore_https_errors=True, java_script_enabled=False)
    planted = {f"other-{index}": "x" * 3800 for index in range(14)}
    context.add_cookies([{"name": name, "value": value, "url": installed.base} for name, value in planted.items()])
    page = context.new_page()
    typed = walk_to_the_end(page, installed.base)
    cookies = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
    assert sum(len(name) + len(value) + 3 for name, value in cookies.items()) > 64 * 1024
    assert [name for name in set(cookies) - set(planted) if not name.startswith(("__Host-", "__Secure-"))] == []
    press(page)
    assert page.url.endswith("/thanks")
    assert written(installed.isle) == sorted(typed.values())
    context.close()


def test_pages_come_by_http_2_with_what_they_need(chromium: Browser, installed: Installation) -> None:
    context = chromium.new_context(ignore_https_errors=True)
    page, failed = context.new_page(), list[str]()
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    page.on("console", lambda line: failed.append(line.text) if line.type == "error" else None)
    for path in ("/", "/kk/", f"/s/{RESIDENTS}?lang=ru"):
        page.goto(f"{installed.base}{path}")
        protocol = page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol")
        assert (page.url.startswith(installed.base), protocol) == (True, "h2")
    # A certificate that signs itself is good enough for pages, and not for a worker that outlives them.
    assert [text for text in failed if "worker" not in text and "SSL" not in text] == []
    context.close()


def test_an_answer_of_a_phone_counts_once_and_pages_of_the_portal_are_kept(installed: Installation) -> None:
    proxy, country = installed.proxy, installed.isle.country
    body = json.dumps(a_payload(country.residents, RESIDENTS)).encode()
    at, kind = f"/r/{new_id()}", {"Content_Type": "application/json"}
    answers = [proxy.ask(at, "PUT", body=body, client="127.0.0.2", **kind) for _twice in range(2)]
    assert [answer.status for answer in answers] == [201, 200]
    assert json.loads(answers[0].body)["number"] == json.loads(answers[1].body)["number"]
    assert len(installed.isle.answers()) == 1
    pages = ("/kk/", "/kk/", f"/s/{RESIDENTS}", f"/s/{RESIDENTS}", "/data/9/rating.csv")
    assert [proxy.ask(page, Accept_Encoding="br").status for page in pages] == [200, 200, 200, 200, 404]
    assert [line.split()[4:] for line in proxy.noted(3)] == [[kept, "portal"] for kept in ("MISS", "HIT", "MISS")]
    assert proxy.kept_on_disk() == []
