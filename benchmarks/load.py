"""The respondents of a benchmark: phones that send, and browsers without script that walk page by page."""

import http.client
import itertools
import json
import re
import secrets
import time
import urllib.parse
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd", "Accept-Language": "kk,ru;q=0.8,en;q=0.5"}
"""What a browser says of itself with every request."""


class Reply(NamedTuple):
    """What came back."""

    status: int
    location: str
    text: str


class Client:
    """One kept connection with its cookies."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """Send one request; cookies are kept as a browser keeps them."""
        wire_headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            wire_headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self._connection.request(method, path, body, wire_headers)
        answer = self._connection.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie", []):
            self._keep(line)
        return Reply(answer.status, answer.headers.get("Location", ""), content.decode(errors="replace"))

    def _keep(self, line: str) -> None:
        name, _, value = line.partition(";")[0].partition("=")
        if value:
            self.cookies[name] = value
        else:
            self.cookies.pop(name, None)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def new_id() -> str:
    """Draw the id a phone would make."""
    return secrets.token_hex(16)


def put(client: Client, name: str, payload: dict[str, object]) -> bool:
    """Send an answer as a phone does; true when it was acknowledged."""
    body = json.dumps(payload, ensure_ascii=False).encode()
    return client.ask("PUT", f"/r/{name}", body, Content_Type="application/json").status in {200, 201}


@dataclass
class Walk:
    """One respondent without script, from the first page to thanks."""

    client: Client
    wave: str
    extra: int
    pages: int = 0
    requests: int = 0
    page: str = field(default="", repr=False)

    def finish(self) -> bool:
        """Walk to the end; true when the thank-you page came."""
        address = f"/s/{self.wave}"
        while True:
            self.open(address)
            if address.endswith("/thanks"):
                return "<strong>" in self.page
            address = self.answer(address)

    def open(self, address: str) -> None:
        """Look at a page."""
        reply = self.client.ask("GET", address, Accept_Encoding="identity", Accept_Language="kk")
        if reply.status != 200:
            raise RuntimeError(f"{address} answered {reply.status}")
        self.page, self.pages, self.requests = reply.text, self.pages + 1, self.requests + 1

    def answer(self, address: str) -> str:
        """Send the form of the page at hand; gives the address it leads to."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.page)
        fields = [("csrf_token", token[1] if token else ""), *self._ticks()]
        body = urllib.parse.urlencode(fields).encode()
        reply = self.client.ask("POST", address, body, Content_Type="application/x-www-form-urlencoded")
        self.requests += 1
        if reply.status != 303:
            raise RuntimeError(f"{address} answered {reply.status} to {fields}")
        return reply.location

    def _ticks(self) -> Iterator[tuple[str, str]]:
        """Tick the first option of everything, and some further areas."""
        choices = re.findall(r'type="(radio|checkbox)" (?:id="[^"]*" )?name="([^"]+)" value="([^"]+)"', self.page)
        areas = [(name, code) for _kind, name, code in choices if name == "areas"]
        yield from areas[: self.extra]
        names = {"areas"}
        for _kind, name, code in choices:
            if name not in names:
                names.add(name)
                yield name, code


class Times(NamedTuple):
    """How long each request took, in milliseconds, sorted; and how many were acknowledged."""

    durations: list[float]
    acknowledged: int

    def at(self, percent: float) -> float:
        """Give a percentile."""
        return self.durations[min(len(self.durations) - 1, int(len(self.durations) * percent / 100))]


Job = Callable[[Client], bool]


def hurried(port: int, job: Job, *, count: int, clients: int = 4) -> Times:
    """Do a job a number of times, each client as fast as it is answered."""
    numbers = itertools.count()
    return _at_once(port, clients, lambda: iter(lambda: next(numbers) < count, False), job)


def paced(port: int, job: Job, *, per_second: float, seconds: float, clients: int = 16) -> Times:
    """Do a job at a steady rate; the time runs from the moment it was due, so waiting in line counts."""
    start = time.perf_counter() + 0.2
    numbers = itertools.count()

    def due() -> Iterator[float]:
        while (number := next(numbers)) < per_second * seconds:
            moment = start + number / per_second
            time.sleep(max(0.0, moment - time.perf_counter()))
            yield moment

    return _at_once(port, clients, due, job)


def _at_once(port: int, clients: int, turns: Callable[[], Iterator[float | bool]], job: Job) -> Times:
    def work(_number: int) -> list[tuple[float, bool]]:
        client, timings = Client(port), []
        for moment in turns():
            begun = time.perf_counter() if moment is True else moment
            acknowledged = job(client)
            timings.append(((time.perf_counter() - begun) * 1000, acknowledged))
        client.close()
        return timings

    with ThreadPoolExecutor(clients) as pool:
        timings = [one for each in pool.map(work, range(clients)) for one in each]
    return Times(sorted(durations for durations, _kept in timings), sum(kept for _taken, kept in timings))
