"""The HTTP gateway of text messages, against a real server on loopback."""

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.identity import gateways
from app.identity.gateways import ConsoleGateway, GatewayError, HttpGateway, make_gateway
from app.identity.settings import BODY, IdentitySettings
from tests.ports import free_port

PHONE, TEXT = "+77011234567", "City Opinion: your code is 123456."
BODIES = {
    BODY: {"to": PHONE, "text": TEXT},
    '{"recipients": ["{phone}"], "m": {"body": "{text}", "n": 1}}': {
        "recipients": [PHONE],
        "m": {"body": TEXT, "n": 1},
    },
    '{"line": "{phone}: {text}", "from": "City"}': {"line": f"{PHONE}: {TEXT}", "from": "City"},
}


class Operator(ThreadingHTTPServer):
    """A gateway that answers with a status and remembers what it was sent."""

    status = 200
    silent = threading.Event()
    """While it is set, requests are taken and never answered."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[tuple[dict[str, str], object]] = []
        self.leave = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/send?key=own"


class _Handler(BaseHTTPRequestHandler):
    server: Operator

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((dict(self.headers), body))
        if self.server.silent.is_set():
            self.server.leave.wait(30)
            return
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def operator() -> Iterator[Operator]:
    server = Operator()
    server.silent = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.leave.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("body", BODIES)
def test_a_message_is_posted_once_in_the_shape_the_operator_wants(operator: Operator, body: str) -> None:
    HttpGateway(operator.address, "token-of-ours", body).send(PHONE, TEXT)
    ((headers, requests),) = operator.requests
    assert requests == BODIES[body]
    assert headers["Authorization"] == "Bearer token-of-ours"
    assert headers["Content-Type"] == "application/json"


def test_without_a_token_none_is_sent(operator: Operator) -> None:
    HttpGateway(operator.address, "", BODY).send(PHONE, TEXT)
    assert "Authorization" not in operator.requests[0][0]


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 429, 500, 503])
def test_what_the_operator_does_not_take_is_an_error_without_the_number(
    operator: Operator, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    operator.status = status
    with caplog.at_level(logging.DEBUG), pytest.raises(GatewayError) as refused:
        HttpGateway(operator.address, "token-of-ours", BODY).send(PHONE, TEXT)
    assert str(refused.value) == f"the gateway answers {status}"
    assert len(operator.requests) == 1, "a redirect is not followed: it would carry the number elsewhere"
    log = caplog.text + str(refused.value)
    assert not [text for text in (PHONE[1:], "123456", "token-of-ours") if text in log]


def test_an_operator_that_never_answers_is_given_up(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateways, "_TIMEOUT", (1, 0.05))
    operator.silent.set()
    with pytest.raises(GatewayError) as refused:
        HttpGateway(operator.address, "", BODY).send(PHONE, TEXT)
    assert str(refused.value) == "ReadTimeout"
    assert refused.value.__suppress_context__, "the cause would name the address, key and all"


def test_an_operator_that_is_not_there_is_an_error_without_its_address() -> None:
    with pytest.raises(GatewayError) as refused:
        HttpGateway(f"http://127.0.0.1:{free_port()}/send?key=own", "", BODY).send(PHONE, TEXT)
    assert str(refused.value) == "ConnectionError"


def test_the_console_shows_the_code_and_never_the_number(capsys: pytest.CaptureFixture[str]) -> None:
    ConsoleGateway().send(PHONE, TEXT)
    shown = capsys.readouterr().err
    assert TEXT in shown
    assert PHONE[1:] not in shown


def test_an_installation_has_the_gateway_its_settings_name() -> None:
    assert make_gateway(IdentitySettings()) is None
    assert isinstance(make_gateway(IdentitySettings(sms_gateway="console")), ConsoleGateway)
    assert isinstance(make_gateway(IdentitySettings(sms_gateway="https://sms.example.kz/send")), HttpGateway)
