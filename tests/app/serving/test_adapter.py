"""What a WSGI callable sees of a request, and what is made of its answer."""

from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from app.cli.serve import CONSOLE_BODY
from app.serving.adapter import LARGEST
from app.serving.connections import ConnectionLimits
from app.web import console_site, public
from benchmarks.processes import Served
from tests.app.serving.clients import Slow, trickle_until_over
from tests.app.serving.test_connections import SITE, ask


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    server = Served(SITE, {})
    yield server
    server.kill()


def test_an_address_is_bytes_and_a_question(server: Served) -> None:
    seen = ask(server, path="/%D2%9B%ff//a%2Fb?x=%20&y")
    assert (seen["PATH_INFO"].encode("latin-1"), seen["QUERY_STRING"]) == ("/қ".encode() + b"\xff//a/b", "x=%20&y")
    assert (seen["REMOTE_ADDR"], seen["SERVER_PROTOCOL"]) == ("127.0.0.1", "HTTP/1.1")


def test_headers_are_joined_as_their_kind_is_and_none_is_taken_for_another(server: Served) -> None:
    names = (
        b"Cookie: a=1|Cookie: b=2|X-Forwarded-For: 1.1.1.1|X-Forwarded-For: 2.2.2.2|X_Forwarded_For: 3.3.3.3|Host: a"
    )
    lines = (b"GET / HTTP/1.1|" + names + b"|Connection: close||").replace(b"|", b"\r\n")
    with Slow(server.port, lines) as client:
        trickle_until_over([client], b"")
    assert b'"HTTP_COOKIE": "a=1; b=2"' in client.received
    assert b'"HTTP_X_FORWARDED_FOR": "1.1.1.1,2.2.2.2"' in client.received


def test_no_address_is_believed_but_the_connection_s(server: Served) -> None:
    assert ask(server, X_Forwarded_For="6.6.6.6", **{"X-Forwarded-For": "6.6.6.6"})["REMOTE_ADDR"] == "127.0.0.1"


def test_a_body_comes_whole_with_its_length_or_in_chunks(server: Served) -> None:
    assert ask(server, "POST", body=b"abc" * 20_000)["body"] == "abc" * 20_000
    seen = ask(server, "POST", body=iter([b"abc", b"def"]))
    assert (seen["body"], seen["CONTENT_LENGTH"]) == ("abcdef", "6")


def test_of_a_body_that_is_too_large_enough_is_read_to_refuse_it(server: Served) -> None:
    assert LARGEST >= public._BODY_LIMIT
    assert int(ask(server, "POST", body=iter([b"x" * 50_000] * 10))["CONTENT_LENGTH"]) > public._BODY_LIMIT


def test_an_answer_keeps_its_headers_and_the_server_says_the_date(server: Served) -> None:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("HEAD", "/")
    answer = connection.getresponse()
    assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    assert answer.headers.get_all("Server") is None
    assert [date for date in answer.headers.get_all("Date", []) if date.endswith("GMT")] != []
    assert len(answer.headers.get_all("Date", [])) == 1
    assert answer.read() == b""
    connection.close()


BAD = [b"GET / HTTP/9\r\n\r\n", b"\x16\x03\x01\x00\r\n\r\n", b"GET /\xff HTTP/1.1\r\n\r\n"]


@pytest.mark.parametrize("request_line", BAD)
def test_what_is_no_request_is_refused(server: Served, request_line: bytes) -> None:
    with Slow(server.port, request_line) as client:
        trickle_until_over([client], b"")
        assert client.received.startswith(b"HTTP/1.1 400 ")


def test_a_request_hidden_behind_two_lengths_is_refused(server: Served) -> None:
    lengths = b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"
    with Slow(server.port, b"POST / HTTP/1.1\r\nHost: a\r\n" + lengths) as client:
        trickle_until_over([client], b"")
    assert client.received.startswith(b"HTTP/1.1 400 ")
    assert b"hidden" not in client.received


def test_the_console_is_given_bodies_as_long_as_it_takes() -> None:
    assert CONSOLE_BODY >= console_site.BODY_LIMIT


def test_a_long_body_comes_whole_of_whom_the_site_says_so_and_is_cut_of_others() -> None:
    server = Served(SITE, {}, limits=ConnectionLimits(60, 100, body=CONSOLE_BODY))
    try:
        seen = ask(server, "POST", body=iter([b"x" * 500_000] * 20), Known="1")
        assert int(seen["CONTENT_LENGTH"]) == 10_000_000
        assert len(seen["body"]) == 10_000_000
        of_stranger = ask(server, "POST", body=iter([b"x" * 500_000] * 20))
        assert LARGEST < int(of_stranger["CONTENT_LENGTH"]) < 4 * LARGEST
    finally:
        server.kill()
