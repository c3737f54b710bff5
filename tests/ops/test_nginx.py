"""The shipped nginx site, driven: what it lets through, keeps, cuts, and writes down."""

import json
import re
import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from gettext import translation
from typing import Any

import pytest

from app.serving.connections import ConnectionLimits
from benchmarks.processes import Served
from tests.ops.proxy import PATIENCE, SHIPPED, Answer, Proxy, proxied

ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|::1\b")
FRESH = "cache=public,max-age=60"
SENTENCES = {
    "busy": ("Wait a minute and try again; nothing you sent before is lost.",),
    "large": ("The text sent is too large", "Shorten the text and send it again."),
}


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    """Nginx in front of a site that does what its addresses ask for, and waits for two seconds."""
    server = Served("tests.ops.origin:application", {}, limits=ConnectionLimits(2, 1000))
    with proxied(server.port) as running:
        yield running
    server.kill()


def seen(answer: Answer) -> dict[str, str]:
    """Give what the site saw of a request."""
    assert answer.status == 200, answer
    found: dict[str, str] = json.loads(answer.body)["seen"]
    return found


def asked(proxy: Proxy, path: str, **more: Any) -> int:
    """Ask, and give how often the site itself was asked for this address."""
    answer = proxy.ask(path, **more)
    assert answer.status == 200, answer
    return int(json.loads(answer.body)["asked"])


def test_plain_http_leads_to_https_and_other_names_to_nothing(proxy: Proxy) -> None:
    answer = proxy.ask("/s/residents?via=poster", plain=True)
    there = f"https://localhost:{proxy.https}/s/residents?via=poster"
    assert (answer.status, answer.headers["Location"]) == (308, there)
    with pytest.raises(OSError):  # noqa: PT011 - the connection ends without an answer
        proxy.ask("/kk/", plain=True, Host="evil.example")
    context = proxy.context
    context.check_hostname = False
    with socket.create_connection(("127.0.0.1", proxy.https)) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname="evil.example")


def test_a_sender_cannot_choose_the_address_that_the_product_sees(proxy: Proxy) -> None:
    forged = {"X_Forwarded_For": "6.6.6.6", "X_Real_IP": "6.6.6.6", "Forwarded": "for=6.6.6.6"}
    forged |= {"X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "http", "X_Forwarded_Prefix": "/evil"}
    for path in ("/s/residents", "/r/1", "/kk/forged"):
        found = seen(proxy.ask(path, client="127.0.0.2", **forged))
        assert found["HTTP_X_FORWARDED_FOR"] == "127.0.0.2"
        assert (found["HTTP_X_FORWARDED_PROTO"], found["HTTP_HOST"]) == ("https", "localhost")
        assert [name for name, value in found.items() if "6.6.6.6" in value or "evil" in value] == []


def test_a_page_of_the_portal_is_asked_for_once_while_it_is_fresh(proxy: Proxy) -> None:
    for path in ("/kk/once", "/ru/once", "/en/once", "/data/1/once.csv", "/static/once.css"):
        assert [asked(proxy, f"{path}?{FRESH}", client=f"127.0.0.{last}") for last in (1, 2, 3)] == [1, 1, 1], path
    page = f"/kk/tagged?{FRESH}&etag=%22a%22"
    assert proxy.ask(page).headers["ETag"] == '"a"'
    again = proxy.ask(page, If_None_Match='"a"')
    assert (again.status, again.body, again.headers["cache-control"]) == (304, b"", "public,max-age=60")


def test_what_was_withdrawn_leaves_the_cache_when_its_time_is_over(proxy: Proxy) -> None:
    """Nothing stale is shown, not even to one reader: what the site says now comes as soon as max-age is over."""
    page = "/kk/withdrawn?cache=public,max-age=1&vary=Cookie"
    assert asked(proxy, page) == 1
    end = time.monotonic() + PATIENCE
    while asked(proxy, page) == 1:
        assert time.monotonic() < end, "it never left"
        time.sleep(0.1)
    directives = re.sub("#.*", "", SHIPPED.read_text())
    assert [word for word in ("proxy_cache_valid", "proxy_cache_use_stale", "background") if word in directives] == []


def test_what_is_one_reader_s_own_is_never_kept(proxy: Proxy) -> None:
    own = ("private,max-age=60", "no-store", "no-cache", "max-age=0")
    pages = [f"/kk/own{index}?cache={cache}" for index, cache in enumerate(own)]
    pages += [f"/kk/unsaid{more}" for more in ("", "?etag=%22b%22")]
    pages += [f"/kk/cookie?{FRESH}&cookie=a%3Db", f"/kk/varies?{FRESH}&vary=Cookie,%20User-Agent"]
    pages += [f"/s/residents/pages?{FRESH}", f"/r/ff?{FRESH}", f"/?{FRESH}", f"/settings?{FRESH}", f"/s/?{FRESH}"]
    for page in pages:
        first = asked(proxy, page)
        assert asked(proxy, page) == first + 1, page
    page = f"/kk/look?{FRESH}&vary=Cookie,%20Accept-Encoding"
    own_look = "a=b; __Host-look=large.wide; c=d"
    assert [asked(proxy, page, Cookie=cookie) for cookie in ("", own_look, "x=y", own_look, "z=1")] == [1, 2, 1, 3, 1]


def test_the_portal_is_told_of_no_cookie_but_the_look(proxy: Proxy) -> None:
    cookies = "draft=secret; __Host-look=large; __Secure-survey=secret"
    assert seen(proxy.ask("/kk/cookies", Cookie=cookies))["HTTP_COOKIE"] == "__Host-look=large"
    assert "HTTP_COOKIE" not in seen(proxy.ask("/data/cookies", Cookie="draft=secret"))
    assert seen(proxy.ask("/s/cookies", Cookie=cookies))["HTTP_COOKIE"] == cookies


def test_every_form_of_compression_is_kept_apart(proxy: Proxy) -> None:
    page = f"/kk/packed?{FRESH}&vary=Accept-Encoding"
    wishes = {"gzip, deflate, br, zstd": "zstd", "gzip, br": "br", "gzip;q=0.5": "gzip", "br;q=0, zstd;q=0.0": None}
    for count, (accepted, passed) in enumerate(wishes.items(), 1):
        for _twice in range(2):
            answer = proxy.ask(page, Accept_Encoding=accepted)
            assert json.loads(answer.body)["asked"] == count
            assert seen(answer).get("HTTP_ACCEPT_ENCODING") == passed


def test_a_draft_of_64_kb_of_cookies_goes_both_ways(proxy: Proxy) -> None:
    answer = proxy.ask("/s/residents/suggestions?cookies=17")
    assert len(answer.cookies) == 17
    draft = "; ".join([*answer.cookies, "look=" + "y" * 1000])
    assert len(draft) > 64 * 1024
    assert seen(proxy.ask("/s/residents/check", Cookie=draft))["HTTP_COOKIE"] == draft
    too_large = proxy.ask("/s/residents/check", Cookie="x" * 90_000)
    assert (too_large.status, "The text sent is too large" in too_large.body.decode()) == (400, True)


def test_a_body_goes_through_and_lies_on_no_disk(proxy: Proxy) -> None:
    for method in ("PUT", "POST"):
        answer = proxy.ask("/r/ff", method, body=b"x" * 60_000)
        assert json.loads(answer.body)["body"] == 60_000
    assert len(proxy.ask("/s/list?long=3000000").body) == 3_000_000
    refused = proxy.ask("/r/ff", "PUT", body=b"x" * 200_000)
    assert (refused.status, "Shorten the text" in refused.body.decode()) == (413, True)
    assert proxy.kept_on_disk() == []


def test_a_flood_is_told_to_wait_and_nobody_else_is(proxy: Proxy) -> None:
    """A client of its own for each flood, so that no other test stands in its line."""
    for path, client in (("/s/flood", "127.0.0.66"), (f"/kk/flood?{FRESH}", "127.0.0.67")):
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda _each, at=path, by=client: proxy.ask(at, client=by), range(900)))
            beside = [proxy.ask(path, client="127.0.0.68").status for _each in range(20)]
        statuses = [answer.status for answer in answers]
        assert set(statuses) == {200, 429}
        assert statuses.count(200) >= 150
        assert beside == [200] * 20
        refused = next(answer for answer in answers if answer.status == 429)
        assert (refused.headers["Retry-After"], refused.headers["Cache-Control"]) == ("60", "no-store")
        assert "Бір минут күтіп" in refused.body.decode()


def test_whoever_watches_asks_from_this_machine(proxy: Proxy) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert proxy.ask(path).status == 200
        for spelled in (path, f"/{path}", f"/.{path}", f"/%{ord(path[1]):x}{path[2:]}"):
            assert proxy.ask(spelled, client="127.0.0.2", X_Forwarded_For="127.0.0.1").status == 403, spelled


def test_slow_clients_are_cut(proxy: Proxy) -> None:
    """A head and a body that trickle, a body that stops, an answer that nobody reads; each within its time."""
    head = b"GET /kk/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
    body = b"PUT /r/ff HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n"
    unread = b"GET /s/long?long=30000000 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with ExitStack() as opened:
        trickling, silent, reader = (
            [opened.enter_context(_connected(proxy, first)) for first in each]
            for each in ((head, body), (body,), (unread,))
        )
        begun, ended = time.monotonic(), dict[socket.socket, bytes]()
        while len(ended) < 3:
            assert time.monotonic() < begun + PATIENCE, f"{3 - len(ended)} of 3 were never cut"
            for client in {*trickling, *silent} - set(ended):
                _poke(client, ended, b"x" if client in trickling else b"")
            time.sleep(0.2)
        assert b" 408 " in ended[trickling[1]]
        assert b" 408 " in ended[silent[0]]
        time.sleep(max(0.0, begun + 13 - time.monotonic()))  # what nobody reads is dropped after ten seconds
        assert _rest(reader[0]) < 30_000_000


def _connected(proxy: Proxy, first: bytes) -> ssl.SSLSocket:
    """Open a connection that takes little ahead of its reading, and send the beginning of a request."""
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.connect(("127.0.0.1", proxy.https))
    wrapped = proxy.context.wrap_socket(plain, server_hostname="localhost")
    wrapped.sendall(first)
    wrapped.settimeout(0.01)
    return wrapped


def _poke(client: socket.socket, ended: dict[socket.socket, bytes], byte: bytes) -> None:
    """Send a byte, and note what came when the connection is over."""
    try:
        client.sendall(byte)
        received = client.recv(65536)
    except TimeoutError:
        return
    except OSError:
        received = b""
    ended[client] = received


def _rest(client: socket.socket) -> int:
    """Count what still comes, until the connection ends."""
    client.settimeout(PATIENCE)
    count = 0
    with suppress(OSError):
        while data := client.recv(1 << 20):
            count += len(data)
    return count


def test_no_log_names_a_client_a_page_or_an_answer(proxy: Proxy) -> None:
    client, before = "127.0.0.77", len(proxy.noted())
    for path in (
        "/s/residents?via=secret",
        "/r/0123",
        "/kk/noted",
        f"/data/noted?{FRESH}",
        "/healthz",
        "/s/?status=503",
    ):
        proxy.ask(path, client=client, User_Agent="secret", Referer="https://secret/", Cookie="secret=1")
    proxy.noted(before + 3)
    log = proxy.written()
    assert ADDRESS.findall(log) == []
    assert [word for word in ("secret", "residents", "0123", "noted") if word in log] == []
    of_survey = {line.split()[1] for line in log.splitlines() if line.endswith(" survey")}
    assert {"503"} <= of_survey <= {"429", "502", "503", "504"}
    assert [file.name for file in proxy.folder.glob("main-*.log") if file.read_text()] == []


@pytest.mark.parametrize("page", SENTENCES)
def test_what_nginx_says_itself_are_the_product_s_own_words(page: str) -> None:
    text = (SHIPPED.parent / f"city-opinion-{page}.html").read_text()
    translations = SHIPPED.parents[2] / "translations"
    for sentence in SENTENCES[page]:
        words = [translation("messages", translations, [code]).gettext(sentence) for code in ("kk", "ru")]
        assert [each for each in (*words, sentence) if each not in text] == []
        assert len({*words, sentence}) == 3


def test_a_site_that_is_away_is_told_of_in_three_languages() -> None:
    with proxied(9) as alone:  # nothing listens there
        answer = alone.ask("/s/residents", "POST", body=b"a=b")
    assert (answer.status, answer.headers["Retry-After"]) == (502, "60")
    assert [word for word in ("Бір минут", "Подождите", "Wait") if word not in answer.body.decode()] == []


def test_the_console_gets_what_is_sent_to_it_and_nothing_of_it_is_kept(proxy: Proxy) -> None:
    for path in ("/console", "/console/", "/console/values/?state=sent", "/console/static/css/site.css?v=1"):
        assert [asked(proxy, f"{path}{'&' if '?' in path else '?'}{FRESH}") for _each in range(2)] == [1, 2], path
    large = proxy.ask("/console/import", "POST", body=b"x" * 11_000_000)
    assert large.status != 413
    assert proxy.ask("/s/residents", "POST", body=b"x" * 11_000_000).status == 413
    assert proxy.kept_on_disk() == []
