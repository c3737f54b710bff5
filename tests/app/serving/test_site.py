"""The shipped server under slow clients and slow services: everybody else is served, nothing acknowledged is lost."""

import re
import socket
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.database import Database
from app.web.slow import Slow as SlowCalls
from benchmarks.load import Client, Reply, new_id, put
from benchmarks.processes import Served, Store, served, store
from surveys.models import Response, Wave
from tests.app.serving.clients import BODY, HEAD, many, trickle_until_over
from tests.builders.country import RESIDENTS, Country, make_country
from tests.builders.payloads import a_payload

SMS = f"/s/{RESIDENTS}/enter/sms"
DATABASES = ["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgres)]


@contextmanager
def a_country(name: str) -> Iterator[tuple[Store, Country]]:
    """Make a database with a country; not below tmp_path, for a path of a socket has about 100 bytes."""
    with (
        tempfile.TemporaryDirectory(prefix="site", ignore_cleanup_errors=True) as folder,
        store(name, Path(folder)) as at,
    ):
        database = Database(at.url)
        yield at, make_country(database, at.settings.keys, today=date(2026, 11, 24))
        database.close()


@pytest.mark.parametrize("name", DATABASES)
def test_pages_and_answers_are_served_beside_slow_clients_each_of_which_gets_408(name: str) -> None:
    with (
        a_country(name) as (at, country),
        served("app", at, PATIENCE="8") as server,
        many(server.port, [BODY, HEAD, b""] * 25) as slow,
    ):
        with closing(Client(server.port)) as client:
            for seed in range(5):
                assert client.ask("GET", "/kk/").status == 200
                assert put(client, new_id(), a_payload(country.residents, RESIDENTS, seed=seed))
        trickle_until_over(slow[:2])
        trickle_until_over(slow, b"")
        assert {one.received[:13] for one in slow} == {b"HTTP/1.1 408 "}
        assert stored(at) == 5


@pytest.mark.parametrize("name", DATABASES)
def test_answers_sent_at_once_are_each_stored(name: str) -> None:
    def send(number: int) -> list[bool]:
        with closing(Client(server.port)) as client:
            return [put(client, new_id(), a_payload(country.residents, RESIDENTS, seed=number)) for _ in range(10)]

    with a_country(name) as (at, country), served("app", at) as server:
        with ThreadPoolExecutor(16) as pool:
            kept = [one for each in pool.map(send, range(16)) for one in each]
        assert kept == [True] * 160
        assert stored(at) == 160


def stored(at: Store) -> int:
    database = Database(at.url)
    with database.reading() as session:
        count = session.execute(select(func.count()).select_from(Response)).scalar_one()
    database.close()
    return count


class Applicant:
    """Somebody who asks for a code by SMS."""

    def __init__(self, client: Client) -> None:
        self.client = client
        page = self.client.ask("GET", SMS, Accept_Language="en").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token, page
        fields = {"csrf_token": token[1], "city": "oral", "phone": ""}
        self.form = urllib.parse.urlencode(fields)

    def send(self, number: int) -> Reply:
        """Send the form; everybody has a telephone of their own."""
        form = f"{self.form}870112345{number:02}".encode()
        return self.client.ask(
            "POST", SMS, form, Content_Type="application/x-www-form-urlencoded", Accept_Language="en"
        )


def test_a_gateway_that_does_not_answer_keeps_no_page_waiting() -> None:
    with socket.socket() as gateway, a_country("SQLite") as (at, _country):
        gateway.bind(("127.0.0.1", 0))
        gateway.listen()
        database = Database(at.url)
        with database.writing() as session:
            session.get_one(Wave, RESIDENTS).gate_names = "sms open"
        database.close()
        with served("app", at, SMS_GATEWAY=f"http://127.0.0.1:{gateway.getsockname()[1]}/") as server:
            check_that_pages_are_served(server)


def check_that_pages_are_served(server: Served) -> None:
    slots = SlowCalls().messages.most
    with ExitStack() as opened, ThreadPoolExecutor(slots + 2) as pool:
        applicants = [Applicant(opened.enter_context(closing(Client(server.port)))) for _ in range(slots + 2)]
        sent = [pool.submit(one.send, number) for number, one in enumerate(applicants)]
        busy = first_done(sent, 2)
        client = opened.enter_context(closing(Client(server.port)))
        assert [client.ask("GET", path).status for path in ("/kk/", "/s/", "/ru/")] == [200] * 3
        # The gateway is still being waited for: what was served until now was served meanwhile.
        assert sum(not one.done() for one in sent) == slots
        assert [one.result().status for one in busy] == [503, 503]
        assert 'value="870112345' in busy[0].result().text
        assert [one.result().status for one in sent if one not in busy] == [422] * slots


def first_done(sent: list[Future[Reply]], count: int) -> list[Future[Reply]]:
    """Wait until some are answered; gives them."""
    end = time.monotonic() + 60
    while sum(one.done() for one in sent) < count:
        assert time.monotonic() < end
        time.sleep(0.02)
    return [one for one in sent if one.done()]
