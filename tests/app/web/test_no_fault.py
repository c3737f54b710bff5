"""No input is answered with 500: every route, whatever stands in address, fields, cookies and body."""

import re

import hypothesis
import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from werkzeug.routing import Rule

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from surveys.ballots import keys
from tests.app.web.resident.walker import Walker
from tests.builders.country import BUSINESSES, RESIDENTS
from tests.builders.hostile import NAUGHTY
from tests.conftest import make_site
from tests.effort import by_effort

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "X")
NUMBERS = ("0", "1", "-1", "999999999", "2147483648", "9223372036854775808", "9" * 30, "9" * 5000, "1e3", "١", "+1")
PARTS = st.one_of(
    st.sampled_from(
        [RESIDENTS, BUSINESSES, "almaty", "hlt", "rating", "kk", "x" * 300, "..", ".", "a.b", "%2e%2e", "a/b"]
    ),
    st.sampled_from(NUMBERS),
    st.sampled_from(NAUGHTY),
    st.text(max_size=40),
)
NAMES = (
    "city",
    "lang",
    "via",
    "way",
    "again",
    "receipt",
    "stored",
    "back",
    "v",
    "mode",
    "why",
    "pass",
    "code",
    "phone",
)
COOKIES = ("draft", "draft-1", "draft-text-0", "done", "device", "lang", "look", "via", "pending", "operator", "survey")
COOKIE = st.one_of(
    st.sampled_from(["", "2~", "99~x", "AAAA" * 20, "x.y.z", "eyJhIjoxfQ.a.b", "100.normal.dark", "{}", "=" * 50]),
    st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=';,\\"'), max_size=60),
)


@pytest.fixture
def served(database: Database, settings: Settings, clock: FrozenClock) -> Flask:
    """The site as it is served, once on each kind of database."""
    app = make_site(database, settings, clock)
    app.testing = False
    return app


def filled(rule: Rule, draw: st.DrawFn) -> str:
    """Put hostile parts into the places of an address; where only some words lead anywhere, one of those."""

    def part(place: re.Match[str]) -> str:
        words = re.findall(r"any\(([^)]*)\)", place[0])
        few = words[0].split(", ") if words else NUMBERS if "int:" in place[0] else None
        return draw(st.sampled_from(few) if few else PARTS)

    return re.sub(r"<[^>]*>", part, rule.rule)


@st.composite
def requests(draw: st.DrawFn, rules: list[Rule]) -> dict[str, object]:
    """Draw a request to one of the routes."""
    path = filled(draw(st.sampled_from(rules)), draw)
    path = draw(st.sampled_from([path, f"/{path}", path + "/", path.replace("/", "//"), path.upper()]))
    fields = draw(st.dictionaries(st.sampled_from(NAMES), PARTS, max_size=3))
    cookies = draw(st.dictionaries(st.sampled_from(COOKIES), COOKIE, max_size=4))
    environ = {
        "PATH_INFO": path.encode(errors="surrogatepass").decode("latin1"),
        "HTTP_ACCEPT_LANGUAGE": draw(st.sampled_from(["en", "xx-YY;q=9", "*", "kk,,;q", "\xff"])),
    }
    if cookies:  # else those that the browser has
        environ["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    query = {name: value.encode(errors="replace") for name, value in fields.items()}
    body = draw(st.sampled_from([b"", b"{}", b"csrf_token=x&receipt=4F7K-90QX-2MBA", b"\xff\x00", b"[" * 2000]))
    kind = draw(st.sampled_from(["application/json", "application/x-www-form-urlencoded", "multipart/form-data", "x"]))
    return {
        "method": draw(st.sampled_from(METHODS)),
        "query_string": query,
        "environ_overrides": environ,
        "data": body,
        "content_type": kind,
    }


@pytest.mark.parametrize("lost", [(), (BUSINESSES,), (BUSINESSES, RESIDENTS)], ids=["", "one lost", "all lost"])
def test_no_request_to_any_route_is_a_fault_of_ours(served: Flask, settings: Settings, lost: tuple[str, ...]) -> None:
    """Asked by a browser in the midst of answering."""
    client, rules = served.test_client(), sorted(served.url_map.iter_rules(), key=str)
    Walker(client, RESIDENTS).begin()
    for wave in lost:
        keys.destroy(settings.keys, wave)

    @hypothesis.settings(
        max_examples=by_effort(300, 5000), deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
    )
    @given(requests(rules))
    def ask(request: dict[str, object]) -> None:
        answer = client.open("/", **request)
        # That no job has run here is no fault; /readyz says it by 503.
        assert answer.status_code < 500 or answer.request.path == "/readyz"

    ask()


@pytest.mark.parametrize("number", NUMBERS)
def test_a_publication_of_any_number_is_there_or_not(served: Flask, number: str) -> None:
    client = served.test_client()
    rules = [rule.rule for rule in served.url_map.iter_rules() if "<int:number>" in rule.rule]
    assert len(rules) > 8
    statuses = {}
    for rule in rules:
        rest = re.sub(
            r"<[^>]*>", "rating", rule.replace("<int:number>", number).replace("<any(kk, ru, en):lang>", "kk")
        )
        statuses[rule] = client.get(rest).status_code
    assert set(statuses.values()) == {404}, statuses
