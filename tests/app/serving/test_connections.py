"""Slow clients keep nobody waiting, and are cut in time."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest

from app.serving.connections import HEAD as LONGEST_HEAD
from app.serving.connections import UNSENT, ConnectionLimits
from app.serving.server import THREADS
from benchmarks.processes import Served
from tests.app.serving.clients import BODY, HEAD, PATIENCE, Slow, many, trickle_until_over
from tests.app.serving.site import LONG

GET_LONG = b"GET /long HTTP/1.1\r\nHost: a\r\n\r\n"
SITE = "tests.app.serving.site:application"


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    """A server that waits for two seconds and takes forty connections."""
    server = Served(SITE, {}, limits=ConnectionLimits(2, 40, pace=16 * 1024 * 1024))
    yield server
    server.kill()


@pytest.fixture(scope="module")
def patient() -> Iterator[Served]:
    """A server that waits for a minute and takes ten connections."""
    server = Served(SITE, {}, limits=ConnectionLimits(60, 10))
    yield server
    server.kill()


def connections_of(server: Served) -> int:
    """Count the connections that the server's process has open."""
    ends = (str(entry.readlink()) for pid in server.pids() for entry in Path(f"/proc/{pid}/fd").iterdir())
    inodes = {end[8:-1] for end in ends if end.startswith("socket:")}
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return sum(line[9] in inodes and line[3] == "01" for line in lines)


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def ask(server: Served, method: str = "GET", path: str = "/", body: object = None, **headers: str) -> dict[str, str]:
    """Ask for what the site sees of a request."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request(method, path, body, headers)  # type: ignore[arg-type]
    answer = connection.getresponse()
    assert answer.status == 200
    seen: dict[str, str] = json.loads(answer.read())[0]
    connection.close()
    return seen


@pytest.mark.parametrize("first", [BODY, HEAD, b""], ids=["body", "head", "nothing"])
def test_a_request_that_does_not_come_whole_is_cut_with_408_beside_others(server: Served, first: bytes) -> None:
    with many(server.port, [first] * (THREADS + 4)) as clients:
        assert ask(server)["PATH_INFO"] == "/"
        assert not [client for client in clients if client.is_over()]
        trickle_until_over(clients, b"x" if first else b"")
        assert [client.received[:21] for client in clients] == [b"HTTP/1.1 408 Request "] * len(clients)
        text = clients[0].received.partition(b"\r\n\r\n")[2].decode().split("\n")
        assert text[0].startswith("Жібергеніңіз")
        assert text[1].startswith("Данные")
        assert text[2].startswith("The request")


def test_a_connection_between_two_requests_is_closed_without_a_word(server: Served) -> None:
    with Slow(server.port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") as client:
        trickle_until_over([client], b"")
        assert client.received.startswith(b"HTTP/1.1 200 ")
        assert client.received.endswith(b"]\r\n0\r\n\r\n")


def test_clients_that_do_not_read_hold_no_thread_and_are_cut(server: Served) -> None:
    with many(server.port, [GET_LONG * 2] * (THREADS + 1)) as clients:
        assert ask(server)["PATH_INFO"] == "/"
        wait_for(lambda: connections_of(server) == 0)
        trickle_until_over(clients, b"")
        assert not [client for client in clients if len(client.received) >= LONG]


def test_answers_that_nobody_reads_have_a_bound_in_all(patient: Served) -> None:
    with many(patient.port, [GET_LONG] * (UNSENT // LONG + 3)) as clients:
        wait_for(lambda: 0 < connections_of(patient) < len(clients))
        assert ask(patient)["PATH_INFO"] == "/"


def test_a_long_answer_is_read_whole_by_who_reads(server: Served) -> None:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", "/long")
    assert len(connection.getresponse().read()) == LONG
    connection.close()


def test_more_connections_than_may_be_cost_the_place_of_who_waited_longest(patient: Served) -> None:
    with many(patient.port, [BODY] * 13) as clients:
        trickle_until_over(clients[:3])
        assert [client.received[:13] for client in clients[:3]] == [b"HTTP/1.1 408 "] * 3
        assert ask(patient)["PATH_INFO"] == "/"
        trickle_until_over(clients[3:4])
        assert not [client for client in clients[4:] if client.is_over()]


def test_a_head_without_end_is_refused(patient: Served) -> None:
    with Slow(patient.port, HEAD + b"x" * (LONGEST_HEAD + 1)) as client:
        trickle_until_over([client], b"")
        assert client.received.startswith(b"HTTP/1.1 431 ")


def test_64_kb_of_cookies_arrive(patient: Served) -> None:
    cookies = "; ".join(f"draft{number}={'x' * 3900}" for number in range(16))
    assert ask(patient, Cookie=cookies)["HTTP_COOKIE"] == cookies


def test_requests_at_once_are_as_many_as_there_are_threads(server: Served) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        waiting = [pool.submit(ask, server, "GET", "/wait?3") for _ in range(THREADS - 1)]
        assert ask(server)["PATH_INFO"] == "/"
        assert not [one for one in waiting if one.done()]
        # An answer that takes longer than clients may take is not cut: it is ours to be late.
        assert [one.result()["PATH_INFO"] for one in waiting] == ["/wait"] * (THREADS - 1)
