"""A small country served by this process, whose server can be taken away and brought back at the same address."""

import io
import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app.clock import SystemClock
from app.config import Settings
from app.database import Database
from app.web.public import create_public
from surveys.ballots import keys
from surveys.fieldwork import waves
from surveys.fieldwork.waves import WavePlan
from surveys.models import Response
from surveys.population.places import load_places
from surveys.questionnaire.definition import Questionnaire
from surveys.questionnaire.versions import freeze_questionnaire
from tests.builders.country import Country, make_country
from tests.conftest import SECRET
from tests.ports import free_port


class _Quiet(WSGIRequestHandler):
    # One request a connection: a reply that is lost then ends it, as a broken network does, and nobody waits.
    protocol_version = "HTTP/1.0"

    def log(self, *_args: object) -> None:
        pass


class Island:
    """A site and the only link to it.

    `puts` are the ids of the answers it was sent, in order; answers of `refused_waves` are refused with a status and
    with `problems`, and the next `lost_replies` are stored while their receipts are lost on the way.
    """

    def __init__(self, app: Flask, country: Country) -> None:
        self.app = app
        # Werkzeug's server closes a file it sends; compressed on the way, it would be left to the collector.
        app.config["COMPRESS_STREAMS"] = False
        self.country = country
        self.puts: list[str] = []
        self.refused_waves: dict[str, int] = {}
        self.problems: list[dict[str, str]] = []
        self.lost_replies = 0
        self._port = free_port()  # kept while the server is away: it comes back at the same address
        self._server: BaseWSGIServer | None = None
        self.go_online()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def go_online(self) -> None:
        if self._server is None:
            self._server = make_server("127.0.0.1", self._port, self._listen, threaded=True, request_handler=_Quiet)
            self._server.daemon_threads = True  # type: ignore[attr-defined]  # of the threaded kind
            threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def go_offline(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answers(self) -> list[Response]:
        """Give all stored answers."""
        with self.country.database.reading() as session:
            responses = list(session.scalars(select(Response)))
            session.expunge_all()
        return responses

    def open_wave(
        self, code: str, gates: frozenset[str] = frozenset({"open"}), questionnaire: Questionnaire | None = None
    ) -> None:
        """Open one more wave of residents, with the usual questionnaire or one of its own."""
        own_questionnaire = questionnaire or self.country.residents.questionnaire
        with self.country.database.writing() as session:
            plan = WavePlan(
                code=code,
                version=freeze_questionnaire(session, own_questionnaire, today=self.country.today),
                opens_on=self.country.today,
                closes_on=self.country.today + timedelta(days=30),
                targets={city.code: 100 for city in load_places().cities},
                gates=gates,
            )
            waves.plan_wave(session, plan)
            waves.open_wave(session, code)
            keys.create(self.country.keys, code)

    def _listen(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "PUT":
            return self.app(environ, start_response)
        self.puts.append(environ["PATH_INFO"].rpartition("/")[2])
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = io.BytesIO(body)
        status = self.refused_waves.get(json.loads(body)["wave"])
        if status:
            start_response(f"{status} NO", [("Content-Type", "application/json")])
            return [
                json.dumps({"error": "refused", "message": "refused for the test", "problems": self.problems}).encode()
            ]
        answer = self.app(environ, start_response)
        if self.lost_replies:
            self.lost_replies -= 1
            raise ConnectionAbortedError
        return answer


@contextmanager
def island(template: Path, folder: Path, **environment: str) -> Iterator[Island]:
    """Serve a small country of its own."""
    file = folder / "island.sqlite3"
    file.write_bytes(template.read_bytes())
    own = {"SECRET_KEY": SECRET, "INSTANCE": str(folder / "instance"), "DATABASE_URL": f"sqlite:///{file}"}
    settings = Settings.from_env(own | environment)
    database = Database(settings.database_url)
    clock = SystemClock()
    country = make_country(database, settings.keys, today=clock.today())
    served = Island(create_public(settings, database, clock), country)
    try:
        yield served
    finally:
        served.go_offline()
        database.close()
