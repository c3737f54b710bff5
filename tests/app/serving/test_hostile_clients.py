"""Attacks on the server by one client: fields after a body, heads of many fields, and answers asked for ahead."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.serving.connections import UNSENT, ConnectionLimits
from benchmarks.processes import Served
from tests.app.serving.clients import Slow, many, trickle_until_over
from tests.app.serving.test_connections import SITE, ask

CHUNKED = (
    b"POST / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.1.1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
)
BODY_BEFORE_TRAILERS = CHUNKED + b"3\r\nabc\r\n0\r\n"
MB = 1024 * 1024
GIVES_BACK = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": f"{64 * 1024}"}
"""What app.web.memory sets in the product: no memory is kept that was freed."""


@pytest.fixture(scope="module")
def patient() -> Iterator[Served]:
    """A server that waits for a minute, so that nobody is cut for being slow."""
    server = Served(SITE, {}, limits=ConnectionLimits(60, 100))
    yield server
    server.kill()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer with as many bytes as are asked for."""
    length = int(environ["QUERY_STRING"])
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(length))])
    return [b"x" * length]


def memory(server: Served) -> int:
    """Give the memory of the server's processes, in bytes."""
    states = (Path(f"/proc/{pid}/status").read_text() for pid in server.pids())
    return sum(int(state.partition("VmRSS:")[2].split()[0]) * 1024 for state in states)


def send_until_hung_up(client: Slow, part: bytes, most: int) -> int:
    """Send a part again and again until the server ends the connection; gives the bytes sent, `most` at the most."""
    sent = 0
    try:
        while sent < most and not client.is_over():
            client.socket.sendall(part)
            sent += len(part)
    except OSError:
        pass
    return sent


def test_fields_after_a_body_are_no_headers(patient: Served) -> None:
    # RFC 9110, 6.5.1: not to be merged into the header section. A proxy may pass them on, below its own fields.
    after = b"X-Forwarded-For: 6.6.6.6\r\nDevice-Mark: forged\r\nCookie: planted=1\r\n\r\n"
    with Slow(patient.port, BODY_BEFORE_TRAILERS + after) as client:
        trickle_until_over([client], b"")
    assert b'"HTTP_X_FORWARDED_FOR": "1.1.1.1"' in client.received
    assert b"forged" not in client.received
    assert b"planted" not in client.received


@pytest.mark.parametrize(
    ("first", "part"),
    [(BODY_BEFORE_TRAILERS, b"a: b\r\n" * 10_000), (BODY_BEFORE_TRAILERS + b"a: ", b"x" * 60_000)],
    ids=["many", "one long"],
)
def test_fields_after_a_body_have_an_end(patient: Served, first: bytes, part: bytes) -> None:
    with Slow(patient.port, first) as client:
        assert send_until_hung_up(client, part, 16 * MB) < 16 * MB
    assert ask(patient)["PATH_INFO"] == "/"


def test_what_is_written_beside_the_chunks_of_a_body_has_an_end(patient: Served) -> None:
    with Slow(patient.port, CHUNKED + b"3;") as client:
        assert send_until_hung_up(client, b"a" * 60_000, 16 * MB) < 16 * MB


def test_a_body_in_chunks_of_one_byte_is_taken(patient: Served) -> None:
    with Slow(patient.port, CHUNKED + b"1\r\na\r\n" * 60_000 + b"0\r\n\r\n") as client:
        trickle_until_over([client], b"")
    assert client.received.startswith(b"HTTP/1.1 200 ")


def test_a_head_of_very_many_fields_is_refused(patient: Served) -> None:
    with Slow(patient.port, b"GET / HTTP/1.1\r\nHost: a\r\n" + b"a:b\r\n" * 20_000) as client:
        trickle_until_over([client], b"")
    assert client.received.startswith(b"HTTP/1.1 431 ")


def test_an_answer_asked_for_ahead_is_not_made_while_the_one_before_is_not_read() -> None:
    server = Served(f"{__name__}:application", GIVES_BACK, limits=ConnectionLimits(60, 100))
    try:
        before = memory(server)
        # More than the system keeps for who does not read; then 16 MB each, 384 MB beside those that have the bound.
        two = b"".join(b"GET /?%d HTTP/1.1\r\nHost: a\r\n\r\n" % (size * MB) for size in (6, 16))
        with many(server.port, [two] * 24):
            with Slow(server.port, b"GET /?1 HTTP/1.0\r\n\r\n") as after:
                trickle_until_over([after], b"")
            assert after.received.endswith(b"\r\n\r\nx")
            time.sleep(1)  # of what is made too early there is more and more
            # The allocator may keep what was freed of as much again.
            assert memory(server) - before < 3 * UNSENT
    finally:
        server.kill()
